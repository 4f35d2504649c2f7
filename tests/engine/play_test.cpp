#include "engine/play.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>

#include "engine/bench.hpp"
#include "engine/files.hpp"

using namespace vigie;
using namespace vigie::engine;
using namespace vigie::engine::test;
using namespace std::chrono_literals;

TEST_CASE("a played clock is led, then goes on at real time from where it was, and never goes back") {
    ManualClock real(t0 + std::chrono::days{400});
    PlayClock clock(t0, real);
    CHECK(clock.now() == t0);
    real.advance(5s);
    CHECK(clock.now() == t0);
    CHECK(clock.steady() == real.steady());
    clock.led().advance_to(t0 + 1h);
    CHECK(clock.now() == t0 + 1h);
    clock.go_on_at_real_time();
    CHECK(clock.now() == t0 + 1h);
    real.advance(7s);
    CHECK(clock.now() == t0 + 1h + 7s);
    CHECK(clock.steady() == real.steady());
}

TEST_CASE("the clock starts with the first record that says when it was, whatever stands before it") {
    const Folder folder;
    const auto start = [&](const std::string& text) { return first_record_time(folder.write("in.ndjson", text)); };
    const std::string item = R"({"type":"item","id":"x/1","platform":"x","published":"2026-03-01T09:00:00Z","text":"a"})";
    CHECK(start(item).value() == t0);
    CHECK(start("\nno json\n" + item + "\n").value() == t0);
    CHECK(start(R"({"type":"account","platform":"x","handle":"@a","created":"2009-01-01T00:00:00Z"})"
                "\n" +
                item)
              .value() == t0);
    CHECK(start("").error().code() == Errc::parse);
    CHECK(start("nothing\n").error().code() == Errc::parse);
    CHECK(first_record_time(folder / "absent").error().code() == Errc::invalid);
}

TEST_CASE("a file is played to its end as fast as it can, and its alerts are told") {
    const Folder folder;
    std::string text = "this is no record\n";
    for (int i = 0; i < 5; ++i)
        text += R"({"type":"item","id":"x/)" + std::to_string(i) + R"(","platform":"x","published":"2026-03-01T09:0)" + std::to_string(i) +
                R"(:00Z","text":"aurora is late"})" + "\n";
    const std::string path = folder.write("story.ndjson", text);
    Bench bench(settings(rule_text("Surge", "expr: mentions[10m] >= 3")));
    auto matcher = text::Matcher::build(bench.how.brands);
    const text::Analyser analyser(std::make_shared<const text::Matcher>(std::move(*matcher)));
    PlayClock clock(t0, bench.clock);
    std::vector<delivery::OutboxRow> told;
    std::unique_ptr<LedgerThread> ledger;
    ledger = std::make_unique<LedgerThread>(std::move(bench.core), clock, [&](delivery::OutboxRow row) {
        told.push_back(row);
        ledger->finish(row.integration, row.sequence, delivery::Outcome(delivery::OutcomeKind::delivered, ""), 0.5);
    });
    std::atomic<double> played{0};
    ledger->start([&](Core& core) { CHECK(play_file(path, 0, core, analyser, clock, *ledger, played).ok()); });
    ledger->stop();
    CHECK(played == 1);
    CHECK(clock.now() == t0 + 4min);
    REQUIRE(told.size() == 1);
    CHECK(told[0].notification.created <= t0 + 4min);
}
