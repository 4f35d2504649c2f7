// The headlines that are known, by hash, and until when.
// Thread-safety: one thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "text/near_copies_table.hpp"
#include "vigie/core/time.hpp"

namespace vigie::text {

class Headlines {
public:
    /// When there are more than `capacity`, the older half goes.
    Headlines(std::size_t capacity, std::uint64_t salt) : capacity_(capacity), known_(salt) {}

    void add(std::uint64_t hash, Time published);
    bool known(std::uint64_t hash) const noexcept;
    /// Drops those that were last published before the time. Linear.
    void drop_before(Time time);
    std::size_t memory() const noexcept { return known_.memory(); }

private:
    struct Slot {
        std::uint64_t hash = 0;  // 0: empty
        Time published;
        bool empty() const noexcept { return hash == 0; }
    };
    static std::uint64_t hash_of(const Slot& slot) noexcept { return slot.hash; }

    std::size_t capacity_;
    FlatTable<Slot> known_;
};

}  // namespace vigie::text
