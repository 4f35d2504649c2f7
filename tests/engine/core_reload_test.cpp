// Core::reload, and a start with another configuration than the last one: both bind what is stored to what is configured now.
#include <doctest/doctest.h>

#include "engine/bench.hpp"

using namespace vigie;
using namespace vigie::engine;
using namespace vigie::engine::test;
using namespace std::chrono_literals;

namespace {

using Texts = std::vector<std::string>;

const std::string one = rule_text("Surge", "expr: mentions[1h] >= 3");
const std::string two = one + "      - alert: Other\n        expr: mentions[1h] >= 3\n";

/// By a reload, or by a restart with the new file: the outcome for alerts has to be the same.
void change(Bench& bench, bool by_reload, CoreSettings to) {
    bench.how = to;
    if (by_reload) {
        const auto report = bench.core->reload(std::move(to), bench.clock.now());
        REQUIRE_MESSAGE(report.ok(), (report ? "" : report.error().text()));
    } else {
        bench.restart();
    }
    bench.advance(2min);
}

std::string because(const Bench& bench, const std::string& rule) {
    for (const auto& alert : bench.core->alerts()) {
        if (alert.rule.name == rule && alert.state == alerts::State::resolved) return alert.resolved_because;
    }
    return "not resolved";
}

}  // namespace

TEST_CASE("alerts of a removed rule end with that reason, and their end is told") {
    for (const bool by_reload : {true, false}) {
        CAPTURE(by_reload);
        Bench bench(settings(two));
        bench.ingest(0, 3);
        REQUIRE(bench.told.size() == 2);
        change(bench, by_reload, settings(one));
        CHECK(because(bench, "Other").find("removed") != std::string::npos);
        CHECK(because(bench, "Surge") == "not resolved");
        REQUIRE(bench.told.size() == 3);
        CHECK(bench.told[2].status == alerts::State::resolved);
        CHECK(bench.told[2].alerts.at(0).rule.name == "Other");
    }
}

TEST_CASE("alerts of a removed brand end") {
    for (const bool by_reload : {true, false}) {
        CAPTURE(by_reload);
        Bench bench(settings(one));
        bench.ingest(0, 3);
        bench.ingest(1, 3);
        // The other brand moves to the front of the list: what is bound by position would now be wrong.
        change(bench, by_reload, settings(one, {brand("borealis")}));
        REQUIRE(bench.told.size() == 3);
        CHECK(bench.told[2].alerts.at(0).labels.at("brand") == "aurora");
        bench.advance(30min);
        CHECK(bench.seen.take() == Texts{"firing Surge aurora", "firing Surge borealis", "resolved Surge aurora"});
        bench.advance(1h);
        CHECK(bench.seen.take() == Texts{"resolved Surge borealis"});
    }
}

TEST_CASE("whatever makes an alert another one ends the old one: brand labels, rule labels, by, and the rule's brands") {
    const auto labelled = [](const std::string& more) { return rule_text("Surge", "expr: mentions[1h] >= 3\n        " + more); };
    const std::vector<std::pair<std::string, CoreSettings>> changes = {
        {"brand labels", settings(one, {brand("aurora", {{"team", "eu"}}), brand("borealis")})},
        {"rule labels", settings(labelled("labels: {team: eu}"))},
        {"by", settings(labelled("by: [platform]"))},
    };
    for (const auto& [what, to] : changes) {
        for (const bool by_reload : {true, false}) {
            CAPTURE(what);
            CAPTURE(by_reload);
            Bench bench(settings(one));
            bench.ingest(0, 3);
            bench.seen.take();
            change(bench, by_reload, to);
            CHECK(bench.seen.take() == Texts{"resolved Surge aurora", "firing Surge aurora"});
            bench.advance(2h);
            CHECK(bench.seen.take() == Texts{"resolved Surge aurora"});
            CHECK(bench.told.back().status == alerts::State::resolved);
        }
    }
    for (const bool by_reload : {true, false}) {
        CAPTURE(by_reload);
        Bench bench(settings(one));
        bench.ingest(0, 3);
        change(bench, by_reload, settings(labelled("brands: [borealis]")));
        CHECK(bench.seen.take() == Texts{"firing Surge aurora", "resolved Surge aurora"});
    }
}

TEST_CASE("what leaves an alert the same leaves it alone: its expression, severity, for, another brand") {
    const std::string graver = rule_text("Surge", "expr: mentions[1h] >= 2\n        for: 1h\n        labels: {severity: critical}");
    for (const bool by_reload : {true, false}) {
        CAPTURE(by_reload);
        Bench bench(settings(one));
        bench.ingest(0, 3);
        bench.seen.take();
        change(bench, by_reload, settings(graver, {brand("zephyr"), brand("borealis"), brand("aurora")}));
        CHECK(bench.states() == Texts{"firing Surge"});
        for (const auto& transition : bench.seen.transitions) CHECK(transition.alert.state == alerts::State::firing);
        bench.advance(2h);
        CHECK(bench.states().empty());
    }
}

TEST_CASE("an alert that tells of missing data outlives a reload of the same rules") {
    const std::string watched = rule_text("Silent", "expr: counts{series=\"views\"}[10m] < 5\n        no_data: {action: alert, for: 5m}");
    for (const bool by_reload : {true, false}) {
        CAPTURE(by_reload);
        Bench bench(settings(watched));
        store::LedgerInput input;
        Count count;
        count.series = "views";
        count.brand = "aurora";
        count.start = t0 - 1min;
        count.span = 1min;
        count.value = 1;
        count.source = "wiki";
        input.counts.push_back(count);
        input.now = t0;
        REQUIRE(bench.core->ingest(std::move(input)).ok());
        bench.advance(40min);
        const auto before = bench.states();
        bench.seen.take();
        change(bench, by_reload, bench.how);
        CHECK(bench.states() == before);
        CHECK(bench.seen.take().empty());
    }
}

TEST_CASE("a change that cannot be taken leaves everything as it was") {
    Bench bench(settings(one));
    bench.ingest(0, 2);
    auto broken = settings(two, {brand("aurora"), brand("aurora")});
    const auto refused = bench.core->reload(broken, bench.clock.now());
    REQUIRE_FALSE(refused.ok());
    CHECK(bench.core->settings().brands.size() == 2);
    CHECK(bench.core->settings().brands[1].name == "borealis");
    CHECK(bench.core->rules().size() == 1);
    broken = settings(two);
    broken.timezone = "Mars/Olympus";
    CHECK_FALSE(bench.core->reload(broken, bench.clock.now()).ok());
    CHECK(bench.core->rules().size() == 1);
    CHECK(bench.seen.problems.empty());
    bench.ingest(0, 1);
    bench.ingest(1, 3);
    CHECK(bench.seen.take() == Texts{"firing Surge aurora", "firing Surge borealis"});
}

TEST_CASE("the report names what changed") {
    Bench bench(settings(two));
    auto to = settings(rule_text("Surge", "expr: mentions[1h] >= 4") + "      - alert: New\n        expr: mentions[1h] >= 9\n",
                       {brand("aurora", {{"team", "eu"}}), brand("zephyr")});
    to.route.receiver = "others";
    const auto report = bench.core->reload(to, bench.clock.now());
    REQUIRE(report.ok());
    CHECK(report->lines() == Texts{"rule gained: New (rules.yaml, group g)", "rule lost: Other (rules.yaml, group g)",
                                   "rule changed: Surge (rules.yaml, group g)", "brand gained: zephyr", "brand lost: borealis",
                                   "brand changed: aurora", "the route changed"});
    const auto again = bench.core->reload(to, bench.clock.now());
    REQUIRE(again.ok());
    CHECK(again->lines() == Texts{"nothing changed"});
}

TEST_CASE("windows count the same after a reload as before it, wherever the brands stand in the list") {
    Bench bench(settings(one));
    bench.ingest(0, 2);
    bench.ingest(1, 1);
    REQUIRE(bench.core->reload(settings(one, {brand("borealis"), brand("aurora")}), bench.clock.now()).ok());
    bench.ingest(1, 1);
    CHECK(bench.seen.take() == Texts{"firing Surge aurora"});
    bench.ingest(0, 2);
    CHECK(bench.seen.take() == Texts{"firing Surge borealis"});
}

TEST_CASE("rows of a receiver that is removed become dead letters; of one that comes back nothing is sent twice") {
    Bench bench(settings(one));
    bench.idle = true;
    bench.ingest(0, 3);
    auto without = settings(one);
    without.integrations = {{"comms/slack/0", "comms", true}};
    REQUIRE(bench.core->reload(without, bench.clock.now()).ok());
    CHECK(bench.store->outbox()->empty());
    REQUIRE(bench.store->rows(store::Table::dead_letters)->size() == 1);
    REQUIRE(bench.core->reload(settings(one), bench.clock.now()).ok());
    CHECK_FALSE(bench.core->take("comms/log/0", bench.clock.now()).has_value());
    bench.restart();
    CHECK_FALSE(bench.core->take("comms/log/0", bench.clock.now()).has_value());
}
