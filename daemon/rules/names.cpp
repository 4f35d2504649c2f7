#include "rules/names.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace vigie::rules {
namespace {

using detect::Metric;

constexpr std::array metrics{
    std::pair{std::string_view{"mentions"}, Metric::mentions},       std::pair{std::string_view{"negative"}, Metric::negative},
    std::pair{std::string_view{"positive"}, Metric::positive},       std::pair{std::string_view{"neutral"}, Metric::neutral},
    std::pair{std::string_view{"sentiment"}, Metric::sentiment},     std::pair{std::string_view{"reach"}, Metric::reach},
    std::pair{std::string_view{"engagement"}, Metric::engagement},   std::pair{std::string_view{"reposts"}, Metric::reposts},
    std::pair{std::string_view{"originals"}, Metric::originals},     std::pair{std::string_view{"authors"}, Metric::authors},
    std::pair{std::string_view{"new_authors"}, Metric::new_authors}, std::pair{std::string_view{"counts"}, Metric::counts},
    std::pair{std::string_view{"rating"}, Metric::rating},           std::pair{std::string_view{"low_ratings"}, Metric::low_ratings},
    std::pair{std::string_view{"weighted"}, Metric::weighted},       std::pair{std::string_view{"copies"}, Metric::copies},
};

constexpr std::array functions{
    FunctionInfo{"share", Function::share, 1, 1, "one selector, as in share(negative[1h])"},
    FunctionInfo{"share_of", Function::share_of, 2, 2, "two selectors, as in share_of(negative[1h], mentions[1h])"},
    FunctionInfo{"delta", Function::delta, 2, 2, "a selector and a duration, as in delta(mentions[1h], 1d)"},
    FunctionInfo{"slope", Function::slope, 1, 1, "one selector, as in slope(mentions[6h])"},
    FunctionInfo{"min", Function::min, 2, 16, "two or more numbers, as in min(a, b)"},
    FunctionInfo{"max", Function::max, 1, 16, "two or more numbers, as in max(a, b), or the largest reach, as in max(reach[1h])"},
    FunctionInfo{"abs", Function::abs, 1, 1, "one number, as in abs(delta(mentions[1h], 1d))"},
    FunctionInfo{"hour", Function::hour, 0, 0, "nothing, as in hour()"},
    FunctionInfo{"weekday", Function::weekday, 0, 0, "nothing, as in weekday()"},
};

constexpr std::array<std::string_view, 2> later_metrics{"impostors", "successors"};
constexpr std::array<std::string_view, 9> later_functions{"surprise", "drop",     "baseline", "ratio",         "surge",
                                                          "lift",     "lift_low", "storm",    "since_takedown"};
constexpr std::array<std::string_view, 12> other_words{"and",       "or",       "not", "offset",   "labels", "brand",
                                                       "alertname", "severity", "now", "takedown", "true",   "false"};

template <class Words>
bool holds(const Words& words, std::string_view word) noexcept {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::optional<Metric> metric_named(std::string_view name) noexcept {
    for (const auto& [text, metric] : metrics)
        if (text == name) return metric;
    return std::nullopt;
}

const FunctionInfo* function_named(std::string_view name) noexcept {
    for (const FunctionInfo& info : functions)
        if (info.name == name) return &info;
    return nullptr;
}

bool is_later_metric(std::string_view name) noexcept {
    return holds(later_metrics, name);
}

bool is_later_function(std::string_view name) noexcept {
    return holds(later_functions, name);
}

const std::vector<std::string>& metric_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> out;
        for (const auto& entry : metrics) out.emplace_back(entry.first);
        return out;
    }();
    return names;
}

const std::vector<std::string>& function_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> out;
        for (const FunctionInfo& info : functions) out.emplace_back(info.name);
        return out;
    }();
    return names;
}

const std::vector<std::string>& by_labels() {
    static const std::vector<std::string> names{"platform", "language", "function", "source", "kind"};
    return names;
}

std::string why_not_a_name(std::string_view name) {
    static constexpr std::size_t longest = 64;
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (name.empty() || name.size() > longest || !letter(name.front()) ||
        !std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || digit(c); }))
        return "expected a word of letters, digits and `_` that begins with a letter, at most 64 long";
    if (metric_named(name) || is_later_metric(name)) return "that is the name of a metric, expected another";
    if (holds(other_words, name)) return "that word is reserved, expected another";
    return {};
}

}  // namespace vigie::rules
