#include "vigie/core/untrusted.hpp"

#include <fmt/format.h>
#include <simdjson.h>
#include <unicode/uchar.h>

#include <cstdint>

namespace vigie {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr int max_marks = 8;

struct Decoded {
    std::size_t length;  ///< bytes it takes; of an ill-formed part, its maximal length
    std::int32_t code;   ///< the character; -1: ill-formed
};

/// The character that begins at `at`, by table 3-7 of the Unicode Standard; ill-formed input is told in maximal parts (section 3.9, U+FFFD
/// substitution).
Decoded decode(std::string_view bytes, std::size_t at) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned char lead = byte(at);
    if (lead < 0x80) return {1, lead};
    if (lead < 0xC2 || lead > 0xF4) return {1, -1};
    const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    std::int32_t code = lead & (0x7F >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (at + i >= bytes.size() || byte(at + i) < low || byte(at + i) > high) return {i, -1};
        code = (code << 6) | (byte(at + i) & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    return {length, code};
}

/// Counts the marks on a base. Format characters neither are marks nor begin a new base, or ZWJ would let any number pass.
class MarkCounter {
public:
    bool keeps(std::int32_t code) noexcept {
        const auto mask = U_MASK(u_charType(code));
        if ((mask & U_GC_M_MASK) != 0) return ++marks_ <= max_marks;
        if ((mask & U_GC_CF_MASK) == 0) marks_ = 0;
        return true;
    }
    void reset() noexcept { marks_ = 0; }

private:
    int marks_ = 0;
};

std::size_t plain_ascii_run(std::string_view bytes, std::size_t at) noexcept {
    std::size_t end = at;
    while (end < bytes.size() && bytes[end] > 0) ++end;
    return end - at;
}

bool shown_escaped(std::int32_t code) noexcept {
    const auto type = u_charType(code);
    return type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || type == U_LINE_SEPARATOR || type == U_PARAGRAPH_SEPARATOR ||
           type == U_UNASSIGNED || type == U_PRIVATE_USE_CHAR;
}

std::string escape(std::int32_t code) {
    switch (code) {
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        default:
            return code <= 0xFFFF ? fmt::format("\\u{:04x}", code) : fmt::format("\\U{:08x}", code);
    }
}

}  // namespace

std::string clean_utf8(std::string_view bytes, std::size_t max_bytes) {
    std::string out;
    out.reserve(std::min(bytes.size(), max_bytes));
    MarkCounter marks;
    for (std::size_t at = 0; at < bytes.size();) {
        if (const auto run = plain_ascii_run(bytes, at); run > 0) {
            out.append(bytes.substr(at, std::min(run, max_bytes - out.size())));
            if (out.size() == max_bytes) break;
            at += run;
            marks.reset();
            continue;
        }
        const auto [length, code] = decode(bytes, at);
        const auto piece = code < 0 ? replacement : bytes.substr(at, length);
        at += length;
        if (code == 0 || !marks.keeps(code < 0 ? 0xFFFD : code)) continue;
        if (out.size() + piece.size() > max_bytes) break;
        out.append(piece);
    }
    return out;
}

bool is_utf8(std::string_view bytes) noexcept {
    return bytes.empty() || simdjson::validate_utf8(bytes.data(), bytes.size());
}

std::string excerpt(std::string_view bytes, std::size_t max_bytes) {
    constexpr std::string_view ellipsis = "...";
    std::string out;
    std::size_t fits = 0;  // how much of `out` may stay if the ellipsis has to follow
    for (std::size_t at = 0; at < bytes.size();) {
        const auto [length, code] = decode(bytes, at);
        const std::string piece = code < 0              ? std::string(replacement)
                                  : shown_escaped(code) ? escape(code)
                                                        : std::string(bytes.substr(at, length));
        at += length;
        if (out.size() + piece.size() > max_bytes) {
            out.resize(fits);
            if (fits + ellipsis.size() <= max_bytes) out.append(ellipsis);
            return out;
        }
        out.append(piece);
        if (out.size() + ellipsis.size() <= max_bytes) fits = out.size();
    }
    return out;
}

}  // namespace vigie
