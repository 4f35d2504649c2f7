#include "vigie/delivery/breaker.hpp"

#include <algorithm>
#include <cmath>

namespace vigie::delivery {
namespace {

using namespace std::chrono_literals;

constexpr int failures_to_open = 5;
constexpr Duration first_probe = 5s;
constexpr Duration slowest_probe = 60s;
constexpr Duration dead_probe = 1h;

Duration probe_wait(int failures, double random) {
    const int doublings = std::clamp(failures - failures_to_open, 0, 10);
    const Duration wait = std::min<Duration>(first_probe * (1 << doublings), slowest_probe);
    return Duration{std::llround(static_cast<double>(wait.count()) * (0.8 + 0.2 * std::clamp(random, 0.0, 1.0)))};
}

}  // namespace

std::string_view to_string(BreakerState state) noexcept {
    switch (state) {
        case BreakerState::closed:
            return "closed";
        case BreakerState::open:
            return "open";
        case BreakerState::half_open:
            return "half_open";
        case BreakerState::dead:
            return "dead";
    }
    return "unknown";
}

bool Breaker::allows(Time now) const noexcept {
    switch (state_) {
        case BreakerState::closed:
            return true;
        case BreakerState::half_open:
            return false;
        case BreakerState::open:
        case BreakerState::dead:
            return now >= probe_at_;
    }
    return true;
}

std::optional<Time> Breaker::opens_at() const noexcept {
    if (state_ == BreakerState::open || state_ == BreakerState::dead) return probe_at_;
    return {};
}

void Breaker::on_start(Time now) noexcept {
    if (state_ == BreakerState::closed || !allows(now)) return;
    gone_ = state_ == BreakerState::dead;
    state_ = BreakerState::half_open;
}

void Breaker::on_outcome(const Outcome& outcome, bool dead, Time now, double random) {
    const bool alive = outcome.kind == OutcomeKind::delivered || outcome.kind == OutcomeKind::payload_rejected;
    if (alive) {
        *this = Breaker{};
        return;
    }
    failures_ = std::min(failures_ + 1, 1000);
    if (dead || (gone_ && outcome.kind == OutcomeKind::endpoint_dead)) {
        state_ = BreakerState::dead;
        probe_at_ = now + dead_probe;
        return;
    }
    gone_ = false;
    // An answer that says "not before" is as good as a breaker; a peer that forbids us is not down.
    if (failures_ < failures_to_open && state_ == BreakerState::closed) return;
    state_ = BreakerState::open;
    probe_at_ = now + std::max(probe_wait(failures_, random), outcome.retry_after.value_or(0s));
}

}  // namespace vigie::delivery
