// A core on a disk in memory, its clock and what it told: shared by the tests of the engine.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "vigie/config/yaml.hpp"
#include "vigie/core/clock.hpp"
#include "vigie/engine/core.hpp"
#include "vigie/rules/rule.hpp"

namespace vigie::engine::test {

inline const Time t0 = parse_time("2026-03-01T09:00:00Z").value();

inline std::vector<rules::Rule> rules_of(const std::string& yaml, const std::string& file = "rules.yaml") {
    doc::Diagnostics diagnostics(file);
    const auto node = config::read_yaml(yaml, diagnostics);
    REQUIRE(node.has_value());
    auto rules = rules::decode_rules(*node, file, diagnostics);
    const std::string first = diagnostics.all().empty() ? "" : diagnostics.all().front().text();
    REQUIRE_MESSAGE(rules.has_value(), first);
    return std::move(*rules);
}

/// One rule of one group: `body` is what stands below its name, indented as here.
inline std::string rule_text(const std::string& name, const std::string& body) {
    return "groups:\n  - name: g\n    interval: 30s\n    rules:\n      - alert: " + name + "\n        " + body + "\n";
}

inline Brand brand(const std::string& name, Labels labels = {}) {
    Brand out;
    out.name = out.display = name;
    out.query = name;
    out.labels = std::move(labels);
    return out;
}

inline alerts::Route route(Duration wait = Duration{0}) {
    alerts::Route out;
    out.receiver = "comms";
    out.group_by = {"alertname", "brand"};
    out.group_wait = wait;
    out.group_interval = Duration{1000};
    out.key = "{}";
    return out;
}

inline AnalysedItem mention(const std::string& id, BrandIndex brand, Time at, const std::string& platform = "mastodon",
                            const std::string& source = "push") {
    AnalysedItem out;
    out.item.id = id;
    out.item.platform = platform;
    out.item.published = at;
    out.item.observed = at;
    out.item.text = Untrusted("text of " + id);
    out.item.author.handle = Untrusted("@" + id);
    out.item.source = source;
    out.language = "en";
    out.matches = {{brand, 0}};
    return out;
}

/// Writes down all that it is told.
struct Recorder final : Observer {
    std::vector<alerts::Transition> transitions;
    std::vector<alerts::Notification> notifications;
    std::vector<std::pair<delivery::OutboxRow, delivery::Next>> deliveries;
    std::vector<Error> problems;
    void on_transition(const alerts::Transition& transition) override { transitions.push_back(transition); }
    void on_notification(const alerts::Notification& notification) override { notifications.push_back(notification); }
    void on_delivery(const delivery::OutboxRow& row, const delivery::Outcome&, const delivery::Next& next) override {
        deliveries.emplace_back(row, next);
    }
    void on_problem(const Error& error) override { problems.push_back(error); }

    /// "firing Surge aurora", one for each transition so far; forgets them.
    std::vector<std::string> take() {
        std::vector<std::string> out;
        for (const alerts::Transition& t : transitions)
            out.push_back(std::string(alerts::to_string(t.alert.state)) + " " + t.alert.rule.name + " " + t.alert.labels.at("brand"));
        transitions.clear();
        return out;
    }
};

inline CoreSettings settings(const std::string& rules, std::vector<Brand> brands = {brand("aurora"), brand("borealis")}) {
    CoreSettings out;
    out.brands = std::move(brands);
    out.timezone = "UTC";
    out.rules = rules_of(rules);
    out.route = route();
    out.integrations = {{"comms/log/0", "comms", true}};
    return out;
}

struct Bench {
    explicit Bench(CoreSettings from, Duration grace_ = Duration{0}) : how(std::move(from)), grace(grace_) { open(); }

    void open() {
        store::Options options;
        options.directory = "/bench";
        options.memory = disk;
        options.write_buffer_bytes = 1 << 20;
        options.free_space = [this](const std::string&) { return Result<std::uint64_t>(free); };
        auto opened = store::Store::open(std::move(options));
        REQUIRE_MESSAGE(opened.ok(), (opened ? "" : opened.error().text()));
        store = std::move(*opened);
        auto made = Core::open(*store, how, clock.now(), grace, seen);
        REQUIRE_MESSAGE(made.ok(), (made ? "" : made.error().text()));
        core = std::move(*made);
    }
    /// As kill -9 would, and a start on the same disk.
    void restart() {
        core.reset();
        store.reset();
        open();
    }
    /// Does all that falls due on the way, as the ledger thread would.
    void advance_to(Time until) {
        while (core->next_due() <= until) {
            clock.advance_to(core->next_due());
            core->tick(clock.now());
            deliver();
            // What is due again in the same instant waits for the next one.
            if (core->next_due() <= clock.now()) clock.advance(Duration{1});
        }
        clock.advance_to(until);
    }
    void advance(Duration d) { advance_to(clock.now() + d); }
    Result<store::CommitResult> try_ingest(std::vector<AnalysedItem> items) {
        store::LedgerInput input;
        input.items = std::move(items);
        input.now = clock.now();
        return core->ingest(std::move(input));
    }
    /// `count` fresh mentions of a brand, now.
    void ingest(BrandIndex which, int count, const std::string& platform = "mastodon", const std::string& source = "push") {
        std::vector<AnalysedItem> items;
        for (int i = 0; i < count; ++i) items.push_back(mention("m" + std::to_string(++ids), which, clock.now(), platform, source));
        const auto result = try_ingest(std::move(items));
        REQUIRE_MESSAGE(result.ok(), (result ? "" : result.error().text()));
        CHECK(result->accepted == static_cast<std::size_t>(count));
        deliver();
    }
    /// Each receiver takes what is due, unless it is down.
    void deliver() {
        if (idle) return;
        for (const Integration& integration : how.integrations) {
            while (const auto row = core->take(integration.name, clock.now())) {
                const delivery::Outcome outcome = down ? delivery::Outcome(delivery::OutcomeKind::retry, "down")
                                                       : delivery::Outcome(delivery::OutcomeKind::delivered, "");
                if (!down) told.push_back(row->notification);
                core->finish(integration.name, row->sequence, outcome, clock.now(), 0.5);
            }
        }
    }
    std::vector<std::string> states() const {
        std::vector<std::string> out;
        for (const alerts::Alert& alert : core->alerts())
            out.push_back(std::string(alerts::to_string(alert.state)) + " " + alert.rule.name);
        return out;
    }

    CoreSettings how;
    Duration grace;
    std::uint64_t free = 1ULL << 40;
    ManualClock clock{t0};
    std::shared_ptr<store::MemoryDisk> disk = store::make_memory_disk();
    Recorder seen;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<Core> core;
    std::vector<alerts::Notification> told;
    bool down = false;
    bool idle = false;  ///< nobody takes anything
    int ids = 0;
};

}  // namespace vigie::engine::test
