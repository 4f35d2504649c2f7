#include "detect/series.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <numbers>
#include <sstream>

#include "vigie/core/time.hpp"

namespace vigie::bench {
namespace {

constexpr std::size_t hour = steps_per_hour, day = 24 * hour, week = 7 * day;

std::int64_t seconds_of(std::string text) {
    text.resize(std::min<std::size_t>(text.size(), 19));
    std::replace(text.begin(), text.end(), ' ', 'T');
    const auto time = parse_time(text + "Z");
    return time ? to_millis(*time) / 1000 : 0;
}

}  // namespace

std::vector<std::size_t> episodes(const std::vector<double>& score, double threshold, std::size_t from) {
    std::vector<std::size_t> first;
    std::size_t last = 0;
    bool any = false;
    for (std::size_t i = from; i < score.size(); ++i) {
        if (!(score[i] >= threshold)) continue;
        if (!any || i - last > 6 * hour) first.push_back(i);
        any = true;
        last = i;
    }
    return first;
}

std::vector<CountSeries> read_volumes(const std::string& folder) {
    std::vector<CountSeries> all;
    std::ifstream labels(folder + "/windows.json");
    std::stringstream text;
    text << labels.rdbuf();
    boost::system::error_code error;
    const boost::json::value windows = boost::json::parse(text.str(), error);
    if (error || !windows.is_object()) {
        fmt::print(stderr, "nothing to read in {}\n", folder);
        return all;
    }
    for (const auto& [file, spans] : windows.as_object()) {
        std::ifstream in(folder + "/" + std::string(file));
        if (!in) continue;
        CountSeries series;
        series.name = std::string(file);
        std::string line;
        std::getline(in, line);
        std::vector<std::int64_t> times;
        while (std::getline(in, line)) {
            const std::size_t comma = line.find(',');
            times.push_back(seconds_of(line.substr(0, comma)));
            series.counts.push_back(std::atof(line.c_str() + comma + 1));
        }
        series.start = times.front();
        for (const auto& span : spans.as_array()) {
            const auto at = [&](std::size_t i) {
                const std::int64_t when = seconds_of(std::string(span.as_array()[i].as_string()));
                return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), when) - times.begin());
            };
            series.events.emplace_back(at(0), at(1));
        }
        series.probation = std::min<std::size_t>(series.counts.size() * 15 / 100, 750);
        all.push_back(std::move(series));
    }
    return all;
}

CountSeries draw(const Synthetic& what, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto uniform = [&](double a, double b) { return std::uniform_real_distribution<double>(a, b)(random); };
    CountSeries series;
    series.name = fmt::format("{}/h", what.per_hour);
    series.start = 1699833600;  // a Monday, 00:00 UTC
    const std::size_t n = static_cast<std::size_t>(what.weeks) * week;
    const double per_step = what.per_hour / static_cast<double>(hour);
    std::vector<double> mean(n);
    const double peak = uniform(12, 18), trend = uniform(-0.35, 0.35);
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double clock = static_cast<double>(i % day) / hour;
        const double turn = 2 * std::numbers::pi;
        double shape = std::exp(0.9 * std::cos((clock - peak) / 24 * turn) + 0.25 * std::cos((clock - peak - 3) / 12 * turn));
        if (i / day % 7 >= 5) shape *= 0.6;
        sum += shape;
        mean[i] = shape;
    }
    const double keep = std::exp2(-1.0 / (3 * hour));
    std::normal_distribution<double> normal;
    double noise = normal(random) * 0.3;
    for (std::size_t i = 0; i < n; ++i) {
        mean[i] *= per_step * static_cast<double>(n) / sum * std::exp(trend * static_cast<double>(i) / static_cast<double>(n));
        noise = keep * noise + 0.3 * std::sqrt(1 - keep * keep) * normal(random);
        mean[i] *= std::exp(noise - 0.045);
    }
    const auto blips = std::poisson_distribution<int>(what.weeks * 7 / 4.0)(random);
    for (int b = 0; b < blips; ++b) {
        const auto at = static_cast<std::size_t>(uniform(0, static_cast<double>(n)));
        const double size = std::min(4.0, (std::pow(1 - uniform(0, 1), -1 / 2.2) - 1) * 0.7) * per_step;
        for (std::size_t i = at; i < std::min(n, at + 8 * hour); ++i) mean[i] += size * std::exp2(-static_cast<double>(i - at) / hour);
    }
    if (what.surge > 1) {
        for (const std::size_t w : {3, 5, 7}) {
            const auto at = w * week + static_cast<std::size_t>(uniform(0, 150) * hour);
            for (std::size_t i = at; i < std::min(n, at + 48 * hour); ++i) {
                const double rise = std::min(1.0, static_cast<double>(i - at + 1) / 2);
                mean[i] *= 1 + (what.surge - 1) * rise * std::exp2(-static_cast<double>(i - at) / (6 * hour));
            }
            series.events.emplace_back(at, std::min(n, at + 12 * hour) - 1);
        }
    }
    series.counts.resize(n);
    std::gamma_distribution<double> clump(1 / 0.15, 0.15);
    for (std::size_t i = 0; i < n; ++i) series.counts[i] = std::poisson_distribution<int>(std::max(mean[i] * clump(random), 1e-9))(random);
    series.probation = 2 * week;
    return series;
}

}  // namespace vigie::bench
