// What Windows holds. A brand is rolled to the present when it is next touched or read: an idle brand costs nothing at a tick.
// Thread-safety: one owner.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "detect/edge.hpp"
#include "detect/plan.hpp"
#include "detect/series.hpp"
#include "vigie/detect/windows.hpp"

namespace vigie::detect {

/// At most this many `by` groups of one series of one brand; mentions of further ones are counted in none until a group runs empty.
inline constexpr std::size_t max_groups = 1024;

struct Group {
    GroupValues values;
    Series series;
};

/// All groups of one series of one brand, sorted by values; without `by`, one that has no values.
class Slot {
public:
    /// Null where it is not there, and may not be made (max_groups).
    Series* make(const GroupValues& values);
    const Series* find(const GroupValues& values) const noexcept;
    void roll(const SeriesDef& def, Minute from, Minute to);
    const std::vector<Group>& groups() const noexcept { return groups_; }
    std::size_t memory(const SeriesDef& def) const noexcept;

private:
    std::vector<Group> groups_;
};

struct BrandState {
    Minute end = before_time;
    std::vector<Slot> slots;  ///< one for each series of the plan
};

struct Windows::Impl {
    Impl(std::size_t brand_count, std::vector<Selector> list);

    /// Null for a brand that has counted nothing.
    const BrandState* present(BrandIndex brand);
    BrandState& made(BrandIndex brand);
    /// minute <= end.
    void apply(BrandIndex brand, Minute minute, const Bucket& bucket);
    void apply_counts(BrandState& state, Minute minute, const Bucket::CountKey& key, std::int64_t millionths, std::int64_t records);
    void take(BrandIndex brand, Minute minute, const Bucket& bucket);
    std::optional<double> value(const BrandState& state, const SelectorPlan& plan, const GroupValues& group) const;

    std::vector<Selector> selectors;
    Plan plan;
    std::vector<std::unique_ptr<BrandState>> brands;
    std::map<Minute, std::map<BrandIndex, Bucket>> pending;  ///< minutes after end
    Time now = Time::min();
    Minute end = before_time;

private:
    void apply_cell(BrandState& state, Minute minute, const CellKey& key, const Cell& cell);
    void roll(BrandState& state);
    // Scratch for the cell in hand, so that a mention allocates nothing for series that do not split it.
    std::vector<char> passes_;  // of each filter
    std::vector<GroupValues> groups_;
};

}  // namespace vigie::detect
