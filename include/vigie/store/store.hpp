// The store: seen keys, evidence, buckets, accounts, alert states, outbox and cursors in one RocksDB. Keys and values:
// docs/store-format.md. Thread-safety: set_brands, set_retention, set_synced, set_standing, commit(LedgerInput), load_windows,
// save_snapshot, roll_up, apply_retention and forget_author belong to the ledger thread; everything else may be called from any thread,
// beside it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/author_history.hpp"
#include "vigie/core/brand.hpp"
#include "vigie/core/mention.hpp"
#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"
#include "vigie/detect/bucket.hpp"
#include "vigie/detect/selector.hpp"
#include "vigie/detect/windows.hpp"
#include "vigie/store/ledger.hpp"
#include "vigie/store/options.hpp"
#include "vigie/store/rows.hpp"
#include "vigie/store/state.hpp"

namespace vigie::store {

class Store {
public:
    /// Opens or creates. A damaged write-ahead log is put aside and what verifies is recovered (report()). Errors: busy (another process),
    /// invalid (not a directory, not ours to write), unsupported (written by a newer Vigie), no_space, corrupt (needs a backup), io.
    static Result<std::unique_ptr<Store>> open(Options options);
    /// Closes in order: the sequence file last.
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    const OpenReport& report() const noexcept;

    /// The brands that BrandIndex counts, at start and after each reload. Errors: invalid (two names with one key).
    Result<> set_brands(const std::vector<Brand>& brands);
    void set_retention(const Retention& retention);
    /// Whether each write waits for the disk; it does unless told otherwise. Without it kill -9 still loses nothing, a power cut may: for
    /// playing a file, where nobody was promised anything.
    void set_synced(bool synced) noexcept;

    /// How the authors of what commit() counts are weighed; every one is ordinary unless told. Set it before the first commit: the weight
    /// is stored with the mention, and stays.
    void set_standing(WeighAuthor weigh);

    // --- ledger -----------------------------------------------------------------------------------------------------------------------
    /// One synced batch, all or nothing; afterwards exactly `touched` is to be added to the windows. Errors: no_space (try again later;
    /// nothing changed), limit (group too large), invalid (a brand index out of range), corrupt, io. After an error nothing has changed, in
    /// memory neither.
    Result<CommitResult> commit(LedgerInput input);

    // --- windows ----------------------------------------------------------------------------------------------------------------------
    /// The windows of the brands as of `now`: from the snapshot and the journal where they fit, else from the buckets; both give the same.
    Result<detect::Windows> load_windows(std::vector<detect::Selector> selectors, Time now);
    /// Whether the last load_windows came from the snapshot.
    bool loaded_from_snapshot() const noexcept;
    /// Writes the windows of the ledger thread (which hold every commit so far), and trims the journal.
    Result<> save_snapshot(const detect::Windows& windows);
    /// Batches in the journal since the last snapshot: a restart replays them.
    std::uint64_t journal_length() const noexcept;
    /// Sums hours that are over for 49 h, at most `max_hours` hours a call. Returns whether it is up to date. Call it every few minutes.
    Result<bool> roll_up(Time now, std::size_t max_hours = 24);

    // --- state rows -------------------------------------------------------------------------------------------------------------------
    /// Synced. Written even when intake is refused for lack of space, as long as the ballast lasts. Errors: no_space, limit, io.
    Result<> commit(const StateBatch& batch);
    /// All rows of a table, by brand and name; 0 in each row that is shared.
    Result<std::vector<StateRow>> rows(Table table) const;
    Result<std::optional<std::string>> row(Table table, std::uint64_t brand, std::string_view name) const;
    /// Grows for ever, over restarts too; never given twice.
    std::uint64_t next_outbox_sequence() noexcept;
    /// In order of (integration, sequence).
    Result<std::vector<OutboxEntry>> outbox() const;
    Result<std::vector<OutboxEntry>> outbox(std::string_view integration, std::size_t limit) const;
    /// Oldest first.
    Result<std::vector<AuditEntry>> audit_since(Time since, std::size_t limit) const;

    // --- queries ----------------------------------------------------------------------------------------------------------------------
    /// Mentions of a brand with an event time in (from, to], newest first; only those that `keep` (may be empty) wants.
    Result<std::vector<StoredMention>> evidence(std::uint64_t brand, Time from, Time to, std::size_t limit,
                                                const std::function<bool(const StoredMention&)>& keep = {}) const;
    /// The `limit` mentions in (from, to] with the greatest weight, heaviest first (equal weights: newest first). A negative weight drops
    /// it; of one cluster of near copies, only the heaviest is told. Looks at no more than `max_scan` mentions, the newest.
    Result<std::vector<StoredMention>> top(std::uint64_t brand, Time from, Time to, std::size_t limit,
                                           const std::function<double(const StoredMention&)>& weight, std::size_t max_scan = 20'000) const;
    /// One mention by the item's id; none if the brand does not know it.
    Result<std::optional<StoredMention>> find(std::uint64_t brand, std::string_view id) const;
    /// Every mention of every brand, by brand and event time, from one consistent view. Stops early where `visit` answers false.
    Result<> for_each_mention(const std::function<bool(const StoredMention&)>& visit) const;
    /// Each item once, with every field as it came: what `export` writes. Deleted ones are left out. Returns how many.
    Result<std::uint64_t> for_each_item(const std::function<bool(const Item&)>& visit) const;
    /// Stored minutes (not empty) of a brand in (from, to], oldest first.
    Result<std::vector<std::pair<Minute, detect::Bucket>>> minutes(std::uint64_t brand, Minute from, Minute to) const;
    Result<std::vector<std::pair<Hour, detect::Bucket>>> hours(std::uint64_t brand, Hour from, Hour to) const;
    /// The same minutes, counted anew from the evidence (source counts are not in it): what minutes() must hold. For tests and `verify`.
    Result<std::vector<std::pair<Minute, detect::Bucket>>> recount(std::uint64_t brand, Minute from, Minute to) const;
    /// Accounts of a brand, in no particular order.
    Result<std::vector<Account>> accounts(std::uint64_t brand, std::size_t limit) const;
    Result<std::optional<Account>> account(std::uint64_t brand, std::string_view platform, std::string_view handle) const;
    Result<std::vector<Cursor>> cursors() const;
    /// Of a brand (key 0: of all), oldest first.
    Result<std::vector<StoredTakedown>> takedowns(std::uint64_t brand = 0) const;
    StoreCounts counts() const;
    /// Whether intake would be taken now.
    bool accepts_intake() const;

    // --- care -------------------------------------------------------------------------------------------------------------------------
    /// Removes what is older than the retention, at most `max_brands` brands a call. Returns whether it is done for this `now`.
    Result<bool> apply_retention(Time now, std::size_t max_brands = 1000);
    /// Takes the text out of every mention of this author, and the account out of every brand; counts stay. Returns how many mentions.
    Result<std::uint64_t> forget_author(std::string_view platform, std::string_view handle);
    /// Reads every block. Errors: corrupt, with the file.
    Result<> verify_checksums() const;
    /// A consistent copy, verified by opening it. Errors: invalid (the directory exists and is not empty), no_space, corrupt, io.
    Result<> backup(const std::string& directory);
    /// Copies a backup to where a store will be opened, after verifying it. Errors: invalid (the target is not empty, or no backup), io,
    /// corrupt.
    static Result<> restore(const std::string& backup_directory, const std::string& data_directory);

private:
    struct Impl;
    explicit Store(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace vigie::store
