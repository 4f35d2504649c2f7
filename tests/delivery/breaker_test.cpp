#include "vigie/delivery/breaker.hpp"

#include <doctest/doctest.h>

#include "delivery/print.hpp"

using namespace vigie;
using namespace vigie::delivery;
using namespace std::chrono_literals;

namespace {

const Time start = from_millis(1'772'000'000'000);
const Outcome down(OutcomeKind::retry, "refused");
const Outcome ok(OutcomeKind::delivered, "ok");

Breaker opened() {
    Breaker breaker;
    for (int i = 0; i < 5; ++i) {
        CHECK(breaker.allows(start));
        breaker.on_start(start);
        breaker.on_outcome(down, false, start, 1.0);
    }
    return breaker;
}

}  // namespace

TEST_CASE("five failures open it, a probe closes it") {
    auto breaker = opened();
    CHECK(breaker.state() == BreakerState::open);
    CHECK(breaker.opens_at() == start + 5s);
    CHECK_FALSE(breaker.allows(start + 5s - 1ms));
    CHECK(breaker.allows(start + 5s));
    breaker.on_start(start + 5s);
    CHECK(breaker.state() == BreakerState::half_open);
    CHECK_FALSE(breaker.allows(start + 1h));
    breaker.on_outcome(ok, false, start + 6s, 1.0);
    CHECK(breaker == Breaker{});
}

TEST_CASE("probes slow down to one a minute, no further") {
    auto breaker = opened();
    Time now = start;
    std::vector<Duration> waits;
    for (int i = 0; i < 8; ++i) {
        const Time at = *breaker.opens_at();
        waits.push_back(at - now);
        now = at;
        breaker.on_start(now);
        breaker.on_outcome(down, false, now, 1.0);
    }
    CHECK(waits == std::vector<Duration>{5s, 10s, 20s, 40s, 60s, 60s, 60s, 60s});
}

TEST_CASE("a success in between starts the count anew, and so does a refused body") {
    for (const auto kind : {OutcomeKind::delivered, OutcomeKind::payload_rejected}) {
        Breaker breaker;
        for (int i = 0; i < 4; ++i) breaker.on_outcome(down, false, start, 0.5);
        breaker.on_outcome(Outcome(kind, ""), false, start, 0.5);
        for (int i = 0; i < 4; ++i) breaker.on_outcome(down, false, start, 0.5);
        CHECK(breaker.state() == BreakerState::closed);
    }
}

TEST_CASE("the peer's Retry-After holds the probe back") {
    auto breaker = opened();
    breaker.on_start(start + 5s);
    breaker.on_outcome(Outcome(OutcomeKind::retry, "429", 10min), false, start + 5s, 0.5);
    CHECK(breaker.opens_at() == start + 5s + 10min);
}

TEST_CASE("a dead address is probed once an hour, and may come back to life") {
    const Outcome gone(OutcomeKind::endpoint_dead, "410", {}, true);
    Breaker breaker;
    breaker.on_outcome(gone, true, start, 0.5);
    CHECK(breaker.state() == BreakerState::dead);
    CHECK_FALSE(breaker.allows(start + 1h - 1ms));
    breaker.on_start(start + 1h);
    breaker.on_outcome(gone, false, start + 1h, 0.5);
    CHECK(breaker.state() == BreakerState::dead);
    CHECK(breaker.opens_at() == start + 2h);
    breaker.on_start(start + 2h);
    breaker.on_outcome(ok, false, start + 2h, 0.5);
    CHECK(breaker.state() == BreakerState::closed);
}
