// The small files beside the database: the lock, the sequence file, copies of whole directories.
// Thread-safety: each object has one owner.
#pragma once

#include <rocksdb/env.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"

namespace vigie::store {

/// Holds `<directory>/lock` until destroyed, or until the process ends however it ends.
class DirectoryLock {
public:
    /// Errors: busy ("already running on <directory>"), invalid (not ours to write), io.
    static Result<DirectoryLock> take(const std::string& directory);
    DirectoryLock(DirectoryLock&& other) noexcept;
    DirectoryLock& operator=(DirectoryLock&& other) noexcept;
    ~DirectoryLock();

private:
    explicit DirectoryLock(int file) : file_(file) {}
    int file_ = -1;
};

/// Makes the directory (and its parents) and tells in one sentence what stands against it. Errors: invalid, io.
Result<> prepare_directory(const std::string& directory, bool create);

/// What was last known to be written: compared with the database at open, so that a lost write-ahead log is noticed.
struct SequenceMark {
    std::uint64_t identity = 0, sequence = 0, mentions = 0;
    friend bool operator==(const SequenceMark&, const SequenceMark&) = default;
};
/// None: there is no such file, or it does not verify.
std::optional<SequenceMark> read_mark(rocksdb::Env* env, const std::string& path);
Result<> write_mark(rocksdb::Env* env, const std::string& path, const SequenceMark& mark);

/// Temporary file, fsync, rename, fsync of the directory.
Result<> write_whole(rocksdb::Env* env, const std::string& path, std::string_view bytes);

/// Copies a directory's files; *.sst are linked where `link` is set and the file system can (they never change). Everything is synced.
Result<> copy_directory(const std::string& from, const std::string& to, bool link);
/// "20260301T093000Z", for names.
std::string compact_time(Time time);

/// What the plain files of a directory take together; those that vanish meanwhile count nothing.
std::uint64_t size_of_files(const std::string& directory);

}  // namespace vigie::store
