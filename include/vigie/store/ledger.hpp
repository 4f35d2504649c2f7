// What the ledger commits in one synced batch, and what came of it.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vigie/core/mention.hpp"
#include "vigie/core/record.hpp"
#include "vigie/core/time.hpp"
#include "vigie/detect/bucket.hpp"

namespace vigie::store {

/// Where a source stands: its own bytes.
struct Cursor {
    std::string source;
    std::string bytes;
    friend bool operator==(const Cursor&, const Cursor&) = default;
};

/// An account that was met without a mention, for the brand that it concerns (impostors).
struct BrandAccount {
    BrandIndex brand = 0;
    AccountSeen account;
};

/// An item whose text is a near copy of an earlier mention of the brand.
struct NearCopy {
    std::uint32_t item = 0;  ///< position in the group
    BrandIndex brand = 0;
    std::uint64_t cluster = 0;  ///< never 0
    bool of_another = false;    ///< somebody else posted it too, and it is no press: it counts against the author's standing
    std::uint64_t first = 0;    ///< hash64 of the id of the cluster's first member, to be stored as one too; 0: it is
    Time first_published;
    friend bool operator==(const NearCopy&, const NearCopy&) = default;
};

/// One group. Items come first, then deletes, whatever order they arrived in. At most max_group items.
struct LedgerInput {
    std::vector<AnalysedItem> items;
    std::vector<Count> counts;  ///< those of unknown brands are ignored, and counted
    std::vector<Takedown> takedowns;
    std::vector<BrandAccount> accounts;
    std::vector<Delete> deletes;
    std::vector<Cursor> cursors;
    std::vector<NearCopy> copies;  ///< sorted by item and brand
    Time now;
};

inline constexpr std::size_t max_group = 10'000;

enum class ItemOutcome : std::uint8_t {
    accepted,   ///< new for at least one of its brands
    updated,    ///< known; its engagement had grown
    duplicate,  ///< known, nothing new
    too_old,    ///< its event time is older than the evidence is kept
    unmatched,  ///< no brand
};
std::string_view to_string(ItemOutcome outcome) noexcept;

struct RemovedCount {
    detect::Bucket::CountKey key;
    double value = 0;
    friend bool operator==(const RemovedCount&, const RemovedCount&) = default;
};

/// What a commit changed in one minute of one brand: first take `removed` out of the windows, then add `delta`.
struct Touched {
    BrandIndex brand = 0;
    Minute minute = 0;
    detect::Bucket delta;
    std::vector<RemovedCount> removed;
    friend bool operator==(const Touched&, const Touched&) = default;
};

struct CommitResult {
    std::size_t accepted = 0;           ///< items
    std::size_t updated = 0;            ///< items
    std::size_t duplicates = 0;         ///< items; updated ones too
    std::size_t too_old = 0;            ///< items and counts
    std::size_t unmatched = 0;          ///< items without a brand, and counts of an unknown brand
    std::size_t mentions = 0;           ///< (brand, item) pairs newly counted
    std::size_t deleted = 0;            ///< (brand, item) pairs whose text is gone
    std::vector<ItemOutcome> outcomes;  ///< of each item, in order
    std::vector<Touched> touched;       ///< sorted by brand, then minute
    std::uint64_t sequence = 0;         ///< of this batch
};

}  // namespace vigie::store
