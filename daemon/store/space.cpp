#include "store/space.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

namespace vigie::store {
namespace {

Result<std::uint64_t> statvfs_free(const std::string& path) {
    struct statvfs info {};
    if (::statvfs(path.c_str(), &info) != 0)
        return Error(Errc::io, std::string("cannot ask for free space: ") + std::strerror(errno), path);
    return static_cast<std::uint64_t>(info.f_bavail) * static_cast<std::uint64_t>(info.f_frsize);
}

std::string megabytes(std::uint64_t bytes) {
    return fmt::format("{} MB", bytes >> 20);
}

}  // namespace

SpaceGuard::SpaceGuard(const Options& options, std::string ballast)
    : probe_(options.free_space),
      directory_(options.directory),
      ballast_(std::move(ballast)),
      min_free_(std::max(options.min_free_bytes, options.hard_floor_bytes)),
      ballast_bytes_(options.ballast_bytes),
      hard_floor_(options.hard_floor_bytes) {
    // In memory there is no disk to fill, unless a test plays one.
    if (options.memory) ballast_bytes_ = 0;
    if (!probe_ && options.memory) probe_ = [](const std::string&) { return Result<std::uint64_t>(UINT64_MAX / 4); };
    if (!probe_) probe_ = statvfs_free;
    std::error_code ignored;
    if (ballast_bytes_ > 0) has_ballast_ = std::filesystem::exists(ballast_, ignored);
}

Result<std::uint64_t> SpaceGuard::available() const {
    return probe_(directory_);
}

std::uint64_t SpaceGuard::free_bytes() const {
    return available().value_or(0);
}

bool SpaceGuard::low() const {
    return free_bytes() < min_free_;
}

void SpaceGuard::give_up_ballast() {
    const std::lock_guard lock(mutex_);
    if (!has_ballast_) return;
    ::unlink(ballast_.c_str());
    has_ballast_ = false;
}

void SpaceGuard::restore_ballast() {
    if (ballast_bytes_ == 0 || has_ballast_) return;
    if (free_bytes() < min_free_ + ballast_bytes_ + ballast_bytes_ / 2) return;
    const std::lock_guard lock(mutex_);
    const int file = ::open(ballast_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return;
    // Allocated, not only sized: the blocks must really be ours to give back.
    const bool whole = ::posix_fallocate(file, 0, static_cast<off_t>(ballast_bytes_)) == 0;
    ::close(file);
    if (whole) {
        has_ballast_ = true;
    } else {
        ::unlink(ballast_.c_str());
    }
}

Result<> SpaceGuard::admit_open() {
    auto free = available();
    if (!free) return free.error();
    if (*free < min_free_) {
        give_up_ballast();
        free = available();
        if (!free) return free.error();
    }
    if (*free < hard_floor_) {
        return Error(Errc::no_space,
                     fmt::format("{} free, at least {} are needed to open the store", megabytes(*free), megabytes(hard_floor_)),
                     directory_);
    }
    return {};
}

Result<> SpaceGuard::admit_intake(std::uint64_t bytes) {
    auto free = available();
    if (!free) return free.error();
    if (*free < min_free_ + bytes) {
        return Error(Errc::no_space,
                     fmt::format("{} free, intake needs {}: it goes on when there is more", megabytes(*free), megabytes(min_free_ + bytes)),
                     directory_);
    }
    restore_ballast();
    return {};
}

Result<> SpaceGuard::admit_state(std::uint64_t bytes) {
    auto free = available();
    if (!free) return free.error();
    if (*free < hard_floor_ + ballast_bytes_ / 2 + bytes) {
        give_up_ballast();
        free = available();
        if (!free) return free.error();
    }
    if (*free < hard_floor_ + bytes) {
        return Error(Errc::no_space, fmt::format("{} free, nothing can be written", megabytes(*free)), directory_);
    }
    return {};
}

}  // namespace vigie::store
