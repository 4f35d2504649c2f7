// How a text feels about what it speaks of.
// Thread-safety: a loaded model is immutable; score() may run on any number of threads.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "vigie/core/mention.hpp"
#include "vigie/core/result.hpp"

namespace vigie::text {

/// One softmax regression for all languages over hashed words (also of each language apart), word pairs, character 3- and 4-grams, words
/// under a negation (Pang, Lee and Vaithyanathan 2002), emoji, emoticons, the marks of shouting, and the balance of a lexicon. Meant for
/// means over many posts: of a single post it is often wrong (docs/sentiment.md has the figures), and its probabilities assume the three
/// classes equally likely beforehand.
class SentimentModel {
public:
    /// The model that is compiled in.
    static const SentimentModel& shipped();
    /// A model from the bytes of a weight file, which must outlive it. Errors: corrupt.
    static Result<SentimentModel> load(std::string_view bytes);
    /// The same, keeping the bytes itself.
    static Result<SentimentModel> keep(std::string bytes);

    SentimentModel(SentimentModel&&) noexcept;
    SentimentModel& operator=(SentimentModel&&) noexcept;
    ~SentimentModel();

    /// Language is what LanguageModel::detect gave, or empty. A text without anything in it is neutral with certainty. Reads the first 4
    /// kB.
    Sentiment score(std::string_view text, std::string_view language) const;

    /// The weight file that it came from; valid as long as the model, or as long as the bytes given to load().
    std::string_view bytes() const noexcept;

private:
    struct Impl;
    explicit SentimentModel(std::unique_ptr<const Impl> impl);
    std::unique_ptr<const Impl> impl_;
};

}  // namespace vigie::text
