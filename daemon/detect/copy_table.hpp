// Who posted copies of what: for each cluster of near copies, the minute in which each author was last seen with one. How many authors the
// largest cluster has is counted when it is asked for, over at most max_clusters clusters: clusters come and go, so no sum would last.
// Thread-safety: one owner.
#pragma once

#include <cstdint>
#include <vector>

#include "detect/author_table.hpp"
#include "vigie/core/time.hpp"

namespace vigie::detect {

class CopyTable {
public:
    /// When there are more, the one goes whose last copy is oldest (of equals the lowest number): it is the last to be the largest.
    static constexpr std::size_t max_clusters = 1024;

    /// `cluster` and `author` are not 0. `expired`: who was last seen by then may be forgotten.
    void add(std::uint64_t cluster, std::uint64_t author, Minute minute, Minute expired);
    /// Authors, seen after `after`, of the cluster that has most of them; below two it is nobody's copy: 0.
    std::int64_t largest(Minute after) const noexcept;
    /// Forgets the clusters last seen up to and including `until`.
    void drop(Minute until);
    bool empty() const noexcept { return clusters_.empty(); }
    std::size_t size() const noexcept { return clusters_.size(); }
    std::size_t memory() const noexcept;
    /// Calls f(cluster, authors) for each cluster by its number, authors being an AuthorTable.
    template <class F>
    void for_each(F&& f) const {
        for (const Cluster& cluster : clusters_) f(cluster.id, cluster.authors);
    }

private:
    struct Cluster {
        std::uint64_t id = 0;
        Minute latest = 0;
        AuthorTable authors;
    };
    std::vector<Cluster> clusters_;  // sorted by id
};

}  // namespace vigie::detect
