// Letters of one script that look like those of another: what "Аurora" with a Cyrillic А is to be found by.
// Thread-safety: free functions.
#pragma once

namespace vigie::text {

/// Whether the character is Greek or Cyrillic.
constexpr bool is_greek_or_cyrillic(char32_t c) noexcept {
    return (c >= 0x370 && c < 0x530) || (c >= 0x1F00 && c < 0x2000);
}
constexpr bool is_cyrillic(char32_t c) noexcept {
    return c >= 0x400 && c < 0x530;
}

/// The small Latin letter that a Greek or Cyrillic one looks like; 0 where it looks like none.
char latin_look(char32_t c) noexcept;
/// The small Cyrillic letter that a small Latin one looks like, in either case; 0 where it looks like none.
char32_t cyrillic_look(char c) noexcept;

}  // namespace vigie::text
