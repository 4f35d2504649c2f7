#include "detect/methods.hpp"

#include <algorithm>
#include <cmath>

#include "vigie/detect/baseline.hpp"

namespace vigie::bench {
namespace {

constexpr std::size_t hour = steps_per_hour, day = 24 * hour, week = 7 * day;

std::vector<double> running_sum(const std::vector<double>& x) {
    std::vector<double> sum(x.size() + 1);
    for (std::size_t i = 0; i < x.size(); ++i) sum[i + 1] = sum[i] + x[i];
    return sum;
}

/// The sum of the last hour at each step.
std::vector<double> hourly(const std::vector<double>& x) {
    const std::vector<double> sum = running_sum(x);
    std::vector<double> out(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) out[i] = sum[i + 1] - sum[i + 1 - std::min(hour, i + 1)];
    return out;
}

struct Moments {
    double mean = 0, deviation = 0;
    std::size_t count = 0;
};
/// Of the `length` values that end `lag` + 1 steps before each.
std::vector<Moments> trailing(const std::vector<double>& x, std::size_t length, std::size_t lag) {
    std::vector<double> squares(x);
    for (double& value : squares) value *= value;
    const std::vector<double> sum = running_sum(x), square = running_sum(squares);
    std::vector<Moments> out(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::size_t end = i > lag ? i - lag : 0, begin = end > length ? end - length : 0;
        const double k = static_cast<double>(std::max<std::size_t>(1, end - begin));
        out[i].mean = (sum[end] - sum[begin]) / k;
        out[i].deviation = std::sqrt(std::max(0.0, (square[end] - square[begin]) / k - out[i].mean * out[i].mean));
        out[i].count = end - begin;
    }
    return out;
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

detect::Baseline::Counts window_counts(const std::vector<double>& sum, std::size_t steps) {
    detect::Baseline::Counts counts{};
    for (std::size_t w = 0; w < detect::judged_windows; ++w) {
        const auto length = static_cast<std::size_t>(detect::judged_minutes[w]) / detect::step_minutes;
        counts[w] = sum[steps] - sum[steps - std::min(length, steps)];
    }
    return counts;
}

std::vector<double> scored(const CountSeries& series, double (*score)(const detect::Baseline&, const detect::Baseline::Counts&)) {
    std::vector<double> out(series.counts.size());
    const std::vector<double> sum = running_sum(series.counts);
    walk_baseline(series, series.counts.size(), [&](const detect::Baseline& baseline, std::size_t steps, int) {
        out[steps - 1] = steps <= 6 * hour ? 0 : score(baseline, window_counts(sum, steps));
    });
    return out;
}

}  // namespace

void walk_baseline(const CountSeries& series, std::size_t steps,
                   const std::function<void(const detect::Baseline&, std::size_t, int)>& told) {
    const std::vector<double> sum = running_sum(series.counts);
    detect::Baseline baseline;
    for (std::size_t i = 1; i <= steps; ++i) {
        const std::int64_t minutes = series.start / 60 / 5 * 5 + static_cast<std::int64_t>(i - 1) * detect::step_minutes;
        const double local = static_cast<double>((minutes + 3 * 24 * 60) % (week / hour * 60)) / 60;  // 1970 began on a Thursday
        const int minute_of_hour = static_cast<int>(minutes % 60);
        baseline.step(local, minute_of_hour, window_counts(sum, i));
        told(baseline, i, minute_of_hour);
    }
}

std::vector<double> vigie_surprise(const CountSeries& series) {
    return scored(series,
                  [](const detect::Baseline& baseline, const detect::Baseline::Counts& counts) { return baseline.surprise(counts); });
}

std::vector<double> vigie_surge(const CountSeries& series) {
    return scored(series, [](const detect::Baseline& baseline, const detect::Baseline::Counts&) { return baseline.surge(); });
}

std::vector<double> huginn(const CountSeries& series) {
    std::vector<double> out = hourly(series.counts);
    const std::vector<Moments> past = trailing(out, 14 * day, hour);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = past[i].count < day ? 0 : (out[i] - past[i].mean) / std::max(past[i].deviation, 1.0);
    return out;
}

std::vector<double> elastalert(const CountSeries& series) {
    const std::vector<double> now = hourly(series.counts);
    std::vector<double> out(now.size());
    for (std::size_t i = 2 * hour; i < now.size(); ++i) out[i] = now[i] >= 5 ? now[i] / std::max(1.0, now[i - hour]) : 0;
    return out;
}

std::vector<double> meltwater(const CountSeries& series) {
    const std::vector<double> now = hourly(series.counts);
    const std::vector<Moments> past = trailing(series.counts, 12 * hour, hour - 1);
    std::vector<double> out(now.size());
    for (std::size_t i = 2 * hour; i < now.size(); ++i) {
        const double yesterday = i >= day ? now[i - day] : 0, last_week = i >= week ? now[i - week] : 0;
        out[i] = std::min(now[i] / std::max(1.0, past[i].mean * hour), now[i] / std::max({1.0, yesterday, last_week}));
    }
    return out;
}

std::vector<double> seven_day_mean(const CountSeries& series) {
    std::vector<double> out = hourly(series.counts);
    const std::vector<Moments> past = trailing(series.counts, week, hour - 1);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = past[i].count < day ? 0 : out[i] / std::max(1.0, past[i].mean * hour);
    return out;
}

std::vector<double> ears_c2(const CountSeries& series) {
    const std::vector<double> now = hourly(series.counts);
    std::vector<double> out(now.size());
    for (std::size_t i = 5 * day; i < now.size(); ++i) {
        double sum = 0, squares = 0, n = 0;
        for (std::size_t k = 3; k <= 9 && k * day <= i; ++k) {
            const double value = now[i - k * day];
            sum += value;
            squares += value * value;
            ++n;
        }
        const double mean = sum / n, deviation = std::sqrt(std::max(0.0, (squares - n * mean * mean) / (n - 1)));
        out[i] = (now[i] - mean) / std::max(deviation, 1.0);
    }
    return out;
}

std::vector<double> s_h_esd(const CountSeries& series) {
    const std::vector<double> now = hourly(series.counts);
    std::vector<double> hours, scores;
    for (std::size_t i = hour - 1; i < now.size(); i += hour) hours.push_back(now[i]);
    scores.resize(hours.size());
    for (std::size_t i = 48; i < hours.size(); ++i) {
        const std::size_t from = i > 14 * 24 ? i - 14 * 24 : 0;
        std::vector<std::vector<double>> by_hour(24);
        for (std::size_t k = from; k < i; ++k) by_hour[(k + 24 - i % 24) % 24].push_back(hours[k]);
        std::vector<double> usual;
        for (auto& values : by_hour) usual.push_back(median(values));
        std::vector<double> rest, off;
        for (std::size_t k = from; k < i; ++k) rest.push_back(hours[k] - usual[(k + 24 - i % 24) % 24]);
        const double middle = median(rest);
        for (const double value : rest) off.push_back(std::abs(value - middle));
        scores[i] = (hours[i] - usual[0] - middle) / std::max(1.4826 * median(off), 1.0);
    }
    std::vector<double> out(now.size());
    for (std::size_t i = hour - 1; i < now.size(); ++i) out[i] = scores[(i + 1) / hour - 1];
    return out;
}

const std::vector<std::pair<std::string, Method>>& all_methods() {
    static const std::vector<std::pair<std::string, Method>> all = {
        {"Vigie, surprise", vigie_surprise},
        {"Vigie, surge", vigie_surge},
        {"Huginn: mean + k sd of 14 d", huginn},
        {"ElastAlert: hour / hour", elastalert},
        {"Meltwater: 1 h / 12 h", meltwater},
        {"7-day mean", seven_day_mean},
        {"EARS C2", ears_c2},
        {"S-H-ESD", s_h_esd},
    };
    return all;
}

}  // namespace vigie::bench
