// Members of clusters of near copies: each in its own minute, the first one too, once there is a second.
#include <doctest/doctest.h>

#include "store/support.hpp"

using namespace vigie;
using namespace vigie::store;
using namespace vigie::store::test;
using namespace std::chrono_literals;
using detect::CopyMember;

namespace {

constexpr std::uint64_t cluster = 0xC1;

AnalysedItem post(const std::string& id, Time at, const std::string& handle) {
    AnalysedItem out = full_item(id, at, handle);
    out.item.kind = Kind::post;
    return out;
}

std::uint64_t author(const std::string& handle) {
    return hash64(account_key("mastodon", handle));
}

/// The item at `item` copies the mention `first`.
NearCopy copy(std::uint32_t item, const std::string& first, Time published, bool of_another = true) {
    return {item, 0, cluster, of_another, first.empty() ? 0 : hash64(first), published};
}

LedgerInput with(LedgerInput input, std::vector<NearCopy> copies) {
    input.copies = std::move(copies);
    return input;
}

std::map<Minute, std::vector<CopyMember>> members(const Store& store, std::uint64_t brand = aurora) {
    std::map<Minute, std::vector<CopyMember>> found;
    const auto minutes = store.minutes(brand, INT32_MIN, INT32_MAX);
    for (const auto& [minute, bucket] : *minutes) {
        for (const auto& [key, cell] : bucket.cells()) found[minute].insert(found[minute].end(), cell.copies.begin(), cell.copies.end());
        if (found[minute].empty()) found.erase(minute);
    }
    return found;
}

std::uint64_t cluster_of(const Store& store, const std::string& id) {
    return store.find(aurora, id)->value().cluster;
}

}  // namespace

TEST_CASE("the first of a cluster is told in its own minute when the second comes") {
    const auto store = must_open(in_memory());
    must_commit(*store, group({post("a", t0, "@a")}, t0));
    CHECK(members(*store).empty());
    const auto result = must_commit(*store, with(group({post("b", t0 + 10min, "@b")}, t0 + 10min), {copy(0, "a", t0)}));
    REQUIRE(result.touched.size() == 2);
    CHECK(result.touched[0].minute == minute_of(t0));
    CHECK(result.mentions == 1);
    const auto found = members(*store);
    REQUIRE(found.size() == 2);
    CHECK((found.at(minute_of(t0)) == std::vector<CopyMember>{{cluster, author("@a")}}));
    CHECK((found.at(minute_of(t0 + 10min)) == std::vector<CopyMember>{{cluster, author("@b")}}));
    CHECK(cluster_of(*store, "a") == cluster);
    CHECK(cluster_of(*store, "b") == cluster);
    // The third says nothing of the first, or says it again.
    for (const std::string first : {"", "a"}) {
        const auto more = must_commit(*store, with(group({post("c" + first, t0 + 20min, "@c")}, t0 + 20min), {copy(0, first, t0)}));
        CHECK(more.touched.size() == 1);
    }
    check_counts(*store);
}

TEST_CASE("a first and its second in one group, whatever else happens to the first") {
    const auto store = must_open(in_memory());
    must_commit(*store, with(group({post("a", t0, "@a"), post("b", t0, "@b")}, t0), {copy(1, "a", t0)}));
    CHECK(members(*store).at(minute_of(t0)).size() == 2);
    check_counts(*store);

    // It is deleted, or seen again with more engagement, in the group in which the second comes.
    must_commit(*store, group({post("d", t0 + 5min, "@d"), post("e", t0 + 6min, "@e")}, t0 + 6min));
    auto grown = post("e", t0 + 6min, "@e");
    grown.item.engagement.likes = 500;
    LedgerInput input = group({post("d2", t0 + 9min, "@x"), grown, post("e2", t0 + 9min, "@y")}, t0 + 9min);
    input.deletes = {{"d", t0 + 9min}};
    input.copies = {copy(0, "d", t0 + 5min), copy(2, "e", t0 + 6min)};
    input.copies[1].cluster = 0xC2;
    must_commit(*store, input);
    CHECK((members(*store).at(minute_of(t0 + 5min)) == std::vector<CopyMember>{{cluster, author("@d")}}));
    CHECK((members(*store).at(minute_of(t0 + 6min)) == std::vector<CopyMember>{{0xC2, author("@e")}}));
    CHECK(store->find(aurora, "d")->value().deleted);
    CHECK(store->find(aurora, "e")->value().analysed.item.engagement.likes == 500);
    check_counts(*store);
}

TEST_CASE("a copy that is no news makes nobody a first, and an unknown first is none") {
    const auto store = must_open(in_memory());
    must_commit(*store, group({post("a", t0, "@a"), post("b", t0, "@b")}, t0));
    const auto again = must_commit(*store, with(group({post("b", t0, "@b")}, t0), {copy(0, "a", t0)}));
    CHECK(again.touched.empty());
    CHECK(members(*store).empty());
    must_commit(*store, with(group({post("c", t0, "@c")}, t0), {copy(0, "nobody", t0)}));
    CHECK((members(*store).at(minute_of(t0)) == std::vector<CopyMember>{{cluster, author("@c")}}));
    check_counts(*store);
}

TEST_CASE("the press has clusters but no campaign, and who has no handle is nobody") {
    const auto store = must_open(in_memory());
    auto paper = post("a", t0, "@paper");
    auto other = post("b", t0, "@other");
    paper.item.kind = other.item.kind = Kind::article;
    must_commit(*store, with(group({paper, other}, t0), {copy(1, "a", t0, false)}));
    CHECK(members(*store).empty());
    CHECK(cluster_of(*store, "a") == cluster);
    auto nobody = post("c", t0, "");
    must_commit(*store, with(group({nobody, post("d", t0, "@d")}, t0), {copy(1, "c", t0)}));
    CHECK((members(*store).at(minute_of(t0)) == std::vector<CopyMember>{{cluster, author("@d")}}));
    check_counts(*store);
}

TEST_CASE("who copies others is known as one who does") {
    const auto store = must_open(in_memory());
    store->set_standing([](const AuthorFacts& facts) { return facts.history.copies > 0 ? std::int64_t{100} : ordinary_weight; });
    must_commit(*store, with(group({post("a", t0, "@a"), post("b", t0, "@b"), post("c", t0, "@a")}, t0),
                             {copy(1, "a", t0), copy(2, "a", t0, false)}));
    CHECK(store->find(aurora, "a")->value().weight == 1000);
    CHECK(store->find(aurora, "b")->value().weight == 100);
    CHECK(store->find(aurora, "c")->value().weight == 1000);
}

TEST_CASE("arrivals count on, over restarts too") {
    const auto disk = make_memory_disk();
    auto store = must_open(in_memory(disk));
    must_commit(*store, group({post("b", t0 + 5min, "@b"), post("a", t0, "@a")}, t0));
    store.reset();
    store = must_open(in_memory(disk));
    must_commit(*store, group({post("c", t0 - 5min, "@c")}, t0));
    CHECK(store->find(aurora, "b")->value().arrival == 1);
    CHECK(store->find(aurora, "a")->value().arrival == 2);
    CHECK(store->find(aurora, "c")->value().arrival == 3);
}

TEST_CASE("of near copies only the heaviest is among the top") {
    const auto store = must_open(in_memory());
    std::vector<AnalysedItem> items;
    std::vector<NearCopy> copies;
    for (int i = 0; i < 30; ++i) {
        items.push_back(post(fmt::format("x{}", i), t0 + std::chrono::seconds{i}, fmt::format("@x{}", i)));
        items.back().item.author.followers = 1000 + (i * 7) % 30;
        if (i > 0) copies.push_back(copy(static_cast<std::uint32_t>(i), "x0", t0));
    }
    for (int i = 0; i < 4; ++i) {
        items.push_back(post(fmt::format("own{}", i), t0 + std::chrono::seconds{i}, "@own"));
        items.back().item.author.followers = 10 * i;
    }
    must_commit(*store, with(group(items, t0 + 1min), copies));
    const auto heavy = [](const StoredMention& mention) { return static_cast<double>(mention.analysed.item.author.followers.value_or(0)); };
    const auto top = store->top(aurora, t0 - 1h, t0 + 1h, 3, heavy);
    REQUIRE(top->size() == 3);
    CHECK((*top)[0].analysed.item.author.followers == 1029);
    CHECK((*top)[1].analysed.item.id == "own3");
    CHECK((*top)[2].analysed.item.id == "own2");
}
