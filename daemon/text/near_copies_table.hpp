// A flat hash table with linear probing, for slots that say themselves whether they are empty.
// Thread-safety: a value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace vigie::text {

/// What a table of records that are kept elsewhere holds: the position of one.
struct IndexSlot {
    static constexpr std::uint32_t none = 0xFFFFFFFF;
    std::uint32_t index = none;
    bool empty() const noexcept { return index == none; }
};

/// How much room to make for records of which there are `size`: a quarter more, because there are many and they are long.
inline std::size_t grown(std::size_t size) noexcept {
    return size + size / 4 + 16;
}

/// Where a hash begins to look, in a table of 2^n slots. The salt keeps a stranger from choosing hashes that lie together.
inline std::size_t home_of(std::uint64_t hash, std::uint64_t salt, std::size_t mask) noexcept {
    return static_cast<std::size_t>(((hash ^ salt) * 0x9E3779B97F4A7C15U) >> 29) & mask;
}

/// `hash_of(slot)` must give the hash that the slot was put in with. Several slots of the same hash may stand side by side.
template <class Slot>
class FlatTable {
public:
    explicit FlatTable(std::uint64_t salt) : salt_(salt) {}

    std::size_t size() const noexcept { return used_; }
    std::size_t memory() const noexcept { return slots_.capacity() * sizeof(Slot); }

    /// The first slot in the run of a hash that `wanted(slot)` takes; null if there is none.
    template <class Wanted>
    Slot* find(std::uint64_t hash, const Wanted& wanted) {
        return const_cast<Slot*>(std::as_const(*this).find(hash, wanted));
    }
    template <class Wanted>
    const Slot* find(std::uint64_t hash, const Wanted& wanted) const {
        if (slots_.empty()) return nullptr;
        for (std::size_t at = home_of(hash, salt_, mask()); !slots_[at].empty(); at = (at + 1) & mask())
            if (wanted(slots_[at])) return &slots_[at];
        return nullptr;
    }

    template <class HashOf>
    Slot& insert(const Slot& slot, const HashOf& hash_of) {
        if (slots_.empty() || (used_ + 1) * 10 > slots_.size() * 7) grow(hash_of);
        ++used_;
        return put(slot, hash_of(slot));
    }

    /// Takes a slot of this table out, and moves those behind it up so that no gap stays in a run (Knuth 1973, algorithm 6.4 R).
    template <class HashOf>
    void erase(Slot* slot, const HashOf& hash_of) {
        auto hole = static_cast<std::size_t>(slot - slots_.data());
        for (std::size_t at = (hole + 1) & mask(); !slots_[at].empty(); at = (at + 1) & mask()) {
            const std::size_t home = home_of(hash_of(slots_[at]), salt_, mask());
            if (((at - home) & mask()) < ((at - hole) & mask())) continue;
            slots_[hole] = slots_[at];
            hole = at;
        }
        slots_[hole] = Slot{};
        --used_;
    }

    template <class Visit>
    void each(const Visit& visit) const {
        for (const Slot& slot : slots_)
            if (!slot.empty()) visit(slot);
    }
    /// Keeps the slots that `wanted(slot)` takes. Linear in the table.
    template <class Wanted, class HashOf>
    void keep(const Wanted& wanted, const HashOf& hash_of) {
        std::vector<Slot> old(slots_.size());
        old.swap(slots_);
        used_ = 0;
        for (const Slot& slot : old) {
            if (slot.empty() || !wanted(slot)) continue;
            put(slot, hash_of(slot));
            ++used_;
        }
    }

private:
    std::size_t mask() const noexcept { return slots_.size() - 1; }

    Slot& put(const Slot& slot, std::uint64_t hash) {
        std::size_t at = home_of(hash, salt_, mask());
        while (!slots_[at].empty()) at = (at + 1) & mask();
        slots_[at] = slot;
        return slots_[at];
    }

    template <class HashOf>
    void grow(const HashOf& hash_of) {
        std::vector<Slot> old(slots_.empty() ? 16 : slots_.size() * 2);
        old.swap(slots_);
        for (const Slot& slot : old)
            if (!slot.empty()) put(slot, hash_of(slot));
    }

    std::uint64_t salt_;
    std::vector<Slot> slots_;
    std::size_t used_ = 0;
};

}  // namespace vigie::text
