// Bytes of a feed to UTF-8. ICU knows the encodings; this file knows which one a feed is really in.
// Thread-safety: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace vigie::sources {

struct Decoded {
    std::string text;      ///< valid UTF-8 without byte-order mark
    std::string charset;   ///< what it was read as
    bool guessed = false;  ///< the bytes contradicted what was declared
};

/// Charset: byte-order mark, `content_type`'s charset, the XML declaration, UTF-8. ISO-8859-1 and US-ASCII are read as their superset
/// windows-1252, as browsers do. What claims to be UTF-8 and is not is read as the declaration says, else as windows-1252 where it is not
/// merely damaged.
Decoded decode_to_utf8(std::string_view body, std::string_view content_type);

/// The value of `charset` in a Content-Type header, lower case; empty if none.
std::string charset_of(std::string_view content_type);

}  // namespace vigie::sources
