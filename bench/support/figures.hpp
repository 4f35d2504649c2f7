// What a measurement comes to.
// Thread-safety: values.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace vigie::bench {

using Steady = std::chrono::steady_clock;

inline double milliseconds(Steady::duration d) {
    return std::chrono::duration<double, std::milli>(d).count();
}

/// The value below which the share `p` (0..1) of all lies; 0 of none.
inline double percentile(std::vector<double> all, double p) {
    if (all.empty()) return 0;
    std::sort(all.begin(), all.end());
    return all[static_cast<std::size_t>(p * static_cast<double>(all.size() - 1) + 0.5)];
}

/// Of an even number of values, the mean of the two in the middle.
inline double median(std::vector<double> all) {
    if (all.empty()) return 0;
    std::sort(all.begin(), all.end());
    const std::size_t half = all.size() / 2;
    return all.size() % 2 == 1 ? all[half] : (all[half - 1] + all[half]) / 2;
}

/// One round of one way to store batches of mentions.
struct Round {
    double mentions_per_second = 0;
    double p50_ms = 0, p99_ms = 0;  ///< of one batch, from sending to its acknowledgement
};

inline Round round_of(std::vector<double> batch_ms, std::size_t mentions, Steady::duration took) {
    Round round;
    round.mentions_per_second = static_cast<double>(mentions) / (milliseconds(took) / 1000);
    round.p50_ms = percentile(batch_ms, 0.5);
    round.p99_ms = percentile(std::move(batch_ms), 0.99);
    return round;
}

/// The median of each figure.
inline Round median_of(const std::vector<Round>& rounds) {
    const auto of = [&](double Round::*figure) {
        std::vector<double> all;
        for (const Round& round : rounds) all.push_back(round.*figure);
        return median(std::move(all));
    };
    return {of(&Round::mentions_per_second), of(&Round::p50_ms), of(&Round::p99_ms)};
}

}  // namespace vigie::bench
