// The whole engine over recorded records at simulated time, without network: what `vigie replay` prints. Deterministic.
// Thread-safety: free function.
#pragma once

#include <functional>
#include <istream>
#include <map>
#include <optional>
#include <string>

#include "vigie/core/record_json.hpp"
#include "vigie/engine/configuration.hpp"

namespace vigie::engine {

struct ReplayOptions {
    std::optional<Time> until;  ///< stop at this instant
    Duration tail{0};           ///< go on for so long after the last record
};

struct ReplaySummary {
    std::uint64_t records = 0, duplicates = 0, rejected = 0;
    std::size_t brands = 0;
    std::optional<Time> from, to;
    std::map<std::string, std::uint64_t> alerts;  ///< firings by alert name
};

/// Reads NDJSON from `in` and hands each event to `print` as one line of JSON without its newline (contract.md, "Events"). Records are
/// taken in the order in which they became known; those out of order within a day are sorted. `on_rejection` hears of each line that is no
/// record. Every receiver takes every notification at once. Errors: as the store's.
Result<ReplaySummary> replay(const Configuration& configuration, std::istream& in, const ReplayOptions& options,
                             const std::function<void(const std::string&)>& print,
                             const std::function<void(const Rejection&)>& on_rejection);

/// The events as JSON lines.
std::string event_json(const alerts::Transition& transition);
std::string event_json(const alerts::Notification& notification);
std::string event_json(const ReplaySummary& summary, double wall_seconds);

}  // namespace vigie::engine
