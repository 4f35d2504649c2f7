// Where a file source stands.
// Thread-safety: a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vigie::sources {

/// Text: "vigie-file 1 <inode> <offset> <line> <skipping> <head length> <head hash>".
struct FileCursor {
    std::uint64_t inode = 0;
    std::uint64_t offset = 0;       ///< of the first byte not read yet; of a .gz: of the inflated bytes
    std::uint64_t line = 0;         ///< complete lines read so far
    bool skipping = false;          ///< inside a line too long to be a record
    std::uint64_t head_length = 0;  ///< how many bytes of the file's beginning `head` covers
    std::uint64_t head = 0;         ///< hash64 of them: tells a file that was truncated and grew again
    friend bool operator==(const FileCursor&, const FileCursor&) = default;
};

std::string encode_file_cursor(const FileCursor& cursor);
/// No value for text that is no such cursor; "" gives the beginning.
std::optional<FileCursor> decode_file_cursor(std::string_view text);

}  // namespace vigie::sources
