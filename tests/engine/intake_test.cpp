#include "vigie/engine/intake.hpp"

#include <doctest/doctest.h>

#include "engine/bench.hpp"

using namespace vigie;
using namespace vigie::engine;
using namespace vigie::engine::test;
using namespace std::chrono_literals;

namespace {

text::Analyser analyser() {
    auto matcher = text::Matcher::build({brand("aurora"), brand("borealis")});
    REQUIRE(matcher.ok());
    return text::Analyser(std::make_shared<const text::Matcher>(std::move(*matcher)));
}

Item item(const std::string& text, Time published = t0) {
    Item out;
    out.id = "x/1";
    out.platform = "x";
    out.text = Untrusted(text);
    out.published = published;
    return out;
}

store::LedgerInput prepared(std::vector<Record> records, Time now = t0) {
    static const text::Analyser one = analyser();
    return prepare(std::move(records), one, "door", now);
}

}  // namespace

TEST_CASE("items come out analysed, in their order, with the source and the instant they lack") {
    auto named = item("aurora and borealis");
    named.source = "wire";
    named.observed = t0 - 1h;
    const auto input = prepared({item("nothing here"), named, item("Why is the Aurora flight to Paris late again this morning?")});
    CHECK(input.now == t0);
    REQUIRE(input.items.size() == 3);
    CHECK(input.items[0].matches.empty());
    CHECK(input.items[0].item.source == "door");
    CHECK(input.items[0].item.observed == t0);
    CHECK(input.items[1].matches.size() == 2);
    CHECK(input.items[1].item.source == "wire");
    CHECK(input.items[1].item.observed == t0 - 1h);
    REQUIRE(input.items[2].matches.size() == 1);
    CHECK(input.items[2].matches[0].brand == 0);
    CHECK(input.items[2].language == "en");
}

TEST_CASE("an event time in the future counts as now, and so does an instant of observation") {
    CHECK(prepared({item("aurora", t0 + max_ahead)}).items[0].item.published == t0 + max_ahead);
    CHECK(prepared({item("aurora", t0 + max_ahead + 1ms)}).items[0].item.published == t0);
    auto seen = item("aurora", t0 + 1h);
    seen.observed = t0 - 10min;
    CHECK(prepared({seen}).items[0].item.published == t0 - 10min);
    auto far = item("aurora", t0 + std::chrono::days{365 * 50});
    far.observed = t0 + std::chrono::days{365 * 50};
    const auto input = prepared({far});
    CHECK(input.items[0].item.published == t0);
    // An export of it must not lead a replay into the next century.
    CHECK(input.items[0].item.observed == t0);
}

TEST_CASE("the other records are sorted by their kind") {
    Count count;
    count.series = "views";
    count.brand = "aurora";
    count.start = t0 - 1h;
    count.span = 1h;
    Takedown takedown;
    takedown.brand = "aurora";
    takedown.at = t0;
    Delete gone;
    gone.id = "x/9";
    gone.at = t0;
    auto own = count;
    own.source = "wiki";
    const auto input = prepared({count, takedown, gone, own});
    REQUIRE(input.counts.size() == 2);
    CHECK(input.counts[0].source == "door");
    CHECK(input.counts[1].source == "wiki");
    CHECK(input.takedowns.size() == 1);
    CHECK(input.deletes.size() == 1);
    CHECK(input.items.empty());
}

TEST_CASE("an account concerns the brands that its name or handle mentions") {
    AccountSeen both;
    both.platform = "x";
    both.handle = Untrusted("@borealis");
    both.name = Untrusted("Aurora support");
    AccountSeen none;
    none.platform = "x";
    none.handle = Untrusted("@someone");
    const auto input = prepared({both, none});
    REQUIRE(input.accounts.size() == 2);
    CHECK(input.accounts[0].brand == 0);
    CHECK(input.accounts[1].brand == 1);
    CHECK(input.accounts[1].account == both);
}

TEST_CASE("when a record became known") {
    auto one = item("aurora", t0);
    CHECK(time_of(one) == t0);
    one.observed = t0 + 1h;
    CHECK(time_of(one) == t0 + 1h);
    Count count;
    count.start = t0;
    count.span = 90s;
    CHECK(time_of(count) == t0 + 90s);
    AccountSeen account;
    CHECK(time_of(account) == Time{});  // unknown: it follows what stands before it
    account.created = t0 - std::chrono::days{3000};
    CHECK(time_of(account) == Time{});
    account.observed = t0;
    CHECK(time_of(account) == t0);
}
