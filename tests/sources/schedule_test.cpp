#include "vigie/sources/schedule.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using namespace vigie::sources;
using namespace std::chrono_literals;

namespace {

using Kind = PollOutcome::Kind;
const Time start = from_millis(1'700'000'000'000);
constexpr double middle = 0.5;  // no jitter either way

PollOutcome failed(const char* error = "network down") {
    PollOutcome outcome(Kind::failure);
    outcome.error = error;
    return outcome;
}

PollOutcome brought(std::uint64_t items) {
    PollOutcome outcome(Kind::success);
    outcome.items = items;
    return outcome;
}

}  // namespace

TEST_CASE("first polls are spread over at most a minute") {
    PollSchedule schedule(5min);
    CHECK(schedule.health(start) == Health::waiting);
    CHECK(schedule.first(start, 0.0) == start);
    CHECK(schedule.first(start, 0.5) == start + 30s);
    CHECK(PollSchedule(10s).first(start, 0.5) == start + 5s);
    CHECK(schedule.next_poll() == start + 30s);
}

TEST_CASE("success: every, with jitter, no sooner than asked") {
    PollSchedule schedule(5min);
    CHECK(schedule.next(brought(3), start, middle) == start + 5min);
    CHECK(schedule.next(brought(0), start, 0.0) == start + 270s);
    CHECK(schedule.next(brought(0), start, 0.999999) <= start + 330s);
    CHECK(schedule.health(start) == Health::healthy);
    CHECK(schedule.last_success() == start);
    CHECK(schedule.last_item() == start);
    PollOutcome outcome = brought(1);
    outcome.poll_after = 20min;
    CHECK(schedule.next(outcome, start, 0.0) == start + 20min);
    outcome.poll_after = 1min;
    CHECK(schedule.next(outcome, start, middle) == start + 5min);
    outcome.poll_after = -1min;
    CHECK(schedule.next(outcome, start, middle) == start + 5min);
    outcome.more = true;
    CHECK(schedule.next(outcome, start, middle) == start);
    CHECK(schedule.next(PollOutcome(Kind::not_modified), start + 1min, middle) == start + 6min);
    CHECK(schedule.last_success() == start + 1min);
    CHECK(schedule.last_item() == start);
}

TEST_CASE("failures double the pause up to an hour, and success ends them") {
    PollSchedule schedule(10s);
    const Duration expected[] = {30s, 1min, 2min, 4min, 8min, 16min, 32min, 1h, 1h, 1h};
    for (const Duration pause : expected) CHECK(schedule.next(failed(), start, middle) == start + pause);
    CHECK(schedule.consecutive_failures() == 10);
    CHECK(schedule.health(start) == Health::failing);
    CHECK(schedule.last_error() == "network down");
    CHECK_FALSE(schedule.last_success().has_value());
    CHECK(schedule.next(brought(0), start, middle) == start + 10s);
    CHECK(schedule.health(start) == Health::healthy);
    CHECK(schedule.consecutive_failures() == 0);
    CHECK(schedule.last_error().empty());
    CHECK(schedule.next(failed(), start, middle) == start + 30s);
    CHECK(PollSchedule(2h).next(failed(), start, middle) == start + 2h);
    CHECK(PollSchedule(10min).next(failed(), start, middle) == start + 10min);
}

TEST_CASE("retry_after is a least pause, within a day") {
    PollSchedule schedule(1min);
    PollOutcome outcome = failed();
    outcome.retry_after = 10min;
    CHECK(schedule.next(outcome, start, 0.0) == start + 10min);
    outcome.retry_after = 1s;
    CHECK(schedule.next(outcome, start, middle) == start + 2min);
    outcome.retry_after = 10000h;
    CHECK(schedule.next(outcome, start, middle) == start + 24h);
}

TEST_CASE("gone is final until the configuration changes") {
    PollSchedule schedule(1min);
    (void)schedule.next(brought(1), start, middle);
    PollOutcome outcome(Kind::gone);
    outcome.error = "410 Gone";
    CHECK(schedule.next(outcome, start + 1min, middle) == Time::max());
    CHECK(schedule.health(start + 1min) == Health::gone);
    CHECK(schedule.last_error() == "410 Gone");
    schedule.revive();
    CHECK(schedule.health(start + 1min) == Health::failing);
    CHECK(schedule.next_poll() <= start);
    (void)schedule.next(brought(1), start + 2min, middle);
    CHECK(schedule.health(start + 2min) == Health::healthy);
}

TEST_CASE("silence: successes without items, for long") {
    PollSchedule schedule(1min, 2h);
    (void)schedule.next(brought(0), start, middle);
    CHECK(schedule.health(start + 1h) == Health::healthy);
    CHECK(schedule.silent_since(start + 1h) == std::nullopt);
    (void)schedule.next(PollOutcome(Kind::not_modified), start + 2h, middle);
    CHECK(schedule.health(start + 2h) == Health::silent);
    CHECK(schedule.silent_since(start + 2h) == start);
    (void)schedule.next(brought(1), start + 3h, middle);
    CHECK(schedule.health(start + 3h) == Health::healthy);
    CHECK(schedule.silent_since(start + 6h) == start + 3h);
    (void)schedule.next(failed(), start + 7h, middle);
    CHECK(schedule.health(start + 7h) == Health::failing);
    PollSchedule never(1min, 0s);
    (void)never.next(brought(0), start, middle);
    CHECK(never.health(start + 10000h) == Health::healthy);
}

TEST_CASE("any jitter is held within a tenth") {
    for (const double jitter :
         {-5.0, 0.0, 0.3, 1.0, 7.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        PollSchedule schedule(100s);
        const Time next = schedule.next(brought(0), start, jitter);
        CHECK(next >= start + 90s);
        CHECK(next <= start + 110s);
    }
}
