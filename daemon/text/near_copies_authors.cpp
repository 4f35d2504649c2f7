#include "text/near_copies_authors.hpp"

namespace vigie::text {
namespace {

std::uint64_t key_of(std::uint64_t cluster, std::uint64_t author) noexcept {
    std::uint64_t x = cluster * 0x9E3779B97F4A7C15U ^ author;
    x = (x ^ (x >> 32)) * 0xD6E8FEB86659FD93U;
    return x ^ (x >> 32);
}

constexpr auto slot_key = [](const auto& slot) { return slot.key; };

}  // namespace

bool AuthorCounts::add(std::uint64_t cluster, std::uint64_t author) {
    const std::uint64_t key = key_of(cluster, author);
    if (Slot* slot = counts_.find(key, [key](const Slot& s) { return s.key == key; }); slot != nullptr) {
        ++slot->posts;
        return false;
    }
    counts_.insert(Slot{key, 1}, slot_key);
    return true;
}

bool AuthorCounts::remove(std::uint64_t cluster, std::uint64_t author) {
    const std::uint64_t key = key_of(cluster, author);
    Slot* slot = counts_.find(key, [key](const Slot& s) { return s.key == key; });
    if (slot == nullptr) return false;
    if (slot->posts > 1) {
        --slot->posts;
        return false;
    }
    counts_.erase(slot, slot_key);
    return true;
}

void Greatest::change(std::uint32_t from, std::uint32_t to) {
    if (to >= how_many_.size()) how_many_.resize(to + 1);
    if (from > 0) --how_many_[from];
    if (to > 0) ++how_many_[to];
    if (to > greatest_) greatest_ = to;
    // It can have sunk by one only: the count that was the greatest is still there, one lower.
    if (from == greatest_ && how_many_[from] == 0) greatest_ = to;
}

}  // namespace vigie::text
