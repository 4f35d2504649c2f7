// Weights are counted once, kept with the mention, and the same however the stream is cut into groups and whatever is restarted.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "store/bytes.hpp"
#include "store/codec.hpp"
#include "store/support.hpp"

using namespace vigie;
using namespace vigie::store;
using namespace vigie::store::test;
using namespace std::chrono_literals;

namespace {

/// Depends on every number of the history, so that a history that is wrong anywhere shows.
std::int64_t by_history(const AuthorFacts& facts) {
    const AuthorHistory past = faded(facts.history, facts.at);
    const double weight = 600 + 100 * past.mentions + 10 * past.days + 3 * past.links + past.pace + 50 * repeaters_of(past, facts.at) +
                          static_cast<double>(facts.followers.value_or(0)) / 10;
    return static_cast<std::int64_t>(weight);
}

AnalysedItem post(int number, std::string handle, Time at, std::string repost_of = "") {
    AnalysedItem out = full_item(fmt::format("p/{}", number), at, std::move(handle));
    out.item.repost_of = std::move(repost_of);
    out.item.parent.clear();
    out.item.kind = out.item.repost_of.empty() ? Kind::post : Kind::repost;
    return out;
}

std::int64_t weight_of(const Store& store, const std::string& id) {
    const auto found = store.find(aurora, id);
    REQUIRE(found.ok());
    REQUIRE(found->has_value());
    return (*found)->weight;
}

std::int64_t weighted(const Store& store) {
    std::int64_t sum = 0;
    const auto minutes = store.minutes(aurora, INT32_MIN, INT32_MAX);
    for (const auto& [minute, bucket] : *minutes) {
        for (const auto& [key, cell] : bucket.cells()) sum += cell.sums.weighted;
    }
    return sum;
}

std::unique_ptr<Store> open_weighing(const Options& options) {
    auto store = must_open(options);
    store->set_standing(by_history);
    return store;
}

}  // namespace

TEST_CASE("everybody is ordinary unless told how to weigh") {
    const auto store = must_open(in_memory());
    must_commit(*store, group({full_item("a", t0), full_item("b", t0)}, t0));
    CHECK(weight_of(*store, "a") == ordinary_weight);
    CHECK(weighted(*store) == 2 * ordinary_weight);
    check_counts(*store);
}

TEST_CASE("a weight is stored with its mention, counted once, and a delete leaves it countable") {
    const auto store = open_weighing(in_memory());
    must_commit(*store, group({post(1, "@a", t0)}, t0));
    const std::int64_t first = weighted(*store);
    CHECK(first == weight_of(*store, "p/1"));
    must_commit(*store, group({post(1, "@a", t0)}, t0 + 1s));
    CHECK(weighted(*store) == first);
    must_commit(*store, group({post(2, "@a", t0)}, t0 + 1s));
    CHECK(weight_of(*store, "p/2") > first);
    CHECK(weight_of(*store, "p/1") == first);

    LedgerInput gone;
    gone.now = t0 + 2s;
    gone.deletes = {{"p/1", t0 + 2s}};
    must_commit(*store, gone);
    CHECK(weight_of(*store, "p/1") == first);
    CHECK(store->forget_author("mastodon", "@a").value() == 1);
    CHECK(weight_of(*store, "p/1") == first);
    check_counts(*store);
}

TEST_CASE("the account remembers what its standing rests on, and forgets it with the author") {
    const auto disk = make_memory_disk();
    auto store = open_weighing(in_memory(disk));
    AnalysedItem link = post(1, "@a", t0);
    link.bare_link = true;
    must_commit(*store, group({link, post(2, "@b", t0, "p/1")}, t0));
    for (int round = 0; round < 2; ++round) {
        const auto account = store->account(aurora, "mastodon", "@a");
        REQUIRE(account->has_value());
        CHECK((*account)->history.mentions == 1);
        CHECK((*account)->history.links == 1);
        CHECK((*account)->verified == true);
        CHECK(repeaters_of((*account)->history, t0) == doctest::Approx(1).epsilon(0.02));
        store.reset();
        store = open_weighing(in_memory(disk));
    }
    CHECK(store->forget_author("mastodon", "@a").value() == 1);
    must_commit(*store, group({post(3, "@a", t0)}, t0));
    const auto account = store->account(aurora, "mastodon", "@a");
    REQUIRE(account->has_value());
    CHECK((*account)->mentions == 2);
    CHECK((*account)->history.mentions == 1);
    CHECK(repeaters_of((*account)->history, t0) == 0);
}

TEST_CASE("who repeats whom is found in the group, among what is remembered, and on the disk") {
    const auto disk = make_memory_disk();
    auto store = open_weighing(in_memory(disk));
    const auto repeaters = [&](const char* handle) {
        const auto account = store->account(aurora, "mastodon", handle);
        REQUIRE(account->has_value());
        return std::lround(repeaters_of((*account)->history, t0));
    };
    must_commit(*store, group({post(1, "@a", t0), post(2, "@b", t0, "p/1")}, t0));
    CHECK(repeaters("@a") == 1);
    must_commit(*store, group({post(3, "@c", t0, "p/1"), post(4, "@d", t0, "p/1")}, t0));
    CHECK(repeaters("@a") == 3);
    store.reset();
    store = open_weighing(in_memory(disk));
    must_commit(*store, group({post(5, "@e", t0, "p/1")}, t0));
    CHECK(repeaters("@a") == 4);
    // Oneself, the same one again, what is not known, and what comes later in the group, add nothing.
    must_commit(*store, group({post(6, "@a", t0, "p/1"), post(7, "@e", t0, "p/1"), post(8, "@f", t0, "p/none"), post(9, "@g", t0, "p/10"),
                               post(10, "@h", t0)},
                              t0));
    CHECK(repeaters("@a") == 4);
    CHECK(repeaters("@h") == 0);
    // A quote may name what it quotes as its parent.
    AnalysedItem quote = post(11, "@q", t0);
    quote.item.kind = Kind::quote;
    quote.item.parent = "p/10";
    AnalysedItem reply = post(12, "@r", t0);
    reply.item.kind = Kind::reply;
    reply.item.parent = "p/10";
    must_commit(*store, group({quote, reply}, t0));
    CHECK(repeaters("@h") == 1);
    // Of another brand's mention, nothing is known here.
    AnalysedItem other = post(13, "@o", t0);
    other.matches = {{1, 0}};
    must_commit(*store, group({other, post(14, "@b", t0, "p/13")}, t0));
    CHECK_FALSE(store->account(aurora, "mastodon", "@o")->has_value());
}

TEST_CASE("who weighs less than half an ordinary author lends no weight by repeating") {
    const auto store = must_open(in_memory());
    store->set_standing([](const AuthorFacts& facts) { return facts.followers == 0 ? std::int64_t{400} : ordinary_weight; });
    AnalysedItem nobody = post(2, "@b", t0, "p/1");
    nobody.item.author.followers = 0;
    must_commit(*store, group({post(1, "@a", t0), nobody}, t0));
    CHECK(repeaters_of((*store->account(aurora, "mastodon", "@a"))->history, t0) == 0);
    must_commit(*store, group({post(3, "@c", t0, "p/1")}, t0));
    CHECK(repeaters_of((*store->account(aurora, "mastodon", "@a"))->history, t0) > 0.9);
}

TEST_CASE("a group that fails changes no history") {
    const auto store = open_weighing(in_memory());
    must_commit(*store, group({post(1, "@a", t0)}, t0));
    const auto before = *store->account(aurora, "mastodon", "@a");
    AnalysedItem foreign = post(3, "@a", t0);
    foreign.matches = {{9, 0}};
    CHECK_FALSE(store->commit(group({post(2, "@a", t0), foreign}, t0)).ok());
    CHECK((*store->account(aurora, "mastodon", "@a") == before));
}

TEST_CASE("weights do not depend on how a stream is cut into groups, nor on restarts and small caches") {
    std::mt19937_64 random(77);
    std::vector<AnalysedItem> stream;
    for (int i = 0; i < 400; ++i) {
        const Time at = t0 + std::chrono::minutes{3 * i} - std::chrono::minutes{random() % 300};
        std::string target = i > 0 && random() % 3 == 0 ? fmt::format("p/{}", random() % static_cast<unsigned>(i)) : "";
        AnalysedItem item = post(i, fmt::format("@a{}", random() % 23), at, std::move(target));
        item.bare_link = random() % 5 == 0;
        item.matches = {{0, random() % 4}};
        if (random() % 4 == 0) item.matches.push_back({1, 0});
        stream.push_back(std::move(item));
    }
    const auto run = [&](std::size_t group_size, bool restarts) {
        const auto disk = make_memory_disk();
        Options options = in_memory(disk);
        if (restarts) options.cached_accounts = options.cached_buckets = 4;
        auto store = open_weighing(options);
        for (std::size_t from = 0; from < stream.size(); from += group_size) {
            const auto first = stream.begin() + static_cast<std::ptrdiff_t>(from);
            const auto last = stream.begin() + static_cast<std::ptrdiff_t>(std::min(stream.size(), from + group_size));
            must_commit(*store, group({first, last}, t0 + std::chrono::hours{48}));
            if (restarts && random() % 4 == 0) {
                store.reset();
                store = open_weighing(options);
            }
        }
        check_counts(*store);
        return *store->minutes(aurora, INT32_MIN, INT32_MAX);
    };
    const auto alone = run(1, false);
    CHECK((run(400, false) == alone));
    CHECK((run(37, true) == alone));
    CHECK((run(3, true) == alone));
}

TEST_CASE("rows of the layout before standing still decode") {
    std::string evidence;
    ByteWriter out(evidence);
    out.byte(1);
    out.varint(0);  // no optional field
    for (const char* text : {"mastodon/1", "mastodon"}) out.text(text);
    out.byte(0);
    out.zigzag(to_millis(t0));
    for (const char* text : {"url", "title", "text", "fr", "@ana", "Ana", "", ""}) out.text(text);
    out.varint(0);
    for (const char* text : {"push", "fr"}) out.text(text);
    out.byte(1);
    for (const float p : {0.0F, 1.0F, 0.0F}) out.real32(p);
    out.varint(0);
    out.fixed64(77);
    const auto mention = decode_evidence(evidence);
    REQUIRE(mention.ok());
    CHECK(mention->author == 77);
    CHECK(mention->mention.weight == ordinary_weight);
    CHECK(mention->mention.analysed.item.text.bytes() == "text");
    CHECK(decode_evidence(encode_evidence(*mention))->mention == mention->mention);

    const auto account_row = [](std::uint8_t mask) {
        std::string account;
        ByteWriter row(account);
        row.byte(1);
        row.fixed64(static_cast<std::uint64_t>(to_millis(t0)));
        row.zigzag(to_millis(t0 - 5s));
        row.zigzag(3);
        row.byte(mask);
        row.zigzag(12);
        for (const char* text : {"mastodon", "@ana", "Ana"}) row.text(text);
        return account;
    };
    const auto known = decode_account(account_row(1));
    REQUIRE(known.ok());
    CHECK(known->mentions == 3);
    CHECK(known->followers == 12);
    CHECK((known->history == AuthorHistory{}));
    // A bit that the old layout did not have is damage.
    for (const int mask : {5, 9, 17, 33, 65})
        CHECK(decode_account(account_row(static_cast<std::uint8_t>(mask))).error().code() == Errc::corrupt);
}

TEST_CASE("an account comes back with its history, and changed bytes never read past the end") {
    Account account{"x", Untrusted("@a"), Untrusted("A"), t0, t0 + Duration{5}, 3, 12, t0 - Duration{9}, true, {}};
    for (int i = 0; i < 5; ++i) note_posting(account.history, {t0 + std::chrono::hours{30 * i}, i % 2 == 0, i % 3 == 0});
    for (const bool repeated : {false, true}) {
        if (repeated) {
            note_repeat(account.history, 7, t0);
            note_repeat(account.history, 8, t0 + std::chrono::days{31});
        }
        const std::string bytes = encode_account(account);
        REQUIRE(decode_account(bytes).ok());
        CHECK((*decode_account(bytes) == account));
        for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_account(bytes.substr(0, size)).ok());
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            for (const char value : {'\0', '\x7F', '\xFF'}) {
                std::string changed = bytes;
                changed[at] = value;
                const auto back = decode_account(changed);
                if (!back.ok()) CHECK(back.error().code() == Errc::corrupt);
            }
        }
    }
}
