// How a series breathes over the week: a factor for each local hour, 1 on average.
// Thread-safety: values.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace vigie::detect {

inline constexpr int week_hours = 168;

/// 168 hour-of-week factors, each drawn to its hour of day, and that to 1, as long as little has been seen (empirical Bayes shrinkage with
/// a gamma prior); forgetting with a half-life of four weeks. Between the middles of the hours a factor is interpolated.
class Season {
public:
    Season();
    /// A completed hour: hour of the local week 0..167 (0 = Monday 00:00 to 01:00), its count, and the level (per hour) at that time.
    void observe(int hour_of_week, double count, double level);
    /// The integral of the factor over the `span` hours that end at the local week time `end` (hours since Monday 00:00, any real number):
    /// what a level of 1 per hour would give. span >= 0.
    double integral(double end, double span) const noexcept;
    double factor(int hour_of_week) const noexcept { return static_cast<double>(factor_[static_cast<std::size_t>(hour_of_week)]); }

    void encode(class ByteWriter& out) const;
    static Season decode(class ByteReader& in);
    friend bool operator==(const Season&, const Season&) = default;

private:
    void refresh(double level);
    double up_to(double at) const noexcept;

    std::array<float, 24> day_count_{}, day_exposure_{};
    std::array<float, week_hours> week_count_{}, week_exposure_{}, factor_{};
    std::array<float, week_hours + 1> before_{};  // integral from the middle of hour 0 to the middle of hour i
};

}  // namespace vigie::detect
