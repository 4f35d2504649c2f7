// The one place that reads the machine's clocks.
// Thread-safety: may be read from any thread.
#pragma once

#include "vigie/core/clock.hpp"

namespace vigie::engine {

/// now() is CLOCK_REALTIME, steady() is CLOCK_MONOTONIC, both cut to milliseconds.
class SystemClock final : public Clock {
public:
    Time now() const override;
    Duration steady() const override;
};

}  // namespace vigie::engine
