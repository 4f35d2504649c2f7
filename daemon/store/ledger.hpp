// One group on its way into one batch.
// Thread-safety: the ledger thread.
#pragma once

#include <rocksdb/write_batch.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "store/impl.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::store {

/// Reads what the group touches, builds the batch, writes it, and only then fills the caches again. Everything taken out of a cache is
/// simply gone from it if something fails on the way.
class Store::Impl::Commit {
public:
    Commit(Store::Impl& store, LedgerInput input);
    Result<CommitResult> run();

private:
    /// A brand and an item of this group, once.
    struct Row {
        std::uint64_t brand = 0;
        Hash128 id;
        BrandIndex index = 0;
        std::uint32_t item = 0, match = 0;
        std::optional<Seen> seen;
        bool erased = false;        ///< a delete of this group takes its text
        std::uint64_t repeats = 0;  ///< the account whose mention it repeats; 0: of nobody known
        bool operator<(const Row& other) const { return std::tie(brand, id, item) < std::tie(other.brand, other.id, other.item); }
    };
    /// A mention that items of this group repeat.
    struct Repeated {
        std::uint64_t id = 0;      ///< hash64
        std::uint64_t author = 0;  ///< its account; 0: not known
        std::vector<Row*> rows;    ///< that repeat it
    };
    /// A first member of a cluster of near copies, found to be one by a later member.
    struct First {
        std::uint64_t brand = 0, cluster = 0;
        BrandIndex index = 0;
    };
    struct MinuteChange {
        BrandIndex index = 0;
        detect::Bucket delta;
        std::vector<RemovedCount> removed;
        detect::Bucket whole;
    };
    struct AccountChange {
        Account account;
        bool changed = false;
    };
    using MinuteKey = std::pair<std::uint64_t, Minute>;

    // ledger.cpp
    Result<> check() const;
    void collect_rows();
    Result<> read_seen();
    void find_copies();
    const NearCopy* copy_of(const Row& row) const;
    void note_first(const std::string& key, DecodedEvidence& evidence);
    Result<> complete_clusters();
    Result<> read_repeated();
    /// The author of each of these mentions, where it is known.
    Result<> read_authors(const std::vector<std::pair<const MentionId, Repeated>*>& unknown);
    Result<> read_accounts();
    void count_new(const Row& row);
    std::int64_t weigh(const Row& row, std::uint64_t author, Account* account, bool copy);
    Account* author_account(std::uint64_t brand, const Item& item, std::uint64_t account);
    void put_evidence(std::uint64_t brand, const Item& item, std::string value);
    void put_seen_rows();
    void settle_outcomes();

    // ledger_changes.cpp: what changes something that is stored already
    Result<> correct_known();
    Result<> correct(Row& row, DecodedEvidence evidence);
    Result<> find_deleted();
    void sight_accounts();
    Result<> read_minutes();
    void apply_counts();
    void put_accounts();
    void put_minutes();
    Result<> put_hours();
    Result<> put_takedowns_and_cursors();
    Result<> write();
    void keep();

    /// Every name that is stored counts: the bits of another configuration would be wrong.
    static BrandMatch all_of(const std::vector<std::string>& functions) {
        return {0, functions.size() >= 64 ? ~0ULL : (1ULL << functions.size()) - 1};
    }
    MinuteChange& minute(std::uint64_t brand, BrandIndex index, Minute minute);
    void put(Cf which, std::string_view key, std::string_view value);

    Store::Impl& store_;
    LedgerInput in_;
    std::shared_ptr<const BrandTable> brands_;
    rocksdb::WriteBatch batch_;
    CommitResult result_;
    std::vector<Row> rows_;                  ///< sorted, unique
    std::vector<std::size_t> fresh_;         ///< rows not seen before, in the order of the input
    std::vector<std::uint8_t> item_states_;  ///< bits, of each item
    std::map<std::string, First> firsts_;    ///< by evidence key; taken out as they are stored
    std::map<RowId, AccountChange> accounts_;
    std::map<MinuteKey, MinuteChange> minutes_;
    std::vector<std::pair<std::string, std::string>> evidence_;
    std::map<std::string, std::string> seen_;  ///< changed ones; new ones come from rows_
    std::vector<std::pair<const Count*, MinuteKey>> counts_;
};

}  // namespace vigie::store
