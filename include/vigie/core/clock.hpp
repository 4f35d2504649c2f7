// Two clocks behind one interface: the wall clock dates things, the steady clock measures how long they take.
// Thread-safety: every implementation may be read from any thread.
#pragma once

#include <atomic>

#include "vigie/core/time.hpp"

namespace vigie {

class Clock {
public:
    virtual ~Clock() = default;
    /// The wall clock, UTC. May jump, also backwards.
    virtual Time now() const = 0;
    /// Time since an arbitrary start; never goes back.
    virtual Duration steady() const = 0;
};

/// A clock that stands still until it is told. Both readings move together, except in step_wall.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Time start = {}) : wall_ms_(to_millis(start)) {}
    Time now() const override { return from_millis(wall_ms_.load()); }
    Duration steady() const override { return Duration{steady_ms_.load()}; }
    /// Moves both clocks on by d (d >= 0).
    void advance(Duration d) {
        wall_ms_ += d.count();
        steady_ms_ += d.count();
    }
    /// Moves both clocks on to t; does nothing if t is not later.
    void advance_to(Time t) {
        if (t > now()) advance(t - now());
    }
    /// Moves the wall clock alone, also backwards, as an administrator or NTP would.
    void step_wall(Duration d) { wall_ms_ += d.count(); }

private:
    std::atomic<std::int64_t> wall_ms_;
    std::atomic<std::int64_t> steady_ms_{0};
};

}  // namespace vigie
