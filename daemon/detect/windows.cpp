#include "vigie/detect/windows.hpp"

#include <algorithm>

#include "detect/windows_impl.hpp"

namespace vigie::detect {

Windows::Windows(std::size_t brands, std::vector<Selector> selectors) : impl_(std::make_unique<Impl>(brands, std::move(selectors))) {}
Windows::~Windows() = default;
Windows::Windows(Windows&&) noexcept = default;
Windows& Windows::operator=(Windows&&) noexcept = default;

void Windows::add(BrandIndex brand, Minute minute, const Bucket& delta) {
    impl_->take(brand, minute, delta);
}

void Windows::add_hour(BrandIndex brand, Hour hour, const Bucket& hour_sums) {
    // The hour's last minute stands for all of it: beyond 48 h no edge lies inside an hour.
    constexpr Hour most = -before_time / 60;
    if (hour > -most && hour < most) impl_->take(brand, hour * 60, hour_sums);
}

void Windows::remove_count(BrandIndex brand, Minute minute, const Bucket::CountKey& key, double old_value) {
    Impl& impl = *impl_;
    if (brand >= impl.brands.size() || !impl.plan.counts) return;
    if (minute <= impl.end) {
        impl.apply_counts(impl.made(brand), minute, key, -to_millionths(old_value), -1);
        return;
    }
    const auto at = impl.pending.find(minute);
    if (at == impl.pending.end()) return;
    if (const auto bucket = at->second.find(brand); bucket != at->second.end()) bucket->second.erase_count(key);
}

void Windows::advance(Time now) {
    Impl& impl = *impl_;
    if (now <= impl.now) return;
    impl.now = now;
    impl.end = std::max(impl.end, minute_of(now));
    while (!impl.pending.empty() && impl.pending.begin()->first <= impl.end) {
        const auto due = impl.pending.extract(impl.pending.begin());
        for (const auto& [brand, bucket] : due.mapped()) impl.take(brand, due.key(), bucket);
    }
}

Time Windows::now() const noexcept {
    return impl_->now;
}

std::optional<double> Windows::read(BrandIndex brand, SelectorId selector, const GroupValues& group) const {
    Impl& impl = *impl_;
    if (selector >= impl.plan.selectors.size()) return std::nullopt;
    const SelectorPlan& plan = impl.plan.selectors[selector];
    if (const BrandState* state = impl.present(brand); state != nullptr) return impl.value(*state, plan, group);
    if (plan.per) return std::nullopt;
    return 0.0;
}

std::vector<GroupValues> Windows::groups(BrandIndex brand, SelectorId selector) const {
    Impl& impl = *impl_;
    if (selector >= impl.plan.selectors.size()) return {};
    const SelectorPlan& plan = impl.plan.selectors[selector];
    const BrandState* state = impl.present(brand);
    if (state == nullptr) return {};
    std::vector<GroupValues> found;
    for (const Group& group : state->slots[plan.per.value_or(plan.value)].groups()) {
        const auto value = impl.value(*state, plan, group.values);
        if (value && (plan.per || *value != 0)) found.push_back(group.values);
    }
    return found;
}

const std::vector<Selector>& Windows::selectors() const noexcept {
    return impl_->selectors;
}

std::size_t Windows::memory() const noexcept {
    const Impl& impl = *impl_;
    std::size_t bytes = impl.brands.capacity() * sizeof(void*);
    for (const auto& state : impl.brands) {
        if (!state) continue;
        bytes += sizeof(BrandState) + state->slots.capacity() * sizeof(Slot);
        for (std::size_t i = 0; i < state->slots.size(); ++i) bytes += state->slots[i].memory(impl.plan.series[i]);
    }
    for (const auto& [minute, waiting] : impl.pending) {
        for (const auto& [brand, bucket] : waiting) {
            for (const auto& [key, cell] : bucket.cells())
                bytes += sizeof key + sizeof cell + cell.authors.capacity() * sizeof(std::uint64_t) +
                         cell.copies.capacity() * sizeof(CopyMember);
            bytes += bucket.counts().size() * (sizeof(Bucket::CountKey) + sizeof(double));
        }
    }
    return bytes;
}

}  // namespace vigie::detect
