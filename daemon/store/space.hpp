// Debian's RocksDB aborts when the disk fills while it appends to its log, so we stop writing before: intake first, alert states last.
// Thread-safety: any thread.
#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "vigie/core/result.hpp"
#include "vigie/store/options.hpp"

namespace vigie::store {

class SpaceGuard {
public:
    /// `ballast` is the path of the file that is given up when space is low.
    SpaceGuard(const Options& options, std::string ballast);

    /// Whether there is room to open at all; gives the ballast up if that helps. Errors: no_space, io.
    Result<> admit_open();
    /// Whether `bytes` of intake may be written. Errors: no_space.
    Result<> admit_intake(std::uint64_t bytes);
    /// Whether `bytes` of alert state may be written; gives the ballast up if that helps. Errors: no_space.
    Result<> admit_state(std::uint64_t bytes);
    /// Makes the ballast again where there is room for it. Failing to is no error: it is tried again.
    void restore_ballast();
    std::uint64_t free_bytes() const;
    bool low() const;
    bool has_ballast() const noexcept { return has_ballast_; }

private:
    Result<std::uint64_t> available() const;
    void give_up_ballast();

    FreeSpace probe_;
    std::string directory_, ballast_;
    std::uint64_t min_free_, ballast_bytes_, hard_floor_;
    std::atomic<bool> has_ballast_{false};
    std::mutex mutex_;
};

}  // namespace vigie::store
