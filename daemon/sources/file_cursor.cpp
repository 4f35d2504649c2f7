#include "sources/file_cursor.hpp"

#include <charconv>

namespace vigie::sources {
namespace {
constexpr std::string_view magic = "vigie-file 1";
}

std::string encode_file_cursor(const FileCursor& c) {
    std::string out(magic);
    for (const std::uint64_t value : {c.inode, c.offset, c.line, std::uint64_t{c.skipping ? 1u : 0u}, c.head_length, c.head})
        out += " " + std::to_string(value);
    return out;
}

std::optional<FileCursor> decode_file_cursor(std::string_view text) {
    FileCursor c;
    if (text.empty()) return c;
    if (!text.starts_with(magic)) return std::nullopt;
    text.remove_prefix(magic.size());
    std::uint64_t skipping = 0;
    for (std::uint64_t* field : {&c.inode, &c.offset, &c.line, &skipping, &c.head_length, &c.head}) {
        if (text.empty() || text.front() != ' ') return std::nullopt;
        text.remove_prefix(1);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *field);
        if (error != std::errc{}) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    }
    if (!text.empty() || skipping > 1) return std::nullopt;
    c.skipping = skipping == 1;
    return c;
}

}  // namespace vigie::sources
