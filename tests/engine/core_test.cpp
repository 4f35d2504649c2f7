#include "vigie/engine/core.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "engine/bench.hpp"

using namespace vigie;
using namespace vigie::engine;
using namespace vigie::engine::test;
using namespace std::chrono_literals;

namespace {

using Texts = std::vector<std::string>;

const std::string surge = rule_text("Surge", "expr: mentions[10m] >= 3");
const std::string lasting = rule_text("Lasting", "expr: mentions[1h] >= 3\n        for: 5m");
const std::string wide = rule_text("Wide", "expr: mentions[10m] >= 2\n        by: [platform]");

}  // namespace

TEST_CASE("mentions that make a rule hold fire its alert and fill the outbox at once") {
    Bench bench(settings(surge));
    bench.idle = true;
    bench.ingest(0, 2);
    CHECK(bench.seen.transitions.empty());
    bench.ingest(0, 1);
    CHECK(bench.seen.take() == Texts{"firing Surge aurora"});
    REQUIRE(bench.seen.notifications.size() == 1);
    CHECK(bench.seen.notifications[0].receiver == "comms");
    const auto rows = bench.store->outbox();
    REQUIRE(rows.ok());
    REQUIRE(rows->size() == 1);
    CHECK(rows->front().integration == "comms/log/0");
    const auto row = delivery::decode_outbox_row(rows->front().value);
    REQUIRE(row.ok());
    CHECK(row->notification == bench.seen.notifications[0]);
    CHECK(bench.core->queues().front().waiting == 1);

    bench.idle = false;
    bench.deliver();
    REQUIRE(bench.told.size() == 1);
    CHECK(bench.told[0].key == bench.seen.notifications[0].key);
    CHECK(bench.store->outbox()->empty());
    CHECK(bench.core->queues().front().waiting == 0);
    REQUIRE(bench.seen.deliveries.size() == 1);
    CHECK(bench.seen.deliveries[0].second.action == delivery::NextAction::done);
}

TEST_CASE("an alert ends when its window has emptied, and the end is told with both times") {
    Bench bench(settings(surge));
    bench.ingest(0, 3);
    bench.advance(30min);
    CHECK(bench.seen.take() == Texts{"firing Surge aurora", "resolved Surge aurora"});
    REQUIRE(bench.told.size() == 2);
    CHECK(bench.told[1].status == alerts::State::resolved);
    REQUIRE(bench.told[1].alerts.size() == 1);
    CHECK(bench.told[1].alerts[0].fired_at == t0);
    CHECK(bench.told[1].alerts[0].resolved_at.has_value());
    CHECK(bench.seen.problems.empty());
    bench.advance(1h);
    CHECK(bench.core->alerts().empty());
    CHECK(bench.store->rows(store::Table::alerts)->empty());
}

TEST_CASE("evidence is attached: the heaviest three, of the alert's own group") {
    auto how = settings(wide);
    Bench bench(how);
    std::vector<AnalysedItem> items;
    for (int i = 0; i < 5; ++i) {
        items.push_back(mention("x" + std::to_string(i), 0, t0, "x"));
        items.back().item.author.followers = 1000 * (i + 1);
    }
    items.push_back(mention("reddit", 0, t0, "reddit"));
    items.back().item.author.followers = 1'000'000;
    REQUIRE(bench.try_ingest(std::move(items)).ok());
    REQUIRE(bench.seen.transitions.size() == 1);
    const alerts::Alert& alert = bench.seen.transitions[0].alert;
    CHECK(alert.labels.at("platform") == "x");
    Texts ids;
    for (const auto& one : alert.evidence) ids.push_back(one.id);
    CHECK(ids == Texts{"x4", "x3", "x2"});
    CHECK(bench.core->alerts().front().evidence == alert.evidence);
    bench.restart();
    CHECK(bench.core->alerts().front().evidence == alert.evidence);
}

TEST_CASE("for outlives restarts, and time spent down counts") {
    Bench bench(settings(lasting));
    bench.ingest(0, 3);
    CHECK(bench.states() == Texts{"pending Lasting"});
    bench.advance(2min);
    bench.restart();
    CHECK(bench.states() == Texts{"pending Lasting"});
    bench.advance(2min);
    bench.core.reset();
    bench.store.reset();
    bench.clock.advance(10min);
    bench.open();
    CHECK(bench.states() == Texts{"pending Lasting"});
    bench.advance(Duration{0});
    REQUIRE(bench.states() == Texts{"firing Lasting"});
    CHECK(bench.core->alerts().front().active_since == t0);
    CHECK(bench.core->alerts().front().fired_at == t0 + 14min);
}

TEST_CASE("a pending alert fires exactly when its time has passed, between two intervals") {
    auto how = settings(rule_text("Lasting", "expr: mentions[1h] >= 3\n        for: 95s"));
    Bench bench(how);
    bench.clock.advance(7s);
    bench.ingest(0, 3);
    bench.advance(94s);
    CHECK(bench.states() == Texts{"pending Lasting"});
    bench.advance(1s);
    REQUIRE(bench.states() == Texts{"firing Lasting"});
    CHECK(bench.core->alerts().front().fired_at == t0 + 102s);
}

TEST_CASE("what was taken but not finished goes out again after a restart, with its key") {
    Bench bench(settings(surge));
    bench.idle = true;
    bench.ingest(0, 3);
    const auto first = bench.core->take("comms/log/0", bench.clock.now());
    REQUIRE(first.has_value());
    CHECK_FALSE(bench.core->take("comms/log/0", bench.clock.now()).has_value());
    bench.restart();
    const auto again = bench.core->take("comms/log/0", bench.clock.now());
    REQUIRE(again.has_value());
    CHECK(again->notification.key == first->notification.key);
    CHECK(again->sequence == first->sequence);
    bench.core->finish("comms/log/0", again->sequence, delivery::Outcome(delivery::OutcomeKind::delivered, ""), bench.clock.now(), 0.5);
    bench.restart();
    CHECK_FALSE(bench.core->take("comms/log/0", bench.clock.now()).has_value());
    CHECK(bench.core->queues().front().waiting == 0);
}

TEST_CASE("nothing ends within the grace after a start") {
    Bench bench(settings(surge), 10min);
    bench.ingest(0, 3);
    bench.advance(20min);
    CHECK(bench.states() == Texts{"resolved Surge"});
    bench.advance(1h);
    bench.seen.take();
    bench.ingest(0, 3);
    bench.advance(5min);
    bench.clock.advance(30min);  // down for half an hour
    bench.restart();
    bench.advance(9min);
    CHECK(bench.states() == Texts{"firing Surge"});
    bench.advance(2min);
    CHECK(bench.states() == Texts{"resolved Surge"});
    CHECK(bench.seen.take() == Texts{"firing Surge aurora", "resolved Surge aurora"});
}

TEST_CASE("a failed source that gave a part of the mentions keeps an alert from ending") {
    Bench bench(settings(surge));
    bench.ingest(0, 3, "mastodon", "wire");
    bench.ingest(1, 3, "mastodon", "push");
    bench.core->set_failed_sources({"wire", "other"});
    bench.advance(1h);
    CHECK(bench.seen.take() == Texts{"firing Surge aurora", "firing Surge borealis", "resolved Surge borealis"});
    bench.core->set_failed_sources({"other"});
    bench.advance(1min);
    CHECK(bench.seen.take() == Texts{"resolved Surge aurora"});
}

TEST_CASE("a source that gave less than a twentieth does not matter") {
    Bench bench(settings(surge));
    bench.ingest(0, 1, "mastodon", "wire");
    bench.ingest(0, 30, "mastodon", "push");
    bench.core->set_failed_sources({"wire"});
    bench.advance(1h);
    CHECK(bench.seen.take() == Texts{"firing Surge aurora", "resolved Surge aurora"});
}

TEST_CASE("a full disk refuses intake, still tells and ends alerts, and goes on by itself") {
    Bench bench(settings(surge));
    bench.idle = true;
    bench.ingest(0, 3);
    bench.free = 20ULL << 20;
    const auto refused = bench.try_ingest({mention("late", 0, bench.clock.now())});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code() == Errc::no_space);
    bench.idle = false;
    bench.advance(30min);
    CHECK(bench.told.size() == 2);
    for (const Error& problem : bench.seen.problems) CHECK(problem.message().find("alert states") == std::string::npos);

    // Nothing at all can be written: what happens now is told nevertheless, and written as soon as there is room.
    bench.free = 1ULL << 40;
    bench.advance(1h);
    bench.told.clear();
    bench.ingest(1, 2);
    bench.ingest(1, 1);
    CHECK(bench.told.size() == 1);
    bench.free = 0;
    bench.advance(15min);
    REQUIRE(bench.told.size() == 2);
    CHECK(bench.told[1].status == alerts::State::resolved);
    CHECK_FALSE(bench.seen.problems.empty());
    bench.free = 1ULL << 40;
    bench.advance(1min);
    const auto keys = bench.told.size();
    bench.restart();
    bench.advance(1min);
    for (std::size_t i = keys; i < bench.told.size(); ++i) CHECK(bench.told[i].key == bench.told[1].key);
    CHECK(bench.states() == Texts{"resolved Surge"});
    CHECK(bench.try_ingest({mention("late", 0, bench.clock.now())}).ok());
}

TEST_CASE("a receiver that does not want ends is not told of them") {
    auto how = settings(surge);
    how.integrations = {{"comms/slack/0", "comms", true}, {"comms/slack/1", "comms", false}, {"other/log/0", "other", true}};
    Bench bench(how);
    bench.ingest(0, 3);
    bench.advance(30min);
    std::map<std::string, int> taken;
    for (const auto& [row, next] : bench.seen.deliveries) ++taken[row.integration];
    CHECK(taken == std::map<std::string, int>{{"comms/slack/0", 2}, {"comms/slack/1", 1}});
}

TEST_CASE("fired and ended while the receiver was down: told once, late, as resolved, with both times") {
    Bench bench(settings(surge));
    bench.down = true;
    bench.ingest(0, 3);
    bench.advance(20min);
    bench.restart();
    bench.advance(10min);
    CHECK(bench.told.empty());
    bench.down = false;
    bench.advance(2h);
    REQUIRE(bench.told.size() == 1);
    CHECK(bench.told[0].status == alerts::State::resolved);
    CHECK(bench.told[0].created == t0);
    REQUIRE(bench.told[0].alerts.size() == 1);
    CHECK(bench.told[0].alerts[0].fired_at == t0);
    CHECK(bench.told[0].alerts[0].resolved_at.has_value());
    CHECK(bench.store->outbox()->empty());
}

TEST_CASE("a touched brand's evaluation finds what a full one would: nothing is left for the tick") {
    std::mt19937 random(7);
    Bench bench(settings(surge + "      - alert: Other\n        expr: mentions[5m] >= 2\n        by: [platform]\n"));
    for (int step = 0; step < 100; ++step) {
        bench.clock.advance(1s * (random() % 40));
        bench.core->tick(bench.clock.now());
        bench.ingest(random() % 2, 1 + static_cast<int>(random() % 3), random() % 2 == 0 ? "x" : "reddit");
        const std::size_t told = bench.seen.transitions.size();
        // A reload of the same configuration has everything evaluated at the next tick.
        REQUIRE(bench.core->reload(bench.how, bench.clock.now()).ok());
        bench.core->tick(bench.clock.now());
        REQUIRE(bench.seen.transitions.size() == told);
    }
    CHECK(bench.seen.transitions.size() > 10);
    CHECK(bench.seen.problems.empty());
}

TEST_CASE("whatever is unreadable in the store is reported, and the rest goes on") {
    Bench bench(settings(surge));
    bench.ingest(0, 3);
    store::StateBatch broken;
    broken.put(store::Table::alerts, 0, store::state_name(1), "{");
    broken.put(store::Table::groups, 0, "g/00", "no");
    broken.put_outbox("comms/log/0", 99, "\xFF");
    REQUIRE(bench.store->commit(broken).ok());
    bench.restart();
    CHECK(bench.seen.problems.size() == 3);
    CHECK(bench.states() == Texts{"firing Surge"});
    bench.advance(30min);
    CHECK(bench.told.back().status == alerts::State::resolved);
}

namespace {

struct Story {
    Texts transitions, notifications, first_told, alerts;
};

/// A random script over minutes; everything happens on multiples of half a minute, at which all rules are evaluated anyway, so that a
/// start, which evaluates all of them too, changes nothing.
Story play(unsigned seed, bool restarts) {
    const std::string rules =
        surge + "      - alert: Lasting\n        expr: mentions[20m] >= 5\n        for: 3m\n" +
        "      - alert: Wide\n        expr: mentions[5m] >= 2\n        by: [platform]\n        for: 1m\n" +
        "      - alert: Levels\n        levels:\n          warning: mentions[15m] >= 4\n          critical: mentions[15m] >= 8\n";
    auto how = settings(rules);
    how.route = route(10s);
    how.route.group_interval = 2min;
    how.route.repeat_interval = 20min;
    Bench bench(how);
    std::mt19937 script(seed), kills(seed + 1000);
    const auto maybe_kill = [&] {
        if (restarts && kills() % 20 == 0) bench.restart();
    };
    Story story;
    for (int step = 0; step < 80; ++step) {
        bench.advance_to(bench.clock.now() + 30s * (1 + script() % 4));
        maybe_kill();
        if (script() % 3 != 0) {
            const BrandIndex which = script() % 2;
            const int count = 1 + static_cast<int>(script() % 3);
            bench.idle = script() % 2 == 0;
            bench.ingest(which, count, script() % 2 == 0 ? "x" : "reddit");
            maybe_kill();
            if (restarts && kills() % 20 == 0) {
                (void)bench.core->take("comms/log/0", bench.clock.now());
                bench.restart();
            }
            bench.idle = false;
        }
        bench.core->tick(bench.clock.now());
        bench.deliver();
        maybe_kill();
    }
    bench.advance(3h);
    for (const auto& t : bench.seen.transitions) story.transitions.push_back(alerts::describe(t));
    for (const auto& n : bench.seen.notifications) story.notifications.push_back(n.key + " " + alerts::describe(n));
    std::set<std::string> keys;
    for (const auto& n : bench.told) {
        if (keys.insert(n.key).second) story.first_told.push_back(n.key);
    }
    story.alerts = bench.states();
    CHECK(bench.seen.problems.empty());
    CHECK(bench.store->outbox()->empty());
    return story;
}

}  // namespace

TEST_CASE("a daemon that is killed again and again tells what one that runs on tells") {
    std::size_t told = 0;
    for (unsigned seed = 1; seed <= 4; ++seed) {
        CAPTURE(seed);
        const Story calm = play(seed, false), killed = play(seed, true);
        CHECK(calm.transitions == killed.transitions);
        CHECK(calm.notifications == killed.notifications);
        CHECK(calm.first_told == killed.first_told);
        CHECK(calm.alerts == killed.alerts);
        told += calm.first_told.size();
    }
    CHECK(told > 30);
}
