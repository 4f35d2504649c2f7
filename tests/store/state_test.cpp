#include "vigie/store/state.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "store/support.hpp"

using namespace vigie;
using namespace vigie::store;
using namespace vigie::store::test;
using namespace std::chrono_literals;

TEST_CASE("state rows come back by table, and a later change wins") {
    const auto disk = make_memory_disk();
    {
        const auto store = must_open(in_memory(disk));
        StateBatch batch;
        CHECK(batch.empty());
        batch.put(Table::alerts, aurora, state_name(0xAB), "old");
        batch.put(Table::alerts, aurora, state_name(0xAB), "new");
        batch.put(Table::alerts, borealis, state_name(2), "two");
        batch.put(Table::alerts, borealis, state_name(3), "gone");
        batch.erase(Table::alerts, borealis, state_name(3));
        batch.put(Table::groups, 0, std::string("route/{}:\0x", 11), "group");
        batch.put(Table::meta, 0, "drill", std::string("\0\1", 2));
        batch.put(Table::dead_letters, 0, "comms/slack/0|7", "dead");
        REQUIRE(store->commit(batch).ok());
    }
    const auto store = must_open(in_memory(disk));
    const auto alerts = store->rows(Table::alerts);
    REQUIRE(alerts->size() == 2);
    for (const StateRow& row : *alerts) {
        const bool first = row.brand == aurora;
        CHECK((row == StateRow{first ? aurora : borealis, state_name(first ? 0xAB : 2), first ? "new" : "two"}));
    }
    CHECK(store->rows(Table::groups)->front().name == std::string("route/{}:\0x", 11));
    CHECK(store->rows(Table::meta)->front().value == std::string("\0\1", 2));
    CHECK(store->rows(Table::silences)->empty());
    CHECK(store->row(Table::dead_letters, 0, "comms/slack/0|7").value() == "dead");
    CHECK_FALSE(store->row(Table::meta, 1, "drill").value().has_value());
}

TEST_CASE("the outbox keeps the order within an integration, and never gives a number twice") {
    const auto disk = make_memory_disk();
    std::uint64_t highest = 0;
    {
        const auto store = must_open(in_memory(disk));
        StateBatch batch;
        for (int i = 0; i < 300; ++i) {
            highest = store->next_outbox_sequence();
            batch.put_outbox(i % 2 == 0 ? "comms/slack/0" : "comms/slack/01", highest, std::to_string(highest));
        }
        REQUIRE(store->commit(batch).ok());
        StateBatch sent;
        for (std::uint64_t sequence = 1; sequence <= highest; sequence += 2) sent.erase_outbox("comms/slack/0", sequence);
        sent.erase_outbox("comms/slack/01", highest);
        REQUIRE(store->commit(sent).ok());
    }
    const auto store = must_open(in_memory(disk));
    CHECK(store->outbox("comms/slack/0", 10)->empty());
    const auto first = store->outbox("comms/slack/01", 3);
    REQUIRE(first->size() == 3);
    CHECK((*first)[0].sequence < (*first)[1].sequence);
    CHECK((*first)[1].value == std::to_string((*first)[1].sequence));
    CHECK(store->outbox()->size() == 149);
    CHECK(store->next_outbox_sequence() > highest);
}

TEST_CASE("the audit is read from an instant on, oldest first") {
    const auto store = must_open(in_memory());
    StateBatch batch;
    batch.append_audit(t0 + 1s, "b");
    batch.append_audit(t0, "a");
    batch.append_audit(t0 + 1s, "c");
    REQUIRE(store->commit(batch).ok());
    const auto all = store->audit_since(t0, 10);
    REQUIRE(all->size() == 3);
    CHECK((*all)[0].value == "a");
    CHECK((*all)[1].value == "b");
    CHECK((*all)[2].value == "c");
    CHECK(store->audit_since(t0 + Duration{1}, 1)->front().value == "b");
    CHECK(store->audit_since(t0 + 1h, 10)->empty());
}

TEST_CASE("bad names are refused, and the whole batch with them") {
    const auto store = must_open(in_memory());
    for (const std::string& name : {std::string(), std::string(4097, 'x')}) {
        StateBatch batch;
        batch.put(Table::meta, 0, "good", "1");
        batch.put(Table::meta, 0, name, "1");
        CHECK(store->commit(batch).error().code() == Errc::limit);
    }
    StateBatch batch;
    batch.put_outbox(std::string("a\0b", 3), 1, "x");
    CHECK(store->commit(batch).error().code() == Errc::invalid);
    CHECK(store->rows(Table::meta)->empty());
}

TEST_CASE("state may be written and evidence read beside the ledger thread") {
    const auto store = must_open(in_memory());
    std::thread delivery([&] {
        for (std::uint64_t i = 0; i < 200; ++i) {
            StateBatch batch;
            batch.put_outbox("comms/log/0", i, "x");
            CHECK(store->commit(batch).ok());
        }
    });
    std::thread reader([&] {
        for (int i = 0; i < 50; ++i) CHECK(store->evidence(aurora, t0 - 1h, t0 + 1h, 10).ok());
    });
    for (int i = 0; i < 100; ++i) must_commit(*store, group({full_item(fmt::format("id/{}", i), t0)}, t0));
    delivery.join();
    reader.join();
    CHECK(store->outbox()->size() == 200);
    CHECK(store->counts().batches == 301);
    check_counts(*store);
}
