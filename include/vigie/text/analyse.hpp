// Everything that is read out of one item by itself: the brands, the language, the sentiment.
// Thread-safety: immutable; analyse() may run on any number of threads.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "vigie/core/mention.hpp"
#include "vigie/core/record.hpp"
#include "vigie/text/language.hpp"
#include "vigie/text/matcher.hpp"
#include "vigie/text/sentiment.hpp"

namespace vigie::text {

/// What language and sentiment are read from: the title and the text, one behind the other.
std::string whole_text(std::string_view title, std::string_view text);
/// The language that the text is in, or where it leaves that open the one that its source gave (BCP 47), or undetermined. Valid as long as
/// `given`.
std::string_view language_of(std::string_view whole_text, std::string_view given);

class Analyser {
public:
    /// Without a matcher nothing matches; without a sentiment model it is the shipped one.
    explicit Analyser(std::shared_ptr<const Matcher> matcher, std::shared_ptr<const SentimentModel> sentiment = nullptr);

    /// Matches; of an item that matches, language (where the text leaves it open, the one its source gave) and sentiment are told too. An
    /// item that matches nothing comes back with language undetermined and neutral.
    AnalysedItem analyse(Item item) const;
    /// Language and sentiment whether it matches or not.
    AnalysedItem analyse_always(Item item) const;

private:
    AnalysedItem analyse(Item item, bool always) const;
    std::shared_ptr<const Matcher> matcher_;
    std::shared_ptr<const SentimentModel> sentiment_;
};

}  // namespace vigie::text
