// What the store answers about the past.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vigie/core/author_history.hpp"
#include "vigie/core/mention.hpp"
#include "vigie/core/time.hpp"

namespace vigie::store {

/// One mention as it was counted. `analysed.matches` holds this brand alone, with the functions that the running configuration still names;
/// it is empty where the brand is no longer configured.
struct StoredMention {
    std::uint64_t brand = 0;  ///< brand_key
    AnalysedItem analysed;
    std::vector<std::string> functions;     ///< by name, as matched at the time
    bool new_author = false;                ///< the first of its author on this brand
    bool primary = false;                   ///< the one to export of an item that several brands share
    bool deleted = false;                   ///< its text, title, links, url and author are gone
    std::int64_t weight = ordinary_weight;  ///< its author's standing when it was counted, in thousandths
    std::uint64_t arrival = 0;              ///< grows with the order in which mentions were counted; 0: before that was kept
    std::uint64_t cluster = 0;              ///< of near copies that it belongs to; 0: nothing else is like it
    friend bool operator==(const StoredMention&, const StoredMention&) = default;
};

/// An account as a brand knows it.
struct Account {
    std::string platform;
    Untrusted handle;
    Untrusted name;
    Time first_seen, last_seen;             ///< event times of its mentions; of the sighting, if it has none
    std::int64_t mentions = 0;              ///< 0: met, but never spoke of the brand
    std::optional<std::int64_t> followers;  ///< as last known
    std::optional<Time> created;
    std::optional<bool> verified;
    AuthorHistory history{};
    friend bool operator==(const Account&, const Account&) = default;
};

struct StoredTakedown {
    std::string id;  ///< within its brand
    Takedown takedown;
    std::optional<Time> closed;
    friend bool operator==(const StoredTakedown&, const StoredTakedown&) = default;
};

/// Estimates, for /metrics.
struct StoreCounts {
    std::uint64_t mentions = 0;  ///< exact: accepted over the store's life
    std::uint64_t batches = 0;   ///< exact
    std::uint64_t seen = 0, evidence = 0, minutes = 0, hours = 0, accounts = 0, outbox = 0, journal = 0;
    std::uint64_t disk_bytes = 0;
    std::uint64_t memory_bytes = 0;
    std::uint64_t free_bytes = 0;
};

}  // namespace vigie::store
