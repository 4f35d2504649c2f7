#include "vigie/engine/forward_clock.hpp"

namespace vigie::engine {

Time ForwardClock::now() const {
    const std::lock_guard lock(mutex_);
    const Time wall = real_.now();
    const Duration steady = real_.steady();
    // Whole milliseconds only, so that many short waits add up to the same as one long one.
    const Duration slow = (steady - steady_) / 2;
    if (wall >= last_ + slow) {
        last_ = wall;
        steady_ = steady;
    } else {
        last_ += slow;
        steady_ += slow * 2;
    }
    return last_;
}

}  // namespace vigie::engine
