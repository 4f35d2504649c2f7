// A file, plain or gzipped, read by offset.
// Thread-safety: belongs to one thread.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <memory>
#include <string>

#include "vigie/core/result.hpp"

namespace vigie::sources {

class LineFile {
public:
    /// Opens a regular file; `gzip` inflates while reading. Errors: not_found, io (with the system's words), invalid (not a regular file).
    static Result<std::unique_ptr<LineFile>> open(const std::string& path, bool gzip);
    ~LineFile();
    LineFile(const LineFile&) = delete;
    LineFile& operator=(const LineFile&) = delete;

    /// Up to `most` bytes from `offset`; fewer only at the end. Errors: io, corrupt (broken or cut gzip).
    Result<std::string> read(std::uint64_t offset, std::size_t most);
    /// As it is now. Errors: io.
    Result<std::uint64_t> size() const;
    std::uint64_t inode() const noexcept { return inode_; }

private:
    LineFile(int fd, gzFile gz, std::uint64_t inode) : fd_(fd), gz_(gz), inode_(inode) {}

    int fd_;     ///< -1 once zlib owns it
    gzFile gz_;  ///< null for plain files
    std::uint64_t inode_;
};

/// The inode at a path; 0 if there is none.
std::uint64_t inode_of(const std::string& path);

}  // namespace vigie::sources
