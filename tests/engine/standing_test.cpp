// Standing on its way through the core: into the windows, the rules and the evidence; never from what somebody thinks.
#include <doctest/doctest.h>

#include "engine/bench.hpp"
#include "engine/evidence.hpp"
#include "vigie/core/brand.hpp"

using namespace vigie;
using namespace vigie::engine;
using namespace vigie::engine::test;
using namespace std::chrono_literals;

namespace {

using Texts = std::vector<std::string>;

const std::uint64_t aurora = brand_key("aurora");

const std::string heavy = rule_text("Heavy", "values: {heard: \"weighted[1h]\", part: \"share(weighted[1h])\"}\n        expr: heard >= 5");

AnalysedItem spam(int number, Time at) {
    AnalysedItem out = mention("spam" + std::to_string(number), 0, at);
    out.item.author.handle = Untrusted("@bot" + std::to_string(number));
    out.item.author.followers = 0;
    out.item.author.created = at;
    return out;
}

AnalysedItem voice(Time at) {
    AnalysedItem out = mention("voice", 0, at);
    out.item.author.followers = 400'000;
    out.item.author.created = at - std::chrono::days{3000};
    return out;
}

std::int64_t weight_of(const Bench& bench, const std::string& id) {
    const auto found = bench.store->find(aurora, id);
    REQUIRE(found.ok());
    REQUIRE(found->has_value());
    return (*found)->weight;
}

std::vector<AnalysedItem> crowd(SentimentLabel label) {
    std::vector<AnalysedItem> items;
    for (int i = 0; i < 30; ++i) {
        AnalysedItem item = mention("m" + std::to_string(i), 0, t0);
        item.item.author.handle = Untrusted("@a" + std::to_string(i % 7));
        item.item.author.followers = i * 500;
        item.bare_link = i % 6 == 0;
        if (i % 4 == 3) item.item.repost_of = "m" + std::to_string(i / 2);
        item.sentiment = {label,
                          {label == SentimentLabel::negative ? 1.0F : 0.0F, label == SentimentLabel::neutral ? 1.0F : 0.0F,
                           label == SentimentLabel::positive ? 1.0F : 0.0F}};
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace

TEST_CASE("twenty bots weigh less than five people, and one great voice is heard") {
    Bench bench(settings(heavy));
    std::vector<AnalysedItem> items;
    for (int i = 0; i < 20; ++i) items.push_back(spam(i, t0));
    REQUIRE(bench.try_ingest(items).ok());
    CHECK(bench.states().empty());
    REQUIRE(bench.try_ingest({voice(t0)}).ok());
    CHECK(bench.states() == Texts{"firing Heavy"});
    CHECK(weight_of(bench, "spam3") == 200);
    CHECK(weight_of(bench, "voice") > 2500);
    const alerts::Alert& alert = bench.seen.transitions.back().alert;
    REQUIRE(alert.values.size() >= 1);
    CHECK(alert.values[0].value == doctest::Approx(20 * 0.2 + static_cast<double>(weight_of(bench, "voice")) / 1000));
}

TEST_CASE("what somebody thinks of the brand changes nothing in what they weigh") {
    std::vector<std::vector<std::int64_t>> weights;
    for (const SentimentLabel label : {SentimentLabel::negative, SentimentLabel::neutral, SentimentLabel::positive}) {
        Bench bench(settings(heavy));
        REQUIRE(bench.try_ingest(crowd(label)).ok());
        auto& those = weights.emplace_back();
        for (int i = 0; i < 30; ++i) those.push_back(weight_of(bench, "m" + std::to_string(i)));
        CHECK(std::set<std::int64_t>(those.begin(), those.end()).size() > 10);
    }
    CHECK(weights[0] == weights[1]);
    CHECK(weights[0] == weights[2]);
}

TEST_CASE("the windows hold the same weights after a kill in between as without one") {
    const auto total = [](bool kill) {
        Bench bench(settings(heavy));
        const auto items = crowd(SentimentLabel::neutral);
        for (std::size_t i = 0; i < items.size(); i += 5) {
            REQUIRE(bench.try_ingest({items.begin() + static_cast<std::ptrdiff_t>(i), items.begin() + static_cast<std::ptrdiff_t>(i + 5)})
                        .ok());
            if (kill) bench.restart();
        }
        return bench.core->windows().read(0, 0);
    };
    const auto without = total(false);
    REQUIRE(without.has_value());
    CHECK(*without > 10);
    CHECK(total(true) == without);
}

TEST_CASE("a bot no longer heads the evidence, however much engagement it bought") {
    Bench bench(settings(rule_text("Any", "expr: mentions[1h] >= 5")));
    std::vector<AnalysedItem> items;
    for (int i = 0; i < 3; ++i) {
        items.push_back(spam(i, t0));
        items.back().item.engagement.likes = 90;
        items.back().sentiment.label = SentimentLabel::negative;
    }
    for (int i = 0; i < 3; ++i) {
        items.push_back(mention("person" + std::to_string(i), 0, t0));
        items.back().item.author.followers = 200;
        items.back().item.author.created = t0 - std::chrono::days{2000};
        items.back().item.engagement.likes = 5 + i;
        items.back().sentiment.label = SentimentLabel::negative;
    }
    REQUIRE(bench.try_ingest(std::move(items)).ok());
    REQUIRE(bench.seen.transitions.size() == 1);
    Texts ids;
    for (const auto& one : bench.seen.transitions[0].alert.evidence) ids.push_back(one.id);
    CHECK(ids == Texts{"person2", "person1", "person0"});
}

TEST_CASE("the weight of evidence is never below nothing but for what is deleted") {
    store::StoredMention mention;
    mention.analysed.item.kind = Kind::repost;
    for (const std::int64_t weight : {0, 20, 1000, 5000}) {
        mention.weight = weight;
        CHECK(evidence_weight(mention) >= 0);
    }
    mention.deleted = true;
    CHECK(evidence_weight(mention) < 0);
}
