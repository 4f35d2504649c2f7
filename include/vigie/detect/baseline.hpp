// What one series of one brand is expected to do, and how surprising what it does is.
//
// Level, week and spread are learnt by the hour and forgotten exponentially; a count is judged by a negative binomial law whose far tail is
// set by what this series itself has shown. After Farrington's method (1996; Noufaily et al. 2013) made recursive, with a tail by peaks
// over a threshold as in SPOT (Siffer et al., KDD 2017).
// Thread-safety: values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"
#include "vigie/detect/season.hpp"

namespace vigie::detect {

/// The windows whose spread and tail are learnt. Any other window takes what lies between its neighbours.
inline constexpr std::array<int, 4> judged_minutes{15, 60, 360, 1440};
inline constexpr std::size_t judged_windows = judged_minutes.size();
/// How often step() is to be called.
inline constexpr int step_minutes = 5;

/// A count against its baseline.
struct Judgement {
    double expected = 0;  ///< mean, > 0
    double variance = 0;  ///< >= expected
    double score = 0;     ///< (count - expected) / sqrt(variance)
    double surprise = 0;  ///< -log10 P(at least this much), >= 0
    double drop = 0;      ///< -log10 P(at most this much), >= 0
};

class Baseline {
public:
    Baseline();
    /// The counts of the judged windows, all ending now.
    using Counts = std::array<double, judged_windows>;

    /// Every five minutes, in order. `local`: hours since Monday 00:00 in the brand's time zone, [0, 168), of the end of the five minutes;
    /// `minute_of_hour`: 0, 5, ... 55: at 0 an hour is complete. Counts are >= 0. `observed`: whether the sources spoke in these five
    /// minutes; an hour with a gap teaches nothing, and nothing is expected of it.
    void step(double local, int minute_of_hour, const Counts& counts, bool observed = true);

    /// Of a count over the window of `minutes` (1 to 90 d) that ends at the last step. Before the first full hour: nothing is surprising.
    Judgement judge(int minutes, double count) const;
    /// The largest surprise over 15 min, 1 h and 6 h: a surge is seen early if it is steep, and surely if it lasts.
    double surprise(const Counts& counts) const;
    /// Evidence of a slow, lasting rise in units of surprise: a cumulative sum of log likelihood ratios for a doubled mean (negative
    /// binomial CUSUM, Hoehle and Paul 2008), calibrated by its own past.
    double surge() const noexcept;

    /// Per hour, without the week.
    double level() const noexcept { return level_; }
    /// Relative variance of the level itself: large while little is known.
    double level_uncertainty() const noexcept;
    /// Relative variance beyond Poisson of a window in an hour of average volume; between judged windows, in the logarithm of the length.
    double spread(int minutes) const noexcept;
    const Season& season() const noexcept { return season_; }
    /// Observed hours so far.
    std::int64_t age_hours() const noexcept { return age_; }
    /// What is expected of the `minutes` before the last step, by level and week alone.
    double usual(int minutes) const noexcept { return expected(minutes); }
    /// What is expected of the `minutes` after the last step, were nothing to happen.
    double forecast(int minutes) const noexcept;

    /// Versioned; equal states give equal bytes.
    std::string encode() const;
    /// Errors: corrupt.
    static Result<Baseline> decode(std::string_view bytes);
    friend bool operator==(const Baseline&, const Baseline&) = default;

private:
    /// The far tail of an hourly maximum: a threshold that one hour in ten passes, and the mean of how far a storm's peak lies beyond.
    struct Tail {
        double threshold, excess, count;
        double peak = 0;      ///< of the storm that runs; 0: none
        int quiet = 0;        ///< hours below the threshold since
        int storm_hours = 0;  ///< hours above it in a row
        double mean_excess() const noexcept;
        /// beyond(maximum, threshold): by how much, on the scale of this tail, one exceeds the other.
        template <class Beyond>
        void observe(double hourly_maximum, double prior_excess, Beyond beyond);
        friend bool operator==(const Tail&, const Tail&) = default;
    };
    /// What counts vary beyond Poisson: own * mean^2 + common * (level * window)^2. The first is noise that rises and falls with the hour,
    /// the second bursts that are as large at night as by day. Two moments, of quiet and of busy hours, tell them apart.
    struct Spread {
        struct Moments {
            double weight = 0, mean_square = 0, excess = 0;  ///< sums, all relative to (level * window)^2
            friend bool operator==(const Moments&, const Moments&) = default;
        };
        struct Parts {
            double own = 0, common = 0;
        };
        Moments quiet, busy;
        Parts parts() const noexcept;
        friend bool operator==(const Spread&, const Spread&) = default;
    };
    /// What a window is judged by.
    struct Law {
        double mean = 0, variance = 0;
        double high_threshold = 0, high_excess = 0, low_threshold = 0, low_excess = 0;
        double score(double count) const noexcept;
        double size() const noexcept;
        double surprise(double count) const;
        double drop(double count) const;
        double improbability_below(double count) const;
    };

    static constexpr double least_positive = 1e-7;
    /// Hands every stored number to `side` (a reader or a writer), in their order on disk.
    template <class Self, class Side>
    static void visit(Self& self, Side& side);

    static Tail first_tail(double mean_excess, double threshold) noexcept;
    Law law(int minutes) const noexcept;
    /// By level and week alone.
    double expected(int minutes) const noexcept;
    bool has_gap(int minutes) const noexcept;
    void look_around(const Counts& counts);
    void learn(std::size_t window, double count, const Law& law);
    void step_surge(double count, const Law& law);
    void complete_hour(double count);
    void learn_tails();

    double local_ = 0;
    int minute_ = 0;
    double level_ = 1, level_count_ = 0.5, level_exposure_ = 0.5;
    Season season_;
    std::array<double, 24> past_levels_{};  // of the last full hours, latest first
    std::uint32_t past_gaps_ = 0;           // bit i: past hour i was not observed as a whole
    std::array<double, judged_windows> nowcast_;
    std::array<Spread, judged_windows> spread_{};
    std::array<Tail, judged_windows> high_, low_;
    std::array<double, judged_windows> highest_{}, lowest_{};  // of the running hour: scores, improbabilities
    double cusum_ = 0, highest_cusum_ = 0;
    Tail slow_;
    std::int64_t age_ = 0;
    bool gap_ = false;  // in the running hour
};

}  // namespace vigie::detect
