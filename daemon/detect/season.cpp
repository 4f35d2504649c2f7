#include "vigie/detect/season.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "detect/bytes.hpp"

namespace vigie::detect {
namespace {

const float forget = static_cast<float>(std::exp2(-1.0 / (4 * week_hours)));
/// Strength of the priors: hours of exposure at the level, and counts.
constexpr double prior_hours = 3, day_prior_counts = 2, week_prior_counts = 4;

std::uint64_t bits(float value) {
    return std::bit_cast<std::uint32_t>(value);
}
float from_bits(std::uint64_t value) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(value));
}

}  // namespace

Season::Season() {
    refresh(1);
}

void Season::observe(int hour_of_week, double count, double level) {
    for (auto* sums : {&day_count_, &day_exposure_})
        for (float& sum : *sums) sum *= forget;
    for (auto* sums : {&week_count_, &week_exposure_})
        for (float& sum : *sums) sum *= forget;
    const auto week = static_cast<std::size_t>(hour_of_week), day = week % 24;
    day_count_[day] += static_cast<float>(count);
    day_exposure_[day] += static_cast<float>(level);
    week_count_[week] += static_cast<float>(count);
    week_exposure_[week] += static_cast<float>(level);
    refresh(level);
}

void Season::refresh(double level) {
    const double day_prior = prior_hours * level + day_prior_counts, week_prior = prior_hours * level + week_prior_counts;
    std::array<double, 24> of_day{};
    for (std::size_t d = 0; d < 24; ++d)
        of_day[d] = (static_cast<double>(day_count_[d]) + day_prior) / (static_cast<double>(day_exposure_[d]) + day_prior);
    double sum = 0;
    std::array<double, week_hours> factors{};
    for (std::size_t k = 0; k < week_hours; ++k) {
        factors[k] =
            (static_cast<double>(week_count_[k]) + week_prior * of_day[k % 24]) / (static_cast<double>(week_exposure_[k]) + week_prior);
        sum += factors[k];
    }
    for (std::size_t k = 0; k < week_hours; ++k) factor_[k] = static_cast<float>(factors[k] * week_hours / sum);
    before_[0] = 0;
    for (std::size_t k = 0; k < week_hours; ++k) before_[k + 1] = before_[k] + (factor_[k] + factor_[(k + 1) % week_hours]) / 2;
}

// From the middle of hour 0 of week 0 to `at`.
double Season::up_to(double at) const noexcept {
    const double from_middle = at - 0.5;
    const double weeks = std::floor(from_middle / week_hours);
    const double within = std::clamp(from_middle - weeks * week_hours, 0.0, static_cast<double>(week_hours) - 1e-9);
    const auto k = static_cast<std::size_t>(within);
    const double x = within - static_cast<double>(k);
    const double left = static_cast<double>(factor_[k]), right = static_cast<double>(factor_[(k + 1) % week_hours]);
    return weeks * static_cast<double>(before_[week_hours]) + static_cast<double>(before_[k]) + left * x + (right - left) * x * x / 2;
}

double Season::integral(double end, double span) const noexcept {
    return std::max(0.0, up_to(end) - up_to(end - span));
}

void Season::encode(ByteWriter& out) const {
    const auto put = [&](const auto& values) {
        for (const float value : values) out.varint(bits(value));
    };
    put(day_count_);
    put(day_exposure_);
    put(week_count_);
    put(week_exposure_);
    put(factor_);
}

Season Season::decode(ByteReader& in) {
    Season season;
    const auto get = [&](auto& values) {
        for (float& value : values) {
            const std::uint64_t read = in.varint();
            value = from_bits(read);
            if (read > 0xFFFFFFFF || !std::isfinite(value) || value < 0) in.fail();
        }
    };
    get(season.day_count_);
    get(season.day_exposure_);
    get(season.week_count_);
    get(season.week_exposure_);
    get(season.factor_);
    if (!in.ok()) return Season();
    for (std::size_t k = 0; k < week_hours; ++k)
        season.before_[k + 1] = season.before_[k] + (season.factor_[k] + season.factor_[(k + 1) % week_hours]) / 2;
    return season;
}

}  // namespace vigie::detect
