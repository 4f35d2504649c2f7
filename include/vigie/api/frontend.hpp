// The HTTP API, metrics and health of a daemon.
// Thread-safety: the daemon's network thread.
#pragma once

#include <memory>

#include "vigie/engine/daemon.hpp"

namespace vigie::api {

/// Listens where the configuration says, and serves until stopped. Errors: busy (the port is in use), invalid, io.
Result<std::unique_ptr<engine::Daemon::Frontend>> make_frontend(engine::Daemon& daemon);

}  // namespace vigie::api
