// Character references of HTML: named (HTML 4's, and those of HTML 5 that feeds use) and numeric.
// Thread-safety: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vigie::sources {

/// The code point of a name without '&' and ';', case-sensitive; 0 if unknown.
std::uint32_t named_character(std::string_view name) noexcept;

/// A reference at the start of a text: the code point that it means (0: none) and how many bytes it takes ('&' and ';' included).
struct CharacterReference {
    std::uint32_t code = 0;
    std::size_t length = 0;
};
/// Reads what begins with '&'. length is 0 where it is no reference but a stray ampersand. A numeric reference to something that is no
/// character (0, a surrogate, a control) has a length and code 0; 0x80..0x9F mean windows-1252, as browsers read them.
CharacterReference read_reference(std::string_view text) noexcept;

/// Appends a code point as UTF-8; it must be a scalar value.
void append_utf8(std::string& out, std::uint32_t code);

}  // namespace vigie::sources
