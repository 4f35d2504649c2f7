#include "rules/lint.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

namespace vigie::rules {
namespace {

using detect::Metric;

using Visitor = std::function<void(const Expr&)>;

void visit(const Expr& expr, const Program& program, std::vector<bool>& seen, const Visitor& f) {
    f(expr);
    if (expr.code == Code::value && !seen[expr.index]) {
        seen[expr.index] = true;
        visit(program.values[expr.index].expr, program, seen, f);
    }
    for (const Expr& part : expr.parts) visit(part, program, seen, f);
}

/// Visits a tree, and through the names of values what they stand for: each value once, since values that refer to each other would
/// otherwise take exponential time.
void visit(const Expr& expr, const Program& program, const Visitor& f) {
    std::vector<bool> seen(program.values.size());
    visit(expr, program, seen, f);
}

bool counts_something(Metric metric) noexcept {
    return metric != Metric::sentiment && metric != Metric::rating;
}

/// What a number is made of, told once for each value of the rule.
struct Nature {
    bool volume = false;  ///< grows with how much is said: a count, a sum, or arithmetic over them alone
    bool series = false;  ///< reads a metric at all
};

Nature nature_of(const Expr& expr, const Program& program, const std::vector<Nature>& values) {
    if (expr.code == Code::value) return values[expr.index];
    if (expr.code == Code::selector) return {counts_something(program.selectors[expr.index].metric), true};
    Nature out;
    for (const Expr& part : expr.parts) {
        const Nature inner = nature_of(part, program, values);
        out.volume = out.volume || inner.volume;
        out.series = out.series || inner.series;
    }
    switch (expr.code) {
        case Code::delta:
        case Code::slope:
        case Code::add:
        case Code::min:
        case Code::max:
        case Code::multiply:
            break;
        default:
            out.volume = false;
    }
    return out;
}

std::vector<Nature> natures(const Program& program) {
    std::vector<Nature> out;
    for (const Value& value : program.values) out.push_back(nature_of(value.expr, program, out));
    return out;
}

bool is_relative(const Expr& expr, const Program& program, const std::vector<Nature>& values) {
    switch (expr.code) {
        case Code::share:
        case Code::share_of:
            return true;
        case Code::divide:
            return nature_of(expr.parts[1], program, values).series;
        case Code::selector:
            return !counts_something(program.selectors[expr.index].metric);
        default:
            return false;
    }
}

void lint_volume(const Expr& condition, const Rule& rule, doc::Diagnostics& diagnostics) {
    const Program& program = *rule.program;
    const std::vector<Nature> values = natures(program);
    std::string relative;
    bool volume = false;
    visit(condition, program, [&](const Expr& e) {
        if (relative.empty() && is_relative(e, program, values)) relative = e.text;
        const bool low = e.code == Code::greater || e.code == Code::greater_equal;
        const bool turned = e.code == Code::less || e.code == Code::less_equal;
        if ((low && nature_of(e.parts[0], program, values).volume) || (turned && nature_of(e.parts[1], program, values).volume))
            volume = true;
    });
    if (!relative.empty() && !volume)
        diagnostics.warning(rule.mark, fmt::format("{}: `{}` without a minimum volume lets a few mentions fire it; add one, such as "
                                                   "`and mentions[1h] >= 20`",
                                                   rule.id.name, relative));
}

void lint_percent(const Expr& condition, const Rule& rule, doc::Diagnostics& diagnostics) {
    const auto plain_number = [&](const Expr& e) -> std::optional<double> {
        if (e.type != Type::number) return std::nullopt;
        if (e.code == Code::constant) return e.number;
        if (e.code == Code::threshold) return rule.thresholds[e.index].value;
        return std::nullopt;
    };
    visit(condition, *rule.program, [&](const Expr& e) {
        if (e.code < Code::greater || e.code > Code::not_equal) return;
        for (std::size_t side = 0; side < 2; ++side) {
            const auto number = plain_number(e.parts[1 - side]);
            if (e.parts[side].type == Type::percent && number && *number > 1)
                diagnostics.warning(rule.mark, fmt::format("{}: `{}` compares a percentage with {}, which is {} %; did you mean {}%?",
                                                           rule.id.name, e.text, *number, *number * 100, *number));
        }
    });
}

void lint_unused(const Rule& rule, doc::Diagnostics& diagnostics) {
    const Program& program = *rule.program;
    std::vector<bool> used(rule.thresholds.size());
    const auto mark = [&](const Expr& expr) {
        visit(expr, program, [&](const Expr& e) {
            if (e.code == Code::threshold) used[e.index] = true;
        });
    };
    for (const Level& level : program.levels) mark(level.expr);
    for (const Value& value : program.values) mark(value.expr);
    if (program.clear) mark(*program.clear);
    for (std::size_t i = 0; i < used.size(); ++i)
        if (!used[i])
            diagnostics.warning(
                rule.mark, fmt::format("{}: the threshold `{}` is used by no condition or value", rule.id.name, rule.thresholds[i].name));
}

}  // namespace

void lint_rule(const Rule& rule, doc::Diagnostics& diagnostics) {
    for (const Level& level : rule.program->levels) {
        lint_volume(level.expr, rule, diagnostics);
        lint_percent(level.expr, rule, diagnostics);
        if (!nature_of(level.expr, *rule.program, natures(*rule.program)).series)
            diagnostics.warning(rule.mark, fmt::format("{}: the condition `{}` reads no metric, so it holds whatever is said", rule.id.name,
                                                       level.expr.text));
    }
    if (rule.policy.for_ > Duration{0} && rule.policy.for_ < rule.interval)
        diagnostics.warning(rule.mark, fmt::format("{}: `for` is {}, but the group is evaluated every {}", rule.id.name,
                                                   format_duration(rule.policy.for_), format_duration(rule.interval)));
    lint_unused(rule, diagnostics);
}

}  // namespace vigie::rules
