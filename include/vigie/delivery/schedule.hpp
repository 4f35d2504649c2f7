// What follows from a try: the retry schedule of the outbox. Pure.
// Thread-safety: free functions without state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vigie/core/time.hpp"
#include "vigie/delivery/outcome.hpp"

namespace vigie::delivery {

enum class NextAction : std::uint8_t { done, retry, shrink, dead_letter };
std::string_view to_string(NextAction action) noexcept;

struct Next {
    NextAction action = NextAction::done;
    Time at;             ///< of the next try (retry, shrink); else the instant of the decision
    std::string reason;  ///< one sentence for people
    friend bool operator==(const Next&, const Next&) = default;
};

/// A row is given up this long after its first try; the last try falls on that instant.
inline constexpr Duration give_up_after{std::chrono::hours{24}};
/// An address that forbids us is dead after this many such answers to one row, spread over at least this time.
inline constexpr int dead_strikes = 3;
inline constexpr Duration dead_over{std::chrono::minutes{10}};

/// The wait after the n-th failed try (n >= 1): 2 s, 10 s, 30 s, 2 min, 5 min, 15 min, 30 min, then 1 h each. A dense head, because news of
/// a crisis perishes.
Duration retry_delay(int failed_tries) noexcept;
/// `row` as it was before the try, `random` in [0, 1): spreads a wait over 80% to 120% of it. Retry-After rules where the peer gave one,
/// but never sooner than the schedule's first 30 s would.
Next decide(const OutboxRow& row, const Outcome& outcome, Time now, double random);
/// The row as it is to be stored after that decision: attempts, instants, strikes, the last error (at most 300 bytes).
OutboxRow after_try(OutboxRow row, const Outcome& outcome, const Next& next, Time now);

}  // namespace vigie::delivery
