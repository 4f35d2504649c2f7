#include "sources/file_source.hpp"

#include <algorithm>

#include "vigie/core/hash.hpp"

namespace vigie::sources {
namespace {

constexpr std::size_t head_bytes = 256;
constexpr Duration pause_at_end = std::chrono::hours{1};  ///< of a file that is read once

bool is_gzip(const std::string& path) {
    return path.ends_with(".gz");
}

void note_rejection(const Rejection& rejection, Batch& batch) {
    ++batch.rejected;
    if (batch.rejected > 3) return;  // the first few tell what is wrong
    std::string note = "line " + std::to_string(rejection.line);
    if (!rejection.field.empty()) note += ", field " + rejection.field;
    batch.notes.push_back(note + ": found " + rejection.found + ", expected " + rejection.expected);
}

/// What a record lacks that only its door knows.
void complete(Record& record, const std::string& source, Time now) {
    if (auto* item = std::get_if<Item>(&record)) {
        if (item->source.empty()) item->source = source;
        if (!item->observed) item->observed = now;
    } else if (auto* count = std::get_if<Count>(&record)) {
        if (count->source.empty()) count->source = source;
    } else if (auto* account = std::get_if<AccountSeen>(&record)) {
        if (!account->observed) account->observed = now;
    }
}

}  // namespace

void FileSource::start_over(FileCursor& cursor) const {
    cursor = FileCursor();
    cursor.inode = file_->inode();
}

/// Opens the file that the cursor stands in: the one at the path, or the one that rotation has moved to path.1 meanwhile.
Result<> FileSource::open_for(FileCursor& cursor, Batch& batch) {
    const std::string older = settings_.path + ".1";
    const bool fresh = cursor.inode == 0;
    const bool moved = !fresh && settings_.follow && inode_of(settings_.path) != cursor.inode;
    if (moved && inode_of(older) == cursor.inode) {
        auto opened = LineFile::open(older, false);
        if (opened && (*opened)->inode() == cursor.inode) {
            file_ = std::move(*opened);
            return {};
        }
    }
    auto opened = LineFile::open(settings_.path, is_gzip(settings_.path));
    if (!opened) return std::move(opened).error();
    file_ = std::move(*opened);
    if (file_->inode() == cursor.inode) return {};
    if (!fresh) batch.gap = "the file was replaced while it was not watched: what stood at the end of the old one may be missing";
    start_over(cursor);
    return {};
}

/// A file that is shorter than before, or begins otherwise, was truncated and written anew.
Result<> FileSource::check_head(FileCursor& cursor, Batch& batch) {
    if (is_gzip(settings_.path)) return {};
    const Result<std::uint64_t> size = file_->size();
    if (!size) return size.error();
    bool same = *size >= cursor.offset;
    if (same && cursor.head_length > 0) {
        const Result<std::string> head = file_->read(0, static_cast<std::size_t>(std::min<std::uint64_t>(cursor.head_length, head_bytes)));
        if (!head) return head.error();
        same = hash64(*head) == cursor.head;
    }
    if (same) return {};
    batch.notes.push_back("the file was truncated: it is read from its beginning");
    start_over(cursor);
    return {};
}

bool FileSource::rotated() const {
    if (!settings_.follow) return false;
    const std::uint64_t at_path = inode_of(settings_.path);
    return at_path != 0 && at_path != file_->inode();
}

Result<> FileSource::settle(FileCursor& cursor, Batch& batch) {
    if (file_ == nullptr || file_->inode() != cursor.inode) {
        file_.reset();
        if (const Result<> opened = open_for(cursor, batch); !opened) return opened;
    }
    return check_head(cursor, batch);
}

Result<> FileSource::remember_head(FileCursor& cursor) {
    if (is_gzip(settings_.path) || cursor.head_length >= head_bytes || cursor.offset <= cursor.head_length) return {};
    const Result<std::string> head = file_->read(0, static_cast<std::size_t>(std::min<std::uint64_t>(cursor.offset, head_bytes)));
    if (!head) return head.error();
    cursor.head_length = head->size();
    cursor.head = hash64(*head);
    return {};
}

void FileSource::take_lines(std::string_view lines, FileCursor& cursor, Batch& batch) {
    const Time now = clock_.now();
    const std::int64_t before = static_cast<std::int64_t>(cursor.line);
    reader_.parse_lines(
        lines,
        [&](Record&& record, std::int64_t) {
            complete(record, settings_.name, now);
            batch.records.push_back(std::move(record));
        },
        [&](Rejection&& rejection) {
            rejection.line += before;
            note_rejection(rejection, batch);
        });
    cursor.line += static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
    if (!lines.empty() && lines.back() != '\n') ++cursor.line;
    cursor.offset += lines.size();
}

PollResult FileSource::read_next(const std::string& cursor_text) {
    Batch batch;
    std::optional<FileCursor> cursor = decode_file_cursor(cursor_text);
    if (!cursor) {
        batch.notes.push_back("the stored cursor could not be read; the file is read from its beginning");
        cursor.emplace();
    }
    const auto failed = [this](const Error& error) {
        return Failure(error.where().empty() ? Error(error.code(), error.message(), settings_.path) : error);
    };
    if (const Result<> settled = settle(*cursor, batch); !settled) return failed(settled.error());
    const bool old_file = rotated();  // before reading: what its writer adds later is read, too
    const Result<std::string> chunk = file_->read(cursor->offset, max_file_chunk);
    if (!chunk) return failed(chunk.error());
    const bool at_end = chunk->size() < max_file_chunk;
    std::string_view lines = *chunk;

    if (cursor->skipping) {
        const std::size_t end = lines.find('\n');
        const std::size_t passed = end == std::string_view::npos ? lines.size() : end + 1;
        cursor->offset += passed;
        lines.remove_prefix(passed);
        if (end != std::string_view::npos) {
            cursor->skipping = false;
            ++cursor->line;
        }
    }
    // The last line is complete when it cannot grow any more.
    const bool complete_end = at_end && (!settings_.follow || old_file);
    const std::size_t last = lines.rfind('\n');
    if (!cursor->skipping && last == std::string_view::npos && !at_end) {
        note_rejection({static_cast<std::int64_t>(cursor->line + 1), "", "a line longer than 4 MB", "a record of at most 1 MB"}, batch);
        cursor->offset += lines.size();
        cursor->skipping = true;
        lines = {};
    } else if (!complete_end) {
        lines = lines.substr(0, last == std::string_view::npos ? 0 : last + 1);
    }
    take_lines(lines, *cursor, batch);
    if (const Result<> head = remember_head(*cursor); !head) return failed(head.error());
    batch.more = !at_end;
    if (at_end && old_file) {
        file_.reset();
        cursor = FileCursor();
        batch.more = true;
        batch.notes.push_back("the file was rotated");
    }
    if (at_end && !settings_.follow) batch.poll_after = pause_at_end;
    batch.not_modified = batch.records.empty() && batch.rejected == 0 && !batch.more;
    batch.cursor = encode_file_cursor(*cursor);
    return batch;
}

boost::asio::awaitable<PollResult> FileSource::poll(std::string cursor) {
    co_return read_next(cursor);
}

Result<std::unique_ptr<Source>> make_file_source(const SourceSettings& settings, const Clock& clock) {
    const std::string where = "source " + settings.name;
    if (settings.path.empty()) return Error(Errc::invalid, "a file source needs a path", where);
    if (settings.follow && is_gzip(settings.path)) return Error(Errc::invalid, "a .gz file cannot be followed", where);
    if (!settings.follow)
        if (const auto opened = LineFile::open(settings.path, false); !opened) return opened.error();
    return Result<std::unique_ptr<Source>>(std::make_unique<FileSource>(settings, clock));
}

}  // namespace vigie::sources
