// NDJSON in a file: read once, or followed through rotation as `tail -F` does.
// Thread-safety: one network thread.
#pragma once

#include <memory>
#include <string>

#include "sources/file_cursor.hpp"
#include "sources/line_file.hpp"
#include "vigie/core/record_json.hpp"
#include "vigie/sources/source.hpp"

namespace vigie::sources {

/// At most this much is read in one poll.
inline constexpr std::size_t max_file_chunk = 4u << 20;

class FileSource final : public Source {
public:
    FileSource(SourceSettings settings, const Clock& clock) : settings_(std::move(settings)), clock_(clock) {}

    const SourceSettings& settings() const override { return settings_; }
    /// Reads the next complete lines. A followed file's last line waits for its line feed; one that is read once ends without.
    boost::asio::awaitable<PollResult> poll(std::string cursor) override;

private:
    PollResult read_next(const std::string& cursor_text);
    Result<> settle(FileCursor& cursor, Batch& batch);
    Result<> open_for(FileCursor& cursor, Batch& batch);
    Result<> check_head(FileCursor& cursor, Batch& batch);
    bool rotated() const;
    void start_over(FileCursor& cursor) const;
    void take_lines(std::string_view lines, FileCursor& cursor, Batch& batch);
    Result<> remember_head(FileCursor& cursor);

    SourceSettings settings_;
    const Clock& clock_;
    RecordReader reader_;
    std::unique_ptr<LineFile> file_;
};

/// Errors: invalid (no path, a .gz to follow), io and not_found (a file to be read once that cannot be).
Result<std::unique_ptr<Source>> make_file_source(const SourceSettings& settings, const Clock& clock);

}  // namespace vigie::sources
