// A circuit breaker for one integration: keeps many rows from each finding out for itself that the peer is down.
// Thread-safety: one owner.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vigie/core/time.hpp"
#include "vigie/delivery/outcome.hpp"

namespace vigie::delivery {

enum class BreakerState : std::uint8_t {
    closed,     ///< all may go
    open,       ///< none may go until the probe is due
    half_open,  ///< one probe is under way
    dead,       ///< the address is gone: one probe an hour, in case it was mended
};
std::string_view to_string(BreakerState state) noexcept;

/// Opens after 5 failed tries in a row; probes after 5 s, doubling up to 60 s (each row keeps its own longer schedule, so that a longer one
/// here would only delay the news once the peer is back). Any answer that shows the peer alive closes it.
class Breaker {
public:
    /// Whether a try may start now. In the state open or dead, and the probe due, it says yes.
    bool allows(Time now) const noexcept;
    /// When it will say yes again; none: now.
    std::optional<Time> opens_at() const noexcept;
    /// A try begins.
    void on_start(Time now) noexcept;
    /// A try ended; `dead` where the schedule gave the row up because the address is dead. `random` in [0, 1) spreads the probe.
    void on_outcome(const Outcome& outcome, bool dead, Time now, double random);
    BreakerState state() const noexcept { return state_; }
    int failures() const noexcept { return failures_; }
    friend bool operator==(const Breaker&, const Breaker&) = default;

private:
    BreakerState state_ = BreakerState::closed;
    int failures_ = 0;
    bool gone_ = false;  ///< the probe under way is one of a dead address
    Time probe_at_;
};

}  // namespace vigie::delivery
