// The file of a hashed linear model: a header, then int8 weights, one row a bucket.
//     "VIGIEWT1"  u32 bits, u32 classes, u32 stride, f32 scale (all little-endian)  classes names of 8 bytes, padded with NUL
//     2^bits rows of `stride` int8, of which the first `classes` count; a weight is its int8 times scale
// A file with a lexicon begins with "VIGIEWT2", and has u32 slots (a power of two) behind the scale and the slots of a ValenceTable at its
// end. Thread-safety: values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/valence_table.hpp"
#include "vigie/core/result.hpp"

namespace vigie::text {

struct Weights {
    std::uint32_t bits = 0;
    std::uint32_t classes = 0;
    std::uint32_t stride = 0;
    float scale = 1;
    std::vector<std::string> names;
    std::string_view rows;  ///< borrowed
    ValenceTable valences;  ///< borrowed

    const char* row(std::uint32_t bucket) const noexcept { return rows.data() + std::size_t{bucket} * stride; }
};

/// Borrows the rows from the bytes. Errors: corrupt.
Result<Weights> read_weights(std::string_view bytes);
std::string write_weights(const Weights& weights);

/// The files that are compiled in.
std::string_view shipped_language_weights() noexcept;
std::string_view shipped_sentiment_weights() noexcept;

}  // namespace vigie::text
