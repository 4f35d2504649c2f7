#include "detect/filter.hpp"

#include <algorithm>

namespace vigie::detect {
namespace {

constexpr std::int64_t regex_memory = 1 << 20;

std::string_view value_of(const CellKey& key, Label label) {
    switch (label) {
        case Label::platform:
            return key.platform;
        case Label::language:
            return key.language;
        case Label::source:
            return key.source;
        case Label::kind:
            return to_string(key.kind);
        case Label::function:
        case Label::series:
            break;
    }
    return {};
}

std::string_view value_of(const Bucket::CountKey& key, Label label) {
    if (label == Label::series) return key.series;
    if (label == Label::source) return key.source;
    return {};
}

}  // namespace

std::optional<Label> parse_label(std::string_view name) noexcept {
    if (name == "platform") return Label::platform;
    if (name == "language") return Label::language;
    if (name == "function") return Label::function;
    if (name == "source") return Label::source;
    if (name == "kind") return Label::kind;
    if (name == "series") return Label::series;
    return std::nullopt;
}

RE2::Options regex_options() {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(regex_memory);
    options.set_dot_nl(true);
    return options;
}

Filter::Filter(const std::vector<LabelMatcher>& matchers) {
    matchers_.reserve(matchers.size());
    for (const LabelMatcher& matcher : matchers) {
        const auto label = parse_label(matcher.label);
        if (!label) {
            never_ = true;
            continue;
        }
        Compiled compiled{*label, matcher.op, matcher.value, nullptr};
        if (matcher.op == MatchOp::regex || matcher.op == MatchOp::not_regex) {
            compiled.regex = std::make_unique<RE2>(matcher.value, regex_options());
            if (!compiled.regex->ok()) never_ = true;
        }
        matchers_.push_back(std::move(compiled));
    }
}

bool Filter::Compiled::hits(std::string_view text) const {
    if (!regex) return text == value;
    return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *regex);
}

bool Filter::matches(const CellKey& key) const {
    if (never_) return false;
    return std::all_of(matchers_.begin(), matchers_.end(), [&](const Compiled& matcher) {
        if (matcher.label != Label::function || key.functions.empty()) {
            return matcher.hits(value_of(key, matcher.label)) != matcher.negated();
        }
        const bool any = std::any_of(key.functions.begin(), key.functions.end(), [&](const std::string& f) { return matcher.hits(f); });
        return any != matcher.negated();
    });
}

bool Filter::matches(const Bucket::CountKey& key) const {
    if (never_) return false;
    return std::all_of(matchers_.begin(), matchers_.end(),
                       [&](const Compiled& matcher) { return matcher.hits(value_of(key, matcher.label)) != matcher.negated(); });
}

void groups_of(const CellKey& key, const std::vector<Label>& by, std::vector<GroupValues>& groups) {
    if (by.empty() && groups.size() == 1 && groups.front().empty()) return;
    groups.clear();
    GroupValues values;
    values.reserve(by.size());
    std::optional<std::size_t> function_at;
    for (const Label label : by) {
        if (label == Label::function) function_at = values.size();
        values.emplace_back(value_of(key, label));
    }
    if (!function_at) {
        groups.push_back(std::move(values));
        return;
    }
    for (const std::string& function : key.functions) {
        values[*function_at] = function;
        groups.push_back(values);
    }
}

GroupValues group_of(const Bucket::CountKey& key, const std::vector<Label>& by) {
    GroupValues values;
    values.reserve(by.size());
    for (const Label label : by) values.emplace_back(value_of(key, label));
    return values;
}

}  // namespace vigie::detect
