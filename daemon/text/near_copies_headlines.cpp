#include "text/near_copies_headlines.hpp"

#include <algorithm>
#include <vector>

namespace vigie::text {

void Headlines::add(std::uint64_t hash, Time published) {
    if (hash == 0) return;
    if (Slot* slot = known_.find(hash, [hash](const Slot& s) { return s.hash == hash; }); slot != nullptr) {
        slot->published = std::max(slot->published, published);
        return;
    }
    if (known_.size() >= capacity_) {
        std::vector<Time> times;
        times.reserve(known_.size());
        known_.each([&](const Slot& slot) { times.push_back(slot.published); });
        const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
        std::nth_element(times.begin(), middle, times.end());
        const Time limit = *middle;
        known_.keep([limit](const Slot& slot) { return slot.published > limit; }, hash_of);
    }
    known_.insert(Slot{hash, published}, hash_of);
}

bool Headlines::known(std::uint64_t hash) const noexcept {
    return hash != 0 && known_.find(hash, [hash](const Slot& s) { return s.hash == hash; }) != nullptr;
}

void Headlines::drop_before(Time time) {
    known_.keep([time](const Slot& slot) { return slot.published >= time; }, hash_of);
}

}  // namespace vigie::text
