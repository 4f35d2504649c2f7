#include "text/literal_table.hpp"

#include <algorithm>
#include <bit>

namespace vigie::text {

std::string_view LiteralTable::head_of(const Added& wanted) noexcept {
    const std::string_view folded = wanted.folded;
    return wanted.pattern ? folded.substr(0, folded.find('?')) : folded;
}

std::uint64_t LiteralTable::hash_of(const Added& wanted) noexcept {
    return literal_hash(wanted.by, head_of(wanted)) + (wanted.prefix || wanted.pattern ? head_salt : 0);
}

bool LiteralTable::equals(const Entry& entry, const Added& wanted) const noexcept {
    return entry.by == wanted.by && entry.prefix == wanted.prefix && entry.pattern == wanted.pattern && entry.form == wanted.form &&
           folded(entry) == wanted.folded && (entry.form == Term::Form::folded || written_[entry.written] == wanted.written);
}

bool LiteralTable::meets(const Entry& entry, const Sought& sought) const {
    if (entry.by != sought.by || (entry.prefix || entry.pattern) != sought.head) return false;
    if (sought.head || entry.form != Term::Form::folded) return meets_otherwise(entry, sought);
    return folded(entry) == sought.folded;
}

bool LiteralTable::meets_otherwise(const Entry& entry, const Sought& sought) const {
    if (entry.pattern) return meets_pattern(folded(entry), entry.prefix, sought.folded);
    if (entry.prefix) return sought.folded.starts_with(folded(entry));
    return folded(entry) == sought.folded && written_form(entry.form, sought.source) == written_[entry.written];
}

LiteralId LiteralTable::add(const Wanted& wanted) {
    return add(Added{wanted.by, wanted.prefix, wanted.pattern, wanted.form, wanted.folded, wanted.written});
}

LiteralId LiteralTable::add(Met by, std::string_view folded) {
    return add(Added{by, false, false, Term::Form::folded, folded, {}});
}

LiteralId LiteralTable::add(const Added& wanted) {
    const std::uint64_t hash = hash_of(wanted);
    std::size_t i = hash & mask_;
    for (; slots_[i].id != none; i = (i + 1) & mask_)
        if (hashes_[slots_[i].id] == hash && equals(entries_[slots_[i].id], wanted)) return slots_[i].id;
    const auto id = static_cast<LiteralId>(entries_.size());
    Entry entry{};
    entry.begin = static_cast<std::uint32_t>(texts_.size());
    entry.size = static_cast<std::uint32_t>(wanted.folded.size());
    entry.written = static_cast<std::uint32_t>(written_.size());
    entry.by = wanted.by;
    entry.prefix = wanted.prefix;
    entry.pattern = wanted.pattern;
    entry.form = wanted.form;
    if (wanted.folded.size() <= entry.head.size())
        std::copy(wanted.folded.begin(), wanted.folded.end(), entry.head.begin());
    else
        texts_ += wanted.folded;
    if (wanted.form != Term::Form::folded) written_.emplace_back(wanted.written);
    entries_.push_back(entry);
    hashes_.push_back(hash);
    asked_[static_cast<std::size_t>(wanted.by)] = true;
    slots_[i] = {tag_of(hash), id};
    if (entries_.size() * 2 > slots_.size()) grow();
    if (wanted.prefix || wanted.pattern) {
        Heads& heads = heads_[static_cast<std::size_t>(wanted.by)];
        const std::string_view head = head_of(wanted);
        const auto length = static_cast<std::uint16_t>(std::min<std::size_t>(head.size(), 0xFFFF));
        const auto place = std::lower_bound(heads.lengths.begin(), heads.lengths.end(), length);
        if (place == heads.lengths.end() || *place != length) heads.lengths.insert(place, length);
        heads.twos[two(head) >> 6] |= std::uint64_t{1} << (two(head) & 63);
    }
    return id;
}

void LiteralTable::grow() {
    slots_.assign(slots_.size() * 2, {});
    mask_ = slots_.size() - 1;
    for (LiteralId id = 0; id < hashes_.size(); ++id) {
        std::size_t i = hashes_[id] & mask_;
        while (slots_[i].id != none) i = (i + 1) & mask_;
        slots_[i] = {tag_of(hashes_[id]), id};
    }
}

void LiteralTable::freeze() {
    // Sixteen bits a literal: one token in sixteen is let through for nothing.
    const std::size_t bits = std::bit_ceil(std::max<std::size_t>(entries_.size(), 4) * 16);
    bits_.assign(bits / 64, 0);
    bit_mask_ = bits - 1;
    for (const std::uint64_t hash : hashes_) bits_[(hash & bit_mask_) >> 6] |= std::uint64_t{1} << (hash & 63);
    hashes_ = {};
}

}  // namespace vigie::text
