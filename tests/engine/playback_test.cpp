#include "vigie/engine/playback.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "engine/bench.hpp"

using namespace vigie;
using namespace vigie::engine;
using namespace vigie::engine::test;
using namespace std::chrono_literals;

namespace {

Item item(const std::string& id, Time at) {
    Item out;
    out.id = id;
    out.platform = "x";
    out.text = Untrusted("aurora");
    out.published = at;
    return out;
}

struct Stage {
    explicit Stage(Duration group = Duration{0})
        : bench(settings(rule_text("Surge", "expr: mentions[10m] >= 2\n        for: 90s"))),
          playback(
              bench.clock, group, [this](Time next) { before.push_back(next); },
              [this](Time now) {
                  after.push_back(now);
                  bench.deliver();
              }),
          analyser(std::make_shared<const text::Matcher>(std::move(text::Matcher::build(bench.how.brands).value()))) {}
    void take(Record record) {
        const Result<> taken = playback.take(*bench.core, analyser, std::move(record));
        REQUIRE(taken.ok());
    }
    void advance_to(Time until) { REQUIRE(playback.advance_to(*bench.core, analyser, until).ok()); }

    Bench bench;
    Playback playback;
    text::Analyser analyser;
    std::vector<Time> before, after;
};

}  // namespace

TEST_CASE("what is due happens before a later record does") {
    Stage stage;
    stage.take(item("1", t0));
    stage.take(item("2", t0));
    stage.take(item("3", t0 + 1h));  // by then the alert has fired, and ended
    stage.advance_to(t0 + 1h);
    REQUIRE(stage.bench.seen.transitions.size() == 3);
    CHECK(stage.bench.seen.transitions[0].at == t0);
    CHECK(stage.bench.seen.transitions[1].at == t0 + 90s);
    CHECK(stage.bench.seen.transitions[2].alert.state == alerts::State::resolved);
    CHECK(stage.bench.seen.transitions[2].at < t0 + 1h);
    CHECK(stage.playback.totals().records == 3);
    CHECK(stage.playback.totals().accepted == 3);
}

TEST_CASE("the clock never goes back, and the hooks see it move forward") {
    Stage stage;
    stage.take(item("1", t0 + 10min));
    stage.take(item("2", t0));  // late: taken when it came
    stage.advance_to(t0 + 5min);
    CHECK(stage.bench.clock.now() == t0 + 10min);
    CHECK(stage.playback.totals().accepted == 2);
    CHECK(std::is_sorted(stage.before.begin(), stage.before.end()));
    CHECK(std::is_sorted(stage.after.begin(), stage.after.end()));
    CHECK(stage.before.size() > 10);
}

TEST_CASE("records near each other are committed together; with group 0 those of one instant") {
    for (const auto& [group, commits] : std::vector<std::pair<Duration, std::uint64_t>>{{0s, 4}, {10s, 3}, {1h, 1}}) {
        CAPTURE(group.count());
        Stage stage(group);
        const std::uint64_t start = stage.bench.store->counts().batches;
        stage.take(item("1", t0));
        stage.take(item("2", t0));
        stage.take(item("3", t0 + 10s));
        stage.take(item("4", t0 + 11s));
        stage.take(item("5", t0 + 40s));
        stage.advance_to(t0 + 40s);
        std::uint64_t ingests = 0;
        for (const Time at : stage.after) ingests += at == t0 || at == t0 + 10s || at == t0 + 11s || at == t0 + 40s;
        CHECK(stage.playback.totals().accepted == 5);
        CHECK(stage.bench.store->counts().batches - start >= commits);
        CHECK(ingests >= 1);
        CHECK(stage.bench.store->journal_length() == commits);
    }
}

TEST_CASE("duplicates, strangers and what is too old are counted apart") {
    Stage stage;
    auto stranger = item("2", t0);
    stranger.text = Untrusted("nobody");
    auto old = item("3", t0 - std::chrono::days{31});
    old.observed = t0;
    stage.take(item("1", t0));
    stage.take(item("1", t0));
    stage.take(stranger);
    stage.take(old);
    stage.advance_to(t0);
    CHECK(stage.playback.totals().records == 4);
    CHECK(stage.playback.totals().accepted == 1);
    CHECK(stage.playback.totals().duplicates == 1);
    CHECK(stage.playback.totals().unmatched == 1);
    CHECK(stage.playback.totals().too_old == 1);
}

TEST_CASE("a record that the store refuses ends the playing with its error") {
    Stage stage;
    stage.bench.free = 0;
    CHECK(stage.playback.take(*stage.bench.core, stage.analyser, item("1", t0)).ok());
    const auto refused = stage.playback.advance_to(*stage.bench.core, stage.analyser, t0 + 1min);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code() == Errc::no_space);
}

TEST_CASE("a record without an instant of its own follows the one before it") {
    Stage stage;
    stage.take(item("1", t0 + 1h));
    AccountSeen account;
    account.platform = "x";
    account.handle = Untrusted("@aurora");
    account.created = t0 - std::chrono::days{3000};
    stage.take(account);
    stage.advance_to(t0 + 1h);
    const auto stored = stage.bench.store->account(brand_key("aurora"), "x", "@aurora");
    REQUIRE(stored.ok());
    REQUIRE(stored->has_value());
    CHECK((*stored)->first_seen == t0 + 1h);
}
