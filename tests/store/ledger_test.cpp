#include "vigie/store/ledger.hpp"

#include <doctest/doctest.h>

#include <random>

#include "store/support.hpp"

using namespace vigie;
using namespace vigie::store;
using namespace vigie::store::test;
using namespace std::chrono_literals;

namespace {

detect::Counters sums(const detect::Bucket& bucket) {
    detect::Counters all;
    for (const auto& [key, cell] : bucket.cells()) {
        all.mentions += cell.sums.mentions;
        all.negative += cell.sums.negative;
        all.engagement += cell.sums.engagement;
        all.new_authors += cell.sums.new_authors;
        all.reach += cell.sums.reach;
    }
    return all;
}

}  // namespace

TEST_CASE("a new item is stored, counted once, and reported as it was stored") {
    const auto store = must_open(in_memory());
    const auto item = full_item("mastodon/1", t0);
    const auto first = must_commit(*store, group({item}, t0 + 1s));
    CHECK(first.accepted == 1);
    CHECK(first.mentions == 1);
    CHECK(first.outcomes == std::vector{ItemOutcome::accepted});
    REQUIRE(first.touched.size() == 1);
    CHECK(first.touched[0].brand == 0);
    CHECK(first.touched[0].minute == minute_of(t0));
    CHECK(sums(first.touched[0].delta).mentions == 1);
    CHECK(sums(first.touched[0].delta).new_authors == 1);

    const auto again = must_commit(*store, group({item}, t0 + 2s));
    CHECK(again.accepted == 0);
    CHECK(again.duplicates == 1);
    CHECK(again.outcomes == std::vector{ItemOutcome::duplicate});
    CHECK(again.touched.empty());
    const auto minutes = store->minutes(aurora, INT32_MIN, INT32_MAX);
    REQUIRE(minutes->size() == 1);
    CHECK(((*minutes)[0].second == first.touched[0].delta));

    const auto found = store->find(aurora, "mastodon/1");
    REQUIRE(found.ok());
    REQUIRE(found->has_value());
    AnalysedItem expected = item;
    expected.item.observed = t0 + 1s;
    CHECK(((*found)->analysed == expected));
    CHECK((*found)->functions == std::vector<std::string>{"safety"});
    check_counts(*store);
}

TEST_CASE("copies within a group count once, and their engagement is not lost") {
    const auto store = must_open(in_memory());
    auto a = full_item("mastodon/1", t0);
    auto b = a;
    b.item.engagement.likes = 50;
    auto c = full_item("mastodon/2", t0, "@ana");
    const auto result = must_commit(*store, group({a, b, c}, t0));
    CHECK(result.accepted == 2);
    CHECK(result.duplicates == 1);
    CHECK(result.outcomes == std::vector{ItemOutcome::accepted, ItemOutcome::duplicate, ItemOutcome::accepted});
    CHECK(sums(result.touched[0].delta).engagement == 50 + 2 + 1 + 6);
    CHECK(sums(result.touched[0].delta).new_authors == 1);
    check_counts(*store);
}

TEST_CASE("an item of two brands is one item and two mentions, and is exported once") {
    const auto store = must_open(in_memory());
    auto item = full_item("mastodon/1", t0);
    item.matches = {{0, 3}, {1, 0}};
    const auto result = must_commit(*store, group({item}, t0));
    CHECK(result.accepted == 1);
    CHECK(result.mentions == 2);
    CHECK(result.touched.size() == 2);
    CHECK(store->counts().mentions == 2);
    std::vector<Item> exported;
    CHECK(store->for_each_item([&](const Item& i) { return exported.push_back(i), true; }).value() == 1);
    item.item.observed = t0;
    CHECK((exported == std::vector{item.item}));
    CHECK((*store->find(borealis, "mastodon/1"))->new_author);
    check_counts(*store);
}

TEST_CASE("a brand that is added later counts the item for itself alone") {
    const auto store = must_open(in_memory());
    auto item = full_item("mastodon/1", t0);
    must_commit(*store, group({item}, t0));
    item.matches.push_back({1, 0});
    const auto result = must_commit(*store, group({item}, t0));
    CHECK(result.accepted == 1);
    CHECK(result.mentions == 1);
    REQUIRE(result.touched.size() == 1);
    CHECK(result.touched[0].brand == 1);
}

TEST_CASE("engagement that grows corrects the minute it was counted in; that falls does not") {
    const auto store = must_open(in_memory());
    auto item = full_item("mastodon/1", t0);
    must_commit(*store, group({item}, t0));
    item.item.engagement.likes = 10;
    item.item.published = t0 + 1h;  // a source that changes its mind about the time
    const auto grown = must_commit(*store, group({item}, t0 + 2h));
    CHECK(grown.outcomes == std::vector{ItemOutcome::updated});
    CHECK(grown.duplicates == 1);
    REQUIRE(grown.touched.size() == 1);
    CHECK(grown.touched[0].minute == minute_of(t0));
    CHECK(sums(grown.touched[0].delta).engagement == 7);
    CHECK(sums(grown.touched[0].delta).mentions == 0);
    item.item.engagement.likes = 4;
    CHECK(must_commit(*store, group({item}, t0 + 3h)).touched.empty());
    CHECK((*store->find(aurora, "mastodon/1"))->analysed.item.engagement.likes == 10);
    check_counts(*store);
}

TEST_CASE("a delete takes the text and keeps the count, whenever it comes") {
    const auto store = must_open(in_memory());
    SUBCASE("later") {
        must_commit(*store, group({full_item("mastodon/1", t0)}, t0));
        LedgerInput input;
        input.deletes = {{"mastodon/1", t0 + 1h}, {"mastodon/unknown", t0}, {"mastodon/1", t0 + 2h}};
        input.now = t0 + 1h;
        CHECK(must_commit(*store, input).deleted == 1);
        CHECK(must_commit(*store, input).deleted == 0);
    }
    SUBCASE("in the same group") {
        LedgerInput input = group({full_item("mastodon/1", t0)}, t0);
        input.deletes = {{"mastodon/1", t0}};
        const auto result = must_commit(*store, input);
        CHECK(result.accepted == 1);
        CHECK(result.deleted == 1);
    }
    SUBCASE("with a copy that knows more engagement") {
        auto item = full_item("mastodon/1", t0);
        must_commit(*store, group({item}, t0));
        item.item.engagement.likes = 10;
        LedgerInput input = group({item}, t0);
        input.deletes = {{"mastodon/1", t0}};
        CHECK(must_commit(*store, input).deleted == 1);
    }
    const auto found = store->find(aurora, "mastodon/1");
    REQUIRE(found->has_value());
    CHECK((*found)->deleted);
    CHECK((*found)->analysed.item.text.empty());
    CHECK((*found)->analysed.item.author.handle.empty());
    CHECK((*found)->analysed.item.published == t0);
    auto louder = full_item("mastodon/1", t0);
    louder.item.engagement.likes = 1000;
    CHECK(must_commit(*store, group({louder}, t0)).touched.empty());
    CHECK((*store->find(aurora, "mastodon/1"))->analysed.item.text.empty());
    CHECK(store->for_each_item([](const Item&) { return true; }).value() == 0);
    check_counts(*store);
}

TEST_CASE("forgetting an author takes the words of all mentions, and keeps counts and novelty") {
    const auto store = must_open(in_memory());
    must_commit(*store, group({full_item("mastodon/1", t0), full_item("mastodon/2", t0 + 1s), full_item("mastodon/3", t0, "@bob")}, t0));
    CHECK(store->forget_author("mastodon", "ANA").value() == 2);
    CHECK(store->forget_author("mastodon", "@ana").value() == 0);
    CHECK((*store->find(aurora, "mastodon/1"))->deleted);
    CHECK_FALSE((*store->find(aurora, "mastodon/3"))->deleted);
    CHECK_FALSE(store->account(aurora, "mastodon", "@ana")->has_value());
    CHECK(store->accounts(aurora, 10)->size() == 1);
    check_counts(*store);
    const auto later = must_commit(*store, group({full_item("mastodon/4", t0 + 1h)}, t0 + 1h));
    CHECK(sums(later.touched[0].delta).new_authors == 0);
}

TEST_CASE("accounts know their first and last mention; a sighting is no mention") {
    const auto store = must_open(in_memory());
    LedgerInput sighting;
    sighting.accounts = {{0, {"mastodon", Untrusted("ana"), Untrusted("Ana B"), 5, std::nullopt, t0 - 1h}}};
    sighting.now = t0;
    must_commit(*store, sighting);
    CHECK((*store->account(aurora, "mastodon", "@ANA"))->mentions == 0);
    const auto result = must_commit(*store, group({full_item("mastodon/1", t0), full_item("mastodon/2", t0 - 5min)}, t0));
    CHECK(result.mentions == 2);
    const auto account = store->account(aurora, "mastodon", "@ana");
    REQUIRE(account->has_value());
    CHECK((*account)->mentions == 2);
    CHECK((*account)->first_seen == t0 - 5min);
    CHECK((*account)->last_seen == t0);
    CHECK((*account)->followers == 1200);
    check_counts(*store);
}

TEST_CASE("counts replace their like, and say what they replaced") {
    const auto store = must_open(in_memory());
    LedgerInput input;
    input.now = t0;
    input.counts = {{"pageviews", "aurora-air", t0 - 1h, 1h, 512, "wiki"}, {"pageviews", "unknown", t0 - 1h, 1h, 1, "wiki"}};
    const auto first = must_commit(*store, input);
    REQUIRE(first.touched.size() == 1);
    CHECK(first.unmatched == 1);
    CHECK(first.touched[0].minute == minute_of(t0));
    CHECK(first.touched[0].removed.empty());
    CHECK(must_commit(*store, input).touched.empty());
    input.counts = {{"pageviews", "aurora-air", t0 - 1h, 1h, 600, "wiki"}, {"pageviews", "aurora-air", t0 - 1h, 1h, 610, "wiki"}};
    const auto second = must_commit(*store, input);
    REQUIRE(second.touched.size() == 1);
    REQUIRE(second.touched[0].removed.size() == 1);
    CHECK(second.touched[0].removed[0].value == 512);
    CHECK(second.touched[0].delta.counts().begin()->second == 610);
    const auto minutes = store->minutes(aurora, INT32_MIN, INT32_MAX);
    CHECK((*minutes)[0].second.counts().begin()->second == 610);
    input.counts = {{"pageviews", "aurora-air", t0 - 100 * 24h, 1h, 1, "wiki"}};
    CHECK(must_commit(*store, input).too_old == 1);
}

TEST_CASE("cursors and takedowns are written with the group; a closed takedown stays closed") {
    const auto disk = make_memory_disk();
    const Takedown takedown{"aurora-air", t0, "x", Untrusted("@P"), Untrusted("u"), "trademark", "legal"};
    {
        const auto store = must_open(in_memory(disk));
        LedgerInput input;
        input.cursors = {{"mas", "page=2"}, {"news", std::string("\0etag", 5)}};
        input.takedowns = {takedown, {"borealis", t0 - 1h, "x", Untrusted("@Q"), Untrusted(), "", ""}};
        input.now = t0;
        must_commit(*store, input);
        StateBatch close;
        close.close_takedown(aurora, store->takedowns(aurora)->front().id, t0 + 1h);
        REQUIRE(store->commit(close).ok());
        must_commit(*store, input);
        StateBatch wrong;
        wrong.close_takedown(aurora, "00", t0);
        CHECK(store->commit(wrong).error().code() == Errc::not_found);
    }
    const auto store = must_open(in_memory(disk));
    CHECK((*store->cursors() == std::vector<Cursor>{{"mas", "page=2"}, {"news", std::string("\0etag", 5)}}));
    REQUIRE(store->takedowns()->size() == 2);
    CHECK(store->takedowns()->front().takedown.brand == "borealis");
    REQUIRE(store->takedowns(aurora)->size() == 1);
    CHECK((store->takedowns(aurora)->front().takedown == takedown));
    CHECK(store->takedowns(aurora)->front().closed == t0 + 1h);
}

TEST_CASE("what is too old, unmatched, foreign or too much is refused by name") {
    const auto store = must_open(in_memory());
    auto unmatched = full_item("mastodon/2", t0);
    unmatched.matches.clear();
    const auto result = must_commit(*store, group({full_item("mastodon/1", t0 - 31 * 24h), unmatched}, t0));
    CHECK(result.outcomes == std::vector{ItemOutcome::too_old, ItemOutcome::unmatched});
    CHECK(result.touched.empty());
    auto foreign = full_item("mastodon/3", t0);
    foreign.matches = {{7, 0}};
    CHECK(store->commit(group({foreign}, t0)).error().code() == Errc::invalid);
    CHECK(store->commit(group(std::vector<AnalysedItem>(max_group + 1), t0)).error().code() == Errc::limit);
    CHECK(must_commit(*store, group({}, t0)).sequence == store->counts().batches);
}

TEST_CASE("random groups with copies, updates, deletes and reopening: every id once, buckets as the evidence says") {
    const auto disk = make_memory_disk();
    std::mt19937_64 random(20260301);
    std::map<std::pair<int, int>, bool> expected;  // (brand, id)
    auto options = in_memory(disk);
    options.cached_accounts = 5;  // small, so that both ways are taken
    options.cached_buckets = 3;
    auto store = must_open(options);
    std::uint64_t last = 0;
    for (int round = 0; round < 60; ++round) {
        LedgerInput input;
        input.now = t0 + std::chrono::minutes{round};
        for (int i = 0; i < 40; ++i) {
            const int id = static_cast<int>(random() % 600);
            auto item = full_item(fmt::format("id/{}", id), t0 - std::chrono::minutes{id % 90}, fmt::format("@a{}", id % 37));
            item.item.engagement.likes = static_cast<std::int64_t>(random() % 100);
            item.matches.clear();
            for (int brand = 0; brand < 2; ++brand) {
                if (random() % 3 == 0) continue;
                item.matches.push_back({static_cast<BrandIndex>(brand), brand == 0 ? random() % 4 : 0});
                expected[{brand, id}] = true;
            }
            input.items.push_back(item);
            if (random() % 20 == 0) input.deletes.push_back({fmt::format("id/{}", random() % 600), input.now});
        }
        const auto result = must_commit(*store, input);
        CHECK(result.sequence > last);
        last = result.sequence;
        if (round % 13 == 12) {
            store.reset();
            store = must_open(options);
        }
    }
    std::size_t found = 0;
    CHECK(store->for_each_mention([&](const StoredMention&) { return ++found, true; }).ok());
    CHECK(found == expected.size());
    CHECK(store->counts().mentions == expected.size());
    check_counts(*store);
    CHECK(store->verify_checksums().ok());
}
