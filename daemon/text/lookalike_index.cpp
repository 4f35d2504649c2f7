#include "text/lookalike_index.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "text/lookalike_words.hpp"
#include "vigie/core/untrusted.hpp"

namespace vigie::text::lookalike {
namespace {

// Legal forms that people leave out.
constexpr std::string_view legal_forms[] = {"sa", "sas", "se",   "inc", "ltd", "gmbh", "group", "groupe",
                                            "ag", "spa", "corp", "llc", "plc", "co",   "nv",    "company"};

std::string without_legal_form(const std::string& name) {
    const std::size_t blank = name.find_last_of(" \t");
    if (blank == std::string::npos || blank == 0) return {};
    const Spelling last = read_spelling(std::string_view(name).substr(blank + 1));
    for (const std::string_view form : legal_forms) {
        if (last.size == form.size() && std::equal(form.begin(), form.end(), last.plain.begin())) return name.substr(0, blank);
    }
    return {};
}

// "www.support.aurora-air.example" is called aurora-air: the first label that is no affix, and not the last.
std::string_view domain_label(std::string_view domain) {
    if (const std::size_t scheme = domain.find("://"); scheme != std::string_view::npos) domain.remove_prefix(scheme + 3);
    domain = domain.substr(0, domain.find_first_of("/:?#"));
    std::string_view first;
    while (!domain.empty()) {
        const std::size_t dot = domain.find('.');
        const std::string_view label = domain.substr(0, dot);
        if (dot == std::string_view::npos) break;
        if (first.empty()) first = label;
        const Reading reading(label);
        if (!reading.peels.left[reading.spelling.size].possible) return label;
        domain.remove_prefix(dot + 1);
    }
    return first;
}

}  // namespace

Reading::Reading(std::string_view text)
    : spelling(read_spelling(text)), look(spelling.look.data(), spelling.size), plain(spelling.plain.data(), spelling.size) {
    peel(spelling, look, peels);
}

KeyIndex::KeyIndex(const std::vector<LookalikeTarget>& targets) {
    for (std::size_t i = 0; i < targets.size(); ++i) add_target(targets[i], static_cast<std::uint32_t>(i));
    fill();
}

void KeyIndex::add_target(const LookalikeTarget& target, std::uint32_t number) {
    const std::size_t first_key = keys_.size();
    const bool taken_down = target.kind == LookalikeTarget::Kind::taken_down;
    if (taken_down) add_key(own_part(target.handle), number, first_key, true, true);
    for (const auto& [platform, handles] : target.official) {
        for (const std::string& handle : handles)
            add_key(platform == "domain" ? domain_label(handle) : own_part(handle), number, first_key, true, taken_down);
    }
    const bool only_names = keys_.size() == first_key;
    for (const std::string& name : target.names) {
        add_key(name, number, first_key, only_names, taken_down);
        if (const std::string shorter = without_legal_form(name); !shorter.empty())
            add_key(shorter, number, first_key, only_names, taken_down);
        if (const std::string spoken = sound(name); !spoken.empty()) add_key(spoken, number, first_key, false, taken_down);
    }
}

void KeyIndex::add_key(std::string_view text, std::uint32_t target, std::size_t first_key, bool own, bool taken_down) {
    const Reading reading(text);
    const Spelling& spelling = reading.spelling;
    if (spelling.size < 2 || spelling.cut) return;
    Key key;
    key.target = target;
    key.size = static_cast<std::uint8_t>(spelling.size);
    key.own = own;
    key.taken_down = taken_down;
    key.word = is_common(reading.plain, spelling, 0, spelling.size);
    key.common = key.word || spelling.size <= short_name;
    for (std::size_t i = first_key; i < keys_.size(); ++i) {
        Key& other = keys_[i];
        const char32_t* letters = look_.data() + other.at;
        // "Orange" is what "Orange_France" is called without its country.
        if (other.own && !own && other.size > key.size) {
            const Reading longer(shown_[other.shown]);
            for (std::size_t at = 0; at + key.size <= longer.spelling.size; ++at) {
                if (!longer.peels.left[at].possible || !longer.peels.right[at + key.size].possible) continue;
                if (!std::equal(letters + at, letters + at + key.size, spelling.look.begin())) continue;
                key.own = true;
                other.common = other.common || key.common;  // and it says no more than that
            }
        }
        if (other.size == key.size && std::equal(letters, letters + key.size, spelling.look.begin())) {
            other.own = other.own || own;
            // "Aurora Air" tells where @auroraair may be parted.
            for (std::size_t at = 0; at < key.size; ++at) marks_[other.at + at] |= spelling.marks[at];
            return;
        }
    }
    key.at = static_cast<std::uint32_t>(look_.size());
    key.shown = static_cast<std::uint32_t>(shown_.size());
    shown_.emplace_back(text);
    const auto size = static_cast<std::ptrdiff_t>(spelling.size);
    look_.insert(look_.end(), spelling.look.begin(), spelling.look.begin() + size);
    plain_.insert(plain_.end(), spelling.plain.begin(), spelling.plain.begin() + size);
    marks_.insert(marks_.end(), spelling.marks.begin(), spelling.marks.begin() + size);
    keys_.push_back(key);
}

void KeyIndex::fill() {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> all;
    for (std::size_t k = 0; k < keys_.size(); ++k) {
        const Key& key = keys_[k];
        const auto number = static_cast<std::uint32_t>(k);
        const PieceHashes hashes(look_.data() + key.at, key.size);
        all.emplace_back(mix(hashes.piece(0, key.size)), number);
        Spelling spelling;
        spelling.size = key.size;
        std::copy_n(look_.begin() + key.at, key.size, spelling.look.begin());
        std::copy_n(plain_.begin() + key.at, key.size, spelling.plain.begin());
        const Merged merged = merge(spelling, 0, key.size);
        all.emplace_back(mix(PieceHashes(merged.letters.data(), merged.size).piece(0, merged.size) ^ merged_salt), number);
        if (key.size < 3 || key.size > longest_edited) continue;
        for (std::size_t i = 0; i < key.size; ++i) {
            all.emplace_back(mix(hashes.without(0, key.size, i)), number);
            if (key.size < two_edits_from) continue;
            for (std::size_t j = i + 1; j < key.size; ++j) all.emplace_back(mix(hashes.without(0, key.size, i, j)), number);
        }
    }
    // Sorted by bucket in two passes; within a bucket the few entries are looked through.
    const unsigned bits = static_cast<unsigned>(std::clamp<std::size_t>(std::bit_width(all.size() / 2 + 1), 4, 30));
    bucket_shift_ = 64 - bits;
    bloom_shift_ = 64 - std::clamp(bits + 4, 6U, 34U);
    offsets_.assign((std::size_t{1} << bits) + 1, 0);
    bloom_.assign((std::size_t{1} << (64 - bloom_shift_)) / 64, 0);
    for (const auto& [hash, key] : all) {
        ++offsets_[static_cast<std::size_t>(hash >> bucket_shift_) + 1];
        bloom_[hash >> bloom_shift_ >> 6] |= std::uint64_t{1} << (hash >> bloom_shift_ & 63);
    }
    for (std::size_t i = 1; i < offsets_.size(); ++i) offsets_[i] += offsets_[i - 1];
    entries_.resize(all.size());
    std::vector<std::uint32_t> next(offsets_.begin(), offsets_.end() - 1);
    for (const auto& [hash, key] : all) {
        Entry& entry = entries_[next[static_cast<std::size_t>(hash >> bucket_shift_)]++];
        entry.tag = static_cast<std::uint32_t>(hash);
        entry.key = key;
    }
}

bool KeyIndex::merged_equal(const Key& key, const Merged& merged) const noexcept {
    Spelling spelling;
    spelling.size = key.size;
    std::copy_n(look_.begin() + key.at, key.size, spelling.look.begin());
    std::copy_n(plain_.begin() + key.at, key.size, spelling.plain.begin());
    const Merged own = merge(spelling, 0, key.size);
    return own.size == merged.size && std::equal(own.letters.begin(), own.letters.begin() + own.size, merged.letters.begin());
}

std::size_t KeyIndex::bytes() const noexcept {
    std::size_t sum = keys_.capacity() * sizeof(Key) + (look_.capacity() + plain_.capacity()) * sizeof(char32_t) + marks_.capacity() +
                      entries_.capacity() * sizeof(Entry) + offsets_.capacity() * sizeof(std::uint32_t) +
                      bloom_.capacity() * sizeof(std::uint64_t) + shown_.capacity() * sizeof(std::string);
    for (const std::string& name : shown_)
        if (name.capacity() > 15) sum += name.capacity() + 1;
    return sum;
}

}  // namespace vigie::text::lookalike
