#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "rules/yaml.hpp"
#include "vigie/rules/test_file.hpp"

using namespace vigie;
using namespace vigie::rules;
using namespace std::chrono_literals;

namespace {

struct Read {
    std::optional<TestFile> file;
    doc::Diagnostics diagnostics{"a.test.yaml"};
};

Read read(std::string_view text) {
    Read out;
    out.file = decode_test_file(test::yaml(text), out.diagnostics);
    CHECK(out.file.has_value() == out.diagnostics.ok());
    return out;
}

std::string first(const Read& r) {
    for (const auto& d : r.diagnostics.all()) return std::to_string(d.mark.line) + ":" + std::to_string(d.mark.column) + ": " + d.message;
    return "";
}

constexpr std::string_view whole = R"(rule_files: [volume_surge.yaml, other*.yaml]
brands:
  - {name: aurora-air, display: Aurora Air, query: aurora, timezone: Europe/Paris, labels: {team: eu}, functions: {hr: strike}}
route: {receiver: comms}
tests:
  - name: fires
    start: 2026-03-02T00:00:00Z
    interval: 5m
    series:
      - brand: aurora-air
        platform: mastodon
        language: fr
        sentiment: negative
        followers: 100
        authors: same
        kind: reply
        values: "4x60 9 25x10"
      - {functions: [hr], authors: 5, repost: true, source: news, values: "_x3 1+1x2"}
      - {count: pageviews, source: wiki, values: "1.5 -1"}
    items:
      - {at: 1h5m, text: Aurora is late, author: "@ana", followers: 5, likes: 3, rating: 2.5, links: [https://a.example]}
      - {at: 2h, brand: aurora-air, sentiment: positive, text: x, platform: x}
    takedowns:
      - {at: 1h, platform: x, target: "@AuroraPilots"}
    outages: [{source: news, from: 1h, until: 2h}]
    restarts: [1h30m, 2h]
    receiver_outages: [{receiver: comms, from: 10m, until: 20m}]
    silences: [{from: 0s, until: 1h, matchers: [alertname=VolumeSurge]}]
    expect:
      - {at: 1h, none: [VolumeSurge]}
      - at: 2h
        alerts:
          - {alert: VolumeSurge, labels: {severity: warning}, annotations: {summary: "x"}}
          - {alert: VolumeSurge, state: pending}
      - {until: 3h, notifications: [{receiver: comms, status: firing, alerts: [B, A, B]}]}
      - {until: 4h, notifications: []}
)";

/// A file with one test of the given lines, the first of which stands on line 4 at column 5.
std::string one_test(std::string_view lines) {
    std::string out = "rule_files: [a.yaml]\ntests:\n  - name: t\n";
    std::size_t at = 0;
    while (at < lines.size()) {
        const std::size_t end = std::min(lines.find('\n', at), lines.size());
        out += "    " + std::string(lines.substr(at, end - at)) + "\n";
        at = end + 1;
    }
    return out;
}

}  // namespace

TEST_CASE("a whole test file") {
    const Read r = read(whole);
    CHECK(first(r) == "");
    REQUIRE(r.file);
    CHECK(r.file->rule_files == std::vector<std::string>{"volume_surge.yaml", "other*.yaml"});
    REQUIRE(r.file->brands.size() == 1);
    CHECK(r.file->brands[0].query == "aurora");
    CHECK(r.file->brands[0].labels == Labels{{"team", "eu"}});
    CHECK(r.file->brands[0].functions == std::vector<BrandFunction>{{"hr", "strike"}});
    CHECK(r.file->route.kind == doc::NodeKind::map);
    CHECK(r.file->receivers.kind == doc::NodeKind::null);
    REQUIRE(r.file->tests.size() == 1);
    const Test& t = r.file->tests[0];
    CHECK(t.interval == 5min);
    CHECK(format_time(t.start) == "2026-03-02T00:00:00.000Z");
    REQUIRE(t.series.size() == 3);
    CHECK(t.series[0].kind == Kind::reply);
    CHECK(t.series[0].authors == 1);
    CHECK(t.series[0].values.size() == 61 + 1 + 11);
    CHECK(t.series[1].brand == "aurora-air");
    CHECK(t.series[1].kind == Kind::repost);
    CHECK(t.series[1].authors == 5);
    CHECK(t.series[2].count == "pageviews");
    REQUIRE(t.items.size() == 2);
    CHECK(t.items[0].item.published == t.start + 65min);
    CHECK(t.items[0].brand == "");
    CHECK(t.items[0].item.author.followers == 5);
    CHECK(t.items[0].item.engagement.likes == 3);
    CHECK_FALSE(t.items[0].sentiment.has_value());
    CHECK(t.items[1].sentiment == SentimentLabel::positive);
    CHECK(t.items[0].item.id != t.items[1].item.id);
    CHECK(t.takedowns.at(0).takedown.at == t.start + 1h);
    CHECK(t.takedowns.at(0).takedown.brand == "aurora-air");
    CHECK(t.outages.at(0).name == "news");
    CHECK(t.outages.at(0).until == 2h);
    CHECK(t.restarts == std::vector<Duration>{90min, 2h});
    CHECK(t.receiver_outages.at(0).name == "comms");
    CHECK(t.silences.at(0).matchers == std::vector<std::string>{"alertname=VolumeSurge"});
    REQUIRE(t.expect.size() == 4);
    CHECK(t.expect[0].none == std::vector<std::string>{"VolumeSurge"});
    CHECK_FALSE(t.expect[0].alerts.has_value());
    REQUIRE(t.expect[1].alerts->size() == 2);
    CHECK(t.expect[1].alerts->at(0).state == "firing");
    CHECK(t.expect[1].alerts->at(1).state == "pending");
    CHECK(t.expect[2].notifications->at(0).alerts == std::vector<std::string>{"A", "B"});
    CHECK(t.expect[3].notifications->empty());
}

TEST_CASE("without brands there is one, acme") {
    const Read r = read(one_test("expect: [{at: 1h, none: [A]}]"));
    REQUIRE(r.file);
    CHECK(r.file->brands.at(0).name == "acme");
    CHECK(r.file->tests.at(0).interval == 1min);
}

TEST_CASE("errors stand at their line and column") {
    struct Case {
        std::string_view lines, at, words;
    };
    const std::string expect = "\nexpect: [{at: 1h, none: [A]}]";
    const std::vector<Case> cases{
        {"start: soon", "4:12: ", "a time such as"},
        {"start: 2026-03-02T00:00:30Z", "4:12: ", "a full minute"},
        {"interval: 10ms", "4:15: ", ""},
        {"series: [{values: 4 4y}]", "4:25: ", "found `4y`"},
        {"series: [{values: '4 4y'}]", "4:26: ", "found `4y`"},
        {"series: [{values: 1.5}]", "4:23: ", "whole numbers"},
        {"series: [{values: 1-1x5}]", "4:23: ", "whole numbers"},
        {"series: [{values: 100000x20}]", "4:23: ", "more than 1000000 mentions"},
        {"series: [{values: [4, 5]}]", "4:23: ", "values in one text"},
        {"series: [{platform: x}]", "4:14: ", "values"},
        {"series: [{brand: acne, values: 4}]", "4:22: ", "did you mean `acme`?"},
        {"series: [{sentiment: bad, values: 4}]", "4:26: ", "negative"},
        {"series: [{kind: tweet, values: 4}]", "4:21: ", "post"},
        {"series: [{functions: [hr], values: 4}]", "4:27: ", "a function of the brand"},
        {"series: [{authors: none, values: 4}]", "4:24: ", "a whole number"},
        {"series: [{platfrom: x, values: 4}]", "4:15: ", "platform"},
        {"items: [{text: a}]", "4:13: ", "at"},
        {"items: [{at: 1h}]", "4:13: ", "text"},
        {"items: [{at: 1h, text: a, id: x}, {at: 2h, text: b, id: x}]", "4:39: ", "a second item `x`"},
        {"takedowns: [{at: 1h}]", "4:17: ", "target"},
        {"outages: [{source: a, from: 2h, until: 1h}]", "4:44: ", "a time after `from`"},
        {"outages: [{from: 1h, until: 2h}]", "4:15: ", "source"},
        {"restarts: [2h, 1h]", "4:20: ", "ascending"},
        {"restarts: [soon]", "4:16: ", "a time from the start"},
        {"silences: [{from: 1h, until: 2h}]", "4:16: ", "matchers"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.lines);
        const std::string got = first(read(one_test(std::string(c.lines) + expect)));
        CAPTURE(got);
        CHECK(got.starts_with(c.at));
        CHECK(got.find(c.words) != std::string::npos);
    }
    const std::vector<Case> expectations{
        {"expect: []", "4:13: ", "cannot fail"},
        {"expect: [{at: 1h}]", "4:14: ", "needs `alerts`, `none` or `notifications`"},
        {"expect: [{none: [A]}]", "4:14: ", "one of `at`"},
        {"expect: [{at: 1h, until: 1h, none: [A]}]", "4:14: ", "one of `at`"},
        {"expect: [{at: 2h, none: [A]}, {at: 1h, none: [A]}]", "4:35: ", "ascending"},
        {"expect: [{at: 1h, alerts: [{state: firing}]}]", "4:32: ", "alert"},
        {"expect: [{at: 1h, alerts: [{alert: A, state: fired}]}]", "4:50: ", "firing"},
        {"expect: [{at: 1h, alerts: [{alert: A}], none: [A]}]", "4:14: ", "in one of them"},
        {"expect: [{until: 1h, notifications: [{receiver: a, alerts: [A]}]}]", "4:42: ", "status"},
    };
    for (const Case& c : expectations) {
        CAPTURE(c.lines);
        const std::string got = first(read(one_test(c.lines)));
        CAPTURE(got);
        CHECK(got.starts_with(c.at));
        CHECK(got.find(c.words) != std::string::npos);
    }
}

TEST_CASE("errors of files") {
    CHECK(first(read("tests: [{name: a, expect: [{at: 1h, none: [A]}]}]")).find("rule_files") != std::string::npos);
    CHECK(first(read("rule_files: []\ntests: [{name: a, expect: [{at: 1h, none: [A]}]}]")).find("no rule file") != std::string::npos);
    CHECK(first(read("rule_files: [a]\ntests: []")).find("no test") != std::string::npos);
    CHECK(first(read("rule_files: [a]")).find("tests") != std::string::npos);
    const std::string one = "{name: a, expect: [{at: 1h, none: [A]}]}";
    CHECK(first(read("rule_files: [a]\ntests: [" + one + ", " + one + "]")).find("a second test `a`") != std::string::npos);
    CHECK(first(read("rule_files: [a]\nbrands: [{name: a}, {name: a}]\ntests: [" + one + "]")).find("a second brand `a`") !=
          std::string::npos);
    CHECK(first(read("rule_files: [a]\nbrands: [{name: A}]\ntests: [" + one + "]")).find("a name of a-z") != std::string::npos);
    CHECK(first(read("rule_files: [a]\nbrands: [{name: a}, {name: b}]\ntests:\n  - name: t\n    series: [{values: 4}]\n"
                     "    expect: [{at: 1h, none: [A]}]"))
              .find("needs the key brand") != std::string::npos);
}
