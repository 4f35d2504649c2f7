#include "text/hits.hpp"

#include <algorithm>

namespace vigie::text {

void Hits::sort() {
    std::sort(hits_.begin(), hits_.end(), [](const Hit& a, const Hit& b) { return a.key() < b.key(); });
}

std::span<const Hits::Hit> Hits::find(LiteralId literal, std::uint32_t limit) const noexcept {
    const auto begin = std::lower_bound(hits_.begin(), hits_.end(), literal, [](const Hit& hit, LiteralId id) { return hit.literal < id; });
    auto end = begin;
    if (begin == hits_.end() || begin->literal != literal) return {};
    end = std::partition_point(begin, hits_.end(), [=](const Hit& hit) { return hit.literal == literal && hit.first < limit; });
    return {begin, end};
}

}  // namespace vigie::text
