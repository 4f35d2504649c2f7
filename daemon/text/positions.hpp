// Words in a row, and words near one another, found over the places of their literals. Everything here takes the time of sorting the
// places, whatever the text: nothing tries combinations.
// Thread-safety: free functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "text/hits.hpp"

namespace vigie::text {

/// The places of one literal, by position.
using Places = std::span<const Hits::Hit>;

/// Whether the literals stand in a row: each begins where the one before ends.
bool in_a_row(std::span<const Places> places);
/// Where such rows begin, or end; ascending, each once.
std::vector<std::uint32_t> row_firsts(std::span<const Places> places);
std::vector<std::uint32_t> row_lasts(std::span<const Places> places);
/// The tokens of one row that begins at a position; empty if there is none.
std::vector<std::uint32_t> row_at(std::span<const Places> places, std::uint32_t first);

/// The tokens of a stretch of at most (literals + slack) positions that holds all literals in any order, a literal that is asked for twice
/// at two places; empty if there is none. Only the first such stretch is looked for.
std::vector<std::uint32_t> together(std::span<const Places> places, std::uint32_t slack);

/// Whether one of `lasts` lies before one of `firsts` with at most `distance` positions between. Both ascending.
bool before_within(std::span<const std::uint32_t> lasts, std::span<const std::uint32_t> firsts, std::uint32_t distance);

}  // namespace vigie::text
