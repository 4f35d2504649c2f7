#include "vigie/sources/schedule.hpp"

#include <algorithm>
#include <cmath>

namespace vigie::sources {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration shortest = seconds{1};
constexpr Duration first_backoff = seconds{30};
constexpr Duration longest_backoff = hours{1};
constexpr Duration longest_wish = hours{24};  ///< of what a server may ask for

double clamp_jitter(double jitter) noexcept {
    return std::isfinite(jitter) ? std::clamp(jitter, 0.0, 1.0) : 0.5;
}

/// 90 % to 110 % of d.
Duration spread(Duration d, double jitter) noexcept {
    return Duration{std::llround(static_cast<double>(d.count()) * (0.9 + 0.2 * clamp_jitter(jitter)))};
}

Duration wish(const std::optional<Duration>& asked) noexcept {
    return asked ? std::clamp(*asked, Duration{0}, longest_wish) : Duration{0};
}

}  // namespace

std::string_view to_string(Health health) noexcept {
    switch (health) {
        case Health::waiting:
            return "waiting";
        case Health::healthy:
            return "healthy";
        case Health::failing:
            return "failing";
        case Health::gone:
            return "gone";
        case Health::silent:
            return "silent";
    }
    return "waiting";
}

PollSchedule::PollSchedule(Duration every, Duration silent_after)
    : every_(std::max(every, shortest)), silent_after_(std::max(silent_after, Duration{0})) {}

Time PollSchedule::first(Time now, double jitter) {
    const Duration span = std::min<Duration>(every_, minutes{1});
    next_poll_ = now + Duration{std::llround(static_cast<double>(span.count()) * clamp_jitter(jitter))};
    return next_poll_;
}

Duration PollSchedule::backoff() const noexcept {
    const Duration cap = std::max(every_, longest_backoff);
    Duration pause = std::max(every_, first_backoff);
    for (std::uint32_t i = 1; i < failures_ && pause < cap; ++i) pause *= 2;
    return std::min(pause, cap);
}

Time PollSchedule::next(const PollOutcome& outcome, Time now, double jitter) {
    polled_ = true;
    if (outcome.kind == PollOutcome::Kind::gone) {
        gone_ = true;
        ++failures_;
        last_error_ = outcome.error;
        return next_poll_ = Time::max();
    }
    if (outcome.kind == PollOutcome::Kind::failure) {
        failures_ = failures_ == UINT32_MAX ? failures_ : failures_ + 1;
        last_error_ = outcome.error;
        const Duration asked = wish(outcome.retry_after);
        return next_poll_ = now + std::max(spread(backoff(), jitter), asked);
    }
    gone_ = false;
    failures_ = 0;
    last_error_.clear();
    last_success_ = now;
    if (!first_success_) first_success_ = now;
    if (outcome.items > 0) last_item_ = now;
    if (outcome.more) return next_poll_ = now;
    return next_poll_ = now + std::max(spread(every_, jitter), wish(outcome.poll_after));
}

void PollSchedule::revive() noexcept {
    gone_ = false;
    if (next_poll_ == Time::max()) next_poll_ = Time{};
}

std::optional<Time> PollSchedule::silent_since(Time now) const noexcept {
    const std::optional<Time> since = last_item_ ? last_item_ : first_success_;
    if (!since || silent_after_ == Duration{0} || now - *since < silent_after_) return std::nullopt;
    return since;
}

Health PollSchedule::health(Time now) const noexcept {
    if (gone_) return Health::gone;
    if (!polled_) return Health::waiting;
    if (failures_ > 0) return Health::failing;
    return silent_since(now) ? Health::silent : Health::healthy;
}

}  // namespace vigie::sources
