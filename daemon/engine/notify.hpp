// What systemd is told (sd_notify): ready, reloading, stopping, still alive. Without systemd all of it does nothing.
#pragma once

#include <optional>
#include <string>

#include "vigie/core/time.hpp"

namespace vigie::engine::notify {

void ready(const std::string& status);
void status(const std::string& status);
void reloading(Duration monotonic);
void stopping();
void watchdog();
/// The start takes longer than the unit allows for: this much more, please.
void extend_start(Duration more);
/// How often the watchdog wants to hear: half of WATCHDOG_USEC; none if there is no watchdog.
std::optional<Duration> watchdog_interval();

}  // namespace vigie::engine::notify
