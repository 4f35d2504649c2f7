#include "vigie/detect/selector.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "detect/filter.hpp"
#include "vigie/core/record.hpp"

namespace vigie::detect {
namespace {

constexpr std::size_t max_matchers = 16;
constexpr std::size_t max_value_bytes = 1024;

std::string quoted(std::string_view value) {
    std::string out = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n') {
            out += "\\n";
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string_view operator_text(MatchOp op) {
    switch (op) {
        case MatchOp::equal:
            return "=";
        case MatchOp::not_equal:
            return "!=";
        case MatchOp::regex:
            return "=~";
        case MatchOp::not_regex:
            return "!~";
    }
    return "=";
}

bool whole_minutes(Duration d) {
    return d % std::chrono::minutes{1} == Duration{0};
}

Result<> check_label(const Selector& selector, const std::string& label) {
    const auto parsed = parse_label(label);
    if (selector.metric == Metric::counts) {
        if (parsed == Label::series || parsed == Label::source) return {};
        return Error(Errc::invalid, "counts have no label \"" + label + "\"; expected series or source");
    }
    if (parsed && parsed != Label::series) return {};
    return Error(Errc::invalid, std::string(to_string(selector.metric)) + " has no label \"" + label +
                                    "\"; expected platform, language, function, source or kind");
}

Result<> check_matcher(const Selector& selector, const LabelMatcher& matcher) {
    if (auto known = check_label(selector, matcher.label); !known) return known;
    if (matcher.value.size() > max_value_bytes) {
        return Error(Errc::limit, "the value of " + matcher.label + " has " + std::to_string(matcher.value.size()) +
                                      " bytes; expected at most " + std::to_string(max_value_bytes));
    }
    if (matcher.op == MatchOp::regex || matcher.op == MatchOp::not_regex) {
        const RE2 compiled(matcher.value, regex_options());
        if (compiled.ok()) return {};
        const bool too_large = compiled.error_code() == RE2::ErrorPatternTooLarge;
        return Error(too_large ? Errc::limit : Errc::invalid,
                     "the regular expression " + quoted(matcher.value) + " of " + matcher.label + " does not compile: " + compiled.error());
    }
    if (matcher.label == "kind" && !parse_kind(matcher.value)) {
        return Error(Errc::invalid,
                     "found kind " + quoted(matcher.value) + "; expected post, repost, reply, quote, article, comment, review or video");
    }
    return {};
}

Result<> check_times(const Selector& selector) {
    if (selector.window < min_window || selector.window > max_window) {
        return Error(Errc::limit, "found the window " + format_duration(selector.window) + "; expected 1m to 90d");
    }
    if (selector.offset < Duration{0} || selector.offset > max_window - selector.window) {
        return Error(Errc::limit, "found the offset " + format_duration(selector.offset) +
                                      "; expected 0 or more, and window and offset together at most 90d");
    }
    if (!whole_minutes(selector.window) || !whole_minutes(selector.offset)) {
        return Error(Errc::invalid, "found " + format_duration(selector.window) + " and the offset " + format_duration(selector.offset) +
                                        "; expected whole minutes");
    }
    if (selector.metric == Metric::authors && selector.offset != Duration{0}) {
        return Error(Errc::unsupported, "distinct authors cannot be shifted: authors[...] has no offset; ask for mentions or new_authors");
    }
    if (selector.metric == Metric::copies && selector.offset != Duration{0}) {
        return Error(Errc::unsupported, "the authors of copies cannot be shifted: copies[...] has no offset; ask for mentions or weighted");
    }
    return {};
}

}  // namespace

std::string_view to_string(Metric metric) noexcept {
    switch (metric) {
        case Metric::mentions:
            return "mentions";
        case Metric::negative:
            return "negative";
        case Metric::positive:
            return "positive";
        case Metric::neutral:
            return "neutral";
        case Metric::sentiment:
            return "sentiment";
        case Metric::reach:
            return "reach";
        case Metric::max_reach:
            return "max_reach";
        case Metric::engagement:
            return "engagement";
        case Metric::reposts:
            return "reposts";
        case Metric::originals:
            return "originals";
        case Metric::authors:
            return "authors";
        case Metric::new_authors:
            return "new_authors";
        case Metric::counts:
            return "counts";
        case Metric::rating:
            return "rating";
        case Metric::low_ratings:
            return "low_ratings";
        case Metric::weighted:
            return "weighted";
        case Metric::copies:
            return "copies";
    }
    return "unknown";
}

std::string format_selector(const Selector& selector) {
    const bool largest = selector.metric == Metric::max_reach;
    std::string out = largest ? "max(reach" : std::string(to_string(selector.metric));
    if (!selector.matchers.empty()) {
        std::vector<LabelMatcher> matchers = selector.matchers;
        std::sort(matchers.begin(), matchers.end());
        out += '{';
        for (std::size_t i = 0; i < matchers.size(); ++i) {
            if (i > 0) out += ", ";
            out += matchers[i].label;
            out += operator_text(matchers[i].op);
            out += quoted(matchers[i].value);
        }
        out += '}';
    }
    out += '[' + format_duration(selector.window) + ']';
    if (selector.offset != Duration{0}) out += " offset " + format_duration(selector.offset);
    if (largest) out += ')';
    return out;
}

Result<> check_selector(const Selector& selector) {
    if (auto times = check_times(selector); !times) return times;
    if (selector.matchers.size() > max_matchers) {
        return Error(Errc::limit, "found " + std::to_string(selector.matchers.size()) + " label matchers; expected at most " +
                                      std::to_string(max_matchers));
    }
    for (const LabelMatcher& matcher : selector.matchers) {
        if (auto good = check_matcher(selector, matcher); !good) return good;
    }
    for (std::size_t i = 0; i < selector.by.size(); ++i) {
        if (auto known = check_label(selector, selector.by[i]); !known) return known;
        if (i > 0 && selector.by[i - 1] >= selector.by[i]) {
            return Error(Errc::invalid,
                         "found by labels out of order or twice (\"" + selector.by[i] + "\"); expected sorted distinct names");
        }
    }
    return {};
}

}  // namespace vigie::detect
