#include "vigie/delivery/schedule.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "vigie/core/untrusted.hpp"

namespace vigie::delivery {
namespace {

using namespace std::chrono_literals;

constexpr std::array<Duration, 8> delays = {2s, 10s, 30s, 2min, 5min, 15min, 30min, 1h};
constexpr Duration soonest_after_request = 30s;
constexpr std::size_t max_error_bytes = 300;

Duration spread(Duration wait, double random) {
    const double factor = 0.8 + 0.4 * std::clamp(random, 0.0, 1.0);
    return Duration{std::llround(static_cast<double>(wait.count()) * factor)};
}

Next retry_later(const OutboxRow& row, const Outcome& outcome, Time now, double random) {
    const Time deadline = row.first_try.value_or(now) + give_up_after;
    if (now >= deadline) return {NextAction::dead_letter, now, "not delivered within " + format_duration(give_up_after)};
    Duration wait = spread(retry_delay(row.attempts + 1), random);
    // The peer knows best when it is ready; but one that always says "in a second" must not be asked every second for a day.
    if (outcome.retry_after) wait = std::max(*outcome.retry_after, std::min(wait, soonest_after_request));
    return {NextAction::retry, std::min(now + wait, deadline), "it is tried again"};
}

Next address_dead(const OutboxRow& row, const Outcome& outcome, Time now, double random) {
    if (outcome.at_once) return {NextAction::dead_letter, now, "the address is gone"};
    const int strikes = row.strikes + 1;
    if (strikes >= dead_strikes && now - row.first_strike.value_or(now) >= dead_over) {
        return {NextAction::dead_letter, now, "the address forbids us, " + std::to_string(strikes) + " times"};
    }
    return retry_later(row, outcome, now, random);
}

}  // namespace

std::string_view to_string(NextAction action) noexcept {
    switch (action) {
        case NextAction::done:
            return "done";
        case NextAction::retry:
            return "retry";
        case NextAction::shrink:
            return "shrink";
        case NextAction::dead_letter:
            return "dead_letter";
    }
    return "unknown";
}

Duration retry_delay(int failed_tries) noexcept {
    const auto index = static_cast<std::size_t>(std::max(failed_tries, 1)) - 1;
    return delays[std::min(index, delays.size() - 1)];
}

Next decide(const OutboxRow& row, const Outcome& outcome, Time now, double random) {
    switch (outcome.kind) {
        case OutcomeKind::delivered:
            return {NextAction::done, now, "delivered"};
        case OutcomeKind::payload_rejected:
            if (!row.shrunk) return {NextAction::shrink, now, "the peer refused the body: a smaller one is sent"};
            return {NextAction::dead_letter, now, "the peer refused the smaller body too"};
        case OutcomeKind::endpoint_dead:
            return address_dead(row, outcome, now, random);
        case OutcomeKind::retry:
        case OutcomeKind::ambiguous:
            return retry_later(row, outcome, now, random);
    }
    return {NextAction::dead_letter, now, "unknown outcome"};
}

OutboxRow after_try(OutboxRow row, const Outcome& outcome, const Next& next, Time now) {
    if (!row.first_try) row.first_try = now;
    ++row.attempts;
    if (outcome.kind == OutcomeKind::endpoint_dead) {
        ++row.strikes;
        if (!row.first_strike) row.first_strike = now;
    }
    if (next.action == NextAction::shrink) row.shrunk = true;
    row.next_try = next.at;
    row.last_error = outcome.kind == OutcomeKind::delivered ? std::string{} : clean_utf8(outcome.detail, max_error_bytes);
    return row;
}

}  // namespace vigie::delivery
