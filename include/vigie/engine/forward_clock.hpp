// A wall clock that never goes back: an administrator or NTP may set the machine's clock an hour back, and no interval, `for` or window may
// stand still for that hour. Thread-safety: may be read from any thread.
#pragma once

#include <mutex>

#include "vigie/core/clock.hpp"

namespace vigie::engine {

/// Reads as the real clock while that goes forward. When it has been set back, time goes on from where it was at half the steady clock's
/// pace, until the real clock has caught up: a step of an hour is made good within two.
class ForwardClock final : public Clock {
public:
    explicit ForwardClock(const Clock& real) : real_(real), last_(real.now()), steady_(real.steady()) {}
    Time now() const override;
    Duration steady() const override { return real_.steady(); }

private:
    const Clock& real_;
    mutable std::mutex mutex_;
    mutable Time last_;        ///< as last read
    mutable Duration steady_;  ///< when last_ was right
};

}  // namespace vigie::engine
