// Whether the interval of a lift holds what it says: takedowns that did nothing, and such that did, over real and drawn series, with and
// without a story under way.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "detect/methods.hpp"
#include "support/figures.hpp"
#include "vigie/detect/lift.hpp"

namespace vigie::bench {
namespace {

constexpr std::size_t hour = steps_per_hour, day = 24 * hour;

/// A series that is cut at a takedown: what is known then, and what came after.
class Takedown {
public:
    Takedown(const CountSeries& series, std::size_t at) : series_(series), at_(at) {
        const auto sum = [&](std::size_t end, std::size_t steps) {
            const std::size_t begin = end > steps ? end - steps : 0;
            return std::accumulate(series.counts.begin() + static_cast<std::ptrdiff_t>(begin),
                                   series.counts.begin() + static_cast<std::ptrdiff_t>(end), 0.0);
        };
        detect::Baseline baseline;
        detect::PlaceboLog placebos;
        walk_baseline(series, at, [&](const detect::Baseline& now, std::size_t steps, int minute_of_hour) {
            if (minute_of_hour == 0) placebos.step(now, sum(steps, hour), true);
            baseline = now;
        });
        before_ = detect::freeze(baseline, placebos, sum(at, 3 * hour), sum(at - 3 * hour, 3 * hour));
        expected_ = baseline.forecast(24 * 60);
        observed_ = sum(std::min(series.counts.size(), at + day), day);
    }
    /// The lift over 24 h, were `more` mentions added to what came.
    detect::Lift lift(double more = 0) const { return detect::estimate_lift(before_, 1, observed_ + more); }
    double expected() const { return expected_; }
    double observed() const { return observed_; }

private:
    const CountSeries& series_;
    std::size_t at_;
    detect::Counterfactual before_;
    double expected_ = 0, observed_ = 0;
};

struct Tally {
    std::size_t all = 0, covers = 0, backfired = 0;
    std::vector<double> lifts;
    void add(const detect::Lift& lift, double truth) {
        ++all;
        covers += lift.low <= truth && truth <= lift.high ? 1U : 0U;
        backfired += lift.verdict == detect::LiftVerdict::backfired ? 1U : 0U;
        lifts.push_back(lift.lift);
    }
    void print(std::string_view what) const {
        const double n = static_cast<double>(std::max<std::size_t>(1, all));
        fmt::print("  {:<58} n={:<4} median lift {:5.2f}  95 % interval covers the truth {:5.1f} %  called a backfire {:5.1f} %\n", what,
                   all, median(lifts), 100 * static_cast<double>(covers) / n, 100 * static_cast<double>(backfired) / n);
    }
};

/// A story that breaks `hours` before the takedown at five times the level.
void tell_story(CountSeries& series, std::size_t at, double per_hour, double half_life, std::mt19937_64& random) {
    const std::size_t begin = at - 6 * hour;
    for (std::size_t i = begin; i < series.counts.size(); ++i) {
        const double mean = 4 * per_hour / static_cast<double>(hour) * std::exp2(-static_cast<double>(i - begin) / (half_life * hour));
        if (mean > 1e-6) series.counts[i] += std::poisson_distribution<int>(mean)(random);
    }
}

}  // namespace

void bench_lift(const std::string& corpora, std::size_t series_each) {
    fmt::print("lift over 24 h\n");
    std::mt19937_64 random(7);
    const auto pick = [&](const CountSeries& series) {
        return std::uniform_int_distribution<std::size_t>(21 * day, series.counts.size() - day - hour)(random);
    };
    Tally real, real_three;
    for (const CountSeries& series : read_volumes(corpora + "/volumes")) {
        for (int i = 0; i < 24; ++i) {
            const Takedown takedown(series, pick(series));
            real.add(takedown.lift(), 1);
            real_three.add(takedown.lift(2 * takedown.observed()), 3);
        }
    }
    real.print("NAB realTweets, a takedown that did nothing");
    real_three.print("the same, true lift 3");
    for (const double rate : {0.5, 2.0, 10.0, 50.0}) {
        Tally none, three;
        for (std::size_t i = 0; i < series_each; ++i) {
            const CountSeries series = draw({rate, 1, 8}, 9000 + i + 100 * static_cast<std::uint64_t>(rate * 10));
            const Takedown takedown(series, pick(series));
            none.add(takedown.lift(), 1);
            three.add(takedown.lift(std::poisson_distribution<int>(2 * takedown.expected())(random)), 3);
        }
        none.print(fmt::format("{}/h, a takedown that did nothing", rate));
        three.print(fmt::format("{}/h, true lift 3", rate));
        for (const double half_life : {3.0, 6.0, 12.0, 24.0, 48.0}) {
            Tally story, story_three;
            for (std::size_t i = 0; i < series_each / 2; ++i) {
                CountSeries series = draw({rate, 1, 8}, 19000 + i + 100 * static_cast<std::uint64_t>(rate * 10));
                const std::size_t at = pick(series);
                tell_story(series, at, rate, half_life, random);
                const Takedown takedown(series, at);
                story.add(takedown.lift(), 1);
                const double per_hour = half_life / std::numbers::ln2 * (std::exp2(-6 / half_life) - std::exp2(-30 / half_life));
                const double would = takedown.expected() + 4 * rate * per_hour;
                story_three.add(takedown.lift(std::poisson_distribution<int>(2 * would)(random)), 3);
            }
            story.print(fmt::format("{}/h, story x5 of half-life {} h under way, nothing", rate, half_life));
            story_three.print(fmt::format("{}/h, story x5 of half-life {} h under way, lift 3", rate, half_life));
        }
    }
}

}  // namespace vigie::bench
