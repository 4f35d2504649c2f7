// Tests of rules as `vigie test` runs them, and of the simulation under them.
#include "vigie/engine/rule_test.hpp"

#include <doctest/doctest.h>

#include "engine/files.hpp"

using namespace vigie;
using namespace vigie::engine;
using namespace vigie::engine::test;

namespace {

using Texts = std::vector<std::string>;

const std::string rules =
    "groups:\n"
    "  - name: g\n"
    "    interval: 30s\n"
    "    rules:\n"
    "      - alert: Surge\n"
    "        expr: mentions[10m] >= 10\n"
    "        annotations: {summary: 'many of {{brand.display}}'}\n"
    "      - alert: Slow\n"
    "        expr: mentions[10m] >= 10\n"
    "        for: 20m\n";

struct Ran {
    std::optional<std::vector<RuleTestResult>> results;
    Texts said;
};

Ran run_file(const std::string& text) {
    const Folder folder;
    folder.write("rules.yaml", rules);
    Ran out;
    std::vector<doc::Diagnostic> diagnostics;
    out.results = run_rule_tests(folder.write("rules.test.yaml", text), diagnostics);
    for (const auto& one : diagnostics) out.said.push_back(one.text());
    return out;
}

/// The differences of one test: `body` is indented by four.
Texts differences(const std::string& body) {
    const auto ran = run_file("rule_files: [rules.yaml]\ntests:\n  - name: one\n    interval: 1m\n" + body);
    const std::string first = ran.said.empty() ? "" : ran.said.front();
    REQUIRE_MESSAGE(ran.results.has_value(), first);
    REQUIRE(ran.results->size() == 1);
    CHECK(ran.results->front().name == "one");
    return ran.results->front().differences;
}

std::string joined(const Texts& texts) {
    std::string out;
    for (const auto& text : texts) out += text + "\n";
    return out;
}

}  // namespace

TEST_CASE("a test whose expectations hold has no differences") {
    CHECK(joined(differences("    series:\n"
                             "      - {values: '2x20 0x60'}\n"
                             "    expect:\n"
                             "      - {at: 3m, alerts: []}\n"
                             "      - at: 6m\n"
                             "        alerts:\n"
                             "          - {alert: Surge, state: firing, annotations: {summary: many of Acme}}\n"
                             "          - {alert: Slow, state: pending}\n"
                             "      - {at: 6m, notifications: [{receiver: default, status: firing, alerts: [Surge]}]}\n"
                             "      - {at: 1h, alerts: [{alert: Surge, state: resolved}]}\n")) == "");
}

TEST_CASE("an expectation that fails is reported with its place, what was expected and what is") {
    const std::string series = "    series:\n      - {values: '2x20 0x60'}\n    expect:\n";
    const auto state = differences(series + "      - at: 6m\n        alerts: [{alert: Surge, state: pending}]\n");
    REQUIRE(state.size() >= 1);
    CHECK_MESSAGE(state[0].find(": at 6m: ") != std::string::npos, state[0]);
    CHECK(state[0].find("Surge") != std::string::npos);
    CHECK_FALSE(differences(series + "      - {at: 6m, none: [Surge]}\n").empty());
    CHECK_FALSE(differences(series + "      - {at: 3m, alerts: [{alert: Surge, state: firing}]}\n").empty());
    CHECK_FALSE(differences(series + "      - {at: 6m, notifications: []}\n").empty());
    CHECK_FALSE(differences(series + "      - {at: 6m, notifications: [{receiver: other, status: firing, alerts: [Surge]}]}\n").empty());
    CHECK_FALSE(
        differences(
            series +
            "      - {at: 6m, alerts: [{alert: Surge, state: firing, labels: {severity: critical}}, {alert: Slow, state: pending}]}\n")
            .empty());
}

TEST_CASE("for goes on over restarts") {
    CHECK(joined(differences("    series:\n"
                             "      - {values: '2x60'}\n"
                             "    restarts: [10m, 12m, 24m]\n"
                             "    expect:\n"
                             "      - {at: 24m, alerts: [{alert: Surge, state: firing}, {alert: Slow, state: pending}]}\n"
                             "      - {at: 26m, alerts: [{alert: Surge, state: firing}, {alert: Slow, state: firing}]}\n")) == "");
}

TEST_CASE("fired and ended while its receiver was down: told once, late, as resolved") {
    const std::string story =
        "    series:\n"
        "      - {values: '2x8 0x90'}\n"
        "    receiver_outages: [{receiver: default, from: 0s, until: 40m}]\n";
    CHECK(joined(differences(story +
                             "    expect:\n"
                             "      - {at: 6m, alerts: [{alert: Surge, state: firing}, {alert: Slow, state: pending}], notifications: []}\n"
                             "      - {at: 30m, alerts: [], notifications: []}\n"
                             "      - {at: 90m, notifications: [{receiver: default, status: resolved, alerts: [Surge]}]}\n")) == "");
    // The same with the daemon killed in between.
    CHECK(joined(differences(story + "    restarts: [10m, 35m]\n"
                                     "    expect:\n"
                                     "      - {at: 90m, notifications: [{receiver: default, status: resolved, alerts: [Surge]}]}\n")) ==
          "");
}

TEST_CASE("during an outage of its source an alert neither ends nor is fed; afterwards it ends") {
    CHECK(joined(differences("    series:\n"
                             "      - {values: '3x100', source: wire}\n"
                             "    outages: [{source: wire, from: 15m, until: 60m}]\n"
                             "    expect:\n"
                             "      - {at: 14m, alerts: [{alert: Surge, state: firing}, {alert: Slow, state: pending}]}\n"
                             "      - {at: 59m, alerts: [{alert: Surge, state: firing}, {alert: Slow, state: pending}]}\n")) == "");
    CHECK(joined(differences("    series:\n"
                             "      - {values: '3x14 0x90', source: wire}\n"
                             "    outages: [{source: wire, from: 15m, until: 60m}]\n"
                             "    expect:\n"
                             "      - {at: 59m, alerts: [{alert: Surge, state: firing}, {alert: Slow, state: pending}]}\n"
                             "      - {at: 61m, alerts: [{alert: Surge, state: resolved}]}\n")) == "");
}

TEST_CASE("items go through intake, or are taken as mentions of the brand they name") {
    std::string items = "    items:\n";
    for (int i = 0; i < 10; ++i) items += "      - {at: " + std::to_string(i) + "s, text: 'Acme is down'}\n";
    CHECK(joined(differences(items + "    expect:\n      - {at: 8s, alerts: []}\n      - {at: 10s, alerts: [{alert: Surge, state: firing}, "
                                     "{alert: Slow, state: pending}]}\n")) == "");
    std::string strangers = "    items:\n", named = "    items:\n";
    for (int i = 0; i < 12; ++i) {
        strangers += "      - {at: " + std::to_string(i) + "s, text: 'nobody'}\n";
        named += "      - {at: " + std::to_string(i) + "s, text: 'nobody', brand: acme}\n";
    }
    CHECK(joined(differences(strangers + "    expect:\n      - {at: 1m, alerts: []}\n")) == "");
    CHECK_FALSE(differences(named + "    expect:\n      - {at: 1m, alerts: []}\n").empty());
}

TEST_CASE("what cannot be run says why, with file and place") {
    const auto syntax = run_file("tests: [\n");
    CHECK_FALSE(syntax.results.has_value());
    CHECK(joined(syntax.said).find("rules.test.yaml:") != std::string::npos);
    const auto key = run_file("rule_files: [rules.yaml]\ntest: []\n");
    CHECK_FALSE(key.results.has_value());
    CHECK(joined(key.said).find("did you mean tests?") != std::string::npos);
    const auto missing =
        run_file("rule_files: [absent.yaml]\ntests:\n  - name: one\n    series: [{values: '1'}]\n    expect: [{at: 1m, alerts: []}]\n");
    CHECK_FALSE(missing.results.has_value());
    CHECK(joined(missing.said).find("absent.yaml") != std::string::npos);
    const auto silence = run_file(
        "rule_files: [rules.yaml]\ntests:\n  - name: one\n    series: [{values: '1'}]\n"
        "    silences: [{from: 0s, until: 1m, matchers: ['alertname=Surge']}]\n    expect: [{at: 1m, alerts: []}]\n");
    CHECK_FALSE(silence.results.has_value());
    CHECK(joined(silence.said).find("3:5: this version does not know silences yet") != std::string::npos);
    std::vector<doc::Diagnostic> diagnostics;
    CHECK_FALSE(run_rule_tests("/no/such/file.test.yaml", diagnostics).has_value());
    CHECK(diagnostics.size() == 1);
}

TEST_CASE("a broken rule file is reported beside the test that names it") {
    const Folder folder;
    folder.write("rules.yaml", "groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: mentions[1h] >\n");
    std::vector<doc::Diagnostic> diagnostics;
    const auto path =
        folder.write("a.test.yaml",
                     "rule_files: [rules.yaml]\ntests:\n  - name: one\n    series: [{values: '1'}]\n    expect: [{at: 1m, alerts: []}]\n");
    CHECK_FALSE(run_rule_tests(path, diagnostics).has_value());
    REQUIRE(diagnostics.size() >= 1);
    CHECK(diagnostics[0].text().find("rules.yaml:5:") != std::string::npos);
}
