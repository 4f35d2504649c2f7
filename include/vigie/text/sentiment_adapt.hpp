// The sentiment model adapted to a customer's own labels.
// Thread-safety: pure; any number of threads.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vigie/core/mention.hpp"
#include "vigie/core/result.hpp"
#include "vigie/text/sentiment.hpp"
#include "vigie/text/sentiment_figures.hpp"

namespace vigie::text {

struct LabelledText {
    std::string text;
    std::string language;  ///< as LanguageModel::detect gave it, or empty
    SentimentLabel label = SentimentLabel::neutral;
};

inline constexpr std::size_t min_adaptation_labels = 30;
inline constexpr std::size_t min_adaptation_labels_of_class = 5;
inline constexpr std::size_t max_adaptation_labels = 20'000;

struct SentimentAdaptation {
    std::string weights;             ///< a weight file, learnt from all labels
    double strength = 0;             ///< how far the labels may move the model; 0: not at all, because nothing was gained by it
    std::size_t silent = 0;          ///< labelled texts without a word or an emoji, left out
    std::size_t repeated = 0;        ///< those with a near copy among the others; it is kept on the same side
    SentimentFigures before, after;  ///< on the same texts, each judged by a model that learnt from others
    Figure gain;                     ///< by how much the log loss fell, the classes weighing the same; its interval is paired
    bool helps = false;              ///< the whole interval of the gain is above 0, and macro-F1 fell by no more than .005
};

/// Goes on from `base`: a softmax regression with the base's scores as offsets and a ridge towards no change, the classes weighing the
/// same. The figures are cross-fitted (Stone 1974): five parts, stratified, near copies (a shared run of six words) together; each part is
/// judged by what was learnt from the rest, with the ridge that was best on the rest.
/// Errors: invalid (too few labels, or too few of a class), limit (too many).
Result<SentimentAdaptation> adapt_sentiment(const SentimentModel& base, const std::vector<LabelledText>& labels);

}  // namespace vigie::text
