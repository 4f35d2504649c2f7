#include "engine/notify.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

namespace vigie::engine::notify {
namespace {

std::string one_line(std::string text) {
    for (char& c : text) {
        if (c == '\n' || c == '\r') c = ' ';
    }
    return text;
}

}  // namespace

void ready(const std::string& status) {
    sd_notify(0, ("READY=1\nSTATUS=" + one_line(status)).c_str());
}
void status(const std::string& status) {
    sd_notify(0, ("STATUS=" + one_line(status)).c_str());
}
void reloading(Duration monotonic) {
    sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}", std::chrono::microseconds(monotonic).count()).c_str());
}
void stopping() {
    sd_notify(0, "STOPPING=1");
}
void watchdog() {
    sd_notify(0, "WATCHDOG=1");
}
void extend_start(Duration more) {
    sd_notify(0, fmt::format("EXTEND_TIMEOUT_USEC={}", std::chrono::microseconds(more).count()).c_str());
}

std::optional<Duration> watchdog_interval() {
    std::uint64_t usec = 0;
    if (sd_watchdog_enabled(0, &usec) <= 0 || usec == 0) return std::nullopt;
    return std::chrono::floor<Duration>(std::chrono::microseconds(usec / 2));
}

}  // namespace vigie::engine::notify
