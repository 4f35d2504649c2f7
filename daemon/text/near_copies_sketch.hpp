// How like two sets of shingles are.
// Thread-safety: pure.
#pragma once

#include <cstdint>
#include <span>

namespace vigie::text {

/// Jaccard similarity of two sorted sets; `cut`: the set holds the smallest members of a greater one (Broder 1997).
double shingle_similarity(std::span<const std::uint32_t> a, bool a_cut, std::span<const std::uint32_t> b, bool b_cut) noexcept;

}  // namespace vigie::text
