#include "vigie/delivery/schedule.hpp"

#include <doctest/doctest.h>

#include "delivery/print.hpp"

using namespace vigie;
using namespace vigie::delivery;
using namespace std::chrono_literals;

namespace {

const Time start = from_millis(1'772'000'000'000);
constexpr double middle = 0.5;  // no spread

const Outcome again(OutcomeKind::retry, "HTTP 503");

}  // namespace

TEST_CASE("the schedule: a dense head, then hourly, the last try after 24 hours, then a dead letter") {
    OutboxRow row;
    Time now = start;
    std::vector<Duration> waits;
    for (;;) {
        const auto next = decide(row, again, now, middle);
        row = after_try(row, again, next, now);
        if (next.action != NextAction::retry) {
            CHECK(next.action == NextAction::dead_letter);
            break;
        }
        waits.push_back(next.at - now);
        now = next.at;
        REQUIRE(waits.size() < 100);
    }
    const std::vector<Duration> head = {2s, 10s, 30s, 2min, 5min, 15min, 30min, 1h, 1h};
    CHECK(std::vector<Duration>(waits.begin(), waits.begin() + 9) == head);
    CHECK(now == start + 24h);
    CHECK(row.first_try == start);
    CHECK(row.attempts == static_cast<int>(waits.size()) + 1);
    CHECK(row.last_error == "HTTP 503");
}

TEST_CASE("jitter spreads a wait over 80% to 120%") {
    OutboxRow row;
    row.attempts = 3;
    CHECK(decide(row, again, start, 0.0).at == start + 96s);
    CHECK(decide(row, again, start, 0.999999).at <= start + 144s);
    CHECK(decide(row, again, start, 0.999999).at > start + 143s);
}

TEST_CASE("Retry-After is honoured, but not to be asked every second for a day") {
    OutboxRow row;
    CHECK(decide(row, Outcome(OutcomeKind::retry, "429", 90s), start, middle).at == start + 90s);
    CHECK(decide(row, Outcome(OutcomeKind::retry, "429", 1s), start, middle).at == start + 2s);
    row.attempts = 7;
    CHECK(decide(row, Outcome(OutcomeKind::retry, "429", 1s), start, middle).at == start + 30s);
    CHECK(decide(row, Outcome(OutcomeKind::retry, "429", 1h), start, middle).at == start + 1h);
}

TEST_CASE("a delivery is done; an ambiguous end is tried again") {
    CHECK(decide({}, Outcome(OutcomeKind::delivered, "ok"), start, middle).action == NextAction::done);
    CHECK(decide({}, Outcome(OutcomeKind::ambiguous, "no answer"), start, middle).action == NextAction::retry);
    OutboxRow row;
    row.last_error = "before";
    CHECK(after_try(row, Outcome(OutcomeKind::delivered, "ok"), {NextAction::done, start, ""}, start).last_error.empty());
}

TEST_CASE("a refused body shrinks once, at once, then is a dead letter") {
    const Outcome refused(OutcomeKind::payload_rejected, "invalid_blocks");
    OutboxRow row;
    auto next = decide(row, refused, start, middle);
    CHECK(next == Next{NextAction::shrink, start, next.reason});
    row = after_try(row, refused, next, start);
    CHECK(row.shrunk);
    CHECK(row.next_try == start);
    CHECK(decide(row, refused, start, middle).action == NextAction::dead_letter);
}

TEST_CASE("an address that forbids us: three strikes over ten minutes; 410 at once") {
    const Outcome forbidden(OutcomeKind::endpoint_dead, "HTTP 403");
    CHECK(decide({}, Outcome(OutcomeKind::endpoint_dead, "410", {}, true), start, middle).action == NextAction::dead_letter);
    OutboxRow row;
    Time now = start;
    int tries = 0;
    for (;;) {
        ++tries;
        const auto next = decide(row, forbidden, now, middle);
        row = after_try(row, forbidden, next, now);
        if (next.action == NextAction::dead_letter) break;
        now = next.at;
        REQUIRE(tries < 50);
    }
    CHECK(tries >= 3);
    CHECK(now - start >= 10min);
    CHECK(now - start <= 30min);
    CHECK(row.strikes == tries);
    CHECK(row.first_strike == start);
}

TEST_CASE("the stored error is short and valid") {
    const Outcome loud(OutcomeKind::retry, std::string(5000, 'x') + "\xFF");
    const auto row = after_try({}, loud, decide({}, loud, start, middle), start);
    CHECK(row.last_error.size() <= 300);
}
