#include "vigie/detect/baseline.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "vigie/detect/negative_binomial.hpp"

namespace vigie::detect {
namespace {

double forget(double half_life_hours) {
    return std::exp2(-1 / half_life_hours);
}

constexpr std::size_t quarter = 0, hour = 1, six_hours = 2, day = 3;

// The level.
constexpr double level_days = 7;
constexpr double level_memory = level_days * 24 / std::numbers::ln2;  // hours it effectively rests on
constexpr double clip = 2.5;                                          // standard deviations an hour may teach it
constexpr std::int64_t unclipped_hours = 24;  // while nothing is known every hour counts in full: a clipped start would lag for weeks

// The spread.
constexpr std::int64_t spread_from = 12;
constexpr double spread_days = 14, spread_clip = 10, least_spread = 1e-3;
constexpr double prior_own = 0.1, prior_common = 0.05, prior_weight = 1.5;

// What the last six hours say of the present: noise lasts some hours, so part of it is expected to go on. Not more than this much, or a
// lasting rise would explain itself.
constexpr double persistence = 0.6, most_nowcast = 1.3;
constexpr std::int64_t nowcast_from = 24;

// The tails.
constexpr std::int64_t tail_from = 48;
constexpr double tail_share = 0.1, tail_step = 0.05, tail_days = 28, tail_prior = 8, first_prior = 40;
constexpr double least_threshold = 0.5, least_excess = 0.05, excess_clip = 2.5;
constexpr double clearly_below = -0.5;                  // above that, hours are not worth the work of a tail probability
constexpr int storm_ends_after = 3, storm_teaches = 6;  // hours
constexpr double high_excess = 0.35, low_excess = 1 / std::numbers::ln10, slow_excess = 1;

constexpr double most_evidence = 6;  // of a quarter of an hour: one burst alone is no lasting rise

/// Between the judged windows, in the logarithm of the length: the left one, the right one, and the right one's weight.
struct Place {
    std::size_t left, right;
    double weight;
    double between(double a, double b) const noexcept { return a + weight * (b - a); }
};
Place place(int minutes) noexcept {
    if (minutes <= judged_minutes.front()) return {quarter, quarter, 0};
    for (std::size_t i = 1; i < judged_windows; ++i) {
        if (minutes > judged_minutes[i]) continue;
        const double a = std::log(judged_minutes[i - 1]), b = std::log(judged_minutes[i]);
        return {i - 1, i, (std::log(minutes) - a) / (b - a)};
    }
    return {day, day, 0};
}

/// -log10 of the share of hours with such a value, in an exponential tail whose threshold one hour in ten passes.
double in_exponential_tail(double value, double threshold, double excess) {
    return -std::log10(tail_share) + (value - threshold) / (excess * std::numbers::ln10);
}

/// -log10 P(score) in a Pareto tail whose threshold one hour in ten passes; `near` is what the law itself says.
double calibrated(double near, double score, double threshold, double excess) {
    if (score <= threshold) return std::min(near, -std::log10(tail_share));
    return std::min(near, -std::log10(tail_share) + std::log10(score / threshold) / excess);
}

double ratio_in_log(double maximum, double threshold) {
    return std::log(maximum / threshold);
}
double difference(double maximum, double threshold) {
    return maximum - threshold;
}

}  // namespace

Baseline::Tail Baseline::first_tail(double mean_excess, double threshold) noexcept {
    return {threshold, mean_excess * first_prior, first_prior};
}

double Baseline::Tail::mean_excess() const noexcept {
    return std::max(least_excess, excess / count);
}

template <class Beyond>
void Baseline::Tail::observe(double hourly_maximum, double prior_excess, Beyond beyond) {
    static const double keep = forget(tail_days * 24);
    const bool above = hourly_maximum > threshold;
    storm_hours = above ? storm_hours + 1 : 0;
    // A long storm must not become the measure of what is usual.
    if (storm_hours <= storm_teaches) {
        threshold += tail_step * std::max(threshold, 0.3) * ((above ? 1 : 0) - tail_share);
        threshold = std::max(least_threshold, threshold);
    }
    excess = excess * keep + (1 - keep) * prior_excess * tail_prior;
    count = count * keep + (1 - keep) * tail_prior;
    // The hours of one storm are one observation, its peak (runs declustering, Coles 2001), and clipped, so that a storm once seen does not
    // make the next one ordinary; the factor keeps the clipped mean of an exponential law unbiased.
    if (above) {
        quiet = 0;
        peak = std::max(peak, hourly_maximum);
        return;
    }
    if (peak <= 0 || ++quiet < storm_ends_after) return;
    static const double unbiased = 1 / (1 - std::exp(-excess_clip));
    excess += std::clamp(beyond(peak, threshold), 0.0, excess_clip * mean_excess()) * unbiased;
    count += 1;
    peak = 0;
    quiet = 0;
}

Baseline::Spread::Parts Baseline::Spread::parts() const noexcept {
    // Pseudo-observations: quiet hours at half the level, busy ones at 1.4 times.
    const auto with_prior = [](const Moments& m, double weight, double mean_square) {
        const double n = prior_weight * weight, x = n * mean_square;
        return Moments{m.weight + n, m.mean_square + x, m.excess + prior_own * x + prior_common * n};
    };
    const Moments q = with_prior(quiet, 1, 0.25), b = with_prior(busy, 0.5, 2);
    const double determinant = b.mean_square * q.weight - q.mean_square * b.weight;
    Parts out;
    if (determinant > 1e-9) {
        out.own = (b.excess * q.weight - q.excess * b.weight) / determinant;
        out.common = (q.excess * b.mean_square - b.excess * q.mean_square) / determinant;
    }
    if (out.own < 0) out = {0, (q.excess + b.excess) / (q.weight + b.weight)};
    if (out.common < 0) out = {(q.excess + b.excess) / (q.mean_square + b.mean_square), 0};
    return out;
}

Baseline::Baseline() {
    nowcast_.fill(1);
    high_.fill(first_tail(high_excess, 1.3));
    low_.fill(first_tail(low_excess, 1));
    slow_ = first_tail(slow_excess, 1);
}

double Baseline::level_uncertainty() const noexcept {
    return 1 / level_count_ + spread(60) / std::clamp(level_exposure_, 1.0, level_memory);
}

double Baseline::spread(int minutes) const noexcept {
    const Place at = place(minutes);
    const auto of = [this](std::size_t i) {
        const Spread::Parts parts = spread_[i].parts();
        return std::max(least_spread, parts.own + parts.common);
    };
    return at.between(of(at.left), of(at.right));
}

double Baseline::expected(int minutes) const noexcept {
    int rest = minutes;
    double sum = 0;
    const auto take = [&](int part, double level) {
        part = std::min(part, rest);
        sum += part * level;
        rest -= part;
    };
    take(minute_, level_);
    // While a series is new, what was thought of its first hours is worth less than what is known now.
    const auto known = age_ < unclipped_hours ? 0 : past_levels_.size();
    for (std::size_t i = 0; i < known && rest > 0; ++i) take(60, past_levels_[i]);
    take(rest, level_);
    return sum / minutes * season_.integral(local_, minutes / 60.0);
}

double Baseline::forecast(int minutes) const noexcept {
    return level_ * season_.integral(local_ + minutes / 60.0, minutes / 60.0);
}

bool Baseline::has_gap(int minutes) const noexcept {
    if (gap_) return true;
    const int hours = (std::min(minutes, 24 * 60) - minute_ + 59) / 60;
    return hours > 0 && (past_gaps_ & ((std::uint32_t{1} << hours) - 1)) != 0;
}

Baseline::Law Baseline::law(int minutes) const noexcept {
    const Place at = place(minutes);
    Law law;
    law.mean = std::max(1e-9, expected(minutes) * at.between(nowcast_[at.left], nowcast_[at.right]));
    const Spread::Parts left = spread_[at.left].parts(), right = spread_[at.right].parts();
    const double own = std::max(least_spread, at.between(left.own, right.own)), common = at.between(left.common, right.common);
    const double base = level_ * minutes / 60.0;
    law.variance = law.mean + (own + level_uncertainty()) * law.mean * law.mean + common * base * base;
    law.high_threshold = at.between(high_[at.left].threshold, high_[at.right].threshold);
    law.high_excess = at.between(high_[at.left].mean_excess(), high_[at.right].mean_excess());
    law.low_threshold = at.between(low_[at.left].threshold, low_[at.right].threshold);
    law.low_excess = at.between(low_[at.left].mean_excess(), low_[at.right].mean_excess());
    return law;
}

double Baseline::Law::score(double count) const noexcept {
    return (count - mean) / std::sqrt(variance);
}

double Baseline::Law::size() const noexcept {
    return mean * mean / std::max(variance - mean, 1e-9);
}

double Baseline::Law::surprise(double count) const {
    return count > 0 ? calibrated(-log10_at_least(count, mean, size()), score(count), high_threshold, high_excess) : 0;
}

double Baseline::Law::improbability_below(double count) const {
    return -log10_at_most(count, mean, size());
}

double Baseline::Law::drop(double count) const {
    // Nothing falls below zero, so a score is bounded on this side: the tail is that of the improbability itself.
    const double near = improbability_below(count);
    if (near <= low_threshold) return std::min(near, -std::log10(tail_share));
    return std::min(near, in_exponential_tail(near, low_threshold, low_excess));
}

Judgement Baseline::judge(int minutes, double count) const {
    const Law by = law(minutes);
    Judgement out;
    out.expected = by.mean;
    out.variance = by.variance;
    out.score = by.score(count);
    if (age_ == 0) return out;
    out.surprise = by.surprise(count);
    if (!has_gap(minutes)) out.drop = by.drop(count);
    return out;
}

double Baseline::surprise(const Counts& counts) const {
    double most = 0;
    for (std::size_t i = quarter; i < day && age_ > 0; ++i) most = std::max(most, law(judged_minutes[i]).surprise(counts[i]));
    return most;
}

double Baseline::surge() const noexcept {
    if (cusum_ <= slow_.threshold) return cusum_ / slow_.threshold;
    return in_exponential_tail(cusum_, slow_.threshold, slow_.mean_excess());
}

void Baseline::look_around(const Counts& counts) {
    nowcast_.fill(1);
    if (age_ < nowcast_from || has_gap(judged_minutes[six_hours])) return;
    const double prior = 1 / spread(judged_minutes[six_hours]);
    for (const std::size_t i : {quarter, hour}) {
        // Gamma-Poisson: the hours before the window, drawn to 1 as strongly as six hours usually stray.
        const double before = std::max(0.0, counts[six_hours] - counts[i]);
        const double usual = std::max(1e-9, expected(judged_minutes[six_hours]) - expected(judged_minutes[i]));
        nowcast_[i] = std::min(most_nowcast, 1 + persistence * ((before + prior) / (usual + prior) - 1));
    }
}

void Baseline::learn(std::size_t window, double count, const Law& by) {
    const int minutes = judged_minutes[window], stride = std::min(minutes, 60);
    const double keep = forget(spread_days * 24 * 60 / stride);
    const double base = std::max(level_ * minutes / 60.0, 1e-3);
    const double mean_square = by.mean * by.mean / (base * base);
    const double off = std::min(count - by.mean, spread_clip * std::sqrt(by.variance));
    const bool busy = mean_square >= 1;
    // A window that hardly expects anything says hardly anything; a busy one is taken relative to its own hour.
    const double trust = stride / static_cast<double>(minutes) * std::min(1.0, base) / (busy ? mean_square : 1);
    Spread& spread = spread_[window];
    for (Spread::Moments* moments : {&spread.quiet, &spread.busy}) {
        moments->weight *= keep;
        moments->mean_square *= keep;
        moments->excess *= keep;
    }
    Spread::Moments& moments = busy ? spread.busy : spread.quiet;
    moments.weight += trust;
    moments.mean_square += trust * mean_square;
    moments.excess += trust * std::max(0.0, off * off - by.mean) / (base * base);
}

void Baseline::step_surge(double count, const Law& by) {
    const double size = by.size();
    const double evidence = count * std::numbers::ln2 - (count + size) * std::log((size + 2 * by.mean) / (size + by.mean));
    cusum_ = std::max(0.0, cusum_ + std::min(most_evidence, evidence));
    highest_cusum_ = std::max(highest_cusum_, cusum_);
}

void Baseline::step(double local, int minute_of_hour, const Counts& counts, bool observed) {
    local_ = local;
    minute_ = minute_of_hour == 0 ? 60 : minute_of_hour;
    if (!observed) gap_ = true;
    look_around(counts);
    for (std::size_t i = 0; i < judged_windows; ++i) {
        if (has_gap(judged_minutes[i])) continue;
        const Law by = law(judged_minutes[i]);
        const double score = by.score(counts[i]);
        highest_[i] = std::max(highest_[i], score);
        if (score < clearly_below) lowest_[i] = std::max(lowest_[i], by.improbability_below(counts[i]));
        if (minute_of_hour % std::min(judged_minutes[i], 60) != 0) continue;
        if (age_ >= spread_from) learn(i, counts[i], by);
        if (i == quarter && age_ >= unclipped_hours) step_surge(counts[i], by);
    }
    if (minute_of_hour == 0) complete_hour(counts[hour]);
}

void Baseline::complete_hour(double count) {
    const double level_then = level_;
    if (!gap_) {
        static const double keep = forget(level_days * 24);
        const Law by = law(judged_minutes[hour]);
        const double taught = age_ < unclipped_hours ? count : std::min(count, by.mean + clip * std::sqrt(by.variance));
        level_count_ = level_count_ * keep + taught;
        level_exposure_ = level_exposure_ * keep + std::max(season_.integral(local_, 1), 1e-3);
        level_ = std::max(level_count_ / level_exposure_, 1e-6);
        season_.observe(static_cast<int>(std::floor(local_ - 0.5 + week_hours)) % week_hours, taught, level_);
        ++age_;
        if (age_ >= tail_from) learn_tails();
    }
    std::copy_backward(past_levels_.begin(), past_levels_.end() - 1, past_levels_.end());
    past_levels_[0] = level_then;
    past_gaps_ = ((past_gaps_ << 1) | (gap_ ? 1U : 0U)) & 0xFFFFFF;
    highest_.fill(0);
    lowest_.fill(0);
    highest_cusum_ = cusum_;
    gap_ = false;
    minute_ = 0;
}

void Baseline::learn_tails() {
    for (std::size_t i = 0; i < judged_windows; ++i) {
        high_[i].observe(highest_[i], high_excess, ratio_in_log);
        low_[i].observe(lowest_[i], low_excess, difference);
    }
    slow_.observe(highest_cusum_, slow_excess, difference);
}

}  // namespace vigie::detect
