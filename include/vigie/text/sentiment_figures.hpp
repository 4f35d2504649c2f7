// How right a sentiment model is on labelled texts, and how sure that is.
// Thread-safety: values; the function is pure.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "vigie/core/mention.hpp"

namespace vigie::text {

/// A labelled text and what a model said of it.
struct Judged {
    SentimentLabel truth = SentimentLabel::neutral;
    std::array<float, 3> p{};  ///< P(negative), P(neutral), P(positive)
};

/// A statistic with the percentile interval (95 %) of 500 bootstrap resamples of the texts (Efron 1979).
struct Figure {
    double value = 0, low = 0, high = 0;
};

inline constexpr std::size_t window_posts = 100;

struct SentimentFigures {
    std::size_t texts = 0;
    Figure accuracy;         ///< the share of right labels
    Figure macro_f1;         ///< the mean of the classes' F1
    Figure macro_recall;     ///< the mean of the classes' recall
    Figure negative_recall;  ///< the share of negative texts that are told negative
    /// Pearson's correlation of the mean polarity with the truth (-1, 0, 1) over windows of 100 texts, whose class shares are drawn from
    /// Dirichlet(1.5, 1.5, 1.5), seeded. None of fewer than 100 texts, or 20 of a class.
    std::optional<Figure> window_correlation;
    /// The mean distance between the likeliest class's probability and how often it is right, over ten bins (Naeini, Cooper and Hauskrecht
    /// 2015). The classes weigh the same, as the probabilities assume.
    double calibration_error = 0;
};

/// Of no texts, all is 0.
SentimentFigures figures_of(const std::vector<Judged>& texts);

/// The logarithm of the probability that a text's class was given, negated (of at least 1e-6).
double log_loss(const Judged& text) noexcept;

}  // namespace vigie::text
