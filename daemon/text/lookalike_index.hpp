// The spellings of all targets' names, found by what is left of them after up to two deletions.
// Thread-safety: immutable once built.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/lookalike_affixes.hpp"
#include "text/lookalike_distance.hpp"
#include "text/lookalike_skeleton.hpp"
#include "vigie/text/lookalike.hpp"

namespace vigie::text::lookalike {

/// One spelling of one target.
struct Key {
    std::uint32_t target = 0;
    std::uint32_t at = 0;     ///< in the pools of letters
    std::uint32_t shown = 0;  ///< in the list of names as they were written
    std::uint8_t size = 0;
    bool own = false;     ///< an official or closed handle, what is left of one without affixes, or all that is known
    bool word = false;    ///< a common word or a first name
    bool common = false;  ///< a word, or four letters and less
    bool taken_down = false;
};

/// How a piece of a spelling is a key.
enum class Likeness : std::uint8_t { same, merged, one_edit, two_edits };

struct Match {
    const Key* key = nullptr;
    std::uint8_t begin = 0, end = 0;  ///< the piece
    Likeness likeness = Likeness::same;
    Edit edit;
};

/// A name that is read once, with all that the search needs.
struct Reading {
    explicit Reading(std::string_view text);
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    Spelling spelling;
    PieceHashes look, plain;
    Peels peels;
    Letters letters(std::size_t begin, std::size_t end) const noexcept {
        return {spelling.look.data() + begin, spelling.plain.data() + begin, end - begin};
    }
};

inline constexpr std::size_t two_edits_from = 12;  ///< letters of a name that may differ by two
inline constexpr std::size_t longest_edited = 32;  ///< of longer names only the exact letters are found
inline constexpr std::size_t short_name = 4;
inline constexpr std::size_t known_among_others = 6;  ///< letters that a name needs to be told among unknown words

class KeyIndex {
public:
    explicit KeyIndex(const std::vector<LookalikeTarget>& targets);

    /// Calls take(match) for every key that a piece of the reading resembles: any piece with the very letters, and edited ones where the
    /// whole, or what affixes leave of it, is the name. Of one key more than one match may come.
    template <class Take>
    void search(const Reading& reading, Take&& take) const;

    Letters letters(const Key& key) const noexcept { return {look_.data() + key.at, plain_.data() + key.at, key.size}; }
    const std::uint8_t* marks(const Key& key) const noexcept { return marks_.data() + key.at; }
    const std::string& shown(const Key& key) const noexcept { return shown_[key.shown]; }
    std::size_t bytes() const noexcept;

private:
    struct Entry {
        std::uint32_t tag;
        std::uint32_t key;
    };
    static constexpr std::uint64_t merged_salt = 0x94D049BB133111EBU;
    static constexpr std::size_t max_entries = 64;  ///< looked at for one hash: targets that share a name are not without end

    static std::uint64_t mix(std::uint64_t hash) noexcept {
        hash ^= hash >> 31;
        hash *= 0xBF58476D1CE4E5B9U;
        return hash ^ hash >> 29;
    }
    void add_target(const LookalikeTarget& target, std::uint32_t number);
    void add_key(std::string_view text, std::uint32_t target, std::size_t first_key, bool own, bool taken_down);
    void fill();

    template <class Take>
    void entries(std::uint64_t hash, Take&& take) const {
        const std::uint64_t mixed = mix(hash);
        if ((bloom_[mixed >> bloom_shift_ >> 6] >> (mixed >> bloom_shift_ & 63) & 1) == 0) return;
        const std::size_t bucket = static_cast<std::size_t>(mixed >> bucket_shift_);
        const auto tag = static_cast<std::uint32_t>(mixed);
        const std::size_t end = std::min<std::size_t>(offsets_[bucket + 1], offsets_[bucket] + 4 * max_entries);
        std::size_t taken = 0;
        for (std::size_t i = offsets_[bucket]; i < end && taken < max_entries; ++i) {
            if (entries_[i].tag != tag) continue;
            ++taken;
            take(keys_[entries_[i].key]);
        }
    }
    template <class Take>
    void search_edited(const Reading& reading, std::size_t begin, std::size_t end, bool two, Take& take) const;
    template <class Take>
    void search_merged(const Reading& reading, std::size_t begin, std::size_t end, Take& take) const;
    bool merged_equal(const Key& key, const Merged& merged) const noexcept;

    std::vector<Key> keys_;
    std::vector<char32_t> look_, plain_;
    std::vector<std::uint8_t> marks_;
    std::vector<std::string> shown_;
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> offsets_;
    std::vector<std::uint64_t> bloom_;
    unsigned bucket_shift_ = 63, bloom_shift_ = 58;
};

template <class Take>
void KeyIndex::search_edited(const Reading& reading, std::size_t begin, std::size_t end, bool two, Take& take) const {
    const std::size_t size = end - begin;
    const Letters seen = reading.letters(begin, end);
    const auto verify = [&](const Key& key) {
        const std::size_t limit = two && key.size >= two_edits_from ? 2 : 1;
        const Edit edit = edit_between(letters(key), seen, limit);
        if (edit.distance == 0 || edit.distance > limit) return;
        take(Match{&key, static_cast<std::uint8_t>(begin), static_cast<std::uint8_t>(end),
                   edit.distance == 1 ? Likeness::one_edit : Likeness::two_edits, edit});
    };
    entries(reading.look.piece(begin, end), verify);
    for (std::size_t i = begin; i < end; ++i) {
        if (i > begin && seen.look[i - begin] == seen.look[i - begin - 1]) continue;  // leaves the same as the one before
        entries(reading.look.without(begin, end, i), verify);
    }
    if (!two || size + 2 < two_edits_from) return;
    for (std::size_t i = begin; i < end; ++i)
        for (std::size_t j = i + 1; j < end; ++j) entries(reading.look.without(begin, end, i, j), verify);
}

template <class Take>
void KeyIndex::search_merged(const Reading& reading, std::size_t begin, std::size_t end, Take& take) const {
    const Merged merged = merge(reading.spelling, begin, end);
    const PieceHashes hashes(merged.letters.data(), merged.size);
    entries(hashes.piece(0, merged.size) ^ merged_salt, [&](const Key& key) {
        const Letters own = letters(key);
        const bool same = key.size == end - begin && std::equal(own.look, own.look + own.size, reading.spelling.look.data() + begin);
        if (!same && merged_equal(key, merged))
            take(Match{&key, static_cast<std::uint8_t>(begin), static_cast<std::uint8_t>(end), Likeness::merged, Edit{}});
    });
}

template <class Take>
void KeyIndex::search(const Reading& reading, Take&& take) const {
    const std::size_t size = reading.spelling.size;
    const Peels& peels = reading.peels;
    for (std::size_t begin = 0; begin < size; ++begin) {
        for (std::size_t end = begin + 2; end <= size; ++end) {
            const bool between_affixes = peels.left[begin].possible && peels.right[end].possible;
            if (!between_affixes && end - begin < known_among_others) continue;
            entries(reading.look.piece(begin, end), [&](const Key& key) {
                if (key.size != end - begin ||
                    !std::equal(look_.data() + key.at, look_.data() + key.at + key.size, reading.spelling.look.data() + begin))
                    return;
                take(Match{&key, static_cast<std::uint8_t>(begin), static_cast<std::uint8_t>(end), Likeness::same, Edit{}});
            });
        }
    }
    constexpr std::size_t max_cores = 12;
    std::size_t cores = 0;
    for (std::size_t begin = 0; begin < size && cores < max_cores; ++begin) {
        if (!peels.left[begin].possible || peels.left[begin].loose) continue;
        for (std::size_t end = size; end >= begin + 2 && cores < max_cores; --end) {
            if (!peels.right[end].possible || peels.right[end].loose) continue;
            ++cores;
            search_merged(reading, begin, end, take);
            if (end - begin <= longest_edited + 1) search_edited(reading, begin, end, cores == 1, take);
        }
    }
}

}  // namespace vigie::text::lookalike
