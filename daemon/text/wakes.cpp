#include "text/wakes.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace vigie::text {

void Wakes::freeze(std::size_t literals) {
    const auto key = [](const Woken& w) { return std::pair(std::uint64_t{w.wake.first} << 32 | w.wake.second, w.brand); };
    std::sort(wakes_.begin(), wakes_.end(), [&](const Woken& a, const Woken& b) { return key(a) < key(b); });
    literals_.assign(literals, {});
    woken_.clear();
    woken_.reserve(wakes_.size());
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < wakes_.size();) {
        const Wake wake = wakes_[i].wake;
        Range range{static_cast<std::uint32_t>(woken_.size()), 0};
        for (; i < wakes_.size() && wakes_[i].wake.first == wake.first && wakes_[i].wake.second == wake.second; ++i)
            woken_.push_back(wakes_[i]);
        range.end = static_cast<std::uint32_t>(woken_.size());
        if (wake.second == Wake::none) {
            literals_[wake.first].alone = range;
        } else {
            literals_[wake.first].first = literals_[wake.second].second = true;
            pairs.push_back({key_of(wake.first, wake.second), range});
        }
    }
    wakes_ = {};
    any_pairs_ = !pairs.empty();
    const std::size_t slots = std::bit_ceil(std::max<std::size_t>(pairs.size() * 2, 2));
    shift_ = static_cast<unsigned>(64 - std::countr_zero(slots));
    pairs_.assign(slots, {});
    const std::size_t bits = std::bit_ceil(std::max<std::size_t>(pairs.size() * 16, 64));
    pair_bits_.assign(bits / 64, 0);
    bit_shift_ = static_cast<unsigned>(64 - std::countr_zero(bits));
    for (const Pair& pair : pairs) {
        pair_bits_[bit_of(pair.key) >> 6] |= std::uint64_t{1} << (bit_of(pair.key) & 63);
        std::size_t i = slot_of(pair.key);
        while (pairs_[i].key != 0) i = (i + 1) & (slots - 1);
        pairs_[i] = pair;
    }
}

void Wakes::touched(Hits& hits, const Programs& programs, Scratch& scratch, std::vector<Touched>& brands) const {
    brands.clear();
    scratch.met.clear();
    for (const Hits::Hit& hit : hits.all()) __builtin_prefetch(&literals_[hit.literal]);
    for (const Hits::Hit& hit : hits.all())
        if (literals_[hit.literal].alone.end != 0) scratch.met.push_back(hit.literal);
    if (any_pairs_) meet_pairs(hits, scratch);
    // What a text repeats wakes its brands once.
    std::sort(scratch.met.begin(), scratch.met.end());
    scratch.met.erase(std::unique(scratch.met.begin(), scratch.met.end()), scratch.met.end());
    if (scratch.met.empty()) return;
    hits.sort();
    for (const std::uint32_t met : scratch.met) {
        const Range& range = met < literals_.size() ? literals_[met].alone : pairs_[met - literals_.size()].brands;
        for (std::uint32_t i = range.begin; i < range.end; ++i) {
            const auto& [wake, brand] = woken_[i];
            if (wake.verify == Wake::nothing || programs.in_row(wake.verify, hits)) brands.push_back({brand, wake.proves});
        }
    }
    std::sort(brands.begin(), brands.end(),
              [](const Touched& a, const Touched& b) { return a.brand != b.brand ? a.brand < b.brand : a.proved > b.proved; });
    brands.erase(std::unique(brands.begin(), brands.end(), [](const Touched& a, const Touched& b) { return a.brand == b.brand; }),
                 brands.end());
}

void Wakes::meet_pairs(const Hits& hits, Scratch& scratch) const {
    const auto all = hits.all();
    scratch.earlier.resize(all.size());
    bool any = false;
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        if (!literals_[all[i].literal].second) continue;
        if (all[i].first >= scratch.at_position.size()) scratch.at_position.resize(all[i].first + 1, 0);
        scratch.earlier[i] = std::exchange(scratch.at_position[all[i].first], i + 1);
        any = true;
    }
    if (!any) return;
    for (const Hits::Hit& hit : all) {
        if (!literals_[hit.literal].first || hit.last + 1 >= scratch.at_position.size()) continue;
        for (std::uint32_t next = scratch.at_position[hit.last + 1]; next != 0; next = scratch.earlier[next - 1])
            if (const std::uint64_t key = key_of(hit.literal, all[next - 1].literal); may_be_pair(key)) meet_pair(key, scratch.met);
    }
    for (const Hits::Hit& hit : all)
        if (hit.first < scratch.at_position.size()) scratch.at_position[hit.first] = 0;
}

void Wakes::meet_pair(std::uint64_t key, std::vector<std::uint32_t>& met) const {
    for (std::size_t i = slot_of(key); pairs_[i].key != 0; i = (i + 1) & (pairs_.size() - 1))
        if (pairs_[i].key == key) return met.push_back(static_cast<std::uint32_t>(literals_.size() + i));
}

}  // namespace vigie::text
