#include "rules/place.hpp"

#include <algorithm>
#include <string_view>

namespace vigie::rules {
namespace {

/// The located tree does not keep which quotes a scalar had. Writers choose the quotes that need no escapes: double ones around an
/// apostrophe, single ones around a double quote or a backslash.
bool looks_single_quoted(std::string_view text) {
    if (text.find('\'') != std::string_view::npos) return false;
    return text.find('"') != std::string_view::npos || text.find('\\') != std::string_view::npos;
}

/// How many bytes a character of a double-quoted scalar takes beyond its own.
int escaped_by(char c) noexcept {
    return c == '"' || c == '\\' || c == '\n' || c == '\t' ? 1 : 0;
}

}  // namespace

doc::Mark place_in(const doc::Node& scalar, std::size_t at) {
    doc::Mark mark = scalar.mark;
    if (mark.line == 0) return mark;
    const std::string_view before = std::string_view(scalar.text).substr(0, at);
    const bool block = !scalar.quoted && scalar.text.find('\n') != std::string::npos;
    if (block) {
        mark.line += 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
        mark.column = 0;
        return mark;
    }
    // Columns count characters, bytes that go on with one do not begin one.
    mark.column += static_cast<int>(std::count_if(before.begin(), before.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    if (!scalar.quoted) return mark;
    ++mark.column;
    if (looks_single_quoted(scalar.text)) return mark;
    for (const char c : before) mark.column += escaped_by(c);
    return mark;
}

}  // namespace vigie::rules
