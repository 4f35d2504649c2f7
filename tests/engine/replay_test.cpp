#include "vigie/engine/replay.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <random>
#include <sstream>

#include "engine/files.hpp"

using namespace vigie;
using namespace vigie::engine;
using namespace vigie::engine::test;
using namespace std::chrono_literals;

namespace {

using Texts = std::vector<std::string>;

const Time start = parse_time("2026-03-01T09:00:00Z").value();

Configuration configuration() {
    const Folder folder;
    folder.write("rules.yaml",
                 "groups:\n  - name: g\n    rules:\n      - alert: Surge\n        expr: mentions[10m] >= 3\n"
                 "        annotations: {summary: 'many of {{brand.display}}'}\n");
    std::vector<doc::Diagnostic> diagnostics;
    auto loaded = load_configuration(folder.write("vigie.yaml",
                                                  "brands: [{name: aurora, query: aurora}]\nrules: rules.yaml\n"
                                                  "route: {receiver: log, group_wait: 10s}\nreceivers: [{name: log, log_configs: [{}]}]\n"),
                                     diagnostics);
    const std::string first = diagnostics.empty() ? "" : diagnostics.front().text();
    REQUIRE_MESSAGE(loaded.has_value(), first);
    return std::move(*loaded);
}

std::string item(int id, Duration at, const std::string& text = "aurora is late") {
    Item out;
    out.id = "x/" + std::to_string(id);
    out.platform = "x";
    out.text = Untrusted(text);
    out.published = start + at;
    return to_json(Record(out));
}

struct Played {
    Texts events;
    std::vector<Rejection> rejected;
    ReplaySummary summary;
};

Played play(const Texts& lines, const ReplayOptions& options = {}) {
    static const Configuration one = configuration();
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    std::istringstream in(text);
    Played out;
    const auto summary = replay(
        one, in, options, [&](const std::string& event) { out.events.push_back(event); },
        [&](const Rejection& rejection) { out.rejected.push_back(rejection); });
    REQUIRE_MESSAGE(summary.ok(), (summary ? "" : summary.error().text()));
    out.summary = *summary;
    return out;
}

Texts story() {
    Texts lines;
    for (int i = 0; i < 40; ++i) lines.push_back(item(i, 40s * i * (i % 3 + 1), i % 5 == 0 ? "nothing" : "aurora is late"));
    return lines;
}

boost::json::object object(const std::string& line) {
    return boost::json::parse(line).as_object();
}

}  // namespace

TEST_CASE("alerts and notifications are printed in the order of time, as the contract writes them") {
    const auto played = play({item(1, 0s), item(2, 1min), item(3, 2min)}, {std::nullopt, 1h});
    REQUIRE(played.events.size() == 4);
    const auto fired = object(played.events[0]);
    CHECK(fired.at("event") == "alert");
    CHECK(fired.at("at") == "2026-03-01T09:02:00.000Z");
    CHECK(fired.at("state") == "firing");
    CHECK(fired.at("alert") == "Surge");
    CHECK(fired.at("labels").at("brand") == "aurora");
    CHECK(fired.at("values").at("mentions[10m]").to_number<double>() == 3);
    CHECK(fired.at("evidence").as_array().size() == 3);
    const auto told = object(played.events[1]);
    CHECK(told.at("event") == "notification");
    CHECK(told.at("at") == "2026-03-01T09:02:10.000Z");
    CHECK(told.at("receiver") == "log");
    CHECK(told.at("status") == "firing");
    CHECK(told.at("alerts").as_array().size() == 1);
    CHECK(object(played.events[2]).at("state") == "resolved");
    CHECK(object(played.events[3]).at("status") == "resolved");
    CHECK(played.summary.records == 3);
    CHECK(played.summary.brands == 1);
    CHECK(played.summary.from == start);
    CHECK(played.summary.to == start + 2min + 1h);
    CHECK(played.summary.alerts == std::map<std::string, std::uint64_t>{{"Surge", 1}});
    const auto summary = object(event_json(played.summary, 0.25));
    CHECK(summary.at("event") == "summary");
    CHECK(summary.at("wall_seconds").to_number<double>() == 0.25);
    CHECK(summary.at("alerts").at("Surge").to_number<int>() == 1);
}

TEST_CASE("the same records give the same events, whatever order they stand in") {
    const auto lines = story();
    const auto first = play(lines, {std::nullopt, 1h});
    CHECK(first.events.size() > 2);
    CHECK(play(lines, {std::nullopt, 1h}).events == first.events);
    std::mt19937 random(3);
    for (int i = 0; i < 3; ++i) {
        auto shuffled = lines;
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        CHECK(play(shuffled, {std::nullopt, 1h}).events == first.events);
    }
}

TEST_CASE("a record again is a duplicate and changes nothing") {
    auto lines = story();
    const auto once = play(lines);
    const auto half = lines.size() / 2;
    lines.insert(lines.end(), lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(half));
    const auto twice = play(lines);
    CHECK(twice.events == once.events);
    CHECK(twice.summary.records == once.summary.records + half);
    // Strangers are not remembered, so they are no duplicates.
    CHECK(twice.summary.duplicates == half - half / 5);
}

TEST_CASE("bad lines are reported one by one and counted, and take nothing else down") {
    const auto played = play({item(1, 0s), "{", item(2, 1s), "", R"({"type":"item","id":"x/9"})", item(3, 2s)});
    REQUIRE(played.rejected.size() == 2);
    CHECK(played.rejected[0].line == 2);
    CHECK(played.rejected[1].line == 5);
    CHECK(played.rejected[1].field != "");
    CHECK(played.summary.rejected == 2);
    CHECK(played.summary.records == 5);
    CHECK(played.summary.alerts.at("Surge") == 1);
}

TEST_CASE("empty input, and input without a record") {
    const auto none = play({});
    CHECK(none.events.empty());
    CHECK(none.summary.records == 0);
    CHECK_FALSE(none.summary.from.has_value());
    CHECK(event_json(none.summary, 0) ==
          R"({"event":"summary","records":0,"duplicates":0,"rejected":0,"brands":1,"from":null,"to":null,"alerts":{},"wall_seconds":0})");
    const auto bad = play({"no", "{}"});
    CHECK(bad.summary.rejected == 2);
    CHECK(bad.summary.records == 2);
}

TEST_CASE("until stops, tail goes on") {
    const Texts lines = {item(1, 0s), item(2, 1min), item(3, 2min), item(4, 3h)};
    const auto until = play(lines, {start + 2min, 1h});
    CHECK(until.events.size() == 1);
    CHECK(until.summary.records == 3);
    CHECK(until.summary.to == start + 2min);
    const auto later = play(lines, {start + 30min, 0s});
    CHECK(later.events.size() == 4);  // what fell due before the instant happened, as it would have with the record after it
    CHECK(later.summary.to == start + 30min);
    const auto none = play(lines, {start - 1h, 1h});
    CHECK(none.events.empty());
    CHECK(none.summary.records == 0);
}

TEST_CASE("a record that does not say when it was follows the one before it, and leads no clock back to 1970") {
    const std::string account = R"({"type":"account","platform":"x","handle":"@aurora","created":"2009-01-01T00:00:00Z"})";
    const auto first = play({account, item(1, 0s), item(2, 1s), item(3, 2s)});
    CHECK(first.summary.from == start);
    CHECK(first.summary.records == 4);
    CHECK(first.summary.alerts.at("Surge") == 1);
    const auto alone = play({account});
    CHECK(alone.summary.records == 1);
    CHECK(alone.events.empty());
}
