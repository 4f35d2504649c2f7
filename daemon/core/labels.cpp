#include "vigie/core/labels.hpp"

#include "vigie/core/hash.hpp"

namespace vigie {
namespace {

void append_quoted(std::string& out, const std::string& value) {
    out += '"';
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7F) {
            constexpr char hex_digits[] = "0123456789abcdef";
            out += "\\x";
            out += hex_digits[byte >> 4];
            out += hex_digits[byte & 0xF];
        } else {
            out += c;
        }
    }
    out += '"';
}

}  // namespace

std::uint64_t fingerprint(const Labels& labels) {
    // 0xFF never stands in UTF-8, so no two sets give the same bytes.
    std::string bytes;
    for (const auto& [name, value] : labels) {
        bytes.append(name).append(1, '\xFF');
        bytes.append(value).append(1, '\xFF');
    }
    return hash64(bytes);
}

std::string format_labels(const Labels& labels) {
    std::string out = "{";
    for (const auto& [name, value] : labels) {
        if (out.size() > 1) out += ", ";
        out += name;
        out += '=';
        append_quoted(out, value);
    }
    out += '}';
    return out;
}

}  // namespace vigie
