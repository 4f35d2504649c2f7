// The values of the store (docs/store-format.md): each begins with a version byte, and no decoder reads past its end.
// Thread-safety: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vigie/core/result.hpp"
#include "vigie/detect/bucket.hpp"
#include "vigie/store/ledger.hpp"
#include "vigie/store/rows.hpp"

namespace vigie::store {

/// What is remembered of an item that a brand has counted. Its event time leads to the evidence.
struct Seen {
    Time published;
    std::int64_t engagement = 0;  ///< total, as counted
    bool deleted = false;
    friend bool operator==(const Seen&, const Seen&) = default;
};
std::string encode_seen(const Seen& seen);
Result<Seen> decode_seen(std::string_view bytes);

/// A mention on disk: the item, what intake said, and what recounting needs even after the text is gone.
struct EvidenceRow {
    const AnalysedItem* analysed = nullptr;
    std::vector<std::string> functions;
    bool new_author = false, primary = false, deleted = false;
    std::uint64_t author = 0;               ///< hash64(account_key); kept when the handle is not
    std::int64_t weight = ordinary_weight;  ///< as counted: what a delete or a recount needs
    std::uint64_t arrival = 0, cluster = 0;
};
std::string encode_evidence(const EvidenceRow& row);

struct DecodedEvidence {
    StoredMention mention;  ///< without brand and matches
    std::uint64_t author = 0;
};
Result<DecodedEvidence> decode_evidence(std::string_view bytes);
/// What was decoded, and perhaps changed since.
std::string encode_evidence(const DecodedEvidence& row);
/// Takes out everything that a person wrote or that names the person; what a bucket counted stays.
void strip(DecodedEvidence& evidence);

std::string encode_account(const Account& account);
Result<Account> decode_account(std::string_view bytes);

std::string encode_takedown(const Takedown& takedown, std::optional<Time> closed);
Result<StoredTakedown> decode_takedown(std::string_view bytes);

/// One minute in a journal row.
struct JournalMinute {
    std::uint64_t brand = 0;
    Minute minute = 0;
    detect::Bucket delta;
    std::vector<RemovedCount> removed;
};
void append_journal_minute(std::string& out, std::uint64_t brand, const Touched& touched);
Result<std::vector<JournalMinute>> decode_journal(std::string_view bytes);

std::string encode_numbers(std::initializer_list<std::uint64_t> numbers);
Result<std::vector<std::uint64_t>> decode_numbers(std::string_view bytes, std::size_t count);

}  // namespace vigie::store
