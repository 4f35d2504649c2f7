// The tokens that any query looks for, numbered, and found by hash.
// Thread-safety: add() and freeze() on one thread; the rest, after freeze(), on any.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/terms.hpp"
#include "vigie/text/normalise.hpp"

namespace vigie::text {

using LiteralId = std::uint32_t;

/// Open addressing over token hashes; a hit is verified against the folded text, so that no collision is taken for a match.
class LiteralTable {
public:
    /// The number of a literal; equal literals have one number.
    LiteralId add(const Wanted& wanted);
    /// Builds the slots. Call once, after the last add().
    void freeze();

    std::size_t size() const noexcept { return literals_.size(); }

    /// Calls visit(id) for the exact literal that equals the token, and for each prefix literal that it begins with.
    template <class Visit>
    void find(const Token& token, std::string_view folded, Visit&& visit) const {
        probe(token.hash, token.kind, folded, false, visit);
        const auto kind = static_cast<std::size_t>(token.kind);
        for (const std::uint16_t length : prefix_lengths_[kind]) {
            if (length > folded.size()) break;
            const std::string_view head = folded.substr(0, length);
            probe(token_hash(token.kind, head) + prefix_salt, token.kind, head, true, visit);
        }
    }

private:
    static constexpr std::uint64_t prefix_salt = 0xD1B54A32D192ED03U;
    static constexpr LiteralId none = 0xFFFFFFFF;
    struct Slot {
        std::uint64_t hash = 0;
        LiteralId id = none;
    };

    static std::uint64_t hash_of(const Wanted& wanted) noexcept {
        return token_hash(wanted.kind, wanted.folded) + (wanted.prefix ? prefix_salt : 0);
    }

    template <class Visit>
    void probe(std::uint64_t hash, TokenKind kind, std::string_view folded, bool prefix, Visit&& visit) const {
        for (std::size_t i = hash & mask_; slots_[i].id != none; i = (i + 1) & mask_) {
            if (slots_[i].hash != hash) continue;
            const Wanted& wanted = literals_[slots_[i].id];
            if (wanted.kind == kind && wanted.prefix == prefix && wanted.folded == folded) return visit(slots_[i].id);
        }
    }

    std::vector<Wanted> literals_;
    std::unordered_multimap<std::uint64_t, LiteralId> building_;
    std::vector<Slot> slots_{1};
    std::size_t mask_ = 0;
    std::array<std::vector<std::uint16_t>, 4> prefix_lengths_;  // by kind, ascending
};

}  // namespace vigie::text
