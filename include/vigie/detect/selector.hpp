// What a rule may ask of a series: metric{label="value"}[window] offset 1d.
// Thread-safety: values.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"

namespace vigie::detect {

enum class Metric : std::uint8_t {
    mentions,
    negative,
    positive,
    neutral,    ///< counts
    sentiment,  ///< mean polarity, -1..1; no value without mentions
    reach,
    max_reach,  ///< sum, and the largest, of the authors' audiences
    engagement,
    reposts,
    originals,
    authors,
    new_authors,  ///< distinct authors; those first ever seen on this brand
    counts,       ///< a source's own numbers; the label `series` names them
    rating,
    low_ratings,  ///< mean rating; reviews of one or two stars
    weighted,     ///< mentions, each as much as its author's standing
    copies,       ///< distinct authors of the cluster of near copies that has most; 0 where none has two
};
std::string_view to_string(Metric metric) noexcept;

enum class MatchOp : std::uint8_t { equal, not_equal, regex, not_regex };

/// label op "value"; regular expressions are RE2 and anchored at both ends. Labels: platform language function source kind (and series for
/// counts).
struct LabelMatcher {
    std::string label;
    MatchOp op = MatchOp::equal;
    std::string value;
    friend auto operator<=>(const LabelMatcher&, const LabelMatcher&) = default;
};

/// Windows run from 1m to 90d in whole minutes; offset is 0 or more, in whole minutes; window + offset is at most 90d. A mention has all of
/// its functions: function="hr" asks whether one of them is hr, function!="hr" whether none is.
struct Selector {
    Metric metric = Metric::mentions;
    std::vector<LabelMatcher> matchers;  ///< all must hold; sorted
    Duration window{0};
    Duration offset{0};
    std::vector<std::string> by;  ///< label names that split it, sorted; empty: one value for the brand
    friend auto operator<=>(const Selector&, const Selector&) = default;
};

/// Canonical text, as a rule would write it (without `by`).
std::string format_selector(const Selector& selector);
/// Whether labels, window, offset and regular expressions are acceptable. Errors: invalid, limit (at most 16 matchers, values of 1 kB, a
/// compiled expression of 1 MB), unsupported (authors or copies with an offset), with what was found and expected.
Result<> check_selector(const Selector& selector);

inline constexpr Duration min_window = std::chrono::minutes{1};
inline constexpr Duration max_window = std::chrono::days{90};
/// Up to here window edges are exact to the minute; beyond, an edge stands on the full hour at or before it (totals stay exact counts).
inline constexpr Duration minute_exact = std::chrono::hours{48};

}  // namespace vigie::detect
