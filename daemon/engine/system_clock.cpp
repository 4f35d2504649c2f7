#include "vigie/engine/system_clock.hpp"

#include <chrono>

namespace vigie::engine {

Time SystemClock::now() const {
    return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

Duration SystemClock::steady() const {
    return std::chrono::floor<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace vigie::engine
