// Records as NDJSON (contract.md, "Records"). simdjson reads, our writer writes.
// Thread-safety: RecordReader belongs to one thread; the writers are free functions.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/record.hpp"

namespace vigie {

/// One refused record: which line (from 1; of a JSON array, the index from 1), which field ("" = the whole line), what was found, what was
/// expected.
struct Rejection {
    std::int64_t line = 0;
    std::string field;
    std::string found;  ///< at most 60 bytes of it, valid UTF-8, control characters escaped
    std::string expected;
    friend bool operator==(const Rejection&, const Rejection&) = default;
};

/// At most this many bytes in one record; a longer line is rejected alone.
inline constexpr std::size_t max_record_bytes = 1 << 20;

/// Bounds of single fields, in bytes. A longer id or name is rejected; a longer text is cut; a longer link is left out. Together they make
/// sure that what was read can be written and read again within max_record_bytes.
inline constexpr std::size_t max_id_bytes = 1024;
inline constexpr std::size_t max_name_bytes = 256;             ///< series, brand, source, language
inline constexpr std::size_t max_short_text_bytes = 8 * 1024;  ///< title, url, target, reason, one link
inline constexpr std::size_t max_handle_bytes = 1024;          ///< handle, name, by
inline constexpr std::size_t max_links_bytes = 64 * 1024;      ///< all links of an item
inline constexpr std::size_t max_links = 256;
/// How deep lists and objects may lie in each other.
inline constexpr std::size_t max_record_depth = 32;

class RecordReader {
public:
    RecordReader();
    ~RecordReader();
    RecordReader(RecordReader&&) noexcept;
    RecordReader& operator=(RecordReader&&) noexcept;

    /// Parses one JSON object. Text fields come out clean (clean_utf8); an absent field stays absent, and null is absent. Ill-formed UTF-8
    /// and escaped surrogates without their other half become U+FFFD, NUL goes. A known field may stand once. Unknown fields are counted in
    /// unknown_fields(). Never throws; hostile input gives a Rejection with line = `line`.
    std::variant<Record, Rejection> parse(std::string_view json, std::int64_t line);

    /// Calls `on_record(record, line)` or `on_rejection` for each line of NDJSON; blank lines are skipped, "\r\n" is accepted, a byte-order
    /// mark too.
    void parse_lines(std::string_view ndjson, const std::function<void(Record&&, std::int64_t)>& on_record,
                     const std::function<void(Rejection&&)>& on_rejection);
    /// The same for a JSON array of objects, or a single object. A broken array gives one Rejection where it breaks, and nothing after it
    /// is read; what stood before it is kept.
    void parse_array(std::string_view json, const std::function<void(Record&&, std::int64_t)>& on_record,
                     const std::function<void(Rejection&&)>& on_rejection);

    /// Fields met so far that no record type knows.
    std::uint64_t unknown_fields() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// One line without its newline. parse(to_json(r)) == r for every record that parse accepts; absent fields are left out.
std::string to_json(const Record& record);
/// Appends a JSON string literal (quotes included), escaping control characters, and U+2028/9; `utf8` must be valid.
void append_json_string(std::string& out, std::string_view utf8);

}  // namespace vigie
