// Counts on a grid of five minutes, real and drawn, and how alarms on them are judged: the same for every method.
// Thread-safety: values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace vigie::bench {

inline constexpr std::size_t steps_per_hour = 12;

struct CountSeries {
    std::string name;
    std::int64_t start = 0;                                   ///< seconds since 1970 in UTC of the first step's end
    std::vector<double> counts;                               ///< of five minutes each
    std::vector<std::pair<std::size_t, std::size_t>> events;  ///< steps, both inclusive: what a person marked, or the generator put in
    std::size_t probation = 0;                                ///< steps at the beginning that nobody is judged on
};

/// A score for each step from the counts up to it: the higher, the more alarming.
using Method = std::function<std::vector<double>(const CountSeries&)>;

/// The first step of each episode: exceedances less than six hours apart are one.
std::vector<std::size_t> episodes(const std::vector<double>& score, double threshold, std::size_t from);

/// The series of a folder of NAB's realTweets, with the windows of windows.json. Empty where it cannot be read.
std::vector<CountSeries> read_volumes(const std::string& folder);

struct Synthetic {
    double per_hour = 1;
    double surge = 1;  ///< times the level, at its height; 1: none
    int weeks = 8;
};
/// A brand's mentions as they come in life: a week, a trend, slow noise, shares that clump, and a benign blip every four days; with three
/// surges in weeks 4, 6 and 8 if asked. Seeded.
CountSeries draw(const Synthetic& what, std::uint64_t seed);

}  // namespace vigie::bench
