#include "vigie/engine/forward_clock.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using namespace vigie::engine;
using std::chrono::hours;
using std::chrono::minutes;

namespace {
const Time noon = from_millis(1772452800000);
}

TEST_CASE("a clock that goes forward is read as it is") {
    ManualClock real(noon);
    const ForwardClock clock(real);
    CHECK(clock.now() == noon);
    real.advance(minutes{7});
    CHECK(clock.now() == noon + minutes{7});
    real.step_wall(hours{24});
    CHECK(clock.now() == noon + minutes{7} + hours{24});
}

TEST_CASE("after a step back time goes on at half pace until the real clock has caught up") {
    ManualClock real(noon);
    const ForwardClock clock(real);
    real.step_wall(-hours{1});
    CHECK(clock.now() == noon);
    real.advance(minutes{30});
    CHECK(clock.now() == noon + minutes{15});
    real.advance(minutes{80});
    CHECK(clock.now() == noon + minutes{55});
    real.advance(minutes{10});
    CHECK(clock.now() == noon + minutes{60});
    real.advance(minutes{10});
    CHECK(clock.now() == noon + minutes{70});
}

TEST_CASE("it never goes back, however often it is read") {
    ManualClock real(noon);
    const ForwardClock clock(real);
    real.step_wall(-minutes{1});
    Time last = clock.now();
    for (int i = 0; i < 1000; ++i) {
        real.advance(Duration{i % 3});
        const Time now = clock.now();
        CHECK(now >= last);
        last = now;
    }
    CHECK(last == noon + Duration{(333 * 3 + 0) / 2});
}
