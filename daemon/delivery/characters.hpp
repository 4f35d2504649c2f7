// What a character is, as far as escaping it matters, and where people see one character end.
// Thread-safety: free functions; a Graphemes object belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace vigie::delivery {

/// The code point at `at` of well-formed UTF-8; moves `at` behind it.
char32_t next_code_point(std::string_view utf8, std::size_t& at) noexcept;

bool is_control(char32_t c) noexcept;        ///< C0, DEL, C1
bool is_line_end(char32_t c) noexcept;       ///< LF, CR, VT, FF, NEL, U+2028, U+2029
bool is_bidi_control(char32_t c) noexcept;   ///< embeddings, overrides, isolates, marks
bool is_invisible(char32_t c) noexcept;      ///< zero-width characters, fillers, tags, byte-order mark; not the joiners
bool is_joiner(char32_t c) noexcept;         ///< U+200C, U+200D
bool joins_after(char32_t before) noexcept;  ///< whether a joiner means something after that character
bool is_right_to_left(char32_t c) noexcept;

/// Finds the ends of extended grapheme clusters (UAX #29) in well-formed UTF-8, from left to right.
class Graphemes {
public:
    explicit Graphemes(std::string_view utf8);
    ~Graphemes();
    Graphemes(const Graphemes&) = delete;
    Graphemes& operator=(const Graphemes&) = delete;
    /// The offset at which the next one ends; the size of the text at its end.
    std::size_t next();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
    std::size_t size_;
    std::size_t at_ = 0;
};

}  // namespace vigie::delivery
