#include "detect/copy_table.hpp"

#include <algorithm>
#include <tuple>

namespace vigie::detect {

void CopyTable::add(std::uint64_t cluster, std::uint64_t author, Minute minute, Minute expired) {
    if (minute <= expired) return;
    auto at = std::lower_bound(clusters_.begin(), clusters_.end(), cluster, [](const Cluster& c, std::uint64_t id) { return c.id < id; });
    if (at == clusters_.end() || at->id != cluster) {
        if (clusters_.size() >= max_clusters) {
            const auto oldest = std::min_element(clusters_.begin(), clusters_.end(), [](const Cluster& a, const Cluster& b) {
                return std::tie(a.latest, a.id) < std::tie(b.latest, b.id);
            });
            if (oldest->latest > minute) return;
            const auto place = at - clusters_.begin() - (oldest < at ? 1 : 0);
            clusters_.erase(oldest);
            at = clusters_.begin() + place;
        }
        at = clusters_.insert(at, Cluster{cluster, minute, {}});
    }
    at->latest = std::max(at->latest, minute);
    if (const auto last = at->authors.last(author); !last || *last < minute) at->authors.set(author, minute, expired);
}

std::int64_t CopyTable::largest(Minute after) const noexcept {
    std::int64_t most = 0;
    for (const Cluster& cluster : clusters_) {
        if (cluster.latest <= after || static_cast<std::int64_t>(cluster.authors.size()) <= most) continue;
        std::int64_t living = 0;
        cluster.authors.for_each([&](std::uint64_t, Minute minute) { living += minute > after ? 1 : 0; });
        most = std::max(most, living);
    }
    return most < 2 ? 0 : most;
}

void CopyTable::drop(Minute until) {
    const auto gone = std::remove_if(clusters_.begin(), clusters_.end(), [until](const Cluster& c) { return c.latest <= until; });
    if (gone == clusters_.end()) return;
    clusters_.erase(gone, clusters_.end());
    if (clusters_.empty() || clusters_.size() < clusters_.capacity() / 4) clusters_.shrink_to_fit();
}

std::size_t CopyTable::memory() const noexcept {
    std::size_t bytes = clusters_.capacity() * sizeof(Cluster);
    for (const Cluster& cluster : clusters_) bytes += cluster.authors.memory();
    return bytes;
}

}  // namespace vigie::detect
