#include "sources/line_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace vigie::sources {
namespace {

std::string reason(int error) {
    return std::system_category().message(error);
}

}  // namespace

std::uint64_t inode_of(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 ? static_cast<std::uint64_t>(info.st_ino) : 0;
}

Result<std::unique_ptr<LineFile>> LineFile::open(const std::string& path, bool gzip) {
    // O_NONBLOCK: opening a FIFO would wait for its writer.
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        const int error = errno;
        return Error(error == ENOENT ? Errc::not_found : Errc::io, "cannot open: " + reason(error), path);
    }
    struct stat info {};
    const bool known = ::fstat(fd, &info) == 0;
    if (!known || !S_ISREG(info.st_mode)) {
        ::close(fd);
        return known ? Error(Errc::invalid, "not a regular file", path) : Error(Errc::io, "cannot be examined", path);
    }
    gzFile gz = nullptr;
    if (gzip) {
        gz = ::gzdopen(fd, "rb");
        if (gz == nullptr) {
            ::close(fd);
            return Error(Errc::io, "cannot be inflated: out of memory", path);
        }
    }
    const auto inode = static_cast<std::uint64_t>(info.st_ino);
    return std::unique_ptr<LineFile>(new LineFile(gz == nullptr ? fd : -1, gz, inode));
}

LineFile::~LineFile() {
    if (gz_ != nullptr) ::gzclose(gz_);
    if (fd_ >= 0) ::close(fd_);
}

Result<std::string> LineFile::read(std::uint64_t offset, std::size_t most) {
    std::string out(most, '\0');
    std::size_t have = 0;
    if (gz_ != nullptr) {
        if (::gztell(gz_) != static_cast<z_off_t>(offset) && ::gzseek(gz_, static_cast<z_off_t>(offset), SEEK_SET) < 0)
            return Error(Errc::corrupt, "the gzip data breaks off before where reading stopped");
        while (have < most) {
            const int n = ::gzread(gz_, out.data() + have, static_cast<unsigned>(std::min<std::size_t>(most - have, 1u << 20)));
            if (n < 0) break;
            if (n == 0) break;
            have += static_cast<std::size_t>(n);
        }
        int code = Z_OK;
        const char* text = ::gzerror(gz_, &code);
        // What came out before the break is good, and is handed on first.
        if (code != Z_OK && code != Z_STREAM_END && have == 0)
            return Error(Errc::corrupt,
                         std::string("the gzip data is broken: ") + (text == nullptr || *text == '\0' ? "it breaks off" : text));
    } else {
        while (have < most) {
            const ssize_t n = ::pread(fd_, out.data() + have, most - have, static_cast<off_t>(offset + have));
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return Error(Errc::io, "cannot read: " + reason(errno));
            if (n == 0) break;
            have += static_cast<std::size_t>(n);
        }
    }
    out.resize(have);
    return out;
}

Result<std::uint64_t> LineFile::size() const {
    struct stat info {};
    if (fd_ < 0 || ::fstat(fd_, &info) != 0) return Error(Errc::io, "cannot be examined");
    return static_cast<std::uint64_t>(info.st_size);
}

}  // namespace vigie::sources
