#include "vigie/detect/baseline.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <deque>
#include <functional>
#include <numbers>
#include <random>

using namespace vigie::detect;

namespace {

/// A brand whose mentions come at a rate per hour, five minutes at a time, and its baseline.
class Story {
public:
    explicit Story(std::uint32_t seed = 1) : random_(seed) {}

    /// Lets hours pass at rate(hour since the start); poisson(rate * clump) with clump of relative variance 0.05.
    void pass(double hours, const std::function<double(double)>& rate, bool observed = true) {
        std::gamma_distribution<double> clump(20, 0.05);
        for (int i = 0; i < static_cast<int>(hours * 12); ++i) {
            const double mean = rate(now_) / 12 * clump(random_);
            take(mean > 0 && observed ? std::poisson_distribution<int>(mean)(random_) : 0, observed);
        }
    }
    void pass(double hours, double rate, bool observed = true) {
        pass(
            hours, [rate](double) { return rate; }, observed);
    }
    void take(double count, bool observed = true) {
        past_.push_front(count);
        if (past_.size() > 288) past_.pop_back();
        ++steps_;
        now_ = static_cast<double>(steps_) / 12;
        counts_ = {sum(3), sum(12), sum(72), sum(288)};
        baseline.step(std::fmod(now_, 168.0), static_cast<int>(steps_ % 12) * 5, counts_, observed);
        highest = std::max(highest, baseline.surprise(counts_));
    }
    double hour() const { return counts_[1]; }
    const Baseline::Counts& counts() const { return counts_; }

    Baseline baseline;
    double highest = 0;

private:
    double sum(std::size_t steps) const {
        double all = 0;
        for (std::size_t i = 0; i < std::min(steps, past_.size()); ++i) all += past_[i];
        return all;
    }
    std::mt19937 random_;
    std::deque<double> past_;
    long steps_ = 0;
    double now_ = 0;
    Baseline::Counts counts_{};
};

double daily(double hour) {
    return 20 * (1 + 0.8 * std::sin(hour / 24 * 2 * std::numbers::pi));
}

}  // namespace

TEST_CASE("a new series surprises nobody, whatever its volume") {
    for (const double rate : {0.2, 5.0, 400.0}) {
        Story story;
        story.pass(12, rate);
        CAPTURE(rate);
        CHECK(story.highest < 3);
    }
}

TEST_CASE("the level and the day are learnt") {
    Story story;
    story.pass(21 * 24, daily);
    CHECK(story.baseline.level() == doctest::Approx(20).epsilon(0.1));
    // 06:00 is the busiest hour of this brand, 18:00 the quietest.
    story.pass(6, daily);
    CHECK(story.baseline.judge(60, 0).expected == doctest::Approx(36).epsilon(0.2));
    story.pass(12, daily);
    CHECK(story.baseline.judge(60, 0).expected == doctest::Approx(4).epsilon(0.6));
    CHECK(story.baseline.forecast(24 * 60) == doctest::Approx(480).epsilon(0.1));
}

TEST_CASE("calm weather stays calm, and its rare hours are as rare as they are said to be") {
    std::size_t hours = 0, two = 0, three = 0;
    for (std::uint32_t seed = 1; seed <= 6; ++seed) {
        Story story(seed);
        story.pass(14 * 24, daily);
        for (int h = 0; h < 21 * 24; ++h) {
            story.highest = 0;
            story.pass(1, daily);
            ++hours;
            two += story.highest >= 2 ? 1U : 0U;
            three += story.highest >= 3 ? 1U : 0U;
        }
    }
    // The largest of three windows and twelve looks an hour.
    CHECK(static_cast<double>(two) / static_cast<double>(hours) < 0.03);
    CHECK(static_cast<double>(three) / static_cast<double>(hours) < 0.003);
}

TEST_CASE("a surge is seen within a quarter of an hour, and more is never less surprising") {
    Story story;
    story.pass(21 * 24, 20);
    story.highest = 0;
    story.pass(0.25, 200);
    CHECK(story.highest > 3.5);
    for (const int minutes : {5, 15, 30, 60, 240, 360, 1440, 10080}) {
        double last = -1;
        for (double count = 0; count < 4000; count += 37) {
            const double surprise = story.baseline.judge(minutes, count).surprise;
            CHECK(surprise >= last);
            last = surprise;
        }
    }
}

TEST_CASE("a storm does not become its own baseline") {
    Story story;
    story.pass(21 * 24, 20);
    story.pass(12, 200);
    CHECK(story.baseline.level() < 25);
    story.highest = 0;
    story.pass(1, 200);
    CHECK(story.highest > 3);
    // A second one two days later is hardly less surprising.
    story.pass(48, 20);
    story.highest = 0;
    story.pass(1, 200);
    CHECK(story.highest > 2.7);
}

TEST_CASE("a new level is accepted in the end") {
    Story story;
    story.pass(21 * 24, 20);
    story.pass(28 * 24, 40);
    CHECK(story.baseline.level() > 34);
    story.highest = 0;
    story.pass(24, 40);
    CHECK(story.highest < 3);
}

TEST_CASE("a drop is seen, and a gap is none") {
    Story story;
    story.pass(21 * 24, 60);
    Story broken = story;
    story.pass(3, 2);
    CHECK(story.baseline.judge(60, story.hour()).drop > 2.5);
    const double level = broken.baseline.level();
    const std::int64_t age = broken.baseline.age_hours();
    broken.pass(30, 0, false);
    CHECK(broken.baseline.judge(60, 0).drop == 0);
    CHECK(broken.baseline.level() == level);
    CHECK(broken.baseline.age_hours() == age);
    broken.highest = 0;
    broken.pass(36, 60);
    CHECK(broken.highest < 3);
    CHECK(broken.baseline.judge(60, 2).drop > 2.5);
}

TEST_CASE("a slow rise that no single hour shows adds up") {
    Story story;
    story.pass(28 * 24, 20);
    double calm = 0;
    for (int h = 0; h < 48; ++h) {
        story.pass(1, 20);
        calm = std::max(calm, story.baseline.surge());
    }
    story.pass(30, 36);
    CHECK(calm < 3);
    CHECK(story.baseline.surge() > calm);
    CHECK(story.baseline.surge() > 3);
}

TEST_CASE("bursts at night count as by day where a series has shown them") {
    // The same burst of 40 at 03:00: one series had such bursts at night before, the other never.
    Story quiet(2), bursty(2);
    for (int d = 0; d < 28; ++d) {
        for (int h = 0; h < 24; ++h) {
            const double rate = daily(h + 6);
            quiet.pass(1, rate);
            bursty.pass(1, h == 12 && d % 3 == 0 ? rate + 40 : rate);
        }
    }
    quiet.pass(12, [](double h) { return daily(h + 6); });
    bursty.pass(12, [](double h) { return daily(h + 6); });
    CHECK(quiet.baseline.judge(60, 45).surprise > bursty.baseline.judge(60, 45).surprise);
}

TEST_CASE("it is stored as it is, and damaged bytes are refused") {
    Story story;
    story.pass(60.25, daily);
    const std::string bytes = story.baseline.encode();
    CHECK(bytes.size() < 4096);
    const auto back = Baseline::decode(bytes);
    REQUIRE(back);
    CHECK(*back == story.baseline);
    for (std::size_t cut = 0; cut < bytes.size(); cut += 7) CHECK_FALSE(Baseline::decode(std::string_view(bytes).substr(0, cut)));
    CHECK_FALSE(Baseline::decode(bytes + "x"));
    std::string damaged = bytes;
    damaged[0] = 9;
    CHECK_FALSE(Baseline::decode(damaged));
}

TEST_CASE("what it learnt goes on from the stored bytes exactly") {
    Story story;
    story.pass(80, daily);
    Story copy = story;
    copy.baseline = *Baseline::decode(story.baseline.encode());
    story.pass(50, daily);
    copy.pass(50, daily);
    CHECK(story.baseline == copy.baseline);
    CHECK(sizeof(Baseline) <= 4096);
}
