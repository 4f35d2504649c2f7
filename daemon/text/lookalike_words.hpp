// Words and first names that people use without meaning any brand.
// Thread-safety: an immutable table, made at first use.
#pragma once

#include <cstdint>
#include <string_view>

#include "text/lookalike_skeleton.hpp"

namespace vigie::text::lookalike {

/// Whether a piece of PieceHashes over `plain` letters is a common English or French word, or a first name; plurals count. `last` is its
/// last letter.
bool is_common(const PieceHashes& plain, const Spelling& spelling, std::size_t begin, std::size_t end) noexcept;
/// Whether it is a first name.
bool is_first_name(const PieceHashes& plain, std::size_t begin, std::size_t end) noexcept;

}  // namespace vigie::text::lookalike
