// What a takedown did to a series: the mentions that came, against those that would have come without it.
// Thread-safety: values; the functions are pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/result.hpp"
#include "vigie/detect/baseline.hpp"

namespace vigie::detect {

/// The spans over which a lift is told, in hours.
inline constexpr std::array<int, 3> lift_hours{6, 24, 168};

/// How far the forecasts of a series went wrong when nothing had been taken down: placebo takedowns, one after the other, over its own
/// past. They make the interval of a lift honest whatever the series is like (in-space and in-time placebos: Abadie et al. 2010).
class PlaceboLog {
public:
    /// At each full hour, after the baseline's step: closes the forecasts that end now and opens those that begin. `count`: of the last
    /// hour; `observed`: whether it was watched as a whole: a span with a gap is no placebo.
    void step(const Baseline& baseline, double count, bool observed);
    /// Logarithms of observed over expected ((n + .5) / (m + .5)), oldest first; at most 60. `span` is a position in lift_hours.
    const std::vector<float>& errors(std::size_t span) const noexcept { return spans_[span].errors; }

    std::string encode() const;
    /// Errors: corrupt.
    static Result<PlaceboLog> decode(std::string_view bytes);
    friend bool operator==(const PlaceboLog&, const PlaceboLog&) = default;

private:
    struct Span {
        double expected = 0, count = 0;
        std::int32_t left = 0;  ///< hours; 0: none is open
        bool gap = false;
        std::vector<float> errors;
        friend bool operator==(const Span&, const Span&) = default;
    };
    std::array<Span, lift_hours.size()> spans_;
};

/// Everything about the time before a takedown that a lift needs, frozen when it happens, so that nothing that follows can change it.
struct Counterfactual {
    std::array<double, lift_hours.size()> expected{};  ///< by level and week, over each span from the takedown on
    std::array<std::vector<float>, lift_hours.size()> placebo;
    double story_per_hour = 0;  ///< mentions an hour above what was expected, at the takedown: a story that already ran
    double story_variance = 0;  ///< relative variance of that
    double story_before = 0;    ///< the same over the three hours before those
    double usual_per_hour = 0;  ///< what was expected an hour, in the three hours before the takedown
    double spread = 0;          ///< relative variance of a day, with the level's own
    friend bool operator==(const Counterfactual&, const Counterfactual&) = default;
};
/// `last_three`, `three_before`: mentions in the three hours that end at the takedown, and in those before. The baseline must stand at it.
Counterfactual freeze(const Baseline& baseline, const PlaceboLog& placebos, double last_three, double three_before);

enum class LiftVerdict : std::uint8_t {
    too_early,    ///< the span has not passed
    too_little,   ///< so few mentions were expected that nothing can be told
    backfired,    ///< the interval lies above 1
    worked,       ///< below 1
    no_evidence,  ///< around it
};
std::string_view to_string(LiftVerdict verdict) noexcept;

struct Lift {
    double lift = 1, low = 0, high = 0;  ///< observed over expected, and its 95 % interval
    double expected = 0;                 ///< with the story that ran
    double excess = 0;                   ///< mentions more (or fewer) than that
    std::size_t placebos = 0;            ///< how many the interval rests on; under 5: on the series' spread instead
    LiftVerdict verdict = LiftVerdict::too_early;
};

/// A comparable series that nothing was taken down from (a competitor over the same sources): what it did over the same span.
struct Control {
    double expected = 0, observed = 0;
    double spread = 0;  ///< relative variance
};

/// `span`: a position in lift_hours; `observed`: mentions from the takedown to its end.
///
/// expected = base + story, where the story halves with a half-life of 3 to 48 h, weighed by how it went before the takedown; lift =
/// observed / expected, divided by the median placebo; the variance of its logarithm is that of the placebos (or the spread, if they are
/// fewer than five), of the story's course, and of the count; the interval uses Student's t. Controls divide it further (difference in
/// differences).
Lift estimate_lift(const Counterfactual& before, std::size_t span, double observed, const std::vector<Control>& controls = {});

}  // namespace vigie::detect
