#include "store/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "store/db.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::store {
namespace fs = std::filesystem;
namespace {

Error system_error(std::string_view what, const std::string& path, int number) {
    const Errc code = number == ENOSPC ? Errc::no_space : number == EACCES || number == EPERM || number == EROFS ? Errc::invalid : Errc::io;
    return Error(code, fmt::format("{}: {}", what, std::strerror(number)), path);
}

Result<> sync_path(const std::string& path, int flags) {
    const int file = ::open(path.c_str(), flags | O_CLOEXEC);
    if (file < 0) return system_error("cannot open", path, errno);
    const int failed = ::fsync(file);
    const int number = errno;
    ::close(file);
    if (failed != 0) return system_error("cannot sync", path, number);
    return {};
}

Result<> copy_one(const fs::path& from, const fs::path& to, bool link) {
    std::error_code error;
    if (link && from.extension() == ".sst") {
        fs::create_hard_link(from, to, error);
        if (!error) return {};
    }
    fs::copy_file(from, to, error);
    if (error) return system_error("cannot copy " + from.string(), to.string(), error.value());
    return sync_path(to.string(), O_RDONLY);
}

}  // namespace

Result<DirectoryLock> DirectoryLock::take(const std::string& directory) {
    const std::string path = directory + "/lock";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return system_error("cannot write the data directory", directory, errno);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        const int number = errno;
        ::close(file);
        if (number == EWOULDBLOCK) return Error(Errc::busy, "already running on " + directory);
        return system_error("cannot lock", path, number);
    }
    return DirectoryLock(file);
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
}
DirectoryLock::~DirectoryLock() {
    if (file_ >= 0) ::close(file_);
}

Result<> prepare_directory(const std::string& directory, bool create) {
    if (directory.empty()) return Error(Errc::invalid, "no data directory is given");
    std::error_code error;
    const auto status = fs::status(directory, error);
    if (fs::exists(status) && !fs::is_directory(status)) return Error(Errc::invalid, "the data directory is not a directory", directory);
    if (!fs::exists(status)) {
        if (!create) return Error(Errc::not_found, "there is no store", directory);
        fs::create_directories(directory, error);
        if (error) return system_error("cannot create the data directory", directory, error.value());
        fs::permissions(directory, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec, error);
    }
    const int wanted = create ? R_OK | W_OK | X_OK : R_OK | X_OK;
    if (::access(directory.c_str(), wanted) != 0) {
        auto failed = system_error(create ? "cannot write the data directory" : "cannot read the data directory", directory, errno);
        return failed.code() == Errc::io
                   ? failed
                   : Error(Errc::invalid, failed.message() + fmt::format(" (running as uid {})", ::geteuid()), directory);
    }
    return {};
}

std::optional<SequenceMark> read_mark(rocksdb::Env* env, const std::string& path) {
    std::string text;
    if (!rocksdb::ReadFileToString(env, path, &text).ok() || text.size() > 1024) return std::nullopt;
    SequenceMark mark;
    char checksum[17] = {};
    unsigned long long identity = 0, sequence = 0, mentions = 0;
    if (std::sscanf(text.c_str(), "vigie-sequence 1 %llx %llu %llu %16s", &identity, &sequence, &mentions, checksum) != 4)
        return std::nullopt;
    mark = {identity, sequence, mentions};
    const auto body = fmt::format("vigie-sequence 1 {:016x} {} {}", mark.identity, mark.sequence, mark.mentions);
    if (to_hex(hash64(body)) != checksum) return std::nullopt;
    return mark;
}

Result<> write_mark(rocksdb::Env* env, const std::string& path, const SequenceMark& mark) {
    const auto body = fmt::format("vigie-sequence 1 {:016x} {} {}", mark.identity, mark.sequence, mark.mentions);
    return write_whole(env, path, body + " " + to_hex(hash64(body)) + "\n");
}

Result<> write_whole(rocksdb::Env* env, const std::string& path, std::string_view bytes) {
    const std::string temporary = path + ".new";
    auto status = rocksdb::WriteStringToFile(env, slice(bytes), temporary, true);
    if (status.ok()) status = env->RenameFile(temporary, path);
    if (!status.ok()) return to_error(status, "cannot write " + path);
    std::unique_ptr<rocksdb::Directory> directory;
    status = env->NewDirectory(path.substr(0, path.rfind('/')), &directory);
    if (status.ok()) status = directory->Fsync();
    if (!status.ok()) return to_error(status, "cannot sync the directory of " + path);
    return {};
}

Result<> copy_directory(const std::string& from, const std::string& to, bool link) {
    std::error_code error;
    fs::create_directories(to, error);
    if (error) return system_error("cannot create", to, error.value());
    for (const auto& entry : fs::directory_iterator(from, error)) {
        const auto name = entry.path().filename();
        if (!entry.is_regular_file() || name == "LOCK") continue;
        if (auto done = copy_one(entry.path(), fs::path(to) / name, link); !done) return done;
    }
    if (error) return system_error("cannot read", from, error.value());
    return sync_path(to, O_RDONLY | O_DIRECTORY);
}

std::string compact_time(Time time) {
    std::string text = format_time(time).substr(0, 19) + "Z";
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

std::uint64_t size_of_files(const std::string& directory) {
    std::uint64_t sum = 0;
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(directory, error); !error && entry != std::filesystem::directory_iterator();
         entry.increment(error)) {
        std::error_code gone;
        const auto size = entry->file_size(gone);
        if (!gone) sum += size;
    }
    return sum;
}

}  // namespace vigie::store
