// Nearly well-formed XML made well-formed, as far as single characters go.
#include "sources/ascii.hpp"
#include "sources/entities.hpp"
#include "sources/xml_tree.hpp"

namespace vigie::sources {
namespace {

/// Appends text without what XML forbids: control characters, U+FFFE and U+FFFF.
void append_allowed(std::string& out, std::string_view text) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const bool control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
        const bool noncharacter =
            c == 0xEF && text.substr(i, 2) == "\xEF\xBF" && i + 2 < text.size() && static_cast<unsigned char>(text[i + 2]) >= 0xBE;
        if (!control && !noncharacter) continue;
        out += text.substr(kept, i - kept);
        kept = i + (noncharacter ? 3 : 1);
        if (noncharacter) i += 2;
    }
    out += text.substr(kept);
}

void append_escaped(std::string& out, std::uint32_t code) {
    switch (code) {
        case '&':
            out += "&amp;";
            return;
        case '<':
            out += "&lt;";
            return;
        case '>':
            out += "&gt;";
            return;
        case '"':
            out += "&quot;";
            return;
        case '\'':
            out += "&apos;";
            return;
        case '\n':
            out += "&#10;";
            return;
        case '\r':
            out += "&#13;";
            return;
        case '\t':
            out += "&#9;";
            return;
        default:
            append_utf8(out, code);
    }
}

struct Quiet {
    std::string_view opens, closes;
};
// Where references are not read.
constexpr Quiet quiet[] = {{"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<?", "?>"}};

/// The length of a CDATA section, comment or instruction at the start of a text; 0 if there is none or it does not end.
std::size_t quiet_length(std::string_view text) {
    for (const auto& kind : quiet) {
        if (!text.starts_with(kind.opens)) continue;
        const std::size_t end = text.find(kind.closes, kind.opens.size());
        return end == std::string_view::npos ? text.size() : end + kind.closes.size();
    }
    return 0;
}

std::string_view without_prologue(std::string_view text) {
    const std::size_t first = text.find('<');
    if (first == std::string_view::npos) return {};
    text.remove_prefix(first);
    if (text.starts_with("<?xml") && text.size() > 5 && is_blank(text[5])) {
        const std::size_t end = text.find("?>");
        if (end != std::string_view::npos) text.remove_prefix(end + 2);
    }
    return text;
}

}  // namespace

std::string repair_xml(std::string_view utf8) {
    std::string_view text = without_prologue(utf8);
    std::string out;
    out.reserve(text.size() + 64);
    while (!text.empty()) {
        const std::size_t mark = text.find_first_of("&<");
        append_allowed(out, text.substr(0, mark));
        if (mark == std::string_view::npos) break;
        text.remove_prefix(mark);
        if (text.front() == '<') {
            const std::size_t length = quiet_length(text);
            // A second XML declaration, after blank lines or a comment, is an error to expat and means nothing.
            const bool declaration = text.starts_with("<?xml") && text.size() > 5 && is_blank(text[5]);
            if (!declaration) append_allowed(out, text.substr(0, length == 0 ? 1 : length));
            text.remove_prefix(length == 0 ? 1 : length);
            continue;
        }
        const CharacterReference reference = read_reference(text);
        if (reference.length == 0) {
            out += "&amp;";
            text.remove_prefix(1);
            continue;
        }
        if (reference.code != 0) append_escaped(out, reference.code);
        text.remove_prefix(reference.length);
    }
    return out;
}

}  // namespace vigie::sources
