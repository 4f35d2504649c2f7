#include "vigie/detect/lift.hpp"

#include <algorithm>
#include <bit>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numbers>

#include "detect/bytes.hpp"

namespace vigie::detect {
namespace {

constexpr std::size_t most_errors = 60, enough_errors = 5;
// Mentions: below that one retold joke is a lift, unless very many came.
constexpr double least_expected = 15, very_many = 60;
constexpr std::array<double, 9> half_lives{3, 4.5, 6, 9, 12, 18, 24, 36, 48};  // hours
constexpr double usual_half_life = 14, half_life_spread = 0.85;                // log-normal: 95 % within 2.6 to 74 h

double log_ratio(double count, double expected) {
    return std::log((count + 0.5) / (expected + 0.5));
}

double median(std::vector<float> values) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    const double right = static_cast<double>(values[half]);
    return values.size() % 2 == 1 ? right : (right + static_cast<double>(values[half - 1])) / 2;
}

double variance_of(const std::vector<float>& values, double middle) {
    double sum = 0;
    for (const float value : values) sum += (static_cast<double>(value) - middle) * (static_cast<double>(value) - middle);
    return sum / static_cast<double>(values.size() - 1);
}

/// The story's mentions over the span, by half-life.
double story(double per_hour, double half_life, double hours) {
    return per_hour * half_life / std::numbers::ln2 * (1 - std::exp2(-hours / half_life));
}

/// What came above the expected, less what noise alone would show of it, and how uncertain it is (relative variance).
struct Story {
    double mentions = 0, variance = 0;
};
Story story_above(double count, double expected, double spread) {
    const double above = count - expected;
    if (above <= 0) return {};
    const double noise = expected + spread * expected * expected;
    return {above * above * above / (above * above + noise), std::min(1.0, noise / (above * above))};
}

struct Course {
    double log_mean = 0, log_variance = 0;
};

/// ln(base + story) over what the half-life may be. The three hours before the takedown against the three before them tell something of it,
/// if the story was already falling.
Course course_of(const Counterfactual& before, double base, double hours) {
    std::array<double, half_lives.size()> weight{}, value{};
    double sum = 0, mean = 0;
    for (std::size_t i = 0; i < half_lives.size(); ++i) {
        const double off = std::log(half_lives[i] / usual_half_life) / half_life_spread;
        double log_weight = -off * off / 2;
        if (before.story_before > before.story_per_hour && before.story_per_hour > 0) {
            const double seen = std::log(before.story_per_hour / before.story_before);
            const double told = -3 / half_lives[i] * std::numbers::ln2;
            const auto noise = [&](double per_hour) {
                const double all = 3 * (per_hour + before.usual_per_hour);
                return (all + before.spread * all * all) / (9 * per_hour * per_hour);
            };
            log_weight -= (seen - told) * (seen - told) / (2 * (noise(before.story_per_hour) + noise(before.story_before)));
        }
        weight[i] = std::exp(log_weight);
        value[i] = std::log(base + story(before.story_per_hour, half_lives[i], hours) + 0.5);
        sum += weight[i];
        mean += weight[i] * value[i];
    }
    if (!(sum > 0)) return {std::log(base + story(before.story_per_hour, usual_half_life, hours) + 0.5), 0.16};
    Course out{mean / sum, 0};
    for (std::size_t i = 0; i < half_lives.size(); ++i)
        out.log_variance += weight[i] / sum * (value[i] - out.log_mean) * (value[i] - out.log_mean);
    // How large the story was is not known exactly either.
    const double part = 1 - base / std::exp(out.log_mean);
    out.log_variance += part * part * before.story_variance;
    return out;
}

}  // namespace

std::string_view to_string(LiftVerdict verdict) noexcept {
    switch (verdict) {
        case LiftVerdict::too_early:
            return "too early";
        case LiftVerdict::too_little:
            return "too little";
        case LiftVerdict::backfired:
            return "backfired";
        case LiftVerdict::worked:
            return "worked";
        case LiftVerdict::no_evidence:
            return "no evidence";
    }
    return "no evidence";
}

void PlaceboLog::step(const Baseline& baseline, double count, bool observed) {
    constexpr std::int64_t learnt = 7 * 24;
    for (std::size_t i = 0; i < spans_.size(); ++i) {
        Span& span = spans_[i];
        if (span.left > 0) {
            span.count += count;
            if (!observed) span.gap = true;
            if (--span.left == 0 && !span.gap) {
                if (span.errors.size() == most_errors) span.errors.erase(span.errors.begin());
                span.errors.push_back(static_cast<float>(log_ratio(span.count, span.expected)));
            }
        }
        if (span.left == 0 && baseline.age_hours() >= learnt) {
            span.expected = baseline.forecast(lift_hours[i] * 60);
            span.count = 0;
            span.left = lift_hours[i];
            span.gap = false;
        }
    }
}

std::string PlaceboLog::encode() const {
    ByteWriter out;
    out.byte(1);
    for (const Span& span : spans_) {
        out.fixed64(std::bit_cast<std::uint64_t>(span.expected));
        out.fixed64(std::bit_cast<std::uint64_t>(span.count));
        out.varint(static_cast<std::uint64_t>(span.left));
        out.byte(span.gap ? 1 : 0);
        out.varint(span.errors.size());
        for (const float error : span.errors) out.varint(std::bit_cast<std::uint32_t>(error));
    }
    return std::move(out).take();
}

Result<PlaceboLog> PlaceboLog::decode(std::string_view bytes) {
    ByteReader in(bytes);
    PlaceboLog out;
    if (in.byte() != 1) return Error(Errc::corrupt, "stored placebos of a version that this program does not know");
    for (std::size_t i = 0; i < lift_hours.size(); ++i) {
        Span& span = out.spans_[i];
        span.expected = std::bit_cast<double>(in.fixed64());
        span.count = std::bit_cast<double>(in.fixed64());
        const std::uint64_t left = in.varint();
        const std::uint8_t gap = in.byte();
        const std::size_t errors = in.count(1);
        if (!std::isfinite(span.expected) || !std::isfinite(span.count) || left > static_cast<std::uint64_t>(lift_hours[i]) || gap > 1 ||
            errors > most_errors)
            in.fail();
        for (std::size_t k = 0; k < errors && in.ok(); ++k) {
            const std::uint64_t bits = in.varint();
            const float error = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
            if (bits > 0xFFFFFFFF || !std::isfinite(error)) in.fail();
            span.errors.push_back(error);
        }
        span.left = static_cast<std::int32_t>(left);
        span.gap = gap == 1;
    }
    if (!in.ok() || !in.at_end()) return Error(Errc::corrupt, "stored placebos that are cut or damaged");
    return out;
}

Counterfactual freeze(const Baseline& baseline, const PlaceboLog& placebos, double last_three, double three_before) {
    Counterfactual out;
    for (std::size_t i = 0; i < lift_hours.size(); ++i) {
        out.expected[i] = baseline.forecast(lift_hours[i] * 60);
        out.placebo[i] = placebos.errors(i);
    }
    const double three = baseline.usual(180), six = baseline.usual(360);
    const double spread = baseline.spread(180) + baseline.level_uncertainty();
    out.usual_per_hour = three / 3;
    const Story now = story_above(last_three, three, spread);
    out.story_per_hour = now.mentions / 3;
    out.story_variance = now.variance;
    out.story_before = story_above(three_before, six - three, spread).mentions / 3;
    out.spread = baseline.spread(24 * 60) + baseline.level_uncertainty();
    return out;
}

Lift estimate_lift(const Counterfactual& before, std::size_t span, double observed, const std::vector<Control>& controls) {
    const double hours = lift_hours[span], base = before.expected[span];
    const Course course = course_of(before, base, hours);
    const std::vector<float>& errors = before.placebo[span];
    const bool by_placebo = errors.size() >= enough_errors;
    const double n = static_cast<double>(errors.size());
    const double bias = by_placebo ? median(errors) : 0;
    Lift out;
    out.placebos = errors.size();
    out.expected = std::exp(course.log_mean + bias);
    double log_lift = std::log(observed + 0.5) - course.log_mean - bias;
    double variance = by_placebo ? variance_of(errors, bias) * (1 + 1 / n) : before.spread + 1 / out.expected;
    variance += course.log_variance;
    double control_log = 0, control_weight = 0;
    for (const Control& control : controls) {
        if (control.expected < least_expected) continue;
        const double own = 1 / (control.observed + 0.5) + control.spread;
        control_log += log_ratio(control.observed, control.expected) / own;
        control_weight += 1 / own;
    }
    if (control_weight > 0) {
        log_lift -= control_log / control_weight;
        variance += 1 / control_weight;
    }
    const double t = by_placebo ? boost::math::quantile(boost::math::students_t(n - 1), 0.975) : 1.959964;
    const double half = t * std::sqrt(variance);
    out.lift = std::exp(log_lift);
    out.low = std::exp(log_lift - half);
    out.high = std::exp(log_lift + half);
    out.excess = observed - out.expected;
    if (base < least_expected && observed < very_many)
        out.verdict = LiftVerdict::too_little;
    else
        out.verdict = out.low > 1 ? LiftVerdict::backfired : out.high < 1 ? LiftVerdict::worked : LiftVerdict::no_evidence;
    return out;
}

}  // namespace vigie::detect
