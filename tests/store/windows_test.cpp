// Windows after a restart are the windows before it, whichever way they were loaded.
#include <doctest/doctest.h>

#include <random>

#include "store/support.hpp"

using namespace vigie;
using namespace vigie::store;
using namespace vigie::store::test;
using namespace std::chrono_literals;

namespace {

std::vector<detect::Selector> selectors() {
    std::vector<detect::Selector> all;
    for (const auto metric : {detect::Metric::mentions, detect::Metric::negative, detect::Metric::reach, detect::Metric::engagement,
                              detect::Metric::new_authors}) {
        for (const Duration window : {Duration(5min), Duration(1h), Duration(24h), Duration(7 * 24h), Duration(30 * 24h)}) {
            all.push_back({metric, {}, window, 0ms, {}});
        }
    }
    all.push_back({detect::Metric::mentions, {{"platform", detect::MatchOp::equal, "mastodon"}}, 24h, 0ms, {}});
    all.push_back({detect::Metric::mentions, {}, 7 * 24h, 24h, {}});
    all.push_back({detect::Metric::counts, {{"series", detect::MatchOp::equal, "pageviews"}}, 24h, 0ms, {}});
    all.push_back({detect::Metric::authors, {}, 24h, 0ms, {}});
    return all;
}

void check_equal(const detect::Windows& a, const detect::Windows& b, const std::string& what) {
    CHECK(a.now() == b.now());
    for (BrandIndex brand = 0; brand < 2; ++brand) {
        for (detect::SelectorId id = 0; id < a.selectors().size(); ++id) {
            const auto left = a.read(brand, id);
            const auto right = b.read(brand, id);
            CHECK_MESSAGE(left == right, what, " brand ", brand, " ", format_selector(a.selectors()[id]), " ", left.value_or(-1), " ",
                          right.value_or(-1));
        }
    }
}

void apply(detect::Windows& windows, const CommitResult& result) {
    for (const Touched& touched : result.touched) {
        for (const auto& removed : touched.removed) windows.remove_count(touched.brand, touched.minute, removed.key, removed.value);
        windows.add(touched.brand, touched.minute, touched.delta);
    }
}

LedgerInput random_group(std::mt19937_64& random, Time now) {
    LedgerInput input;
    input.now = now;
    for (int i = 0; i < 12; ++i) {
        // Most are fresh, some are days late.
        const std::int64_t late =
            random() % 4 == 0 ? static_cast<std::int64_t>(random() % (28 * 24 * 60)) : static_cast<std::int64_t>(random() % 90);
        auto item = full_item(fmt::format("id/{}", random() % 5000), now - std::chrono::minutes{late}, fmt::format("@a{}", random() % 50));
        if (random() % 2 == 0) item.item.platform = "x";
        item.item.engagement.likes = static_cast<std::int64_t>(random() % 100);
        item.matches = {{static_cast<BrandIndex>(random() % 2), 0}};
        input.items.push_back(item);
    }
    const auto start = now - std::chrono::hours{1 + static_cast<std::int64_t>(random() % 12)};
    input.counts = {
        {"pageviews", "aurora-air", std::chrono::floor<std::chrono::hours>(start), 1h, static_cast<double>(random() % 900), "wiki"}};
    return input;
}

}  // namespace

TEST_CASE("windows are the same live, from the snapshot with its journal, and from the buckets") {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        std::mt19937_64 random(seed);
        const auto disk = make_memory_disk();
        auto store = must_open(in_memory(disk));
        auto live = store->load_windows(selectors(), t0);
        REQUIRE(live.ok());
        CHECK_FALSE(store->loaded_from_snapshot());
        Time now = t0;
        bool has_snapshot = false;
        for (int round = 0; round < 120; ++round) {
            now += std::chrono::minutes{1 + static_cast<std::int64_t>(random() % 240)};
            live->advance(now);
            apply(*live, must_commit(*store, random_group(random, now)));
            if (random() % 3 == 0) REQUIRE(store->roll_up(now, 24).ok());
            if (random() % 25 == 0) {
                REQUIRE(store->save_snapshot(*live).ok());
                CHECK(store->journal_length() == 0);
                has_snapshot = true;
            }
            if (random() % 20 != 0) continue;
            store.reset();
            store = must_open(in_memory(disk));
            auto loaded = store->load_windows(selectors(), now);
            REQUIRE(loaded.ok());
            CHECK(store->loaded_from_snapshot() == has_snapshot);
            check_equal(*live, *loaded, "restart");
            live = std::move(loaded);
        }
        // Without the snapshot: another list of selectors refuses it.
        auto fewer = selectors();
        fewer.pop_back();
        auto rebuilt = store->load_windows(fewer, now);
        REQUIRE(rebuilt.ok());
        CHECK_FALSE(store->loaded_from_snapshot());
        live->advance(now);
        for (BrandIndex brand = 0; brand < 2; ++brand) {
            for (detect::SelectorId id = 0; id < fewer.size(); ++id) {
                CHECK_MESSAGE(live->read(brand, id) == rebuilt->read(brand, id), format_selector(fewer[id]), " seed ", seed);
            }
        }
    }
}

TEST_CASE("hours are the sums of their minutes, also of minutes that come after the roll-up") {
    const auto store = must_open(in_memory());
    must_commit(*store, group({full_item("a", t0), full_item("b", t0 + 10min), full_item("c", t0 + 3h)}, t0 + 3h));
    CHECK(store->hours(aurora, INT32_MIN, INT32_MAX)->empty());
    const Time later = t0 + 60h;
    bool done = false;
    for (int calls = 0; calls < 100 && !done; ++calls) done = store->roll_up(later, 2).value();
    CHECK(done);
    REQUIRE(store->hours(aurora, INT32_MIN, INT32_MAX)->size() == 2);
    must_commit(*store, group({full_item("d", t0 + 1min)}, later));
    const auto hours = store->hours(aurora, INT32_MIN, INT32_MAX);
    const auto minutes = store->minutes(aurora, INT32_MIN, INT32_MAX);
    for (const auto& [hour, bucket] : *hours) {
        detect::Bucket sum;
        for (const auto& [minute, part] : *minutes) {
            if (hour_of_minute(minute) == hour) sum.merge(part);
        }
        CHECK((sum == bucket));
    }
}

TEST_CASE("a snapshot for other brands is not taken") {
    const auto disk = make_memory_disk();
    {
        const auto store = must_open(in_memory(disk));
        auto windows = store->load_windows(selectors(), t0);
        REQUIRE(store->save_snapshot(*windows).ok());
    }
    const auto store = must_open(in_memory(disk));
    auto brands = two_brands();
    std::swap(brands[0], brands[1]);
    REQUIRE(store->set_brands(brands).ok());
    CHECK(store->load_windows(selectors(), t0).ok());
    CHECK_FALSE(store->loaded_from_snapshot());
    brands[1].name = brands[0].name;
    CHECK(store->set_brands(brands).error().code() == Errc::invalid);
}
