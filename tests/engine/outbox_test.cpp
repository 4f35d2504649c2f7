#include "engine/outbox.hpp"

#include <doctest/doctest.h>

#include "engine/bench.hpp"

using namespace vigie;
using namespace vigie::engine;
using namespace vigie::engine::test;
using namespace std::chrono_literals;
using delivery::Outcome;
using delivery::OutcomeKind;

namespace {

const std::vector<Integration> both = {{"comms/slack/0", "comms", true}, {"comms/log/0", "comms", false}};

alerts::Notification news(const std::string& key, const std::string& group = "g", alerts::State status = alerts::State::firing) {
    alerts::Notification out;
    out.key = key;
    out.receiver = "comms";
    out.group_key = group;
    out.status = status;
    out.created = t0;
    alerts::Alert alert;
    alert.labels = {{"alertname", group}};
    alert.fingerprint = fingerprint(alert.labels);
    alert.state = status;
    alert.active_since = t0;
    out.alerts.push_back(alert);
    return out;
}

/// An outbox and the store that holds its rows.
struct Desk {
    explicit Desk(std::vector<Integration> integrations = both) {
        open();
        configure(std::move(integrations));
    }
    void open() {
        store::Options options;
        options.directory = "/desk";
        options.memory = disk;
        options.write_buffer_bytes = 1 << 20;
        options.free_space = [this](const std::string&) { return Result<std::uint64_t>(free); };
        auto opened = store::Store::open(std::move(options));
        REQUIRE(opened.ok());
        store = std::move(*opened);
        outbox = std::make_unique<Outbox>();
    }
    void configure(std::vector<Integration> integrations) {
        store::StateBatch batch;
        outbox->configure(std::move(integrations), t0, batch);
        REQUIRE(store->commit(batch).ok());
    }
    void restart(std::vector<Integration> integrations = both) {
        outbox.reset();
        store.reset();
        open();
        outbox->restore(*store->outbox(), *store->rows(store::Table::dead_letters), seen);
        configure(std::move(integrations));
    }
    void add(const alerts::Notification& notification, Time now = t0) {
        store::StateBatch batch;
        outbox->add(notification, now, *store, batch);
        outbox->write_unsaved(batch);
        if (store->commit(batch).ok()) outbox->saved();
    }
    std::optional<Outbox::Finished> finish(const std::string& integration, std::uint64_t sequence, const Outcome& outcome, Time now = t0) {
        store::StateBatch batch;
        auto out = outbox->finish(integration, sequence, outcome, now, 0.5, batch);
        (void)store->commit(batch);
        return out;
    }
    /// The keys of the stored rows of an integration, in their order.
    std::vector<std::string> stored(const std::string& integration) const {
        std::vector<std::string> keys;
        const auto entries = store->outbox(integration, 100);
        REQUIRE(entries.ok());
        for (const auto& entry : *entries) keys.push_back(delivery::decode_outbox_row(entry.value).value().notification.key);
        return keys;
    }
    Core::QueueState state(const std::string& integration) const {
        for (const auto& one : outbox->states()) {
            if (one.integration == integration) return one;
        }
        FAIL("no such integration");
        return {};
    }

    std::uint64_t free = 1ULL << 40;
    std::shared_ptr<store::MemoryDisk> disk = store::make_memory_disk();
    std::unique_ptr<store::Store> store;
    std::unique_ptr<Outbox> outbox;
    Recorder seen;
};

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("a notification becomes one row for each integration of its receiver that wants it") {
    Desk desk;
    desk.add(news("a"));
    desk.add(news("b", "h", alerts::State::resolved));
    auto other = news("c");
    other.receiver = "others";
    desk.add(other);
    CHECK(desk.stored("comms/slack/0") == Keys{"a", "b"});
    CHECK(desk.stored("comms/log/0") == Keys{"a"});
    CHECK(desk.state("comms/slack/0").waiting == 2);
    CHECK(desk.state("comms/slack/0").oldest == t0);
}

TEST_CASE("one at a time for each integration, and none delays another integration") {
    Desk desk;
    desk.add(news("a"));
    desk.add(news("b", "h"));
    const auto first = desk.outbox->take("comms/slack/0", t0);
    REQUIRE(first.has_value());
    CHECK_FALSE(desk.outbox->take("comms/slack/0", t0 + 1h).has_value());
    CHECK(desk.outbox->take("comms/log/0", t0).has_value());
    CHECK_FALSE(desk.outbox->wake("comms/slack/0").has_value());
    REQUIRE(desk.finish("comms/slack/0", first->sequence, Outcome(OutcomeKind::delivered, "")).has_value());
    CHECK(desk.outbox->wake("comms/slack/0").value() <= t0);
    CHECK(desk.outbox->take("comms/slack/0", t0)->notification.key == "b");
}

TEST_CASE("a failed try is put off, stored with its error, and survives a restart") {
    Desk desk;
    desk.add(news("a"));
    const auto row = desk.outbox->take("comms/slack/0", t0);
    const auto finished = desk.finish("comms/slack/0", row->sequence, Outcome(OutcomeKind::retry, "503"));
    REQUIRE(finished.has_value());
    CHECK(finished->next.action == delivery::NextAction::retry);
    CHECK_FALSE(desk.outbox->take("comms/slack/0", t0).has_value());
    CHECK(desk.outbox->wake("comms/slack/0") == finished->next.at);
    desk.restart();
    CHECK(desk.outbox->wake("comms/slack/0") == finished->next.at);
    const auto again = desk.outbox->take("comms/slack/0", finished->next.at);
    REQUIRE(again.has_value());
    CHECK(again->attempts == 1);
    CHECK(again->last_error == "503");
    CHECK(again->notification.key == "a");
}

TEST_CASE("a refused body is tried smaller once, then it is a dead letter that is counted and kept") {
    Desk desk;
    desk.add(news("a"));
    auto row = desk.outbox->take("comms/slack/0", t0);
    desk.finish("comms/slack/0", row->sequence, Outcome(OutcomeKind::payload_rejected, "413"));
    row = desk.outbox->take("comms/slack/0", t0);
    REQUIRE(row.has_value());
    CHECK(row->shrunk);
    desk.finish("comms/slack/0", row->sequence, Outcome(OutcomeKind::payload_rejected, "413"));
    CHECK_FALSE(desk.outbox->take("comms/slack/0", t0 + 24h).has_value());
    CHECK(desk.stored("comms/slack/0").empty());
    const auto dead = desk.store->rows(store::Table::dead_letters);
    REQUIRE(dead->size() == 1);
    CHECK(delivery::decode_outbox_row(dead->front().value)->last_error.find("smaller body") != std::string::npos);
    CHECK(desk.state("comms/slack/0").dead_letters == 1);
    CHECK(desk.state("comms/log/0").dead_letters == 0);
    // The other integration has nothing to do with it, after a restart neither.
    desk.restart();
    CHECK(desk.state("comms/slack/0").dead_letters == 1);
    CHECK(desk.state("comms/log/0").dead_letters == 0);
}

TEST_CASE("dead letters are counted after a start at which nothing waits") {
    Desk desk;
    desk.add(news("a"));
    auto row = desk.outbox->take("comms/log/0", t0);
    desk.finish("comms/log/0", row->sequence, Outcome(OutcomeKind::endpoint_dead, "410", std::nullopt, true));
    row = desk.outbox->take("comms/slack/0", t0);
    desk.finish("comms/slack/0", row->sequence, Outcome(OutcomeKind::delivered, ""));
    desk.restart();
    CHECK(desk.state("comms/log/0").dead_letters == 1);
    CHECK(desk.state("comms/slack/0").dead_letters == 0);
}

TEST_CASE("a newer row of the group that came during a failed try takes its place, in memory and in the store") {
    Desk desk;
    desk.add(news("a"));
    const auto row = desk.outbox->take("comms/slack/0", t0);
    desk.add(news("b", "g", alerts::State::resolved), t0 + 1s);
    CHECK(desk.stored("comms/slack/0") == Keys{"a", "b"});
    desk.finish("comms/slack/0", row->sequence, Outcome(OutcomeKind::retry, "503"), t0 + 2s);
    CHECK(desk.stored("comms/slack/0") == Keys{"b"});
    CHECK(desk.state("comms/slack/0").waiting == 1);
    desk.restart();
    CHECK(desk.outbox->take("comms/slack/0", t0 + 1h)->notification.key == "b");
}

TEST_CASE("a newer row that came during a try that succeeds follows it") {
    Desk desk;
    desk.add(news("a"));
    const auto row = desk.outbox->take("comms/slack/0", t0);
    desk.add(news("b", "g", alerts::State::resolved));
    desk.finish("comms/slack/0", row->sequence, Outcome(OutcomeKind::delivered, ""));
    CHECK(desk.stored("comms/slack/0") == Keys{"b"});
    CHECK(desk.outbox->take("comms/slack/0", t0)->notification.key == "b");
}

TEST_CASE("rows of an integration that is gone become dead letters, the one under way too") {
    Desk desk;
    desk.add(news("a"));
    desk.add(news("b", "h"));
    const auto row = desk.outbox->take("comms/slack/0", t0);
    desk.configure({both[1]});
    CHECK(desk.stored("comms/slack/0").empty());
    CHECK(desk.store->rows(store::Table::dead_letters)->size() == 2);
    // What comes of the try afterwards changes nothing.
    CHECK_FALSE(desk.finish("comms/slack/0", row->sequence, Outcome(OutcomeKind::retry, "503")).has_value());
    CHECK(desk.stored("comms/slack/0").empty());
    CHECK(desk.outbox->states().size() == 1);
    desk.configure(both);
    CHECK_FALSE(desk.outbox->take("comms/slack/0", t0 + 1h).has_value());
    CHECK(desk.state("comms/log/0").waiting == 2);
}

TEST_CASE("rows that could not be written are sent all the same, and written later unless they are done by then") {
    Desk desk;
    desk.free = 0;
    desk.add(news("a"));
    desk.add(news("b", "h"));
    CHECK(desk.store->outbox()->empty());
    const auto row = desk.outbox->take("comms/slack/0", t0);
    REQUIRE(row.has_value());
    desk.finish("comms/slack/0", row->sequence, Outcome(OutcomeKind::delivered, ""));
    desk.free = 1ULL << 40;
    desk.add(news("c", "i"));
    CHECK(desk.stored("comms/slack/0") == Keys{"b", "c"});
    CHECK(desk.stored("comms/log/0") == Keys{"a", "b", "c"});
    // Unwritten rows of an integration that goes do not come back.
    desk.free = 0;
    desk.add(news("d", "j"));
    desk.free = 1ULL << 40;
    desk.configure({both[0]});
    desk.add(news("e", "k"));
    CHECK(desk.stored("comms/log/0").empty());
}

TEST_CASE("five failures open the breaker: the sixth row waits, and a success wakes all") {
    Desk desk;
    for (int i = 0; i < 7; ++i) desk.add(news("k" + std::to_string(i), "g" + std::to_string(i)));
    for (int i = 0; i < 5; ++i) {
        const auto row = desk.outbox->take("comms/slack/0", t0);
        REQUIRE(row.has_value());
        desk.finish("comms/slack/0", row->sequence, Outcome(OutcomeKind::retry, "503"));
    }
    CHECK(desk.state("comms/slack/0").breaker == "open");
    CHECK_FALSE(desk.outbox->take("comms/slack/0", t0).has_value());
    const auto opens = desk.outbox->wake("comms/slack/0");
    REQUIRE(opens.has_value());
    CHECK(*opens > t0);
    const auto probe = desk.outbox->take("comms/slack/0", *opens);
    REQUIRE(probe.has_value());
    desk.finish("comms/slack/0", probe->sequence, Outcome(OutcomeKind::delivered, ""), *opens);
    for (int i = 0; i < 6; ++i) {
        const auto row = desk.outbox->take("comms/slack/0", *opens);
        REQUIRE(row.has_value());
        desk.finish("comms/slack/0", row->sequence, Outcome(OutcomeKind::delivered, ""), *opens);
    }
    CHECK(desk.stored("comms/slack/0").empty());
}

TEST_CASE("questions about what is not there") {
    Desk desk;
    CHECK_FALSE(desk.outbox->take("nobody", t0).has_value());
    CHECK_FALSE(desk.outbox->wake("nobody").has_value());
    CHECK_FALSE(desk.finish("nobody", 1, Outcome(OutcomeKind::delivered, "")).has_value());
    CHECK_FALSE(desk.finish("comms/slack/0", 1, Outcome(OutcomeKind::delivered, "")).has_value());
    CHECK_FALSE(desk.outbox->wake().has_value());
}
