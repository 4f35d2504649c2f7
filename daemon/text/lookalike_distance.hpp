// How far a handle is from a name, and whether the way between is one that fingers or forgers go.
// Thread-safety: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vigie::text::lookalike {

/// A run of letters in both forms of a Spelling.
struct Letters {
    const char32_t* look = nullptr;
    const char32_t* plain = nullptr;
    std::size_t size = 0;
};

struct Edit {
    std::uint8_t distance = 0;  ///< optimal string alignment (Damerau 1964, each piece edited once); limit + 1 stands for more
    bool likely = false;        ///< of a single edit: letters swapped, doubled, left out, added at the end, of the same sound or shape, one
                                ///< key or one bit away
    bool doubled = false;       ///< a letter for two of the same, or two for one
};

/// Of two sequences of at most 64 letters. `limit` is 1 or 2. Time: limit times the length.
Edit edit_between(const Letters& name, const Letters& seen, std::size_t limit) noexcept;

}  // namespace vigie::text::lookalike
