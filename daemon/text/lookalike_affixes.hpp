// The words that stand before or behind a name in handles, and what they say: "support", "fr", "fans", "boycott".
// Thread-safety: immutable tables, made at first use.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "text/lookalike_skeleton.hpp"

namespace vigie::text::lookalike {

/// What an affix says. More than one may stand in a handle: a mask.
enum Affix : std::uint16_t {
    trust = 1,       ///< asks to be trusted as the brand: official, support, refund
    role = 2,        ///< what brands have, and others too: team, service, news
    place = 4,       ///< a country, a language, a town
    plain_word = 8,  ///< the, my, hq, new, pilots
    sector = 16,     ///< bank, airlines, store
    number = 32,
    domain = 64,     ///< com, net, www
    declares = 128,  ///< fan, parody, unofficial
    against = 256,   ///< boycott, scandal, victims
};

/// What was taken off on one side of a name.
struct Peel {
    bool possible = false;
    bool loose = false;  ///< a piece of one to three letters is not set off by capitals or separators
    std::uint8_t pieces = 0;
    std::uint16_t kinds = 0;
    std::array<std::uint16_t, 4> words{};  ///< affix_word() of each piece; no_word for a number
    std::uint8_t number_begin = 0, number_end = 0;
};
inline constexpr std::uint16_t no_word = 0xFFFF;
inline constexpr std::size_t max_pieces = 4;

/// A word of the table, or a run of digits, where it stands in a spelling.
struct Piece {
    std::uint8_t begin, end;
    std::uint16_t word;
    std::uint16_t kind;
};
inline constexpr std::size_t max_found_pieces = 256;

/// left[p]: how [0, p) is made of affixes; right[p]: how [p, size) is. The fewest pieces win. And all pieces by where they begin.
struct Peels {
    std::array<Piece, max_found_pieces> pieces;
    std::size_t count = 0;
    std::array<Peel, max_letters + 1> left;
    std::array<Peel, max_letters + 1> right;
};
void peel(const Spelling& spelling, const PieceHashes& look, Peels& out);

std::string_view affix_word(std::uint16_t word) noexcept;
Affix affix_kind(std::uint16_t word) noexcept;

}  // namespace vigie::text::lookalike
