// From records to what the ledger commits. Pure; on any thread.
// Thread-safety: a free function over const objects.
#pragma once

#include <vector>

#include "vigie/core/record.hpp"
#include "vigie/store/ledger.hpp"
#include "vigie/text/analyse.hpp"

namespace vigie::engine {

/// An event time further ahead of now than this is a wrong clock: the item counts as published when it was seen. So is an `observed`.
inline constexpr Duration max_ahead{std::chrono::minutes{5}};

/// Matches and analyses items, matches accounts by their names, and sorts the other records by kind. `now` becomes LedgerInput::now, and
/// `observed` where an item has none; `source` becomes the items' source where they have none. Items that no brand matches stay in, without
/// matches: the ledger counts them.
store::LedgerInput prepare(std::vector<Record> records, const text::Analyser& analyser, const std::string& source, Time now);

/// Adds what `from` holds behind what `to` holds; to.now stays.
void append(store::LedgerInput& to, store::LedgerInput&& from);

/// When a record became known: an item's `observed` or else its `published`, a count's end, and so on. The order of replay. Time{} for one
/// that does not say (an account without `observed`): it belongs where it stands.
Time time_of(const Record& record);

}  // namespace vigie::engine
