// Near copies on their way through the core: into the windows, the rules, the standing and the evidence; the same after kills and failures.
#include <doctest/doctest.h>

#include <random>
#include <set>

#include "engine/bench.hpp"
#include "engine/copies.hpp"
#include "vigie/core/brand.hpp"

using namespace vigie;
using namespace vigie::engine;
using namespace vigie::engine::test;
using namespace std::chrono_literals;

namespace {

using Texts = std::vector<std::string>;
using Items = std::vector<AnalysedItem>;

const std::uint64_t aurora = brand_key("aurora");
const std::string campaign = rule_text("Campaign", "values: {heard: \"weighted[1h]\", same: \"copies[1h]\"}\n        expr: same >= 4");

AnalysedItem post(const std::string& id, const std::string& handle, const std::string& text, Time at = t0) {
    AnalysedItem out = mention(id, 0, at);
    out.item.author.handle = Untrusted(handle);
    out.item.text = Untrusted(text);
    out.copy = text::sketch_copy(out.item);
    return out;
}

/// One of a campaign's texts: a name and a greeting differ.
AnalysedItem template_post(int number, Time at = t0) {
    return post("t" + std::to_string(number), "@sheep" + std::to_string(number),
                "Shame on aurora, they cancel flights and never refund anybody, sign the petition today friend" + std::to_string(number),
                at);
}

double read(const Bench& bench, detect::SelectorId selector) {
    return bench.core->windows().read(0, selector).value_or(-1);
}

std::uint64_t cluster_of(const Bench& bench, const std::string& id) {
    const auto found = bench.store->find(aurora, id);
    REQUIRE(found.ok());
    REQUIRE(found->has_value());
    return (*found)->cluster;
}

Items stream_of(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    Items items;
    for (int i = 0; i < 240; ++i) {
        const Time at = t0 - std::chrono::minutes{random() % 55};
        const std::string id = "s" + std::to_string(i), handle = "@p" + std::to_string(random() % 60);
        const auto kind = random() % 3;
        std::string text = "Own words about aurora";
        for (int w = 0; w < 9; ++w) text += " w" + std::to_string(random());
        if (kind == 0)
            text = "They told us that aurora would refund everybody within a week, that was a plain lie number" + std::to_string(i % 5);
        if (kind == 1 && i % 2 == 0) text = "Aurora pilots call for a strike on Monday morning because of the new rosters, support them";
        items.push_back(post(id, handle, text, at));
        if (i % 11 == 10) {
            items.back().item.kind = Kind::repost;
            items.back().item.repost_of = "s" + std::to_string(i / 2);
            items.back().copy = text::sketch_copy(items.back().item);
        }
    }
    return items;
}

struct Outcome {
    std::vector<std::optional<double>> windows;
    std::vector<std::pair<Minute, detect::Bucket>> minutes;
    bool operator==(const Outcome&) const = default;
};

Outcome outcome_of(const Bench& bench) {
    return {{bench.core->windows().read(0, 0), bench.core->windows().read(0, 1)}, *bench.store->minutes(aurora, INT32_MIN, INT32_MAX)};
}

}  // namespace

TEST_CASE("four people with one text are a campaign, four with their own words are none") {
    Bench own(settings(campaign));
    for (int i = 0; i < 6; ++i) {
        std::string words = "aurora";
        for (int w = 0; w < 10; ++w) words += " word" + std::to_string(100 * i + w);
        REQUIRE(own.try_ingest({post("o" + std::to_string(i), "@a" + std::to_string(i), words)}).ok());
    }
    CHECK(own.states().empty());

    Bench bench(settings(campaign));
    for (int i = 0; i < 3; ++i) REQUIRE(bench.try_ingest({template_post(i)}).ok());
    CHECK(bench.states().empty());
    // The same person again is no other.
    AnalysedItem again = template_post(2);
    again.item.id = "again";
    REQUIRE(bench.try_ingest({again}).ok());
    CHECK(bench.states().empty());
    REQUIRE(bench.try_ingest({template_post(3)}).ok());
    CHECK(bench.states() == Texts{"firing Campaign"});
    CHECK(cluster_of(bench, "t0") != 0);
    CHECK(cluster_of(bench, "t3") == cluster_of(bench, "t0"));
    // Who copies weighs less, and who was copied does not.
    CHECK(bench.store->find(aurora, "t0")->value().weight == ordinary_weight);
    CHECK(bench.store->find(aurora, "t1")->value().weight == 550);
}

TEST_CASE("reposts are no copies") {
    Bench bench(settings(campaign));
    REQUIRE(bench.try_ingest({template_post(0)}).ok());
    for (int i = 1; i < 8; ++i) {
        AnalysedItem repost = template_post(i);
        repost.item.kind = Kind::repost;
        repost.item.repost_of = "t0";
        repost.item.text = template_post(0).item.text;
        repost.copy = text::sketch_copy(repost.item);
        REQUIRE(bench.try_ingest({repost}).ok());
    }
    CHECK(bench.states().empty());
    CHECK(cluster_of(bench, "t0") == 0);
    CHECK(bench.store->find(aurora, "t5")->value().weight == ordinary_weight);
}

TEST_CASE("weighted and copies are the same after kills in between as without them, and however the stream is cut") {
    const std::string both = rule_text("Both", "expr: weighted[1h] >= 1000 and copies[2h] >= 1000");
    for (const std::uint64_t seed : {1, 2, 3}) {
        const Items items = stream_of(seed);
        const auto run = [&](std::size_t group, bool kill) {
            Bench bench(settings(both));
            for (std::size_t from = 0; from < items.size(); from += group) {
                const auto first = items.begin() + static_cast<std::ptrdiff_t>(from);
                const auto last = items.begin() + static_cast<std::ptrdiff_t>(std::min(items.size(), from + group));
                REQUIRE(bench.try_ingest({first, last}).ok());
                if (kill) bench.restart();
            }
            return outcome_of(bench);
        };
        const Outcome expected = run(items.size(), false);
        REQUIRE(expected.windows[0].has_value());
        CHECK(*expected.windows[0] > 50);
        CHECK(*expected.windows[1] > 10);
        CHECK((run(1, false) == expected));
        CHECK((run(17, true) == expected));
        CHECK((run(5, true) == expected));
    }
}

TEST_CASE("a group that could not be written and comes again gives what it would have given") {
    const Items items = stream_of(9);
    const auto run = [&](bool fail) {
        Bench bench(settings(campaign));
        for (std::size_t from = 0; from < items.size(); from += 40) {
            const Items some(items.begin() + static_cast<std::ptrdiff_t>(from), items.begin() + static_cast<std::ptrdiff_t>(from + 40));
            if (fail) {
                bench.free = 20ULL << 20;
                CHECK_FALSE(bench.try_ingest(some).ok());
                bench.free = 1ULL << 40;
                bench.advance(2s);
            }
            REQUIRE(bench.try_ingest(some).ok());
        }
        return outcome_of(bench);
    };
    CHECK((run(true) == run(false)));
}

TEST_CASE("a window forgets copies with the minute, and the index after a day") {
    Bench bench(settings(campaign));
    for (int i = 0; i < 5; ++i) REQUIRE(bench.try_ingest({template_post(i, t0 + std::chrono::minutes{10 * i} - 40min)}).ok());
    CHECK(read(bench, 1) == 5);
    bench.advance(20min);
    CHECK(read(bench, 1) == 4);
    bench.advance(22min);
    CHECK(read(bench, 1) == 2);
    bench.advance(10min);
    CHECK(read(bench, 1) == 0);
    bench.advance(25h);
    REQUIRE(bench.try_ingest({template_post(10, bench.clock.now())}).ok());
    CHECK(cluster_of(bench, "t10") == 0);
}

TEST_CASE("a deleted text lends nobody its words") {
    Bench bench(settings(campaign));
    REQUIRE(bench.try_ingest({template_post(0)}).ok());
    store::LedgerInput gone;
    gone.now = bench.clock.now();
    gone.deletes = {{"t0", t0}};
    REQUIRE(bench.core->ingest(std::move(gone)).ok());
    REQUIRE(bench.try_ingest({template_post(1)}).ok());
    CHECK(cluster_of(bench, "t1") == 0);
    bench.restart();
    REQUIRE(bench.try_ingest({template_post(2)}).ok());
    CHECK(cluster_of(bench, "t1") != 0);
    CHECK(cluster_of(bench, "t0") == 0);
}

TEST_CASE("a cluster keeps its name when its founder is too old to be read again") {
    Bench bench(settings(campaign));
    REQUIRE(bench.try_ingest({template_post(0)}).ok());
    bench.advance(20h);
    REQUIRE(bench.try_ingest({template_post(1, bench.clock.now())}).ok());
    const std::uint64_t name = cluster_of(bench, "t0");
    CHECK(name != 0);
    bench.advance(6h);
    bench.restart();
    REQUIRE(bench.try_ingest({template_post(2, bench.clock.now())}).ok());
    CHECK(cluster_of(bench, "t2") == name);
}

TEST_CASE("evidence shows one of a campaign, and others beside it") {
    Bench bench(settings(campaign));
    Items items;
    for (int i = 0; i < 6; ++i) {
        items.push_back(template_post(i));
        items.back().item.engagement.likes = 50;
    }
    items.push_back(post("other", "@other", "I waited nine hours with aurora and nobody said a word to us"));
    items.push_back(post("third", "@third", "Does aurora fly to Oslo in winter, and can I take my old dog with me"));
    REQUIRE(bench.try_ingest(items).ok());
    REQUIRE(bench.seen.transitions.size() == 1);
    std::set<std::string> ids;
    for (const auto& one : bench.seen.transitions[0].alert.evidence) ids.insert(one.id);
    CHECK(ids == std::set<std::string>{"t0", "other", "third"});
}

TEST_CASE("what the indexes hold is bounded and given back") {
    Bench bench(settings(campaign));
    Copies copies;
    CHECK(copies.memory() == 0);
    std::mt19937_64 random(4);
    const std::vector<Brand> brands{brand("aurora")};
    for (std::size_t i = 0; i < copies_capacity + 1000; ++i) {
        std::string text = "aurora";
        for (int w = 0; w < 12; ++w) text += " w" + std::to_string(random() % 100'000);
        store::LedgerInput input;
        input.now = t0;
        input.items = {post("m" + std::to_string(i), "@a", text)};
        REQUIRE(copies.place(input, *bench.store, brands).ok());
        copies.committed();
    }
    MESSAGE("near copies of " << copies_capacity << " posts of 13 words: " << copies.memory() << " bytes");
    CHECK(copies.memory() < copies_capacity * 1000);
    copies.tidy(t0 + 25h);
    CHECK(copies.memory() == 0);
}
