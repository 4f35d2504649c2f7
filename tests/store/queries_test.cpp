#include <doctest/doctest.h>

#include "store/support.hpp"

using namespace vigie;
using namespace vigie::store;
using namespace vigie::store::test;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> ids(const Result<std::vector<StoredMention>>& mentions) {
    std::vector<std::string> all;
    REQUIRE(mentions.ok());
    for (const auto& mention : *mentions) all.push_back(mention.analysed.item.id);
    return all;
}
using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("evidence of a span: half-open, newest first, limited, filtered") {
    const auto store = must_open(in_memory());
    std::vector<AnalysedItem> items;
    for (int i = 0; i < 5; ++i) {
        auto item = full_item(fmt::format("{}", i), t0 + std::chrono::seconds{i});
        item.item.engagement.likes = i % 2 == 0 ? 100 - i : 0;
        items.push_back(item);
    }
    must_commit(*store, group(items, t0 + 5s));
    CHECK(ids(store->evidence(aurora, t0, t0 + 3s, 10)) == Ids{"3", "2", "1"});
    CHECK(ids(store->evidence(aurora, t0 - Duration{1}, t0 + 3s, 2)) == Ids{"3", "2"});
    CHECK(ids(store->evidence(borealis, t0 - 1h, t0 + 1h, 10)).empty());
    CHECK(ids(store->evidence(aurora, t0 + 1h, t0, 10)).empty());
    CHECK(ids(store->evidence(aurora, t0 - 1h, t0 + 1h, 0)).empty());
    CHECK(ids(store->evidence(aurora, t0 - 1h, t0 + 1h, 9, [](const auto& m) { return m.analysed.item.id < "2"; })) == Ids{"1", "0"});

    const auto engagement = [](const StoredMention& m) { return static_cast<double>(m.analysed.item.engagement.total()); };
    CHECK(ids(store->top(aurora, t0 - 1h, t0 + 1h, 2, engagement)) == Ids{"0", "2"});
    CHECK(ids(store->top(aurora, t0 - 1h, t0 + 1h, 9, engagement, 2)) == Ids{"4", "3"});
    CHECK(ids(store->top(aurora, t0 - 1h, t0 + 1h, 3, [](const auto&) { return 1.0; })) == Ids{"4", "3", "2"});
    CHECK(ids(store->top(aurora, t0 - 1h, t0 + 1h, 3, [](const auto&) { return -1.0; })).empty());
    CHECK_FALSE(store->find(aurora, "9")->has_value());
    CHECK(store->recount(aurora, minute_of(t0), minute_of(t0))->empty());
}

TEST_CASE("functions are kept by name, whatever the configuration becomes") {
    const auto store = must_open(in_memory());
    auto item = full_item("1", t0);
    item.matches = {{0, 2}};
    must_commit(*store, group({item}, t0));
    auto brands = two_brands();
    std::swap(brands[0].functions[0], brands[0].functions[1]);
    REQUIRE(store->set_brands(brands).ok());
    CHECK((*store->find(aurora, "1"))->functions == Ids{"hr"});
    CHECK((*store->find(aurora, "1"))->analysed.matches.front().functions == 1);
    brands.erase(brands.begin());
    REQUIRE(store->set_brands(brands).ok());
    CHECK((*store->find(aurora, "1"))->analysed.matches.empty());
    check_counts(*store);
}

TEST_CASE("retention removes what is old, by part, a few brands a call, and the old never counts again") {
    const auto disk = make_memory_disk();
    auto options = in_memory(disk);
    options.retention = {std::chrono::days{10}, std::chrono::days{20}, std::chrono::days{400}};
    auto store = must_open(options);
    auto both = full_item("old", t0);
    both.matches = {{0, 0}, {1, 0}};
    must_commit(*store, group({both}, t0));
    must_commit(*store, group({full_item("young", t0 + 9 * 24h)}, t0 + 9 * 24h));
    Time now = t0 + 11 * 24h;
    while (!store->roll_up(now).value()) continue;
    CHECK_FALSE(store->apply_retention(now, 1).value());
    CHECK(store->apply_retention(now, 1).value());
    CHECK_FALSE(store->find(aurora, "old")->has_value());
    CHECK_FALSE(store->find(borealis, "old")->has_value());
    CHECK(store->find(aurora, "young")->has_value());
    CHECK(store->minutes(aurora, INT32_MIN, INT32_MAX)->size() == 2);
    CHECK(must_commit(*store, group({both}, now)).too_old == 1);
    // The clock goes back, and the retention grows: what may be forgotten stays refused.
    CHECK(must_commit(*store, group({both}, t0 + 1h)).too_old == 1);
    options.retention.evidence = std::chrono::days{300};
    store.reset();
    store = must_open(options);
    CHECK(must_commit(*store, group({both}, now)).too_old == 1);
    now = t0 + 25 * 24h;
    while (!store->roll_up(now).value()) continue;
    CHECK(store->apply_retention(now).value());
    CHECK(store->minutes(aurora, INT32_MIN, INT32_MAX)->size() == 1);
    CHECK(store->hours(aurora, INT32_MIN, INT32_MAX)->size() == 2);
    now = t0 + 405 * 24h;
    CHECK(store->apply_retention(now).value());
    CHECK(store->hours(aurora, INT32_MIN, INT32_MAX)->size() == 1);
}

TEST_CASE("minutes stay until their hour is rolled up") {
    auto options = in_memory();
    options.retention.minutes = 50h;
    const auto store = must_open(options);
    must_commit(*store, group({full_item("1", t0)}, t0));
    CHECK(store->apply_retention(t0 + 30 * 24h).value());
    CHECK(store->minutes(aurora, INT32_MIN, INT32_MAX)->size() == 1);
}
