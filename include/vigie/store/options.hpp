// How a store is opened, and what opening found.
// Thread-safety: values; a MemoryDisk may be shared by stores that are open one after the other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"

namespace vigie::store {

/// Files in memory, for replay and rule tests: what one store leaves there, the next one finds. Knows no full disk and no second process.
class MemoryDisk;
std::shared_ptr<MemoryDisk> make_memory_disk();

/// How long what is kept. An item or count whose event time is older than `evidence` (a count: than `minutes`) is refused as too old,
/// because nothing would remember that it was counted.
struct Retention {
    Duration evidence = std::chrono::days{30};
    Duration minutes = std::chrono::days{90};     ///< at least 50 h: minutes live until their hour is rolled up
    Duration hours = std::chrono::days{3 * 365};  ///< also accounts and the audit
    friend bool operator==(const Retention&, const Retention&) = default;
};

/// Bytes that a process without privileges may still write where `path` lies.
using FreeSpace = std::function<Result<std::uint64_t>(const std::string& path)>;

struct Options {
    std::string directory;               ///< created if missing; one store each
    std::shared_ptr<MemoryDisk> memory;  ///< set: nothing touches the real disk
    bool read_only = false;              ///< beside a running daemon too; every write is refused
    Retention retention;
    std::uint64_t min_free_bytes = 64ULL << 20;  ///< below it intake is refused (at least twice the largest write buffer)
    std::uint64_t ballast_bytes =
        32ULL << 20;  ///< kept aside, and given up when free space is low, so that alerts can still be written; 0: none
    std::uint64_t hard_floor_bytes = 12ULL << 20;  ///< below it nothing is written, for RocksDB would abort
    std::uint64_t cache_bytes = 64ULL << 20;       ///< block cache
    std::uint64_t write_buffer_bytes = 16ULL << 20;
    std::size_t cached_buckets = 20'000;
    std::size_t cached_accounts = 100'000;
    FreeSpace free_space;  ///< empty: statvfs
};

/// What happened while opening. The daemon goes on in each case; what is not empty here belongs in the log and in an alert of its own.
struct OpenReport {
    bool created = false;                ///< there was no store
    std::uint64_t sequence = 0;          ///< of the last batch that is there
    std::uint64_t mentions = 0;          ///< accepted over the store's life
    std::optional<std::string> damage;   ///< the write-ahead log did not verify: what RocksDB said
    std::string kept_copy;               ///< where the damaged files were put aside before the recovery
    std::uint64_t batches_lost = 0;      ///< known to have been written, and not there: at least so many
    std::uint64_t mentions_lost = 0;     ///< among them
    bool sequence_file_missing = false;  ///< a store with batches, but no file to compare it with: a lost log would not have been noticed
    bool low_space = false;              ///< intake is refused until there is more
    /// One sentence for each thing that went wrong; empty if nothing did.
    std::string text() const;
};

}  // namespace vigie::store
