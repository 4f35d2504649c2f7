// What a Store holds. Its methods are spread over the files of this folder, one subject each.
// Thread-safety: as Store says; what several threads touch is atomic or under a mutex named here.
#pragma once

#include <rocksdb/write_batch.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "store/codec.hpp"
#include "store/db.hpp"
#include "store/files.hpp"
#include "store/lru.hpp"
#include "store/space.hpp"
#include "vigie/core/hash.hpp"
#include "vigie/store/store.hpp"

namespace vigie::store {

/// 2: evidence, accounts and buckets know standing; 1 is read, and what is written anew is 2.
inline constexpr std::uint64_t schema_version = 2;
/// Of repeated mentions, whose authors are remembered, so that an echo costs one read and not one for each voice.
inline constexpr std::size_t cached_repeated = 10'000;

class MemoryDisk {
public:
    MemoryDisk();
    rocksdb::Env* env() const noexcept { return env_.get(); }

private:
    std::unique_ptr<rocksdb::Env> env_;
};

/// The configured brands; replaced as a whole, so that readers on other threads keep the one they have.
struct BrandTable {
    struct Entry {
        std::uint64_t key = 0;
        std::string name;
        std::vector<std::string> functions;
    };
    std::vector<Entry> entries;
    std::unordered_map<std::uint64_t, BrandIndex> by_key;
    std::uint64_t hash = 0;  ///< of the names in order: what a snapshot of the windows was made for
};

/// A minute or an account of a brand.
struct RowId {
    std::uint64_t brand = 0;
    std::uint64_t unit = 0;
    friend auto operator<=>(const RowId&, const RowId&) = default;
};
struct RowIdHash {
    std::size_t operator()(const RowId& id) const noexcept {
        return static_cast<std::size_t>(id.brand ^ (id.unit * 0x9E3779B97F4A7C15ULL));
    }
};

/// A mention of a brand.
struct MentionId {
    std::uint64_t brand = 0;
    Hash128 id;
    friend bool operator==(const MentionId&, const MentionId&) = default;
    friend bool operator<(const MentionId& a, const MentionId& b) { return std::tie(a.brand, a.id) < std::tie(b.brand, b.id); }
};
struct MentionIdHash {
    std::size_t operator()(const MentionId& id) const noexcept {
        std::uint64_t head = 0;
        std::memcpy(&head, id.id.bytes.data(), sizeof head);
        return static_cast<std::size_t>(id.brand ^ head);
    }
};

struct Store::Impl {
    class Commit;  ///< ledger.hpp

    explicit Impl(Options settings);
    ~Impl();

    // open.cpp
    Result<> open();
    Result<> open_database();
    Result<> recover_database(const Error& damage);
    Result<> read_meta();
    Result<> compare_with_mark(const std::optional<SequenceMark>& mark);
    std::string path(std::string_view name) const { return options.directory + "/" + std::string(name); }

    /// Under write_mutex: adds the sequence row, writes with sync, and moves the numbers on if that worked.
    Result<> write_locked(rocksdb::WriteBatch& batch, std::uint64_t next_sequence, std::uint64_t more_mentions);
    Result<> write(rocksdb::WriteBatch& batch);
    /// Under write_mutex: the sequence file, if it is due.
    void mark_locked(Time now, bool force);
    Result<> writable() const;

    std::shared_ptr<const BrandTable> brand_table() const;
    /// The lowest event time of an item that may still be counted.
    Time oldest_item(Time now) const;

    // windows.cpp
    Result<detect::Windows> from_snapshot(const std::vector<detect::Selector>& selectors);
    Result<detect::Windows> from_buckets(const std::vector<detect::Selector>& selectors, Time now);

    // rollup.cpp
    Result<std::size_t> roll_hour(Hour hour, rocksdb::WriteBatch& batch);

    // queries.cpp
    StoredMention with_matches(std::uint64_t brand, DecodedEvidence evidence, const BrandTable& table) const;

    // retention.cpp
    Result<std::vector<std::uint64_t>> stored_brands() const;
    Result<> expire(Cf which, const std::string& from, const std::string& to, rocksdb::WriteBatch& batch) const;

    Options options;
    OpenReport report;
    rocksdb::Env* env = nullptr;
    std::optional<DirectoryLock> lock;
    std::unique_ptr<SpaceGuard> space;
    std::shared_ptr<Floors> floors = std::make_shared<Floors>();
    std::unique_ptr<Db> db;

    mutable std::mutex brands_mutex;
    std::shared_ptr<const BrandTable> brands = std::make_shared<BrandTable>();

    std::mutex write_mutex;
    std::atomic<bool> synced{true};
    bool older_layout = false;  ///< as opened
    bool needs_resume = false;  ///< under write_mutex: the last write failed
    std::uint64_t identity = 0;
    std::atomic<std::uint64_t> sequence{0};
    std::atomic<std::uint64_t> mentions{0};
    std::atomic<std::uint64_t> outbox_sequence{0};
    std::uint64_t batches_since_mark = 0;
    Time marked_at;

    // Of the ledger thread.
    Lru<RowId, detect::Bucket, RowIdHash> bucket_cache;
    Lru<RowId, Account, RowIdHash> account_cache;
    Lru<MentionId, std::uint64_t, MentionIdHash> repeated_cache;  ///< its author's account
    WeighAuthor weigh;                                            ///< empty: everybody is ordinary
    Hour rolled_to = INT32_MIN;
    std::uint64_t ledger_sequence = 0;  ///< of the last batch in the journal, or of the snapshot
    std::uint64_t journal_from = 1;
    std::atomic<std::uint64_t> journal_rows{0};
    bool snapshot_used = false;
    std::optional<std::string> retention_at;  ///< the brand at which the next call goes on
};

}  // namespace vigie::store
