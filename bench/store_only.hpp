// The storage-only loop: the same keys and value sizes as a real commit of the store, straight into RocksDB. What ingest is measured
// against. Thread-safety: one owner.
#pragma once

#include <cstddef>
#include <string>

#include "vigie/core/result.hpp"

namespace vigie::bench {

struct StoreOnly {
    std::string directory;  ///< made new, and removed at the end
    std::size_t mentions = 100'000;
    std::size_t batch = 500;  ///< mentions in one synced write
    std::size_t text_bytes = 1000;
    std::size_t brands = 10'000;
};

struct StoreFigures {
    double mentions_per_second = 0;
    double p50_ms = 0, p99_ms = 0;  ///< of one batch
};

/// Keys and values as daemon/store writes them (seen 24+10, evidence 24+text, bucket 12+60, account 16+50, journal, sequence), values are
/// bytes.
Result<StoreFigures> store_only(const StoreOnly& how);
/// The same number of mentions through Store::commit, with everything that it does.
Result<StoreFigures> through_store(const StoreOnly& how);

}  // namespace vigie::bench
