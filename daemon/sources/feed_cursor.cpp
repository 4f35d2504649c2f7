#include "sources/feed_cursor.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "sources/ascii.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::sources {
namespace {

constexpr std::size_t max_seen = 4000;
constexpr std::size_t max_kept = 5000;
constexpr std::size_t least_seen = 200;
constexpr std::size_t max_memories = 1000;
constexpr std::size_t max_validator = 1024;
constexpr std::string_view magic = "vigie-feed 1 ";

std::string_view take_word(std::string_view& line) {
    const std::size_t end = line.find(' ');
    const std::string_view word = line.substr(0, end);
    line = end == std::string_view::npos ? std::string_view() : line.substr(end + 1);
    return word;
}

template <class Number>
bool read_number(std::string_view word, Number& value, int base) {
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
    return error == std::errc{} && end == word.data() + word.size() && !word.empty();
}

bool is_line(std::string_view text) {
    return !text.empty() && text.size() <= max_validator &&
           std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool decode_line(char kind, std::string_view line, FeedCursor& cursor) {
    if (kind == 'u') {
        FeedMemory memory;
        int polled = 0;
        if (cursor.memories.size() >= max_memories || !read_number(take_word(line), memory.url, 16) ||
            !read_number(take_word(line), memory.moved_to, 16) || !read_number(take_word(line), memory.moved_count, 10) ||
            !read_number(take_word(line), polled, 10))
            return false;
        memory.polled = polled != 0;
        cursor.memories.push_back(std::move(memory));
        return true;
    }
    if (cursor.memories.empty()) return false;
    FeedMemory& memory = cursor.memories.back();
    if (kind == 'e') memory.etag = line;
    if (kind == 'm') memory.last_modified = line;
    if (kind != 's') return kind == 'e' || kind == 'm';
    if (line.size() % 16 != 0 || line.size() / 16 > max_kept) return false;
    for (std::size_t at = 0; at < line.size(); at += 16) {
        std::uint64_t id = 0;
        if (!read_number(line.substr(at, 16), id, 16)) return false;
        memory.seen.push_back(id);
    }
    return true;
}

}  // namespace

std::string encode_cursor(const FeedCursor& cursor) {
    std::string out(magic);
    out += std::to_string(cursor.next) + "\n";
    for (const auto& memory : cursor.memories) {
        out += "u " + to_hex(memory.url) + " " + to_hex(memory.moved_to) + " " + std::to_string(memory.moved_count) +
               (memory.polled ? " 1\n" : " 0\n");
        if (is_line(memory.etag)) out += "e " + memory.etag + "\n";
        if (is_line(memory.last_modified)) out += "m " + memory.last_modified + "\n";
        if (memory.seen.empty()) continue;
        out += "s ";
        for (const std::uint64_t id : memory.seen) out += to_hex(id);
        out += "\n";
    }
    return out;
}

std::optional<FeedCursor> decode_cursor(std::string_view text) {
    FeedCursor cursor;
    if (text.empty()) return cursor;
    const std::size_t first = text.find('\n');
    if (!text.starts_with(magic) || first == std::string_view::npos) return std::nullopt;
    if (!read_number(text.substr(magic.size(), first - magic.size()), cursor.next, 10)) return std::nullopt;
    text.remove_prefix(first + 1);
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos || end < 2 || text[1] != ' ') return std::nullopt;
        if (!decode_line(text[0], text.substr(2, end - 2), cursor)) return std::nullopt;
        text.remove_prefix(end + 1);
    }
    return cursor;
}

void remember(FeedMemory& memory, const std::vector<std::uint64_t>& ids) {
    const std::size_t limit = std::max(ids.size(), std::min(max_seen, std::max(least_seen, 2 * ids.size())));
    std::vector<std::uint64_t> merged;
    std::unordered_set<std::uint64_t> present;
    for (const auto* list : {&ids, static_cast<const std::vector<std::uint64_t>*>(&memory.seen)})
        for (const std::uint64_t id : *list)
            if (merged.size() < limit && present.insert(id).second) merged.push_back(id);
    memory.seen = std::move(merged);
}

}  // namespace vigie::sources
