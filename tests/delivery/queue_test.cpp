#include "vigie/delivery/queue.hpp"

#include <doctest/doctest.h>

#include "delivery/print.hpp"

using namespace vigie;
using namespace vigie::delivery;
using namespace std::chrono_literals;
using alerts::State;

namespace {

const Time start = from_millis(1'772'000'000'000);

alerts::Alert alert(std::uint64_t id, State state) {
    alerts::Alert a;
    a.fingerprint = id;
    a.labels = {{"id", std::to_string(id)}};
    a.state = state;
    a.active_since = a.last_held = start;
    a.fired_at = start;
    if (state == State::resolved) a.resolved_at = start + 40s;
    return a;
}

OutboxRow row(std::uint64_t sequence, const std::string& group, std::vector<alerts::Alert> alerts, Time created = start) {
    OutboxRow r;
    r.sequence = sequence;
    r.integration = "comms/slack/0";
    r.notification.key = "k" + std::to_string(sequence);
    r.notification.group_key = group;
    r.notification.status = alerts.empty() || alerts.front().state == State::firing ? State::firing : State::resolved;
    r.notification.created = created;
    r.notification.alerts = std::move(alerts);
    r.next_try = created;
    return r;
}

std::uint64_t next_sequence(const Queue& queue, Time now) {
    const auto* next = queue.next(now);
    return next == nullptr ? 0 : next->sequence;
}

}  // namespace

TEST_CASE("first in, first out within a group; a waiting group holds no other up") {
    Queue queue;
    queue.restore({row(1, "g", {alert(1, State::firing)}), row(2, "g", {alert(2, State::firing)}), row(3, "h", {})});
    CHECK(next_sequence(queue, start) == 1);
    auto failed = row(1, "g", {alert(1, State::firing)});
    failed.next_try = start + 1h;
    REQUIRE(queue.start(1));
    CHECK(queue.next(start) == nullptr);
    CHECK_FALSE(queue.wake().has_value());
    CHECK_FALSE(queue.start(3));
    // 2 is newer than the failed 1 and tells what it would have told.
    const auto replaced = queue.finish(1, failed);
    REQUIRE(replaced.has_value());
    CHECK(replaced->row.sequence == 2);
    CHECK(replaced->row.notification.alerts.size() == 2);
    CHECK(replaced->replaced == std::vector<std::uint64_t>{1});
    CHECK(next_sequence(queue, start) == 2);
    auto slow = replaced->row;
    slow.next_try = start + 1h;
    REQUIRE(queue.start(2));
    CHECK_FALSE(queue.finish(2, slow).has_value());
    CHECK(next_sequence(queue, start) == 3);
    REQUIRE(queue.start(3));
    queue.finish(3, {});
    CHECK(queue.next(start) == nullptr);
    CHECK(queue.wake() == start + 1h);
    CHECK(queue.size() == 1);
}

TEST_CASE("what fired and ended while the receiver was down is told once, late, as resolved, with both times") {
    Queue queue;
    auto firing = row(1, "g", {alert(1, State::firing)});
    queue.add(firing);
    REQUIRE(queue.start(1));
    firing.next_try = start + 2min;
    firing.attempts = 1;
    queue.finish(1, firing);
    const auto added = queue.add(row(2, "g", {alert(1, State::resolved)}, start + 1min));
    CHECK(added.replaced == std::vector<std::uint64_t>{1});
    CHECK(added.row.notification.key == "k2");
    CHECK(added.row.notification.status == State::resolved);
    CHECK(added.row.notification.created == start);
    REQUIRE(added.row.notification.alerts.size() == 1);
    CHECK(added.row.notification.alerts[0].fired_at == start);
    CHECK(added.row.notification.alerts[0].resolved_at == start + 40s);
    CHECK(queue.size() == 1);
    CHECK(next_sequence(queue, start + 1min) == 2);
}

TEST_CASE("no end is lost when a newer row replaces one that told of it") {
    Queue queue;
    queue.add(row(1, "g", {alert(1, State::firing), alert(2, State::resolved)}));
    queue.add(row(2, "g", {alert(1, State::firing), alert(3, State::resolved)}));
    const auto added = queue.add(row(3, "g", {alert(1, State::resolved)}));
    CHECK(added.replaced == std::vector<std::uint64_t>{2});
    CHECK(added.row.notification.alerts.size() == 3);
    CHECK(added.row.notification.status == State::resolved);
}

TEST_CASE("a replaced firing that the newer row does not mention still fires in it, before what ended") {
    Queue queue;
    queue.add(row(1, "g", {alert(1, State::firing)}));
    const auto added = queue.add(row(2, "g", {alert(2, State::resolved)}));
    CHECK(added.row.notification.status == State::firing);
    CHECK(added.row.notification.alerts[0].fingerprint == 1);
}

TEST_CASE("a row that is being sent is not replaced, and other groups never are") {
    Queue queue;
    queue.add(row(1, "g", {alert(1, State::firing)}));
    queue.add(row(2, "h", {alert(1, State::firing)}));
    REQUIRE(queue.start(1));
    CHECK(queue.add(row(3, "g", {alert(1, State::resolved)})).replaced.empty());
    CHECK(queue.size() == 3);
    CHECK_FALSE(queue.finish(1, {}).has_value());
    CHECK(queue.size() == 2);
}

TEST_CASE("a sequence that is already there is ignored") {
    Queue queue;
    queue.add(row(1, "g", {alert(1, State::firing)}));
    CHECK(queue.add(row(1, "h", {})).row.notification.group_key == "g");
    CHECK(queue.size() == 1);
    CHECK_FALSE(queue.start(99));
    CHECK_FALSE(queue.finish(99, {}).has_value());
}

TEST_CASE("once the peer is back, everything is due") {
    Queue queue;
    queue.restore({row(1, "g", {}, start + 1h), row(2, "h", {}, start + 2h), row(3, "i", {}, start)});
    CHECK(queue.oldest() == start);
    CHECK(queue.wake_all(start + 1min).size() == 2);
    CHECK(next_sequence(queue, start + 1min) == 3);
    CHECK(queue.wake() == start);
    CHECK_FALSE(Queue{}.oldest().has_value());
}
