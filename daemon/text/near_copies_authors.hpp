// How many distinct authors each cluster has, and the most that any has.
// Thread-safety: one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "text/near_copies_table.hpp"

namespace vigie::text {

/// How often each author stands in each cluster. A cluster is named by a number that no other has.
class AuthorCounts {
public:
    explicit AuthorCounts(std::uint64_t salt) : counts_(salt) {}

    /// True if the author is new in the cluster.
    bool add(std::uint64_t cluster, std::uint64_t author);
    /// True if this was the author's last post in it. It must have been added.
    bool remove(std::uint64_t cluster, std::uint64_t author);
    std::size_t memory() const noexcept { return counts_.memory(); }

private:
    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t posts = 0;
        bool empty() const noexcept { return posts == 0; }
    };
    FlatTable<Slot> counts_;
};

/// The greatest of many counts that each change by one at a time, in constant time.
class Greatest {
public:
    /// A count that was `from` is `to` now; they differ by one. 0 is not kept.
    void change(std::uint32_t from, std::uint32_t to);
    std::uint32_t value() const noexcept { return greatest_; }
    std::size_t memory() const noexcept { return how_many_.capacity() * sizeof(std::uint32_t); }

private:
    std::vector<std::uint32_t> how_many_;  // [n]: the counts that are n
    std::uint32_t greatest_ = 0;
};

}  // namespace vigie::text
