// What came of one try to deliver a notification. A receiver only says what happened; the schedule decides what follows.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vigie/alerts/alert.hpp"
#include "vigie/core/time.hpp"

namespace vigie::delivery {

enum class OutcomeKind : std::uint8_t {
    delivered,         ///< the peer took it
    retry,             ///< not now: try again by the schedule, or after retry_after
    payload_rejected,  ///< the peer will never take this body: a smaller one once, then a dead letter
    endpoint_dead,     ///< the address is gone or forbids us
    ambiguous,         ///< the request went out whole, no answer came: again, with the same key
};
std::string_view to_string(OutcomeKind kind) noexcept;

struct Outcome {
    Outcome(OutcomeKind kind_, std::string detail_, std::optional<Duration> retry_after_ = {}, bool at_once_ = false)
        : kind(kind_), detail(std::move(detail_)), retry_after(retry_after_), at_once(at_once_) {}
    OutcomeKind kind;
    std::string detail;                   ///< one sentence for people; never a secret, never the peer's raw text unescaped
    std::optional<Duration> retry_after;  ///< as the peer asked, already clamped to [1 s, 1 h]
    bool at_once = false;                 ///< endpoint_dead: without further strikes (410 Gone)
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// A row of the outbox: one notification for one integration of its receiver.
struct OutboxRow {
    std::uint64_t sequence = 0;  ///< grows with time over all rows: the order of delivery within an integration
    std::string integration;     ///< "comms/slack/0": receiver, kind, position
    alerts::Notification notification;
    int attempts = 0;
    Time next_try;
    std::optional<Time> first_try;
    bool shrunk = false;  ///< the smaller body is due
    std::string last_error;
    int strikes = 0;  ///< tries that were answered with endpoint_dead
    std::optional<Time> first_strike;
    friend bool operator==(const OutboxRow&, const OutboxRow&) = default;
};
/// JSON, versioned. decode(encode(x)) == x. Errors: corrupt.
std::string encode_outbox_row(const OutboxRow& row);
Result<OutboxRow> decode_outbox_row(std::string_view json);

}  // namespace vigie::delivery
