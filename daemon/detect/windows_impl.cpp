#include "detect/windows_impl.hpp"

#include <algorithm>

namespace vigie::detect {
namespace {

auto position(const std::vector<Group>& groups, const GroupValues& values) {
    return std::lower_bound(groups.begin(), groups.end(), values, [](const Group& g, const GroupValues& v) { return g.values < v; });
}

}  // namespace

Series* Slot::make(const GroupValues& values) {
    const auto at = position(groups_, values);
    const auto index = static_cast<std::size_t>(at - groups_.begin());
    if (at == groups_.end() || at->values != values) {
        if (groups_.size() >= max_groups) return nullptr;
        // One group is the rule, and vectors double: an exact reserve keeps 10,000 quiet brands small.
        if (groups_.empty()) groups_.reserve(1);
        groups_.insert(groups_.begin() + static_cast<std::ptrdiff_t>(index), Group{values, {}});
    }
    return &groups_[index].series;
}

const Series* Slot::find(const GroupValues& values) const noexcept {
    const auto at = position(groups_, values);
    return at == groups_.end() || at->values != values ? nullptr : &at->series;
}

void Slot::roll(const SeriesDef& def, Minute from, Minute to) {
    bool some_empty = false;
    for (Group& group : groups_) {
        group.series.roll(def, from, to);
        some_empty = some_empty || group.series.empty();
    }
    if (!some_empty) return;
    groups_.erase(std::remove_if(groups_.begin(), groups_.end(), [](const Group& g) { return g.series.empty(); }), groups_.end());
    if (groups_.empty()) groups_ = std::vector<Group>();
}

std::size_t Slot::memory(const SeriesDef& def) const noexcept {
    std::size_t bytes = groups_.capacity() * sizeof(Group);
    for (const Group& group : groups_) {
        bytes += group.series.memory(def) + group.values.capacity() * sizeof(std::string);
        for (const std::string& value : group.values) bytes += value.capacity() > 15 ? value.capacity() + 1 : 0;
    }
    return bytes;
}

Windows::Impl::Impl(std::size_t brand_count, std::vector<Selector> list)
    : selectors(std::move(list)), plan(selectors), brands(brand_count), passes_(plan.filters.size()) {}

void Windows::Impl::roll(BrandState& state) {
    if (state.end == end) return;
    for (std::size_t i = 0; i < state.slots.size(); ++i) state.slots[i].roll(plan.series[i], state.end, end);
    state.end = end;
}

const BrandState* Windows::Impl::present(BrandIndex brand) {
    if (brand >= brands.size() || !brands[brand]) return nullptr;
    roll(*brands[brand]);
    return brands[brand].get();
}

BrandState& Windows::Impl::made(BrandIndex brand) {
    if (!brands[brand]) {
        brands[brand] = std::make_unique<BrandState>();
        brands[brand]->end = end;
        brands[brand]->slots.resize(plan.series.size());
    }
    roll(*brands[brand]);
    return *brands[brand];
}

void Windows::Impl::apply_cell(BrandState& state, Minute minute, const CellKey& key, const Cell& cell) {
    for (std::size_t i = 0; i < passes_.size(); ++i) passes_[i] = plan.filters[i].matches(key) ? 1 : 0;
    for (std::size_t i = 0; i < plan.series.size(); ++i) {
        const SeriesDef& def = plan.series[i];
        if (passes_[def.filter] == 0) continue;
        const std::int64_t value = column_value(def.column, cell.sums);
        const bool distinct = def.column == Column::authors && !cell.authors.empty();
        const bool copied = def.column == Column::copies && !cell.copies.empty();
        if (value == 0 && !distinct && !copied) continue;
        groups_of(key, def.by, groups_);
        for (const GroupValues& group : groups_) {
            Series* series = state.slots[i].make(group);
            if (series == nullptr) continue;
            if (!distinct && !copied) series->add(def, end, minute, value);
            for (std::size_t a = 0; distinct && a < cell.authors.size(); ++a) series->add_author(def, end, minute, cell.authors[a]);
            for (std::size_t c = 0; copied && c < cell.copies.size(); ++c) series->add_copy(def, end, minute, cell.copies[c]);
        }
    }
}

void Windows::Impl::apply_counts(BrandState& state, Minute minute, const Bucket::CountKey& key, std::int64_t millionths,
                                 std::int64_t records) {
    for (std::size_t i = 0; i < plan.series.size(); ++i) {
        const SeriesDef& def = plan.series[i];
        if (def.column != Column::count_value && def.column != Column::count_records) continue;
        if (!plan.filters[def.filter].matches(key)) continue;
        if (Series* series = state.slots[i].make(group_of(key, def.by)); series != nullptr) {
            series->add(def, end, minute, def.column == Column::count_value ? millionths : records);
        }
    }
}

void Windows::Impl::apply(BrandIndex brand, Minute minute, const Bucket& bucket) {
    BrandState& state = made(brand);
    if (plan.cells) {
        for (const auto& [key, cell] : bucket.cells()) apply_cell(state, minute, key, cell);
    }
    if (plan.counts) {
        for (const auto& [key, count] : bucket.counts()) apply_counts(state, minute, key, to_millionths(count), 1);
    }
}

void Windows::Impl::take(BrandIndex brand, Minute minute, const Bucket& bucket) {
    if (brand >= brands.size() || plan.series.empty() || bucket.empty()) return;
    if (minute > end) {
        if (end != before_time && minute > end + max_minutes) return;
        pending[minute][brand].merge(bucket);
    } else if (minute > edge_of(end, max_minutes)) {
        apply(brand, minute, bucket);
    }
}

std::optional<double> Windows::Impl::value(const BrandState& state, const SelectorPlan& selector, const GroupValues& group) const {
    const Series* const series = state.slots[selector.value].find(group);
    double per = 1;
    if (selector.per) {
        const Series* const divisor = state.slots[*selector.per].find(group);
        const std::int64_t n = divisor == nullptr ? 0 : divisor->sum(plan.series[*selector.per], selector.lead, selector.trail);
        if (n <= 0) return std::nullopt;
        if (selector.mean) per = static_cast<double>(n);
    }
    if (series == nullptr) return 0.0;
    const SeriesDef& def = plan.series[selector.value];
    const std::int64_t raw = def.column == Column::max_reach ? series->largest(end, selector.lead, selector.trail)
                             : def.column == Column::copies  ? series->most_copied(end, selector.trail)
                                                             : series->sum(def, selector.lead, selector.trail);
    return static_cast<double>(raw) / (selector.scale * per);
}

}  // namespace vigie::detect
