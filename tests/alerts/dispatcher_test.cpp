#include "vigie/alerts/dispatcher.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "alerts/print.hpp"

using namespace vigie;
using namespace vigie::alerts;
using namespace std::chrono_literals;

namespace {

const Time start = from_millis(1'772'000'000'000);

Route route(const std::string& receiver, const std::string& matchers = "") {
    Route r;
    r.receiver = receiver;
    r.group_by = {"alertname", "brand"};
    r.group_wait = 10s;
    r.group_interval = 5min;
    r.repeat_interval = 4h;
    r.matchers = *parse_matchers(matchers);
    r.key = matchers.empty() ? "{}" : "{}/" + format_matchers(r.matchers);
    return r;
}

Alert alert(const std::string& platform, const std::string& severity = "watch", const std::string& brand = "a") {
    Alert a;
    a.labels = {{"alertname", "Surge"}, {"brand", brand}, {"platform", platform}};
    a.fingerprint = fingerprint(a.labels);
    a.labels["severity"] = severity;
    return a;
}

/// A dispatcher and the clock of the test, with a store that is kept in step as the engine would.
struct Bench {
    explicit Bench(Route root = route("comms")) : tree(root), dispatcher(root) {}
    Route tree;
    Dispatcher dispatcher;
    Time now = start;
    std::map<std::string, std::string> rows;
    Muted muted;

    void fire(Alert a, bool rose = false) {
        a.state = State::firing;
        a.active_since = now;
        a.fired_at = now;
        send(a, rose);
    }
    void rise(Alert a, Time fired) {
        a.state = State::firing;
        a.active_since = fired;
        a.fired_at = fired;
        send(a, true);
    }
    void end(Alert a, Time fired = start) {
        a.state = State::resolved;
        a.active_since = fired;
        a.fired_at = fired;
        a.resolved_at = now;
        send(a, false);
    }
    void send(const Alert& a, bool rose) {
        Transition t;
        t.alert = a;
        t.at = now;
        t.severity_rose = rose;
        dispatcher.on_transitions({t});
    }
    std::vector<Notification> collect() {
        auto notifications = dispatcher.collect(now, muted);
        for (const auto& row : dispatcher.take_changed()) {
            if (row.value) {
                rows[row.key] = *row.value;
            } else {
                rows.erase(row.key);
            }
        }
        return notifications;
    }
    std::vector<Notification> collect_at(Time t) {
        now = t;
        return collect();
    }
    void restart() {
        dispatcher = Dispatcher(tree);
        CHECK(dispatcher.restore({rows.begin(), rows.end()}, now).empty());
    }
    /// Lets time go on to `until`, collecting exactly when something is due.
    std::vector<Notification> run(Time until) {
        std::vector<Notification> all;
        for (int i = 0; i < 10'000; ++i) {
            const auto due = dispatcher.next_due();
            if (!due || *due > until) break;
            now = std::max(now, *due);
            auto some = collect();
            REQUIRE_FALSE(some.empty());
            for (auto& n : some) all.push_back(std::move(n));
        }
        now = until;
        return all;
    }
};

}  // namespace

TEST_CASE("a group waits for group_wait from its first alert, and is told once") {
    Bench b;
    b.fire(alert("x"));
    CHECK(b.dispatcher.next_due() == start + 10s);
    CHECK(b.collect_at(start + 10s - 1ms).empty());
    b.fire(alert("y"));
    const auto n = b.collect_at(start + 10s);
    REQUIRE(n.size() == 1);
    CHECK(n[0].receiver == "comms");
    CHECK(n[0].reason == "first");
    CHECK(n[0].status == State::firing);
    CHECK(n[0].alerts.size() == 2);
    CHECK(n[0].group == Labels{{"alertname", "Surge"}, {"brand", "a"}});
    CHECK(n[0].group_key == "{}:{alertname=\"Surge\", brand=\"a\"}");
    CHECK(n[0].key.size() == 32);
    CHECK(b.collect().empty());
    CHECK(b.dispatcher.next_due() == start + 10s + 4h);
}

TEST_CASE("groups do not wait for each other") {
    Bench b;
    b.fire(alert("x", "watch", "a"));
    b.now += 4s;
    b.fire(alert("x", "watch", "b"));
    CHECK(b.collect_at(start + 10s).size() == 1);
    CHECK(b.collect_at(start + 14s).size() == 1);
}

TEST_CASE("a new alert of a told group is told when group_interval has passed, at once if it has already") {
    Bench b;
    b.fire(alert("x"));
    b.collect_at(start + 10s);
    b.now = start + 1min;
    b.fire(alert("y"));
    CHECK(b.dispatcher.next_due() == start + 10s + 5min);
    auto n = b.collect_at(start + 10s + 5min);
    REQUIRE(n.size() == 1);
    CHECK(n[0].reason == "new_alerts");
    CHECK(n[0].alerts.size() == 2);
    b.now = start + 2h;
    b.fire(alert("z"));
    n = b.collect();
    REQUIRE(n.size() == 1);
    CHECK(n[0].alerts.size() == 3);
}

TEST_CASE("repeats fall due exactly, however the intervals stand to each other") {
    auto r = route("comms");
    r.group_interval = 5min;
    r.repeat_interval = 7min;
    Bench b(r);
    b.fire(alert("x"));
    const auto n = b.run(start + 1h);
    REQUIRE(n.size() == 9);
    for (std::size_t i = 0; i < n.size(); ++i) {
        CHECK(n[i].created == start + 10s + static_cast<int>(i) * 7min);
        CHECK(n[i].reason == (i == 0 ? "first" : "repeat"));
    }
    std::set<std::string> keys;
    for (const auto& one : n) keys.insert(one.key);
    CHECK(keys.size() == 9);
}

TEST_CASE("a rise of severity is told at once, and only once") {
    Bench b;
    b.fire(alert("x"));
    b.collect_at(start + 10s);
    b.now = start + 1min;
    b.rise(alert("x", "crisis"), start);
    CHECK(b.dispatcher.next_due() == start + 1min);
    const auto n = b.collect();
    REQUIRE(n.size() == 1);
    CHECK(n[0].reason == "severity");
    CHECK(n[0].alerts[0].labels.at("severity") == "crisis");
    CHECK(b.collect().empty());
    CHECK(b.dispatcher.next_due() == start + 1min + 4h);
}

TEST_CASE("a rise before the first telling goes along with it") {
    Bench b;
    b.fire(alert("x"));
    b.now += 2s;
    b.rise(alert("x", "crisis"), start);
    CHECK(b.dispatcher.next_due() == start + 10s);
    const auto n = b.collect_at(start + 10s);
    REQUIRE(n.size() == 1);
    CHECK(n[0].reason == "first");
    CHECK(b.dispatcher.next_due() == start + 10s + 4h);
}

TEST_CASE("ends are told: some, then all; then the group is gone") {
    Bench b;
    b.fire(alert("x"));
    b.fire(alert("y"));
    b.collect_at(start + 10s);
    b.now = start + 1min;
    b.end(alert("x"));
    auto n = b.collect_at(start + 10s + 5min);
    REQUIRE(n.size() == 1);
    CHECK(n[0].reason == "some_resolved");
    CHECK(n[0].status == State::firing);
    CHECK(n[0].alerts[0].state == State::firing);
    CHECK(n[0].alerts[1].state == State::resolved);
    CHECK(b.dispatcher.owes(alert("y").fingerprint));
    CHECK_FALSE(b.dispatcher.owes(alert("x").fingerprint));
    b.end(alert("y"));
    n = b.collect_at(start + 10s + 10min);
    REQUIRE(n.size() == 1);
    CHECK(n[0].reason == "resolved");
    CHECK(n[0].status == State::resolved);
    CHECK(n[0].alerts.size() == 1);
    CHECK_FALSE(b.dispatcher.next_due().has_value());
    CHECK(b.rows.empty());
}

TEST_CASE("what fired and ended within group_wait is told once, as resolved, with both times") {
    Bench b;
    b.fire(alert("x"));
    b.now += 3s;
    b.end(alert("x"));
    const auto n = b.run(start + 24h);
    REQUIRE(n.size() == 1);
    CHECK(n[0].created == start + 10s);
    CHECK(n[0].status == State::resolved);
    CHECK(n[0].alerts[0].fired_at == start);
    CHECK(n[0].alerts[0].resolved_at == start + 3s);
}

TEST_CASE("a firing that returns before its end was told goes on for the receiver") {
    Bench b;
    b.fire(alert("x"));
    b.collect_at(start + 10s);
    b.now = start + 1min;
    b.end(alert("x"));
    b.now = start + 2min;
    b.fire(alert("x"));
    CHECK(b.dispatcher.next_due() == start + 10s + 4h);
    b.now = start + 3min;
    b.end(alert("x"), start + 2min);
    const auto n = b.run(start + 24h);
    REQUIRE(n.size() == 1);
    CHECK(n[0].status == State::resolved);
}

TEST_CASE("pending alerts are told to nobody") {
    Bench b;
    auto a = alert("x");
    a.state = State::pending;
    b.send(a, false);
    CHECK_FALSE(b.dispatcher.next_due().has_value());
}

TEST_CASE("a restart at any instant tells the same with the same keys, and nothing twice") {
    const auto play = [](bool restarts) {
        Bench b;
        std::vector<std::string> log;
        const auto settle = [&](Time until) {
            if (restarts) b.restart();
            for (const auto& n : b.run(until)) log.push_back(n.key + " " + n.reason + " " + format_time(n.created));
            if (restarts) b.restart();
        };
        b.fire(alert("x"));
        b.collect();
        settle(start + 5s);
        b.fire(alert("y"));
        b.collect();
        settle(start + 1min);
        b.rise(alert("x", "crisis"), start);
        for (const auto& n : b.collect()) log.push_back(n.key + " " + n.reason);
        settle(start + 2h);
        b.end(alert("y"), start + 5s);
        for (const auto& n : b.collect()) log.push_back(n.key + " " + n.reason);
        settle(start + 9h);
        b.end(alert("x"));
        for (const auto& n : b.collect()) log.push_back(n.key + " " + n.reason);
        settle(start + 10h);
        CHECK(b.rows.empty());
        return log;
    };
    const auto calm = play(false);
    const auto shaken = play(true);
    CHECK(calm.size() == 5);
    CHECK(calm == shaken);
}

TEST_CASE("a decision that was lost in a crash is made again with the same key") {
    Bench b;
    b.fire(alert("x"));
    b.collect();
    const auto before = b.rows;
    const auto first = b.collect_at(start + 10s);
    b.rows = before;
    b.restart();
    const auto again = b.collect_at(start + 25s);
    REQUIRE(first.size() == 1);
    REQUIRE(again.size() == 1);
    CHECK(first[0].key == again[0].key);
    CHECK(first[0].created != again[0].created);
}

TEST_CASE("a muted alert is not told; when it is no longer muted, it is at once") {
    Bench b;
    bool silent = true;
    b.muted = [&](const Alert&, const Route&) { return silent; };
    b.fire(alert("x"));
    CHECK(b.collect_at(start + 1h).empty());
    CHECK_FALSE(b.dispatcher.next_due().has_value());
    silent = false;
    const auto n = b.collect_at(start + 2h);
    REQUIRE(n.size() == 1);
    CHECK(n[0].reason == "first");
}

TEST_CASE("a silence over a told alert stops repeats, and its end is followed by a reminder at once") {
    Bench b;
    bool silent = false;
    b.muted = [&](const Alert&, const Route&) { return silent; };
    b.fire(alert("x"));
    b.collect_at(start + 10s);
    silent = true;
    CHECK(b.collect_at(start + 1min).empty());
    CHECK_FALSE(b.dispatcher.next_due().has_value());
    silent = false;
    const auto n = b.collect_at(start + 20h);
    REQUIRE(n.size() == 1);
    CHECK(n[0].reason == "repeat");
}

TEST_CASE("the end of a told alert is told even in a silence; that of one that was never told is not") {
    Bench b;
    bool silent = false;
    b.muted = [&](const Alert&, const Route&) { return silent; };
    b.fire(alert("x"));
    b.collect_at(start + 10s);
    silent = true;
    b.collect();
    b.fire(alert("y"));
    b.collect();
    b.end(alert("x"));
    b.end(alert("y"), b.now);
    const auto n = b.collect_at(start + 1h);
    REQUIRE(n.size() == 1);
    CHECK(n[0].status == State::resolved);
    REQUIRE(n[0].alerts.size() == 1);
    CHECK(n[0].alerts[0].fingerprint == alert("x").fingerprint);
    CHECK(b.rows.empty());
}

TEST_CASE("a rise that leads to another receiver is told there at once, and both hear of the end") {
    auto root = route("comms");
    root.routes = {route("pager", "severity=\"crisis\"")};
    Bench b(root);
    b.fire(alert("x"));
    b.collect_at(start + 10s);
    b.now = start + 1min;
    b.rise(alert("x", "crisis"), start);
    auto n = b.collect();
    REQUIRE(n.size() == 1);
    CHECK(n[0].receiver == "pager");
    CHECK(n[0].reason == "first");
    // comms is not reminded of what is the pager's now.
    n = b.run(start + 5h);
    REQUIRE(n.size() == 1);
    CHECK(n[0].receiver == "pager");
    b.end(alert("x", "crisis"));
    n = b.run(start + 6h);
    REQUIRE(n.size() == 2);
    CHECK(n[0].status == State::resolved);
    CHECK(n[1].status == State::resolved);
    CHECK(n[0].receiver != n[1].receiver);
    CHECK(b.rows.empty());
}

TEST_CASE("with `continue` two receivers are told, each with its own times") {
    auto root = route("comms");
    auto pager = route("pager", "severity=\"watch\"");
    pager.continue_ = true;
    pager.group_wait = 0s;
    root.routes = {pager, route("archive", "brand=\"a\"")};
    Bench b(root);
    b.fire(alert("x"));
    auto n = b.collect();
    REQUIRE(n.size() == 1);
    CHECK(n[0].receiver == "pager");
    n = b.collect_at(start + 10s);
    REQUIRE(n.size() == 1);
    CHECK(n[0].receiver == "archive");
}

TEST_CASE("a reload that changes the times only keeps what was told") {
    Bench b;
    b.fire(alert("x"));
    b.collect_at(start + 10s);
    b.tree.repeat_interval = 1h;
    b.dispatcher.rebind(b.tree, b.now);
    CHECK(b.dispatcher.next_due() == start + 10s + 1h);
}

TEST_CASE("a reload that moves a told alert to another route of its receiver does not tell it again") {
    Bench b;
    b.fire(alert("x"));
    b.collect_at(start + 10s);
    b.tree.routes = {route("comms", "brand=\"a\"")};
    b.dispatcher.rebind(b.tree, b.now);
    CHECK(b.dispatcher.next_due() == start + 10s + 4h);
    b.restart();
    b.end(alert("x"));
    CHECK(b.run(start + 1h).size() == 1);
}

TEST_CASE("a reload to another receiver tells it there, and the end to both") {
    Bench b;
    b.fire(alert("x"));
    b.collect_at(start + 10s);
    b.tree = route("other");
    b.dispatcher.rebind(b.tree, b.now);
    auto n = b.run(start + 1h);
    REQUIRE(n.size() == 1);
    CHECK(n[0].receiver == "other");
    b.end(alert("x"));
    n = b.run(start + 2h);
    REQUIRE(n.size() == 2);
}

TEST_CASE("a large group is cut, the gravest first, and no end is lost") {
    Bench b;
    for (int i = 0; i < 150; ++i) b.fire(alert("p" + std::to_string(i), i == 149 ? "crisis" : "watch"));
    auto n = b.collect_at(start + 10s);
    REQUIRE(n.size() == 1);
    CHECK(n[0].alerts.size() == max_notification_alerts);
    CHECK(n[0].truncated == 50);
    CHECK(n[0].alerts[0].labels.at("severity") == "crisis");
    for (int i = 0; i < 150; ++i) b.end(alert("p" + std::to_string(i), i == 149 ? "crisis" : "watch"));
    std::size_t ended = 0;
    for (const auto& one : b.run(start + 1h)) ended += one.alerts.size();
    CHECK(ended == 150);
    CHECK(b.rows.empty());
}

TEST_CASE("the newest values are told, not those of the transition") {
    Bench b;
    b.fire(alert("x"));
    Alert newest = alert("x");
    newest.state = State::firing;
    newest.fired_at = start;
    newest.annotations["summary"] = Untrusted("now 500");
    const auto n = b.dispatcher.collect(start + 10s, {}, [&](std::uint64_t) { return &newest; });
    REQUIRE(n.size() == 1);
    CHECK(n[0].alerts[0].annotations.at("summary").bytes() == "now 500");
    newest.fired_at = start + 1s;
    newest.annotations["summary"] = Untrusted("another activity");
    const auto repeat = b.dispatcher.collect(start + 5h, {}, [&](std::uint64_t) { return &newest; });
    REQUIRE(repeat.size() == 1);
    CHECK(repeat[0].alerts[0].annotations.at("summary").bytes() == "now 500");
}

TEST_CASE("damaged rows are left out, and told of") {
    Bench b;
    b.fire(alert("x"));
    b.fire(alert("x", "watch", "b"));
    b.collect();
    std::vector<std::pair<std::string, std::string>> rows(b.rows.begin(), b.rows.end());
    for (const char* key : {"a/", "g/", "a/x", "zzz", "a/zz/0000000000000000"}) rows.emplace_back(key, "{\"v\":1}");
    rows.emplace_back("g/orphan", b.rows.begin()->second);
    Dispatcher other(b.tree);
    CHECK(other.restore(rows, b.now).size() >= 5);
    CHECK(other.collect(start + 10s).size() == 2);
}

TEST_CASE("a clock that was put back does not silence a group for as long as it was wrong") {
    Bench b;
    b.fire(alert("x"));
    b.collect_at(start + 10s);
    CHECK(b.collect_at(start - 24h).empty());
    b.fire(alert("y"));
    CHECK(b.collect_at(start - 24h + 5min).size() == 1);
}
