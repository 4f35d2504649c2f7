// What the public of the demonstration says. {r} a route, {c} a city, {h} hours, {n} a number, {f} a flight.
#pragma once

#include <string>
#include <vector>

namespace vigie::demo {

using Phrases = std::vector<std::string>;

struct Language {
    std::string code;
    Phrases positive, neutral, negative;  ///< an ordinary day
    Phrases baggage;                      ///< the broken baggage system
    Phrases celebrity_echo;               ///< about the presenter's complaint
    Phrases backlash;                     ///< after the takedown
    Phrases press;                        ///< headlines on an ordinary day
    Phrases press_backlash;
    Phrases reviews_good, reviews_bad;
};

const Language& french();
const Language& english();

}  // namespace vigie::demo
