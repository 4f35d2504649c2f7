// When a source is polled next, and how it fares. A machine without I/O: outcomes and the time go in, the next poll's time comes out.
// Thread-safety: belongs to one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"

namespace vigie::sources {

enum class Health : std::uint8_t {
    waiting,  ///< not polled yet
    healthy,  ///< the last poll succeeded
    failing,  ///< the last poll failed
    gone,     ///< 410: not polled again until the configuration changes
    silent,   ///< polls succeed, but nothing new has come for long
};
std::string_view to_string(Health health) noexcept;

/// What a poll came to.
struct PollOutcome {
    enum class Kind : std::uint8_t { success, not_modified, failure, gone };
    PollOutcome() = default;
    explicit PollOutcome(Kind kind_) : kind(kind_) {}
    Kind kind = Kind::success;
    std::uint64_t items = 0;              ///< new records of a success
    bool more = false;                    ///< there is more to read at once
    std::optional<Duration> poll_after;   ///< the pause that a success asks for
    std::optional<Duration> retry_after;  ///< the pause that a failure asks for
    std::string error;                    ///< of a failure or gone; without secrets (redact_url)
};

class PollSchedule {
public:
    /// `every` >= 1 s between polls. `silent_after`: how long no new item may come before the source counts as silent; 0: for ever.
    explicit PollSchedule(Duration every, Duration silent_after = std::chrono::hours{24});

    /// When to poll first, spread over `every` (at most a minute) so that sources do not start together. `jitter` in [0, 1).
    Time first(Time now, double jitter);

    /// Takes the outcome of a poll that ended at `now`, and answers when to poll next; Time::max() after gone. `jitter` in [0, 1).
    /// Success: after max(every, poll_after), 10 % more or less, never before what the source asked; at once where there is more.
    /// Failure: max(every, 30 s), doubled with each further failure, up to 1 h (or `every`, if longer), 10 % more or less; never before
    /// retry_after.
    Time next(const PollOutcome& outcome, Time now, double jitter);

    /// A new configuration came: gone is forgotten, the rest stands.
    void revive() noexcept;

    Health health(Time now) const noexcept;
    Time next_poll() const noexcept { return next_poll_; }
    std::optional<Time> last_success() const noexcept { return last_success_; }
    std::optional<Time> last_item() const noexcept { return last_item_; }
    std::uint32_t consecutive_failures() const noexcept { return failures_; }
    /// Of the last failure; empty since the last success.
    const std::string& last_error() const noexcept { return last_error_; }
    /// Since when no new item has come, if that is longer than `silent_after`.
    std::optional<Time> silent_since(Time now) const noexcept;

private:
    Duration backoff() const noexcept;

    Duration every_;
    Duration silent_after_;
    Time next_poll_{};
    std::optional<Time> last_success_, last_item_, first_success_;
    std::uint32_t failures_ = 0;
    bool gone_ = false;
    bool polled_ = false;
    std::string last_error_;
};

}  // namespace vigie::sources
