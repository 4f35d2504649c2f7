// From the selectors of the rules to the series that must be kept: selectors over the same numbers share one series.
// Thread-safety: values, constant once made.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "detect/filter.hpp"
#include "vigie/detect/selector.hpp"

namespace vigie::detect {

/// What a series adds up.
enum class Column : std::uint8_t {
    mentions,
    negative,
    positive,
    neutral,
    polarity,
    reach,
    max_reach,
    engagement,
    reposts,
    originals,
    authors,
    new_authors,
    count_value,    ///< a source's own numbers, in millionths: integers add and subtract without a remainder
    count_records,  ///< how many of them
    rating_sum,
    ratings,
    low_ratings,
    weighted,  ///< in thousandths
    copies,
};

/// The number of a column in a cell; 0 for authors, copies and counts, which are no sums of a cell.
std::int64_t column_value(Column column, const Counters& sums) noexcept;
/// A count as count_value keeps it; magnitudes beyond 1e12 are cut.
std::int64_t to_millionths(double value) noexcept;

/// One series: a column under a filter, split by labels. `edges` are the distances, in minutes back from the end, of every window edge that
/// a selector has: sorted, distinct, none of them 0. Each carries a running sum.
struct SeriesDef {
    Column column = Column::mentions;
    std::size_t filter = 0;
    std::vector<Label> by;
    std::vector<std::int32_t> edges;
    std::int32_t keep() const noexcept { return edges.back(); }
    /// The position of an edge that is in `edges`.
    std::uint32_t edge_index(std::int32_t back) const noexcept;
};

/// How a selector is answered: series[value] over a window, divided by scale, and by series[per] where it is a mean.
struct SelectorPlan {
    std::size_t value = 0;
    std::optional<std::size_t> per;  ///< no value where this is zero
    bool mean = false;               ///< divide by it
    double scale = 1;
    std::int32_t lead = 0, trail = 0;  ///< edges in minutes: offset, offset + window
};

struct Plan {
    explicit Plan(const std::vector<Selector>& selectors);
    std::vector<Filter> filters;
    std::vector<SeriesDef> series;
    std::vector<SelectorPlan> selectors;
    bool counts = false, cells = false;  ///< whether any series needs them
};

}  // namespace vigie::detect
