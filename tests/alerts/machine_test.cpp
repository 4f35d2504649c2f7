#include "vigie/alerts/machine.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "alerts/print.hpp"
#include "vigie/alerts/severity.hpp"

using namespace vigie;
using namespace vigie::alerts;
using namespace std::chrono_literals;

namespace {

const rules::RuleId rule{"r.yaml", "g", "Surge"};
const Time start = from_millis(1'772'000'000'000);

rules::Sample sample(const std::string& brand, bool holds, const std::string& severity = "") {
    rules::Sample s;
    s.labels = {{"alertname", "Surge"}, {"brand", brand}};
    s.fingerprint = fingerprint(s.labels);
    if (!severity.empty()) s.labels["severity"] = severity;
    s.holds = holds;
    s.clear = !holds;
    s.annotations["summary"] = "about " + brand;
    s.values = {{"mentions", holds ? 10.0 : 1.0, rules::Unit::number}};
    return s;
}

std::uint64_t id(const std::string& brand) {
    return fingerprint({{"alertname", "Surge"}, {"brand", brand}});
}

/// A machine with one rule, and the clock of the test.
struct Bench {
    Machine machine;
    rules::AlertPolicy policy;
    Time now = start;

    std::vector<Transition> step(std::vector<rules::Sample> samples, bool data_ok = true) {
        return machine.step(rule, policy, samples, data_ok, now);
    }
    std::vector<Transition> step_after(Duration d, std::vector<rules::Sample> samples, bool data_ok = true) {
        now += d;
        return step(std::move(samples), data_ok);
    }
    std::optional<State> state(const std::string& brand) const {
        const Alert* alert = machine.find(id(brand));
        return alert == nullptr ? std::nullopt : std::optional(alert->state);
    }
    void restart() {
        std::vector<Alert> stored;
        for (const Alert* alert : machine.all()) stored.push_back(*decode_alert(encode_alert(*alert)));
        machine = Machine{};
        machine.restore(std::move(stored));
    }
};

rules::Sample blind(const std::string& brand) {
    auto s = sample(brand, false);
    s.has_data = false;
    return s;
}

}  // namespace

TEST_CASE("without a `for` an alert fires in the evaluation in which it first holds") {
    Bench b;
    const auto t = b.step({sample("a", true)});
    REQUIRE(t.size() == 1);
    CHECK_FALSE(t[0].from.has_value());
    CHECK(t[0].alert.state == State::firing);
    CHECK(t[0].alert.fired_at == start);
    CHECK(t[0].alert.annotations.at("summary").bytes() == "about a");
    CHECK(b.machine.take_changed() == std::vector<std::uint64_t>{id("a")});
    CHECK(b.machine.take_changed().empty());
}

TEST_CASE("what does not hold makes no alert") {
    Bench b;
    CHECK(b.step({sample("a", false)}).empty());
    CHECK(b.machine.all().empty());
    CHECK(b.machine.take_changed().empty());
}

TEST_CASE("`for` is exact, and due() names the instant") {
    Bench b;
    b.policy.for_ = 5min;
    auto t = b.step({sample("a", true)});
    REQUIRE(t.size() == 1);
    CHECK(t[0].alert.state == State::pending);
    CHECK(b.machine.due() == start + 5min);
    CHECK(b.machine.due_rules(start + 5min - 1ms).empty());
    CHECK(b.machine.due_rules(start + 5min).size() == 1);
    CHECK(b.step_after(5min - 1ms, {sample("a", true)}).empty());
    t = b.step_after(1ms, {sample("a", true)});
    REQUIRE(t.size() == 1);
    CHECK(t[0].from == State::pending);
    CHECK(t[0].alert.state == State::firing);
    CHECK(t[0].alert.active_since == start);
    CHECK(t[0].alert.fired_at == start + 5min);
    CHECK_FALSE(b.machine.due().has_value());
}

TEST_CASE("a pending alert that no longer holds vanishes, and its `for` starts anew") {
    Bench b;
    b.policy.for_ = 1min;
    b.step({sample("a", true)});
    b.machine.take_changed();
    CHECK(b.step_after(30s, {sample("a", false)}).empty());
    CHECK(b.machine.find(id("a")) == nullptr);
    CHECK(b.machine.take_changed() == std::vector<std::uint64_t>{id("a")});
    b.step_after(10s, {sample("a", true)});
    CHECK(b.step_after(59s, {sample("a", true)}).empty());
    CHECK(b.step_after(1s, {sample("a", true)}).size() == 1);
}

TEST_CASE("keep_firing_for runs from the last true") {
    Bench b;
    b.policy.keep_firing_for = 2min;
    b.step({sample("a", true)});
    CHECK(b.step_after(1min, {sample("a", true)}).empty());
    CHECK(b.step_after(30s, {sample("a", false)}).empty());
    CHECK(b.machine.due() == start + 3min);
    CHECK(b.step_after(90s - 1ms, {sample("a", false)}).empty());
    const auto t = b.step_after(1ms, {sample("a", false)});
    REQUIRE(t.size() == 1);
    CHECK(t[0].alert.state == State::resolved);
    CHECK(t[0].alert.resolved_at == start + 3min);
    CHECK(t[0].alert.resolved_because == "the condition has cleared");
}

TEST_CASE("keep_firing_for is cancelled by a return") {
    Bench b;
    b.policy.keep_firing_for = 2min;
    b.step({sample("a", true)});
    b.step_after(1min, {sample("a", false)});
    b.step_after(30s, {sample("a", true)});
    CHECK_FALSE(b.machine.due().has_value());
    CHECK(b.step_after(119s, {sample("a", false)}).empty());
    CHECK(b.step_after(1s, {sample("a", false)}).size() == 1);
}

TEST_CASE("a firing alert ends only when `clear` holds") {
    Bench b;
    b.step({sample("a", true)});
    auto between = sample("a", false);
    between.clear = false;
    CHECK(b.step_after(1h, {between}).empty());
    CHECK(b.state("a") == State::firing);
    CHECK_FALSE(b.machine.due().has_value());
    between.clear = true;
    CHECK(b.step_after(1s, {between}).size() == 1);
}

TEST_CASE("what holds does not end, whatever `clear` says") {
    Bench b;
    b.step({sample("a", true)});
    auto both = sample("a", true);
    both.clear = true;
    CHECK(b.step_after(1min, {both}).empty());
    CHECK(b.state("a") == State::firing);
}

TEST_CASE("the values are those of the last evaluation in which it held") {
    Bench b;
    b.policy.keep_firing_for = 1h;
    b.step({sample("a", true)});
    b.step_after(1min, {sample("a", false)});
    CHECK(b.machine.find(id("a"))->values.front().value == 10.0);
}

TEST_CASE("an alert that returns while its end is retained is a new one") {
    Bench b;
    b.policy.for_ = 1min;
    b.step({sample("a", true)});
    b.step_after(1min, {sample("a", true)});
    b.step_after(1min, {sample("a", false)});
    CHECK(b.state("a") == State::resolved);
    const auto t = b.step_after(1min, {sample("a", true)});
    REQUIRE(t.size() == 1);
    CHECK(t[0].from == State::resolved);
    CHECK(t[0].alert.state == State::pending);
    CHECK(t[0].alert.active_since == b.now);
    CHECK_FALSE(t[0].alert.fired_at.has_value());
}

TEST_CASE("a `for` that a reload raised does not take a told alert back") {
    Bench b;
    b.step({sample("a", true)});
    b.policy.for_ = 1h;
    CHECK(b.step_after(1min, {sample("a", true)}).empty());
    CHECK(b.state("a") == State::firing);
}

TEST_CASE("a `for` that a reload lowered fires at the next evaluation") {
    Bench b;
    b.policy.for_ = 1h;
    b.step({sample("a", true)});
    b.policy.for_ = 1min;
    CHECK(b.step_after(2min, {sample("a", true)}).size() == 1);
}

TEST_CASE("a rise of severity is told at once, a fall never, and the peak stays to the end") {
    Bench b;
    b.policy.severities = {"watch", "alert", "crisis"};
    b.step({sample("a", true, "watch")});
    auto t = b.step_after(1s, {sample("a", true, "crisis")});
    REQUIRE(t.size() == 1);
    CHECK(t[0].severity_rose);
    CHECK(t[0].from == State::firing);
    CHECK(t[0].alert.labels.at("severity") == "crisis");
    CHECK(t[0].alert.fired_at == start);
    CHECK(b.step_after(1s, {sample("a", true, "watch")}).empty());
    CHECK(b.step_after(1s, {sample("a", true, "crisis")}).empty());
    t = b.step_after(1s, {sample("a", false)});
    REQUIRE(t.size() == 1);
    CHECK(t[0].alert.labels.at("severity") == "crisis");
    t = b.step_after(1s, {sample("a", true, "watch")});
    CHECK(t[0].alert.labels.at("severity") == "watch");
}

TEST_CASE("a pending alert has the severity that holds now") {
    Bench b;
    b.policy.severities = {"watch", "crisis"};
    b.policy.for_ = 1min;
    b.step({sample("a", true, "crisis")});
    CHECK(b.step_after(30s, {sample("a", true, "watch")}).empty());
    const auto t = b.step_after(30s, {sample("a", true, "watch")});
    REQUIRE(t.size() == 1);
    CHECK(t[0].alert.labels.at("severity") == "watch");
    CHECK_FALSE(t[0].severity_rose);
}

TEST_CASE("a query error freezes: nothing fires, nothing ends, nothing vanishes") {
    Bench b;
    b.policy.for_ = 1min;
    b.step({sample("f", true)});
    b.step_after(1min, {sample("f", true), sample("p", true)});
    CHECK(b.state("f") == State::firing);
    for (int i = 0; i < 100; ++i) CHECK(b.step_after(1min, {}, false).empty());
    CHECK(b.state("f") == State::firing);
    CHECK(b.state("p") == State::pending);
    CHECK(b.machine.find(id("f"))->no_data_since == start + 2min);
    CHECK_FALSE(b.machine.due().has_value());
    // The clock of `for` ran on.
    const auto t = b.step_after(1s, {sample("f", false), sample("p", true)});
    CHECK(t.size() == 2);
    CHECK(b.state("p") == State::firing);
    CHECK(b.state("f") == State::resolved);
    CHECK_FALSE(b.machine.find(id("p"))->no_data_since.has_value());
}

TEST_CASE("a query error ignores even the samples that came with it") {
    Bench b;
    b.step({sample("a", true)});
    CHECK(b.step_after(1min, {sample("a", false), sample("b", true)}, false).empty());
    CHECK(b.state("a") == State::firing);
    CHECK(b.machine.find(id("b")) == nullptr);
}

TEST_CASE("a group that vanished is no all-clear") {
    Bench b;
    b.step({sample("a", true), sample("b", true)});
    CHECK(b.step_after(10h, {sample("b", true)}).empty());
    CHECK(b.state("a") == State::firing);
    CHECK(b.machine.find(id("a"))->no_data_since.has_value());
    CHECK(b.machine.active_labels(rule).size() == 2);
}

TEST_CASE("an evaluation of some brands leaves the others alone") {
    Bench b;
    b.step({sample("a", true), sample("b", true)});
    b.now += 1min;
    const std::set<std::string> only{"a"};
    const auto t = b.machine.step(rule, b.policy, {sample("a", false)}, true, b.now, &only);
    REQUIRE(t.size() == 1);
    CHECK(t[0].alert.labels.at("brand") == "a");
    CHECK(b.state("b") == State::firing);
    CHECK_FALSE(b.machine.find(id("b"))->no_data_since.has_value());
    CHECK(b.machine.step(rule, b.policy, {}, false, b.now, &only).empty());
    CHECK_FALSE(b.machine.find(id("b"))->no_data_since.has_value());
}

TEST_CASE("no_data: resolve ends a firing alert after its own `for`, and drops a pending one") {
    Bench b;
    b.policy.no_data = rules::NoDataAction::resolve;
    b.policy.no_data_for = 10min;
    b.step({sample("a", true)});
    b.policy.for_ = 1h;
    b.step_after(1min, {sample("a", true), sample("p", true)});
    CHECK(b.step_after(1min, {blind("a"), blind("p")}).empty());
    CHECK(b.machine.due() == start + 12min);
    CHECK(b.step_after(10min - 1ms, {blind("a"), blind("p")}).empty());
    const auto t = b.step_after(1ms, {blind("a"), blind("p")});
    REQUIRE(t.size() == 1);
    CHECK(t[0].alert.resolved_because == "no data for 10m");
    CHECK(b.machine.find(id("p")) == nullptr);
    CHECK(b.step_after(1h, {blind("a")}).empty());
}

TEST_CASE("no_data: a short gap starts its clock anew") {
    Bench b;
    b.policy.no_data = rules::NoDataAction::resolve;
    b.policy.no_data_for = 10min;
    b.step({sample("a", true)});
    b.step_after(1min, {blind("a")});
    b.step_after(9min, {sample("a", true)});
    b.step_after(1min, {blind("a")});
    CHECK(b.step_after(9min, {blind("a")}).empty());
    CHECK(b.step_after(1min, {blind("a")}).size() == 1);
}

TEST_CASE("no_data: alert tells of the silence, for the sample and for the rule, and of its end") {
    for (const bool whole_rule : {false, true}) {
        CAPTURE(whole_rule);
        Bench b;
        b.policy.no_data = rules::NoDataAction::alert;
        b.policy.no_data_for = 10min;
        b.step({sample("a", true)});
        const auto silence = [&](Duration d) { return whole_rule ? b.step_after(d, {}, false) : b.step_after(d, {blind("a")}); };
        auto t = silence(1min);
        REQUIRE(t.size() == 1);
        CHECK(t[0].alert.state == State::pending);
        CHECK(t[0].alert.labels.at("no_data") == "true");
        CHECK(t[0].alert.labels.at("severity") == "warning");
        CHECK(t[0].alert.labels.contains("brand") == !whole_rule);
        CHECK(b.machine.due() == start + 11min);
        CHECK(silence(9min).empty());
        t = silence(1min);
        REQUIRE(t.size() == 1);
        CHECK(t[0].alert.state == State::firing);
        CHECK(b.state("a") == State::firing);
        t = b.step_after(1min, {sample("a", true)});
        REQUIRE(t.size() == 1);
        CHECK(t[0].alert.state == State::resolved);
        CHECK(t[0].alert.resolved_because == "data came back");
        CHECK(b.state("a") == State::firing);
    }
}

TEST_CASE("the limit keeps the gravest and counts the rest") {
    Bench b;
    b.policy.limit = 2;
    b.policy.severities = {"watch", "crisis"};
    auto t = b.step({sample("a", true, "watch"), sample("b", true, "watch"), sample("c", true, "crisis"), sample("d", true, "watch")});
    REQUIRE(t.size() == 3);
    CHECK(b.state("c") == State::firing);
    CHECK(b.state("a") == State::firing);
    CHECK_FALSE(b.state("b").has_value());
    const Alert& overflow = t[2].alert;
    CHECK(overflow.labels == Labels{{"alertname", "Surge"}, {"overflow", "true"}, {"severity", "watch"}});
    CHECK(overflow.values.front().value == 2.0);
    // A grave one that finds no room makes the overflow graver.
    t = b.step_after(1min, {sample("a", true, "watch"), sample("b", true, "crisis"), sample("c", true, "crisis"), sample("d", false)});
    REQUIRE(t.size() == 1);
    CHECK(t[0].severity_rose);
    CHECK(t[0].alert.labels.at("severity") == "crisis");
    CHECK(t[0].alert.values.front().value == 1.0);
    // Room: the one that waited is taken in, and the overflow ends.
    t = b.step_after(1min, {sample("a", false), sample("b", true, "crisis"), sample("c", true, "crisis"), sample("d", false)});
    REQUIRE(t.size() == 3);
    CHECK(b.state("b") == State::firing);
    CHECK(t[2].alert.state == State::resolved);
    CHECK(t[2].alert.labels.contains("overflow"));
}

TEST_CASE("a grave alert displaces a pending one, never a firing one") {
    Bench b;
    b.policy.limit = 1;
    b.policy.for_ = 1h;
    b.policy.severities = {"watch", "crisis"};
    b.step({sample("a", true, "watch")});
    b.step_after(1min, {sample("a", true, "watch"), sample("z", true, "crisis")});
    CHECK_FALSE(b.state("a").has_value());
    CHECK(b.state("z") == State::pending);
}

TEST_CASE("a limit of 0 is none") {
    Bench b;
    b.policy.limit = 0;
    std::vector<rules::Sample> many;
    for (int i = 0; i < 300; ++i) many.push_back(sample("b" + std::to_string(i), true));
    CHECK(b.step(many).size() == 300);
}

TEST_CASE("a partial evaluation after a restart does not end the overflow") {
    Bench b;
    b.policy.limit = 1;
    b.step({sample("a", true), sample("b", true), sample("c", true)});
    b.restart();
    const std::set<std::string> only{"a"};
    CHECK(b.machine.step(rule, b.policy, {sample("a", true)}, true, b.now + 1s, &only).empty());
    CHECK(b.step_after(2s, {sample("a", true), sample("b", true), sample("c", true)}).empty());
    CHECK(b.step_after(2s, {sample("a", true), sample("b", false), sample("c", false)}).size() == 1);
}

TEST_CASE("a restart forgets nothing, and time spent down counts") {
    Bench b;
    b.policy.for_ = 10min;
    b.policy.keep_firing_for = 5min;
    b.step({sample("a", true)});
    b.step_after(4min, {sample("a", true)});
    b.restart();
    CHECK(b.state("a") == State::pending);
    auto t = b.step_after(6min, {sample("a", true)});
    REQUIRE(t.size() == 1);
    CHECK(t[0].alert.fired_at == start + 10min);
    b.step_after(1min, {sample("a", false)});
    b.restart();
    t = b.step_after(4min, {sample("a", false)});
    REQUIRE(t.size() == 1);
    CHECK(t[0].alert.state == State::resolved);
}

TEST_CASE("rows are not written at every evaluation, but last_held never lags by more than row_refresh") {
    Bench b;
    b.step({sample("a", true)});
    Alert stored = *b.machine.find(id("a"));
    b.machine.take_changed();
    int writes = 0;
    for (int i = 0; i < 600; ++i) {
        b.step_after(100ms, {sample("a", true)});
        if (!b.machine.take_changed().empty()) {
            ++writes;
            stored = *b.machine.find(id("a"));
        }
        REQUIRE(b.now - stored.last_held < row_refresh);
    }
    CHECK(writes == 6);
}

TEST_CASE("removed rules end with their reason; pending ones vanish; others stay") {
    Bench b;
    b.step({sample("a", true), sample("b", true)});
    b.policy.for_ = 1h;
    b.step_after(1s, {sample("a", true), sample("b", true), sample("p", true)});
    const auto t =
        b.machine.remove_rules([](const Alert& alert) { return alert.labels.at("brand") == "b"; }, "the brand was removed", b.now);
    REQUIRE(t.size() == 1);
    CHECK(t[0].alert.resolved_because == "the brand was removed");
    CHECK(t[0].alert.labels.at("brand") == "a");
    CHECK_FALSE(b.state("p").has_value());
    CHECK(b.state("b") == State::firing);
}

TEST_CASE("resolved alerts are retained until they are told") {
    Bench b;
    b.step({sample("a", true)});
    b.step_after(1min, {sample("a", false)});
    CHECK(b.machine.drop_resolved(b.now - 1ms, [](std::uint64_t) { return false; }) == 0);
    CHECK(b.machine.drop_resolved(b.now, [](std::uint64_t) { return true; }) == 0);
    b.machine.take_changed();
    CHECK(b.machine.drop_resolved(b.now, [](std::uint64_t) { return false; }) == 1);
    CHECK(b.machine.take_changed() == std::vector<std::uint64_t>{id("a")});
}

TEST_CASE("two samples with one identity freeze the rule, and are counted") {
    Bench b;
    b.step({sample("a", true)});
    CHECK(b.step_after(1min, {sample("a", false), sample("a", true)}).empty());
    CHECK(b.state("a") == State::firing);
    CHECK(b.machine.refused() == 1);
    const rules::RuleId other{"other.yaml", "g", "Surge"};
    CHECK(b.machine.step(other, b.policy, {sample("a", false)}, true, b.now).empty());
    CHECK(b.state("a") == State::firing);
    CHECK(b.machine.refused() == 2);
}

TEST_CASE("another rule may take over an identity whose alert is over") {
    Bench b;
    b.step({sample("a", true)});
    b.step_after(1min, {sample("a", false)});
    const rules::RuleId other{"other.yaml", "g", "Surge"};
    const auto t = b.machine.step(other, b.policy, {sample("a", true)}, true, b.now);
    REQUIRE(t.size() == 1);
    CHECK(t[0].alert.rule == other);
    CHECK(b.step_after(1min, {sample("a", false)}).empty());
    CHECK(b.state("a") == State::firing);
}

TEST_CASE("a wall clock that is put back does not hold an alert up for as long as it was wrong") {
    Bench b;
    b.policy.for_ = 1min;
    b.policy.keep_firing_for = 1min;
    b.step({sample("a", true)});
    b.now -= 24h;
    b.step({sample("a", true)});
    CHECK(b.step_after(1min, {sample("a", true)}).size() == 1);
    b.now -= 24h;
    b.step({sample("a", false)});
    CHECK(b.step_after(1min, {sample("a", false)}).size() == 1);
}

TEST_CASE("evidence is attached and stored") {
    Bench b;
    b.step({sample("a", true)});
    b.machine.take_changed();
    Evidence evidence;
    evidence.id = "x/1";
    CHECK(b.machine.set_evidence(id("a"), {evidence}));
    CHECK_FALSE(b.machine.set_evidence(id("zzz"), {evidence}));
    CHECK(b.machine.find(id("a"))->evidence.size() == 1);
    CHECK(b.machine.take_changed() == std::vector<std::uint64_t>{id("a")});
    CHECK(b.machine.set_evidence(id("a"), {evidence}));
    CHECK(b.machine.take_changed().empty());
}

TEST_CASE("severities: the rule's own order, else the usual words") {
    CHECK(severity_rank("b", {"a", "b"}) == 2);
    CHECK(severity_rank("zzz", {"a", "b"}) == 0);
    CHECK(severity_rank("critical") > severity_rank("warning"));
    CHECK(severity_rank("warning") > severity_rank("info"));
    CHECK(severity_rank("") == 0);
}
