#include <algorithm>

#include <fmt/format.h>

#include "rules/names.hpp"
#include "rules/program.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/doc/decode.hpp"

namespace vigie::rules {
namespace {

using detect::Metric;
using detect::Selector;

/// Metrics that count things, so that a part of them is a share of mentions and a shorter window holds fewer.
bool is_share_of_mentions(Metric metric) noexcept {
    switch (metric) {
        case Metric::negative:
        case Metric::positive:
        case Metric::neutral:
        case Metric::reposts:
        case Metric::originals:
        case Metric::authors:
        case Metric::new_authors:
        case Metric::low_ratings:
        case Metric::weighted:
        case Metric::copies:
            return true;
        default:
            return false;
    }
}

bool is_mean_or_peak(Metric metric) noexcept {
    return metric == Metric::sentiment || metric == Metric::rating || metric == Metric::max_reach;
}

std::string_view article_and(Type type) noexcept {
    switch (type) {
        case Type::number:
            return "a number";
        case Type::percent:
            return "a percentage";
        case Type::duration:
            return "a duration";
        case Type::truth:
            return "a truth";
    }
    return "";
}

bool numeric(Type type) noexcept {
    return type == Type::number || type == Type::percent;
}

class Compiler {
public:
    Compiler(std::string_view text, Scope& scope) : text_(text), scope_(scope) {}

    Compiled run(const Syntax& tree) {
        Expr expr = compile(tree);
        if (failed_) return {std::nullopt, std::move(error_)};
        return {std::move(expr), {}};
    }

private:
    Expr fail(std::size_t at, std::string message) {
        if (!failed_) error_ = {at, std::move(message)};
        failed_ = true;
        return {};
    }

    Expr make(Code code, Type type, const Syntax& tree, std::vector<Expr> parts = {}) const {
        Expr out;
        out.code = code;
        out.type = type;
        out.text = std::string(text_.substr(tree.begin, tree.end - tree.begin));
        out.parts = std::move(parts);
        return out;
    }

    Expr compile(const Syntax& tree) {
        if (failed_) return {};
        switch (tree.op) {
            case Op::number:
                return constant(tree, Type::number);
            case Op::percent:
                return constant(tree, Type::percent);
            case Op::duration:
                return constant(tree, Type::duration);
            case Op::name:
                return name(tree);
            case Op::selector:
                return selector(tree);
            case Op::call:
                return call(tree);
            case Op::negate:
                return negate(tree);
            case Op::add:
            case Op::subtract:
            case Op::multiply:
            case Op::divide:
                return arithmetic(tree);
            case Op::greater:
            case Op::greater_equal:
            case Op::less:
            case Op::less_equal:
            case Op::equal:
            case Op::not_equal:
                return comparison(tree);
            case Op::not_:
            case Op::and_:
            case Op::or_:
                return logic(tree);
        }
        return {};
    }

    Expr constant(const Syntax& tree, Type type) {
        Expr out = make(Code::constant, type, tree);
        out.number = tree.number;
        return out;
    }

    // -- names -------------------------------------------------------------------------------------------------------------------------

    Expr name(const Syntax& tree) {
        const auto& thresholds = scope_.thresholds;
        for (std::size_t i = 0; i < thresholds.size(); ++i) {
            if (thresholds[i].name != tree.text) continue;
            const Unit unit = thresholds[i].unit;
            const Type type = unit == Unit::duration ? Type::duration : unit == Unit::percent ? Type::percent : Type::number;
            Expr out = make(Code::threshold, type, tree);
            out.index = static_cast<std::uint32_t>(i);
            return out;
        }
        const auto& values = scope_.program.values;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (values[i].name != tree.text) continue;
            Expr out = make(Code::value, values[i].expr.type, tree);
            out.index = static_cast<std::uint32_t>(i);
            return out;
        }
        return fail(tree.begin, unknown_name(tree.text));
    }

    std::string unknown_name(const std::string& word) const {
        if (metric_named(word)) return fmt::format("found `{}` without a window, expected one such as {}[1h]", word, word);
        if (is_later_metric(word)) return later(word, "metric");
        if (function_named(word) != nullptr) return fmt::format("found `{}` without its arguments, expected {}(...)", word, word);
        if (is_later_function(word)) return later(word, "function");
        std::vector<std::string> known = metric_names();
        for (const auto& t : scope_.thresholds) known.push_back(t.name);
        for (const auto& v : scope_.program.values) known.push_back(v.name);
        return fmt::format("found `{}`, expected a threshold, an earlier value or a metric{}", word, hint(word, known));
    }

    static std::string hint(const std::string& word, const std::vector<std::string>& known) {
        const std::string near = doc::nearest(word, known);
        return near.empty() ? std::string{} : fmt::format(" (did you mean `{}`?)", near);
    }

    static std::string later(std::string_view word, std::string_view what) {
        return fmt::format("the {} `{}` is not yet known to this version", what, word);
    }

    // -- selectors ---------------------------------------------------------------------------------------------------------------------

    std::uint32_t intern(const Selector& wanted) {
        auto& all = scope_.program.selectors;
        const auto found = std::find(all.begin(), all.end(), wanted);
        if (found != all.end()) return static_cast<std::uint32_t>(found - all.begin());
        all.push_back(wanted);
        return static_cast<std::uint32_t>(all.size() - 1);
    }

    /// Gives a selector a number, having checked it. On an error the number is 0 and failed_ is set.
    std::uint32_t checked(const Selector& wanted, std::size_t at) {
        if (const auto fine = detect::check_selector(wanted); !fine.ok()) {
            fail(at, fine.error().message());
            return 0;
        }
        return intern(wanted);
    }

    std::optional<Selector> resolve(const Syntax& tree) {
        const SelectorText& from = tree.selector;
        const auto metric = metric_named(from.metric);
        if (!metric) {
            if (is_later_metric(from.metric))
                fail(tree.begin, later(from.metric, "metric"));
            else
                fail(tree.begin, fmt::format("found `{}`, expected a metric{}", from.metric, hint(from.metric, metric_names())));
            return std::nullopt;
        }
        Selector out;
        out.metric = *metric;
        out.window = from.window;
        out.offset = from.offset.value_or(Duration{0});
        out.by = scope_.by;
        out.matchers = from.matchers;
        std::sort(out.matchers.begin(), out.matchers.end());
        out.matchers.erase(std::unique(out.matchers.begin(), out.matchers.end()), out.matchers.end());
        if (!labels_known(tree, *metric) || !spans_fit(tree, out)) return std::nullopt;
        return out;
    }

    bool labels_known(const Syntax& tree, Metric metric) {
        std::vector<std::string> known = by_labels();
        if (metric == Metric::counts) known.emplace_back("series");
        bool series = false;
        for (std::size_t i = 0; i < tree.selector.matchers.size(); ++i) {
            const std::string& label = tree.selector.matchers[i].label;
            series = series || label == "series";
            if (std::find(known.begin(), known.end(), label) != known.end()) continue;
            fail(tree.places[i],
                 fmt::format("found the label `{}`, expected one of {}{}", label, fmt::join(known, ", "), hint(label, known)));
            return false;
        }
        if (metric == Metric::counts && !series) {
            fail(tree.begin, "found `counts` without a series, expected one such as counts{series=\"pageviews\"}[1d]");
            return false;
        }
        return true;
    }

    bool spans_fit(const Syntax& tree, const Selector& s) {
        const std::size_t window_at = tree.places[tree.selector.matchers.size()];
        const auto whole = [](Duration d) { return d % std::chrono::minutes{1} == Duration{0}; };
        if (s.window < detect::min_window || s.window > detect::max_window || !whole(s.window)) {
            fail(window_at, fmt::format("found a window of {}, expected 1m to 90d in whole minutes", format_duration(s.window)));
            return false;
        }
        if (!tree.selector.offset) return true;
        if (!whole(s.offset) || s.window + s.offset > detect::max_window) {
            fail(tree.places.back(), fmt::format("found an offset of {}, expected whole minutes, at most 90d together with the window",
                                                 format_duration(s.offset)));
            return false;
        }
        return true;
    }

    Expr selector(const Syntax& tree) {
        const auto wanted = resolve(tree);
        if (!wanted) return {};
        Expr out = make(Code::selector, Type::number, tree);
        out.index = checked(*wanted, tree.begin);
        return out;
    }

    /// An argument that must be a selector: written out, or the name of a value that is one.
    std::optional<Selector> as_selector(const Expr& expr) const {
        if (expr.code == Code::selector) return scope_.program.selectors[expr.index];
        if (expr.code == Code::value) return as_selector(scope_.program.values[expr.index].expr);
        return std::nullopt;
    }

    // -- functions ---------------------------------------------------------------------------------------------------------------------

    Expr call(const Syntax& tree) {
        const FunctionInfo* info = function_named(tree.text);
        if (info == nullptr) {
            if (is_later_function(tree.text)) return fail(tree.begin, later(tree.text, "function"));
            return fail(tree.begin, fmt::format("found `{}`, expected a function{}", tree.text, hint(tree.text, function_names())));
        }
        if (tree.parts.size() < info->fewest || tree.parts.size() > info->most) return wrong_arguments(tree, *info);
        if (info->function == Function::max && tree.parts.size() == 1) return largest(tree, *info);
        std::vector<Expr> parts;
        for (const Syntax& part : tree.parts) parts.push_back(compile(part));
        if (failed_) return {};
        switch (info->function) {
            case Function::share:
                return share(tree, *info, std::move(parts));
            case Function::share_of:
                return share_of(tree, *info, std::move(parts));
            case Function::delta:
                return delta(tree, *info, std::move(parts));
            case Function::slope:
                return slope(tree, *info, std::move(parts));
            case Function::min:
                return extreme(Code::min, tree, std::move(parts));
            case Function::max:
                return extreme(Code::max, tree, std::move(parts));
            case Function::abs:
                return absolute(tree, std::move(parts));
            case Function::hour:
                return make(Code::hour, Type::number, tree);
            case Function::weekday:
                return make(Code::weekday, Type::number, tree);
        }
        return {};
    }

    Expr wrong_arguments(const Syntax& tree, const FunctionInfo& info) {
        return fail(tree.begin, fmt::format("found {} with {} argument{}, expected {}", info.name, tree.parts.size(),
                                            tree.parts.size() == 1 ? "" : "s", info.expected));
    }

    /// max(reach[w]): the largest audience, which the windows keep; any other single argument is a mistake.
    Expr largest(const Syntax& tree, const FunctionInfo& info) {
        const Expr inner = compile(tree.parts[0]);
        if (failed_) return {};
        auto wanted = as_selector(inner);
        if (!wanted || wanted->metric != Metric::reach) return wrong_arguments(tree, info);
        wanted->metric = Metric::max_reach;
        Expr out = make(Code::selector, Type::number, tree);
        out.index = checked(*wanted, tree.begin);
        return out;
    }

    Expr share(const Syntax& tree, const FunctionInfo& info, std::vector<Expr> parts) {
        auto wanted = as_selector(parts[0]);
        if (!wanted) return fail(tree.parts[0].begin, fmt::format("found {}, expected {}", article_and(parts[0].type), info.expected));
        if (!is_share_of_mentions(wanted->metric))
            return fail(tree.parts[0].begin,
                        fmt::format("found the share of `{}`, expected a metric that counts some of the mentions: negative, positive, "
                                    "neutral, reposts, originals, authors, new_authors, low_ratings, weighted or copies",
                                    detect::to_string(wanted->metric)));
        wanted->metric = Metric::mentions;
        Expr out = make(Code::share, Type::percent, tree, std::move(parts));
        out.index = checked(*wanted, tree.begin);
        return out;
    }

    Expr share_of(const Syntax& tree, const FunctionInfo& info, std::vector<Expr> parts) {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const auto wanted = as_selector(parts[i]);
            if (!wanted || is_mean_or_peak(wanted->metric))
                return fail(tree.parts[i].begin,
                            fmt::format("found `{}`, expected {} that count or sum", excerpt(parts[i].text, 40), info.expected));
        }
        return make(Code::share_of, Type::percent, tree, std::move(parts));
    }

    Expr delta(const Syntax& tree, const FunctionInfo& info, std::vector<Expr> parts) {
        auto wanted = as_selector(parts[0]);
        if (!wanted) return fail(tree.parts[0].begin, fmt::format("found {}, expected {}", article_and(parts[0].type), info.expected));
        if (parts[1].code != Code::constant || parts[1].type != Type::duration)
            return fail(tree.parts[1].begin,
                        fmt::format("found `{}`, expected a duration written out, such as 1d", excerpt(parts[1].text, 40)));
        wanted->offset += Duration{static_cast<std::int64_t>(parts[1].number * 1000)};
        parts.pop_back();
        const std::size_t at = tree.parts[1].begin;
        Expr out = make(Code::delta, Type::number, tree, std::move(parts));
        if (wanted->window + wanted->offset > detect::max_window || wanted->offset % std::chrono::minutes{1} != Duration{0})
            return fail(at, fmt::format("found {} earlier, expected whole minutes, at most 90d together with the window",
                                        format_duration(wanted->offset)));
        out.index = checked(*wanted, at);
        return out;
    }

    Expr slope(const Syntax& tree, const FunctionInfo& info, std::vector<Expr> parts) {
        static constexpr int most_parts = 12, fewest_parts = 4;
        const auto wanted = as_selector(parts[0]);
        if (!wanted) return fail(tree.parts[0].begin, fmt::format("found {}, expected {}", article_and(parts[0].type), info.expected));
        int pieces = most_parts;
        while (pieces >= fewest_parts && wanted->window % (std::chrono::minutes{1} * pieces) != Duration{0}) --pieces;
        if (pieces < fewest_parts)
            return fail(tree.parts[0].begin,
                        fmt::format("found a window of {} in slope, expected one that divides into 4 to 12 parts of whole "
                                    "minutes, such as 1h",
                                    format_duration(wanted->window)));
        Expr out = make(Code::slope, Type::number, tree, std::move(parts));
        out.per_hour = !is_mean_or_peak(wanted->metric);
        out.count = static_cast<std::uint32_t>(pieces);
        const Duration width = wanted->window / pieces;
        out.number = static_cast<double>(width.count()) / 3.6e6;
        // A run of numbers must be consecutive, so these are not shared with selectors that stand elsewhere in the rule.
        auto& all = scope_.program.selectors;
        out.index = static_cast<std::uint32_t>(all.size());
        for (int i = pieces - 1; i >= 0; --i) {
            Selector piece = *wanted;
            piece.window = width;
            piece.offset += width * i;
            if (const auto fine = detect::check_selector(piece); !fine.ok()) return fail(tree.begin, fine.error().message());
            all.push_back(std::move(piece));
        }
        return out;
    }

    Expr extreme(Code code, const Syntax& tree, std::vector<Expr> parts) {
        Type type = parts[0].type;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const Type next = parts[i].type;
            if (next == Type::truth || (next == Type::duration) != (type == Type::duration))
                return fail(tree.parts[i].begin,
                            fmt::format("found {} in {}, expected numbers, or durations, throughout", article_and(next), tree.text));
            if (next != type) type = Type::number;
        }
        return make(code, type, tree, std::move(parts));
    }

    Expr absolute(const Syntax& tree, std::vector<Expr> parts) {
        const Type type = parts[0].type;
        if (type == Type::truth) return fail(tree.parts[0].begin, "found a truth in abs, expected a number or a duration");
        return make(Code::abs, type, tree, std::move(parts));
    }

    // -- operators ---------------------------------------------------------------------------------------------------------------------

    Expr negate(const Syntax& tree) {
        Expr part = compile(tree.parts[0]);
        if (failed_) return {};
        if (part.type == Type::truth) return fail(tree.begin, "found `-` before a truth, expected a number (or `not`)");
        const Type type = part.type;
        std::vector<Expr> parts;
        parts.push_back(std::move(part));
        return make(Code::negate, type, tree, std::move(parts));
    }

    Expr arithmetic(const Syntax& tree) {
        std::vector<Expr> parts;
        for (const Syntax& part : tree.parts) parts.push_back(compile(part));
        if (failed_) return {};
        const Type a = parts[0].type, b = parts[1].type;
        const auto type = arithmetic_type(tree.op, a, b);
        if (!type) return fail(tree.begin, arithmetic_mistake(tree.op, a, b));
        const Code code = tree.op == Op::add        ? Code::add
                          : tree.op == Op::subtract ? Code::subtract
                          : tree.op == Op::multiply ? Code::multiply
                                                    : Code::divide;
        return make(code, *type, tree, std::move(parts));
    }

    static std::optional<Type> arithmetic_type(Op op, Type a, Type b) noexcept {
        if (a == Type::truth || b == Type::truth) return std::nullopt;
        const bool spans = a == Type::duration || b == Type::duration;
        switch (op) {
            case Op::add:
            case Op::subtract:
                if (spans) return a == b ? std::optional{Type::duration} : std::nullopt;
                return a == b ? a : Type::number;
            case Op::multiply:
                if (a == Type::duration && b == Type::duration) return std::nullopt;
                if (spans) return Type::duration;
                return a == Type::percent && b == Type::percent ? Type::percent : Type::number;
            default:
                if (a == Type::duration) return b == Type::duration ? Type::number : Type::duration;
                if (b == Type::duration) return std::nullopt;
                return a == Type::percent && b == Type::number ? Type::percent : Type::number;
        }
    }

    static std::string arithmetic_mistake(Op op, Type a, Type b) {
        const std::string_view x = article_and(a), y = article_and(b);
        if (op == Op::add) return fmt::format("adds {} to {}, expected two numbers or two durations", y, x);
        if (op == Op::subtract) return fmt::format("subtracts {} from {}, expected two numbers or two durations", y, x);
        if (op == Op::multiply) return fmt::format("multiplies {} by {}, expected numbers, or a duration and a number", x, y);
        return fmt::format("divides {} by {}, expected a number by a number, or a duration by either", x, y);
    }

    Expr comparison(const Syntax& tree) {
        std::vector<Expr> parts;
        for (const Syntax& part : tree.parts) parts.push_back(compile(part));
        if (failed_) return {};
        const Type a = parts[0].type, b = parts[1].type;
        if (!(numeric(a) && numeric(b)) && !(a == Type::duration && b == Type::duration))
            return fail(tree.begin,
                        fmt::format("compares {} with {}, expected two numbers or two durations", article_and(a), article_and(b)));
        const auto first = static_cast<int>(Code::greater), from = static_cast<int>(Op::greater);
        return make(static_cast<Code>(first + static_cast<int>(tree.op) - from), Type::truth, tree, std::move(parts));
    }

    Expr logic(const Syntax& tree) {
        std::vector<Expr> parts;
        for (const Syntax& part : tree.parts) {
            parts.push_back(compile(part));
            if (failed_) return {};
            if (parts.back().type == Type::truth) continue;
            return fail(part.begin, fmt::format("`{}` takes conditions, found {}, expected a comparison such as {} > 5", to_string(tree.op),
                                                article_and(parts.back().type), excerpt(parts.back().text, 40)));
        }
        const Code code = tree.op == Op::not_ ? Code::not_ : tree.op == Op::and_ ? Code::and_ : Code::or_;
        return make(code, Type::truth, tree, std::move(parts));
    }

    std::string_view text_;
    Scope& scope_;
    bool failed_ = false;
    SyntaxError error_;
};

}  // namespace

std::string_view to_string(Type type) noexcept {
    switch (type) {
        case Type::number:
            return "number";
        case Type::percent:
            return "percentage";
        case Type::duration:
            return "duration";
        case Type::truth:
            return "truth";
    }
    return "";
}

Unit unit_of(Type type) noexcept {
    return type == Type::duration ? Unit::duration : type == Type::percent ? Unit::percent : Unit::number;
}

Compiled compile_expression(const Syntax& tree, std::string_view text, Scope& scope) {
    return Compiler(text, scope).run(tree);
}

}  // namespace vigie::rules
