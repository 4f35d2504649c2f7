#include "text/literal_table.hpp"

#include <algorithm>
#include <bit>

namespace vigie::text {

LiteralId LiteralTable::add(const Wanted& wanted) {
    const std::uint64_t hash = hash_of(wanted);
    const auto [begin, end] = building_.equal_range(hash);
    for (auto it = begin; it != end; ++it)
        if (literals_[it->second] == wanted) return it->second;
    const auto id = static_cast<LiteralId>(literals_.size());
    literals_.push_back(wanted);
    building_.emplace(hash, id);
    if (wanted.prefix) {
        std::vector<std::uint16_t>& lengths = prefix_lengths_[static_cast<std::size_t>(wanted.kind)];
        const auto length = static_cast<std::uint16_t>(std::min<std::size_t>(wanted.folded.size(), 0xFFFF));
        const auto place = std::lower_bound(lengths.begin(), lengths.end(), length);
        if (place == lengths.end() || *place != length) lengths.insert(place, length);
    }
    return id;
}

void LiteralTable::freeze() {
    // A quarter full at most: most tokens of a text are in no query, and a miss should end at the first slot.
    slots_.assign(std::bit_ceil(literals_.size() * 4 + 1), {});
    mask_ = slots_.size() - 1;
    for (const auto& [hash, id] : building_) {
        std::size_t i = hash & mask_;
        while (slots_[i].id != none) i = (i + 1) & mask_;
        slots_[i] = {hash, id};
    }
    building_ = {};
}

}  // namespace vigie::text
