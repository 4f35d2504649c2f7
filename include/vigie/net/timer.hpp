// Waiting inside a coroutine.
// Thread-safety: call and await on the coroutine's own executor.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "vigie/core/time.hpp"

namespace vigie::net {

/// Waits for `d` of steady time on the current executor; not at all if d <= 0, though other coroutines get their turn.
/// Cancellation: terminal cancellation ends the wait with boost::system::system_error(operation_aborted), which unwinds the coroutine.
boost::asio::awaitable<void> sleep_for(Duration d);

}  // namespace vigie::net
