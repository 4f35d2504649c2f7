// The truth about windows: every mention and count is kept as it came, and each question is answered by counting them all again.
// Thread-safety: one owner.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/detect/bucket.hpp"
#include "vigie/detect/selector.hpp"
#include "vigie/detect/windows.hpp"

namespace vigie::detect::test {

struct Mentioned {
    BrandIndex brand = 0;
    Minute minute = 0;
    Contribution what;
};

struct Counted {
    BrandIndex brand = 0;
    Minute minute = 0;
    Bucket::CountKey key;
    double value = 0;
};

/// Whether `pattern` fits all of `text`: characters, `.`, [sets], and `*` after any of these; `|` between whole patterns.
inline bool fits(std::string_view pattern, std::string_view text) {
    if (const std::size_t bar = pattern.find('|'); bar != std::string_view::npos) {
        return fits(pattern.substr(0, bar), text) || fits(pattern.substr(bar + 1), text);
    }
    if (pattern.empty()) return text.empty();
    const std::size_t atom = pattern[0] == '[' ? pattern.find(']') + 1 : 1;
    const bool first =
        !text.empty() &&
        (pattern[0] == '.' || (atom == 1 ? pattern[0] == text[0] : pattern.substr(1, atom - 2).find(text[0]) != std::string_view::npos));
    if (atom < pattern.size() && pattern[atom] == '*') {
        return fits(pattern.substr(atom + 1), text) || (first && fits(pattern, text.substr(1)));
    }
    return first && fits(pattern.substr(atom), text.substr(1));
}

/// (after, until] of a selector when windows end with minute `end`, said again and in other words than the code under test.
struct Span {
    Minute after, until;
    bool holds(Minute m) const { return m > after && m <= until; }
};

inline Minute edge(Minute end, Duration back) {
    const Minute exact = end - static_cast<Minute>(back / std::chrono::minutes{1});
    if (back <= minute_exact) return exact;
    Minute hour = exact;
    while (hour % 60 != 0) --hour;
    return hour;
}

inline Span span_of(const Selector& selector, Minute end) {
    return Span{edge(end, selector.offset + selector.window), edge(end, selector.offset)};
}

class Model {
public:
    std::vector<Mentioned> mentions;
    std::vector<Counted> counts;

    std::optional<double> read(BrandIndex brand, const Selector& selector, Minute end, const GroupValues& group) const {
        const Span span = span_of(selector, end);
        if (selector.metric == Metric::counts) return counted(brand, selector, span, group);
        std::int64_t total = 0, divisor = 0, largest = 0;
        std::set<std::uint64_t> authors;
        std::map<std::uint64_t, std::set<std::uint64_t>> clusters;
        for (const Mentioned& m : mentions) {
            if (m.brand != brand || !span.holds(m.minute) || !matches(m.what.key, selector) || !in_group(m.what.key, selector, group))
                continue;
            const Counters& sums = m.what.sums;
            if (m.what.author != 0 && sums.mentions > 0) authors.insert(m.what.author);
            if (m.what.author != 0 && m.what.cluster != 0) clusters[m.what.cluster].insert(m.what.author);
            largest = std::max(largest, sums.max_reach);
            total += number(selector.metric, sums);
            divisor += selector.metric == Metric::rating ? sums.ratings : sums.mentions;
        }
        switch (selector.metric) {
            case Metric::authors:
                return static_cast<double>(authors.size());
            case Metric::max_reach:
                return static_cast<double>(largest);
            case Metric::sentiment:
                if (divisor <= 0) return std::nullopt;
                return static_cast<double>(total) / 10000 / static_cast<double>(divisor);
            case Metric::rating:
                if (divisor <= 0) return std::nullopt;
                return static_cast<double>(total) / 100 / static_cast<double>(divisor);
            case Metric::weighted:
                return static_cast<double>(total) / 1000;
            case Metric::copies: {
                std::size_t most = 0;
                for (const auto& [cluster, members] : clusters) most = std::max(most, members.size());
                return most < 2 ? 0.0 : static_cast<double>(most);
            }
            default:
                return static_cast<double>(total);
        }
    }

    /// Every group that a mention or a count ever had under this selector's `by`.
    std::set<GroupValues> all_groups(BrandIndex brand, const Selector& selector) const {
        std::set<GroupValues> found;
        for (const Mentioned& m : mentions) {
            if (m.brand != brand || selector.metric == Metric::counts) continue;
            std::vector<std::string> functions{""};
            if (std::find(selector.by.begin(), selector.by.end(), "function") != selector.by.end()) functions = m.what.key.functions;
            for (const std::string& function : functions) {
                GroupValues values;
                for (const std::string& label : selector.by) values.push_back(label == "function" ? function : single(m.what.key, label));
                found.insert(values);
            }
        }
        for (const Counted& c : counts) {
            if (c.brand != brand || selector.metric != Metric::counts) continue;
            GroupValues values;
            for (const std::string& label : selector.by) values.push_back(label == "series" ? c.key.series : c.key.source);
            found.insert(values);
        }
        return found;
    }

private:
    static std::string single(const CellKey& key, const std::string& label) {
        if (label == "platform") return key.platform;
        if (label == "language") return key.language;
        if (label == "source") return key.source;
        return std::string(to_string(key.kind));
    }

    static bool hit(const LabelMatcher& matcher, const std::string& value) {
        if (matcher.op == MatchOp::equal || matcher.op == MatchOp::not_equal) return value == matcher.value;
        return fits(matcher.value, value);
    }

    static bool wanted(const LabelMatcher& matcher, const std::vector<std::string>& values) {
        const bool any = std::any_of(values.begin(), values.end(), [&](const std::string& v) { return hit(matcher, v); });
        const bool negative = matcher.op == MatchOp::not_equal || matcher.op == MatchOp::not_regex;
        return negative ? !any : any;
    }

    static bool matches(const CellKey& key, const Selector& selector) {
        for (const LabelMatcher& matcher : selector.matchers) {
            std::vector<std::string> values{single(key, matcher.label)};
            if (matcher.label == "function") values = key.functions.empty() ? std::vector<std::string>{""} : key.functions;
            if (!wanted(matcher, values)) return false;
        }
        return true;
    }

    static bool in_group(const CellKey& key, const Selector& selector, const GroupValues& group) {
        for (std::size_t i = 0; i < selector.by.size(); ++i) {
            if (selector.by[i] == "function") {
                if (std::find(key.functions.begin(), key.functions.end(), group[i]) == key.functions.end()) return false;
            } else if (single(key, selector.by[i]) != group[i]) {
                return false;
            }
        }
        return true;
    }

    std::optional<double> counted(BrandIndex brand, const Selector& selector, const Span& span, const GroupValues& group) const {
        double total = 0;
        bool any = false;
        for (const Counted& c : counts) {
            if (c.brand != brand || !span.holds(c.minute)) continue;
            bool good = true;
            for (const LabelMatcher& matcher : selector.matchers) {
                good = good && wanted(matcher, {matcher.label == "series" ? c.key.series : c.key.source});
            }
            for (std::size_t i = 0; i < selector.by.size(); ++i) {
                good = good && (selector.by[i] == "series" ? c.key.series : c.key.source) == group[i];
            }
            if (!good) continue;
            any = true;
            total += c.value;
        }
        return any ? std::optional<double>(total) : std::nullopt;
    }

    static std::int64_t number(Metric metric, const Counters& sums) {
        switch (metric) {
            case Metric::mentions:
                return sums.mentions;
            case Metric::negative:
                return sums.negative;
            case Metric::positive:
                return sums.positive;
            case Metric::neutral:
                return sums.neutral;
            case Metric::sentiment:
                return sums.polarity;
            case Metric::reach:
                return sums.reach;
            case Metric::engagement:
                return sums.engagement;
            case Metric::reposts:
                return sums.reposts;
            case Metric::originals:
                return sums.mentions - sums.reposts;
            case Metric::new_authors:
                return sums.new_authors;
            case Metric::rating:
                return sums.rating_sum;
            case Metric::low_ratings:
                return sums.low_ratings;
            case Metric::weighted:
                return sums.weighted;
            default:
                return 0;
        }
    }
};

}  // namespace vigie::detect::test
