// One character folded: what it is, and which letters stand for it.
// Thread-safety: free functions over tables that never change once made.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vigie::text {

enum class CharClass : std::uint8_t {
    separator,
    skip,    ///< as if it were not there: zero-width, direction controls, combining marks
    letter,  ///< also the vowel signs of Indic scripts
    digit,
    ideograph,   ///< a word of its own: scripts that write without blanks
    pictograph,  ///< emoji
    apostrophe,
};

struct FoldedChar {
    CharClass cls = CharClass::separator;
    bool upper = false;     ///< it was a capital
    std::uint8_t size = 0;  ///< bytes of `bytes` in use
    char bytes[13] = {};    ///< folded UTF-8, for letter, digit and ideograph
    std::string_view view() const noexcept { return {bytes, size}; }
};

/// decode() of what does not begin with an ASCII byte.
char32_t decode_sequence(std::string_view text, std::size_t& at) noexcept;

/// Decodes the character at `at` (< text.size()) and moves `at` behind it. Ill-formed bytes give U+FFFD, one at a time.
inline char32_t decode(std::string_view text, std::size_t& at) noexcept {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead >= 0x80) return decode_sequence(text, at);
    ++at;
    return lead;
}
void append_utf8(std::string& out, char32_t c);

extern const std::array<FoldedChar, 0x80> ascii_folds;
/// fold_char() of what is not ASCII.
FoldedChar fold_beyond_ascii(char32_t c);

/// The folding of any character. ASCII and U+00C0..017F come from fixed tables, the rest from ICU (NFKC_Casefold, then marks removed).
inline FoldedChar fold_char(char32_t c) {
    return c < 0x80 ? ascii_folds[c] : fold_beyond_ascii(c);
}

/// A picture that an emoji token may begin with.
bool is_pictograph(char32_t c) noexcept;
/// The pair of regional indicators of a flag.
inline bool is_regional(char32_t c) noexcept {
    return c >= 0x1F1E6 && c <= 0x1F1FF;
}
/// Skin tones, presentation selectors, keycaps and tag characters: parts of an emoji that do not change what it says.
bool is_emoji_modifier(char32_t c) noexcept;
/// The one character that two become ("カ" and a sound mark, the jamo of a Hangul syllable); 0 where they do not join.
char32_t compose(char32_t a, char32_t b);

}  // namespace vigie::text
