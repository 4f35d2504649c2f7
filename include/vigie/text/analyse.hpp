// Everything that is read out of one item by itself: the brands, the language, the sentiment.
// Thread-safety: immutable; analyse() may run on any number of threads.
#pragma once

#include <memory>

#include "vigie/core/mention.hpp"
#include "vigie/core/record.hpp"
#include "vigie/text/language.hpp"
#include "vigie/text/matcher.hpp"
#include "vigie/text/sentiment.hpp"

namespace vigie::text {

class Analyser {
public:
    /// Without a matcher nothing matches. The models are the shipped ones.
    explicit Analyser(std::shared_ptr<const Matcher> matcher);

    /// Matches; of an item that matches, language (where the text leaves it open, the one its source gave) and sentiment are told too. An
    /// item that matches nothing comes back with language undetermined and neutral.
    AnalysedItem analyse(Item item) const;
    /// Language and sentiment whether it matches or not.
    AnalysedItem analyse_always(Item item) const;

private:
    AnalysedItem analyse(Item item, bool always) const;
    std::shared_ptr<const Matcher> matcher_;
};

}  // namespace vigie::text
