// What a feed source remembers between polls: validators, which items it has seen, how often it was told of a move.
// Thread-safety: a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::sources {

/// The memory of one URL.
struct FeedMemory {
    std::uint64_t url = 0;            ///< hash64 of the URL asked: another URL starts afresh
    std::string etag, last_modified;  ///< verbatim
    std::uint64_t moved_to = 0;       ///< hash64 of where a permanent redirect led; 0: none
    std::uint32_t moved_count = 0;    ///< polls in a row that were told so
    bool polled = false;              ///< a whole answer was read before
    std::vector<std::uint64_t> seen;  ///< hash64 of item ids, the newest first
    friend bool operator==(const FeedMemory&, const FeedMemory&) = default;
};

/// Text, versioned, a line for each fact:
///   vigie-feed 1 <next>        the position of the query to ask next
///   u <url> <moved_to> <moved_count> <polled>   begins the memory of a URL; hashes in hexadecimal
///   e <etag>    m <last-modified>    s <ids, 16 digits each>
struct FeedCursor {
    std::size_t next = 0;
    std::vector<FeedMemory> memories;
    friend bool operator==(const FeedCursor&, const FeedCursor&) = default;
};

std::string encode_cursor(const FeedCursor& cursor);
/// No value for text that is no such cursor; "" gives an empty cursor.
std::optional<FeedCursor> decode_cursor(std::string_view text);

/// Puts the ids of an answer before those known, and drops the oldest beyond max(ids.size(), min(4000, max(200, 2 * ids.size()))).
void remember(FeedMemory& memory, const std::vector<std::uint64_t>& ids);

}  // namespace vigie::sources
