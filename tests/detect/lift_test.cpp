#include "vigie/detect/lift.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace vigie::detect;

namespace {

/// A brand of 10 mentions an hour whose days stray by a tenth.
Counterfactual calm(double per_hour = 10) {
    Counterfactual before;
    for (std::size_t i = 0; i < lift_hours.size(); ++i) {
        before.expected[i] = per_hour * lift_hours[i];
        for (int k = 0; k < 20; ++k) before.placebo[i].push_back(k % 2 == 0 ? 0.1F : -0.1F);
    }
    before.usual_per_hour = per_hour;
    before.spread = 0.02;
    return before;
}

constexpr std::size_t one_day = 1;

}  // namespace

TEST_CASE("as many as expected is no evidence, three times as many a backfire, a third a success") {
    const Lift same = estimate_lift(calm(), one_day, 240);
    CHECK(same.lift == doctest::Approx(1).epsilon(0.05));
    CHECK(same.low < 1);
    CHECK(same.high > 1);
    CHECK(same.verdict == LiftVerdict::no_evidence);
    CHECK(same.placebos == 20);
    const Lift more = estimate_lift(calm(), one_day, 720);
    CHECK(more.lift == doctest::Approx(3).epsilon(0.05));
    CHECK(more.low > 2);
    CHECK(more.excess == doctest::Approx(480).epsilon(0.05));
    CHECK(more.verdict == LiftVerdict::backfired);
    CHECK(estimate_lift(calm(), one_day, 80).verdict == LiftVerdict::worked);
}

TEST_CASE("a story that ran before is not the takedown's doing") {
    Counterfactual story = calm();
    story.story_per_hour = 40;
    story.story_before = 46;
    // 40 an hour more, halving every 12 h, make some 520 in a day.
    const Lift with = estimate_lift(story, one_day, 240 + 520);
    CHECK(with.verdict == LiftVerdict::no_evidence);
    CHECK(with.lift == doctest::Approx(1).epsilon(0.25));
    CHECK(estimate_lift(calm(), one_day, 240 + 520).verdict == LiftVerdict::backfired);
    // How fast it fell before tells how it would have gone on.
    Counterfactual quick = story;
    quick.story_before = 160;
    CHECK(estimate_lift(quick, one_day, 760).lift > with.lift);
}

TEST_CASE("a series that strays widely needs more to show something") {
    Counterfactual wild = calm();
    for (float& error : wild.placebo[one_day]) error *= 8;
    CHECK(estimate_lift(wild, one_day, 480).verdict == LiftVerdict::no_evidence);
    CHECK(estimate_lift(calm(), one_day, 480).verdict == LiftVerdict::backfired);
}

TEST_CASE("a series whose forecasts are always too low is not blamed on the takedown") {
    Counterfactual growing = calm();
    for (float& error : growing.placebo[one_day]) error += static_cast<float>(std::log(1.5));
    CHECK(estimate_lift(growing, one_day, 360).lift == doctest::Approx(1).epsilon(0.05));
}

TEST_CASE("few placebos: the series' own spread stands in") {
    Counterfactual young = calm();
    young.placebo[one_day].resize(3);
    const Lift lift = estimate_lift(young, one_day, 240);
    CHECK(lift.placebos == 3);
    CHECK(lift.low < 1);
    CHECK(lift.high > 1);
    CHECK(estimate_lift(young, one_day, 900).verdict == LiftVerdict::backfired);
}

TEST_CASE("too little is said to be too little, unless the storm is plain") {
    CHECK(estimate_lift(calm(0.2), one_day, 9).verdict == LiftVerdict::too_little);
    CHECK(estimate_lift(calm(0.2), one_day, 900).verdict == LiftVerdict::backfired);
    for (const double observed : {0.0, 1.0, 1e9}) {
        const Lift lift = estimate_lift(calm(0), one_day, observed);
        CHECK(std::isfinite(lift.lift));
        CHECK(std::isfinite(lift.high));
    }
}

TEST_CASE("what happened to everybody is not the takedown's doing") {
    const std::vector<Control> doubled{{300, 600, 0.02}, {500, 1000, 0.02}};
    CHECK(estimate_lift(calm(), one_day, 480, doubled).lift == doctest::Approx(1).epsilon(0.1));
    CHECK(estimate_lift(calm(), one_day, 480, doubled).verdict == LiftVerdict::no_evidence);
    // A control that is too small says nothing.
    CHECK(estimate_lift(calm(), one_day, 480, {{2, 40, 0.02}}).verdict == LiftVerdict::backfired);
}

TEST_CASE("placebos are gathered span by span, without those with a gap, and stored as they are") {
    Baseline baseline;
    PlaceboLog log;
    for (int h = 1; h <= 60 * 24; ++h) {
        for (int m = 1; m <= 12; ++m) {
            const double local = std::fmod(h - 1 + m / 12.0, 168.0);
            baseline.step(local, m % 12 * 5, {2.5, 10, 60, 240});
        }
        log.step(baseline, 10, h != 30 * 24);
    }
    // 53 days after the first week; one of them had a gap.
    CHECK(log.errors(1).size() == 52);
    CHECK(log.errors(0).size() == 60);
    CHECK(log.errors(2).size() == 6);
    for (const float error : log.errors(1)) CHECK(std::abs(error) < 0.02F);
    const auto back = PlaceboLog::decode(log.encode());
    REQUIRE(back);
    CHECK(*back == log);
    const std::string bytes = log.encode();
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) CHECK_FALSE(PlaceboLog::decode(std::string_view(bytes).substr(0, cut)));

    const Counterfactual frozen = freeze(baseline, log, 30, 30);
    CHECK(frozen.expected[1] == doctest::Approx(240).epsilon(0.02));
    CHECK(frozen.story_per_hour == doctest::Approx(0).epsilon(0.01));
    CHECK(frozen.placebo[1].size() == 52);
    CHECK(freeze(baseline, log, 330, 30).story_per_hour == doctest::Approx(100).epsilon(0.05));
}
