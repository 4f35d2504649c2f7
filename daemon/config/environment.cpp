#include "vigie/config/environment.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace vigie::config {
namespace {

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const noexcept { return fd_; }

private:
    int fd_;
};

Error failure(int code) {
    if (code == ENOENT || code == ENOTDIR) return Error(Errc::not_found, "there is no such file");
    if (code == EACCES || code == EPERM) return Error(Errc::refused, "permission to read it is denied");
    return Error(Errc::io, std::generic_category().message(code));
}

Result<FileContent> read_file(const std::string& path, std::size_t max_bytes) {
    if (path.find('\0') != std::string::npos) return Error(Errc::invalid, "its name has a NUL in it");
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return failure(errno);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return failure(errno);
    if (S_ISDIR(status.st_mode)) return Error(Errc::invalid, "it is a folder");
    if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode)) return Error(Errc::invalid, "it is a device, not a file");
    FileContent content;
    content.open_to_others = S_ISREG(status.st_mode) && (status.st_mode & (S_IRGRP | S_IROTH)) != 0;
    for (std::size_t length = 0;;) {
        content.bytes.resize(std::min(max_bytes + 1, length + 64 * 1024));
        const auto count = ::read(file.get(), content.bytes.data() + length, content.bytes.size() - length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return failure(errno);
        length += static_cast<std::size_t>(count);
        if (length > max_bytes) return Error(Errc::limit, fmt::format("it is larger than {} bytes", max_bytes));
        if (count == 0) {
            content.bytes.resize(length);
            return content;
        }
    }
}

std::optional<std::string> variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
}

}  // namespace

Environment system_environment() {
    return Environment{read_file, variable};
}

std::string beside(const std::string& file, const std::string& path) {
    const std::filesystem::path named(path);
    if (named.is_absolute()) return path;
    return (std::filesystem::path(file).parent_path() / named).lexically_normal().string();
}

}  // namespace vigie::config
