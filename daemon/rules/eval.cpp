#include "rules/eval.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace vigie::rules {
namespace {

void note(Explanation* why, std::string_view text) {
    if (why != nullptr && why->note.empty()) why->note = text;
}

/// A series beside what was written: the divisor of a share, the earlier window of a delta.
void add_part(Explanation* why, const detect::Selector& selector, const std::optional<double>& value) {
    if (why == nullptr) return;
    Explanation out;
    out.text = detect::format_selector(selector);
    out.value = value;
    why->parts.push_back(std::move(out));
}

std::string_view why_no_value(detect::Metric metric) noexcept {
    switch (metric) {
        case detect::Metric::sentiment:
            return "no value: no mentions to average";
        case detect::Metric::rating:
            return "no value: no ratings to average";
        case detect::Metric::counts:
            return "no value: no such count was seen";
        default:
            return "no value";
    }
}

}  // namespace

std::optional<double> Evaluation::evaluate(const Expr& expr, Explanation* why) {
    const Number value = compute(expr, why);
    if (why == nullptr) return value;
    why->text = expr.text;
    if (expr.type == Type::truth) {
        why->truth = value.value_or(0) != 0;
        if (!value) note(why, "a part of it has no value, so it does not hold");
    } else {
        why->value = value;
        if (!value) note(why, "no value: a part of it has none");
    }
    return value;
}

std::optional<double> Evaluation::part(const Expr& expr, std::size_t index, Explanation* why) {
    if (why == nullptr) return evaluate(expr.parts[index]);
    why->parts.emplace_back();
    return evaluate(expr.parts[index], &why->parts.back());
}

std::optional<double> Evaluation::series(std::uint32_t selector) {
    const Number value = from_.windows.read(from_.brand, from_.ids[selector], from_.group);
    ++read_;
    if (value) ++valued_;
    return value;
}

std::optional<double> Evaluation::compute(const Expr& expr, Explanation* why) {
    switch (expr.code) {
        case Code::constant:
            return expr.number;
        case Code::threshold:
            return from_.thresholds[expr.index].value;
        case Code::value:
            return named(expr, why);
        case Code::selector: {
            const Number value = series(expr.index);
            if (!value) note(why, why_no_value(from_.program.selectors[expr.index].metric));
            return value;
        }
        case Code::share:
            return share(expr, why);
        case Code::share_of:
            return share_of(expr, why);
        case Code::delta:
            return delta(expr, why);
        case Code::slope:
            return slope(expr, why);
        case Code::min:
        case Code::max:
            return extreme(expr, why);
        case Code::abs: {
            const Number value = part(expr, 0, why);
            return value ? Number{std::fabs(*value)} : value;
        }
        case Code::hour:
            return from_.zone.hour(from_.now);
        case Code::weekday:
            return from_.zone.weekday(from_.now);
        case Code::negate: {
            const Number value = part(expr, 0, why);
            return value ? Number{-*value} : value;
        }
        case Code::not_:
        case Code::and_:
        case Code::or_:
            return logic(expr, why);
        default:
            return binary(expr, why);
    }
}

std::optional<double> Evaluation::named(const Expr& expr, Explanation* why) {
    Memo& memo = memo_[expr.index];
    const Expr& inner = from_.program.values[expr.index].expr;
    if (why != nullptr && !memo.explained) {
        memo.explained = true;
        why->parts.emplace_back();
        Explanation shown;
        memo.value = evaluate(inner, &shown);
        memo.known = true;
        why->parts.back() = std::move(shown);
    } else if (!memo.known) {
        memo.value = evaluate(inner);
        memo.known = true;
    }
    return memo.value;
}

std::optional<double> Evaluation::share(const Expr& expr, Explanation* why) {
    const Number some = part(expr, 0, why);
    const Number all = series(expr.index);
    add_part(why, from_.program.selectors[expr.index], all);
    if (!some || !all || *all <= 0) {
        note(why, "no value: no mentions");
        return std::nullopt;
    }
    return *some / (*all + share_smoothing);
}

std::optional<double> Evaluation::share_of(const Expr& expr, Explanation* why) {
    const Number some = part(expr, 0, why), all = part(expr, 1, why);
    if (!some || !all || *all <= 0) {
        note(why, "no value: nothing to take a share of");
        return std::nullopt;
    }
    return *some / (*all + share_smoothing);
}

std::optional<double> Evaluation::delta(const Expr& expr, Explanation* why) {
    const Number now = part(expr, 0, why);
    const Number before = series(expr.index);
    add_part(why, from_.program.selectors[expr.index], before);
    if (!now || !before) return std::nullopt;
    return *now - *before;
}

/// Ordinary least squares of the parts' values on the hour of their middle (Draper and Smith, Applied Regression Analysis, section 1.2):
/// sum((t - mean t)(y - mean y)) / sum((t - mean t)^2). Parts without a value are left out.
std::optional<double> Evaluation::slope(const Expr& expr, Explanation* why) {
    part(expr, 0, why);
    static constexpr int fewest = 3;
    double n = 0, t_sum = 0, y_sum = 0, tt_sum = 0, ty_sum = 0;
    for (std::uint32_t i = 0; i < expr.count; ++i) {
        const Number value = series(expr.index + i);
        if (!value) continue;
        const double t = (i - (expr.count - 1) / 2.0) * expr.number;
        const double y = expr.per_hour ? *value / expr.number : *value;
        n += 1;
        t_sum += t;
        y_sum += y;
        tt_sum += t * t;
        ty_sum += t * y;
    }
    const double spread = n > 0 ? tt_sum - t_sum * t_sum / n : 0;
    if (n < fewest || spread <= 0) {
        note(why, "no value: not enough of the window has one");
        return std::nullopt;
    }
    return (ty_sum - t_sum * y_sum / n) / spread;
}

std::optional<double> Evaluation::extreme(const Expr& expr, Explanation* why) {
    Number out;
    bool complete = true;
    for (std::size_t i = 0; i < expr.parts.size(); ++i) {
        const Number value = part(expr, i, why);
        if (!value)
            complete = false;
        else if (!out)
            out = value;
        else
            out = expr.code == Code::min ? std::min(*out, *value) : std::max(*out, *value);
    }
    return complete ? out : std::nullopt;
}

std::optional<double> Evaluation::logic(const Expr& expr, Explanation* why) {
    if (expr.code == Code::not_) {
        const Number value = part(expr, 0, why);
        return value ? Number{*value == 0 ? 1 : 0} : value;
    }
    const double decisive = expr.code == Code::and_ ? 0 : 1;
    bool decided = false, complete = true;
    for (std::size_t i = 0; i < expr.parts.size(); ++i) {
        const Number value = part(expr, i, why);
        if (!value) complete = false;
        if (value && *value == decisive) decided = true;
    }
    if (decided) return decisive;
    return complete ? Number{1 - decisive} : std::nullopt;
}

std::optional<double> Evaluation::binary(const Expr& expr, Explanation* why) {
    const Number left = part(expr, 0, why), right = part(expr, 1, why);
    if (!left || !right) return std::nullopt;
    const double a = *left, b = *right;
    Number out;
    switch (expr.code) {
        case Code::add:
            out = a + b;
            break;
        case Code::subtract:
            out = a - b;
            break;
        case Code::multiply:
            out = a * b;
            break;
        case Code::divide:
            if (b == 0) {
                note(why, "no value: division by zero");
                return std::nullopt;
            }
            out = a / b;
            break;
        case Code::greater:
            return a > b ? 1 : 0;
        case Code::greater_equal:
            return a >= b ? 1 : 0;
        case Code::less:
            return a < b ? 1 : 0;
        case Code::less_equal:
            return a <= b ? 1 : 0;
        case Code::equal:
            return a == b ? 1 : 0;
        case Code::not_equal:
            return a != b ? 1 : 0;
        default:
            return std::nullopt;
    }
    if (!std::isfinite(*out)) {
        note(why, "no value: the result is too large");
        return std::nullopt;
    }
    return out;
}

}  // namespace vigie::rules
