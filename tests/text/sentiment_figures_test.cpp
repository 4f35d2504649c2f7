#include "vigie/text/sentiment_figures.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace vigie;
using namespace vigie::text;

namespace {

using enum SentimentLabel;

Judged judged(SentimentLabel truth, SentimentLabel told, float sure) {
    Judged out{truth, {}};
    out.p.fill((1 - sure) / 2);
    out.p[static_cast<std::size_t>(told)] = sure;
    return out;
}

}  // namespace

TEST_CASE("figures of a small table worked out by hand") {
    // Truth by rows, answers by columns: 3 1 0 / 1 1 0 / 0 0 2.
    std::vector<Judged> texts;
    for (int i = 0; i < 3; ++i) texts.push_back(judged(negative, negative, 0.8F));
    texts.push_back(judged(negative, neutral, 0.8F));
    texts.push_back(judged(neutral, negative, 0.8F));
    texts.push_back(judged(neutral, neutral, 0.8F));
    for (int i = 0; i < 2; ++i) texts.push_back(judged(positive, positive, 0.8F));
    const SentimentFigures f = figures_of(texts);
    CHECK(f.texts == 8);
    CHECK(f.accuracy.value == doctest::Approx(6.0 / 8));
    CHECK(f.negative_recall.value == doctest::Approx(0.75));
    CHECK(f.macro_recall.value == doctest::Approx((0.75 + 0.5 + 1) / 3));
    CHECK(f.macro_f1.value == doctest::Approx((6.0 / 8 + 2.0 / 4 + 1) / 3));
    CHECK_FALSE(f.window_correlation.has_value());
    // The classes weigh the same: right .75 of them, on the whole, told with .8.
    CHECK(f.calibration_error == doctest::Approx(0.05).epsilon(0.01));
    CHECK(f.accuracy.low <= f.accuracy.value);
    CHECK(f.accuracy.high >= f.accuracy.value);
}

TEST_CASE("windows follow the truth where the answers do, and don't where they are the same for all") {
    std::vector<Judged> right, constant;
    for (int i = 0; i < 120; ++i) {
        const auto truth = static_cast<SentimentLabel>(i % 3);
        right.push_back(judged(truth, truth, 1));
        constant.push_back(judged(truth, neutral, 1));
    }
    CHECK(figures_of(right).window_correlation->value == doctest::Approx(1));
    CHECK(figures_of(right).calibration_error == doctest::Approx(0));
    CHECK(figures_of(constant).window_correlation->value == doctest::Approx(0));
    CHECK(figures_of(constant).calibration_error == doctest::Approx(2.0 / 3));
}

TEST_CASE("nothing to judge, and certainty of the wrong, give numbers") {
    CHECK(figures_of({}).accuracy.value == 0);
    CHECK(std::isfinite(log_loss(judged(negative, positive, 1))));
    CHECK(figures_of({judged(negative, positive, 1)}).macro_f1.value == 0);
}
