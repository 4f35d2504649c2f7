// The tokens that any query looks for, numbered, and found by hash.
// Thread-safety: add() and freeze() on one thread; the rest, after freeze(), on any.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/terms.hpp"
#include "vigie/text/normalise.hpp"

namespace vigie::text {

using LiteralId = std::uint32_t;

/// The key of what is met by folded text; of tokens their token_hash().
inline std::uint64_t literal_hash(Met by, std::string_view folded) noexcept {
    return token_hash(static_cast<TokenKind>(by), folded);
}

/// Open addressing over hashes. Most tokens of a text are in no query: a table of bits, small enough for the processor's nearest memory,
/// turns them away. A hit is verified against the folded text (and the source, where the form asks for it), so that no collision is taken
/// for a match.
class LiteralTable {
public:
    /// The number of a literal; equal literals have one number.
    LiteralId add(const Wanted& wanted);
    /// The same of a token that equals `folded`.
    LiteralId add(Met by, std::string_view folded);
    /// Builds the table of bits. Call once, after the last add().
    void freeze();

    std::size_t size() const noexcept { return entries_.size(); }
    /// Whether any literal is met by this.
    bool asks_for(Met by) const noexcept { return asked_[static_cast<std::size_t>(by)]; }

    /// Calls visit(id) for each literal that this meets. `source`: the text that was folded.
    template <class Visit>
    void find(Met by, std::uint64_t hash, std::string_view folded, std::string_view source, Visit&& visit) const {
        if (may_hold(hash)) find_equal(by, hash, folded, source, visit);
        find_heads(by, folded, source, visit);
    }

    // find() in its steps, for a caller that has many to look up: while the memory for one is on its way, the others can be asked.
    void expect(std::uint64_t hash) const noexcept { __builtin_prefetch(&bits_[(hash & bit_mask_) >> 6]); }
    bool may_hold(std::uint64_t hash) const noexcept { return (bits_[(hash & bit_mask_) >> 6] >> (hash & 63) & 1) != 0; }
    void expect_slot(std::uint64_t hash) const noexcept { __builtin_prefetch(&slots_[hash & mask_]); }
    void expect_entry(std::uint64_t hash) const noexcept {
        if (const LiteralId id = slots_[hash & mask_].id; id != none) __builtin_prefetch(&entries_[id]);
    }
    template <class Visit>
    void find_equal(Met by, std::uint64_t hash, std::string_view folded, std::string_view source, Visit&& visit) const {
        probe(hash, {by, folded, source, false}, visit);
    }
    /// Those with '*' or '?'.
    template <class Visit>
    void find_heads(Met by, std::string_view folded, std::string_view source, Visit&& visit) const {
        const Heads& heads = heads_[static_cast<std::size_t>(by)];
        if (heads.lengths.empty() || folded.size() < 2 || (heads.twos[two(folded) >> 6] >> (two(folded) & 63) & 1) == 0) return;
        for (const std::uint16_t length : heads.lengths) {
            if (length > folded.size()) break;
            const std::uint64_t hash = literal_hash(by, folded.substr(0, length)) + head_salt;
            if (may_hold(hash)) probe(hash, {by, folded, source, true}, visit);
        }
    }

private:
    static constexpr std::uint64_t head_salt = 0xD1B54A32D192ED03U;
    static constexpr std::size_t kinds = 6;
    static constexpr LiteralId none = 0xFFFFFFFF;

    struct Slot {
        std::uint32_t tag = 0;
        LiteralId id = none;
    };
    // Half a cache line, with the text where it is short: what verifies a hit lies in one place.
    struct alignas(32) Entry {
        std::array<char, 16> head;  // the text, if it fits
        std::uint32_t begin, size;  // of the text in texts_
        std::uint32_t written;      // in written_, where the form is not folded
        Met by;
        bool prefix, pattern;
        Term::Form form;
    };
    // Literals that are found by how a token begins: those with '*' or '?'.
    struct Heads {
        std::vector<std::uint16_t> lengths;      // ascending
        std::array<std::uint64_t, 1024> twos{};  // a bit for each pair of bytes that one begins with
    };
    struct Sought {
        Met by;
        std::string_view folded, source;
        bool head;
    };

    static std::uint32_t tag_of(std::uint64_t hash) noexcept { return static_cast<std::uint32_t>(hash >> 32); }
    static std::size_t two(std::string_view text) noexcept {
        return static_cast<unsigned char>(text[0]) | static_cast<std::size_t>(static_cast<unsigned char>(text[1])) << 8;
    }
    // A Wanted, its texts still elsewhere.
    struct Added {
        Met by;
        bool prefix, pattern;
        Term::Form form;
        std::string_view folded, written;
    };
    LiteralId add(const Added& added);
    static std::string_view head_of(const Added& added) noexcept;
    static std::uint64_t hash_of(const Added& added) noexcept;

    std::string_view folded(const Entry& entry) const noexcept {
        return entry.size <= entry.head.size() ? std::string_view(entry.head.data(), entry.size)
                                               : std::string_view(texts_).substr(entry.begin, entry.size);
    }
    bool equals(const Entry& entry, const Added& added) const noexcept;
    bool meets(const Entry& entry, const Sought& sought) const;
    bool meets_otherwise(const Entry& entry, const Sought& sought) const;
    void grow();

    template <class Visit>
    void probe(std::uint64_t hash, const Sought& sought, Visit&& visit) const {
        for (std::size_t i = hash & mask_; slots_[i].id != none; i = (i + 1) & mask_)
            if (slots_[i].tag == tag_of(hash) && meets(entries_[slots_[i].id], sought)) visit(slots_[i].id);
    }

    std::vector<Entry> entries_;
    std::vector<std::uint64_t> hashes_;  // by literal; while building
    std::string texts_;
    std::vector<std::string> written_;
    std::vector<Slot> slots_ = std::vector<Slot>(64);
    std::size_t mask_ = 63;
    std::vector<std::uint64_t> bits_{0};
    std::uint64_t bit_mask_ = 63;
    std::array<Heads, kinds> heads_;
    std::array<bool, kinds> asked_{};
};

}  // namespace vigie::text
