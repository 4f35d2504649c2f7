#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "rules/yaml.hpp"
#include "vigie/rules/rule.hpp"

using namespace vigie;
using namespace vigie::rules;

namespace {

struct Read {
    std::optional<std::vector<Rule>> rules;
    doc::Diagnostics diagnostics{"rules/a.yaml"};
};

Read read(std::string_view text) {
    Read out;
    out.rules = decode_rules(test::yaml(text), "a.yaml", out.diagnostics);
    CHECK(out.rules.has_value() == out.diagnostics.ok());
    return out;
}

/// A file with one rule of the given lines, each indented to stand in it; the first one stands on line 5.
std::string rule_file(std::string_view lines) {
    std::string out = "groups:\n  - name: g\n    rules:\n      - alert: A\n";
    std::size_t at = 0;
    while (at < lines.size()) {
        const std::size_t end = std::min(lines.find('\n', at), lines.size());
        out += "        " + std::string(lines.substr(at, end - at)) + "\n";
        at = end + 1;
    }
    return out;
}

std::string first(const Read& r, doc::Severity severity = doc::Severity::error) {
    for (const auto& d : r.diagnostics.all())
        if (d.severity == severity) return std::to_string(d.mark.line) + ":" + std::to_string(d.mark.column) + ": " + d.message;
    return "";
}

constexpr std::string_view whole = R"(groups:
  - name: volume
    interval: 1m
    rules:
      - alert: VolumeSurge
        brands: [aurora-*, borealis]
        by: [platform, language]
        thresholds:
          floor: 20
          part: 45%
          long: 2h
        values:
          hourly: mentions[1h]
          twice: hourly * 2
        expr: hourly >= floor and share(negative[1h]) > part
        clear: hourly < floor / 2
        for: 5m
        keep_firing_for: 2h
        no_data: {action: alert, for: 30m}
        limit: 10
        labels: {severity: critical, function: communications}
        annotations:
          summary: "{{hourly}} mentions of {{brand.display}} on {{labels.platform}}, threshold {{floor}}"
      - alert: Levels
        levels:
          warning: mentions[1h] > 10
          critical: mentions[1h] > 100
)";

}  // namespace

TEST_CASE("a whole rule file") {
    const Read r = read(whole);
    CHECK(first(r) == "");
    REQUIRE(r.rules);
    REQUIRE(r.rules->size() == 2);
    const Rule& a = r.rules->at(0);
    CHECK(a.id == RuleId{"a.yaml", "volume", "VolumeSurge"});
    CHECK(a.mark == doc::Mark{5, 9});
    CHECK(a.interval == std::chrono::minutes{1});
    CHECK(a.brands == std::vector<std::string>{"aurora-*", "borealis"});
    CHECK(a.by == std::vector<std::string>{"language", "platform"});
    CHECK(a.thresholds ==
          std::vector<Threshold>{{"floor", 20, Unit::number}, {"part", 0.45, Unit::percent}, {"long", 7200, Unit::duration}});
    CHECK(a.values == std::vector<NamedText>{{"hourly", "mentions[1h]"}, {"twice", "hourly * 2"}});
    CHECK(a.conditions.at(0).text == "hourly >= floor and share(negative[1h]) > part");
    CHECK(a.clear == "hourly < floor / 2");
    CHECK(a.policy.for_ == std::chrono::minutes{5});
    CHECK(a.policy.keep_firing_for == std::chrono::hours{2});
    CHECK(a.policy.no_data == NoDataAction::alert);
    CHECK(a.policy.no_data_for == std::chrono::minutes{30});
    CHECK(a.policy.limit == 10);
    CHECK(a.policy.severities.empty());
    CHECK(a.labels == Labels{{"function", "communications"}, {"severity", "critical"}});

    const Rule& b = r.rules->at(1);
    CHECK(b.policy.severities == std::vector<std::string>{"warning", "critical"});
    CHECK(b.policy == AlertPolicy{.severities = {"warning", "critical"}});
    CHECK(b.by.empty());
}

TEST_CASE("errors stand at their line and column, and say what was expected") {
    struct Case {
        std::string_view lines, at, words;
    };
    const std::vector<Case> cases{
        {"expr: mentions[1h] >", "5:29: ", "the end of the expression"},
        {"expr: mention[1h] > 1", "5:15: ", "did you mean `mentions`?"},
        {"expr: mentions[1h] > flor\nthresholds: {floor: 1}", "5:30: ", "did you mean `floor`?"},
        {"expr: 'mentions[1h] > x'", "5:31: ", "expected a threshold"},
        {"expr: \"mentions{source='a'}[1h] > x\"", "5:43: ", "expected a threshold"},
        {"expr: \"mentions{source='\\\\d\\\"'}[1h] > x\"", "5:47: ", "expected a threshold"},
        {"expr: 'mentions{source=\"a\"}[1h] > x'", "5:43: ", "expected a threshold"},
        {"expr: mentions > 1", "5:15: ", "without a window"},
        {"expr: surprise(mentions[1h]) > 3", "5:15: ", "the function `surprise` is not yet known to this version"},
        {"expr: mentions[1h] > 1 and storm() > 1", "5:36: ", "the function `storm` is not yet known to this version"},
        {"expr: impostors[6h] > 3", "5:15: ", "the metric `impostors` is not yet known to this version"},
        {"expr: impostors > 3", "5:15: ", "the metric `impostors` is not yet known to this version"},
        {"expr: surprize(mentions[1h]) > 3", "5:15: ", "expected a function"},
        {"expr: shere(mentions[1h]) > 3", "5:15: ", "did you mean `share`?"},
        {"expr: share > 3", "5:15: ", "without its arguments"},
        {"expr: share(mentions[1h]) > 3", "5:21: ", "the share of `mentions`"},
        {"expr: share(5) > 3", "5:21: ", "expected one selector"},
        {"expr: share() > 3", "5:15: ", "with 0 arguments"},
        {"expr: share(negative[1h], 1) > 3", "5:15: ", "with 2 arguments"},
        {"expr: share_of(sentiment[1h], mentions[1h]) > 3", "5:24: ", "that count or sum"},
        {"expr: max(mentions[1h]) > 3", "5:15: ", "max(reach[1h])"},
        {"expr: delta(mentions[1h], 5) > 3", "5:35: ", "a duration written out"},
        {"expr: delta(mentions[1h], 90d) > 3", "5:35: ", "at most 90d"},
        {"expr: slope(mentions[1m]) > 3", "5:21: ", "divides into"},
        {"expr: slope(mentions[13m]) > 3", "5:21: ", "divides into"},
        {"expr: min(mentions[1h]) > 3", "5:15: ", "two or more numbers"},
        {"expr: min(mentions[1h], 5m) > 3", "5:33: ", "found a duration in min"},
        {"expr: mentions[30s] > 3", "5:24: ", "1m to 90d"},
        {"expr: mentions[91d] > 3", "5:24: ", "1m to 90d"},
        {"expr: mentions[90s] > 3", "5:24: ", "whole minutes"},
        {"expr: mentions[60d] offset 60d > 3", "5:36: ", "at most 90d"},
        {"expr: mentions{platfrom=\"x\"}[1h] > 3", "5:24: ", "did you mean `platform`?"},
        {"expr: mentions{series=\"x\"}[1h] > 3", "5:24: ", "found the label `series`"},
        {"expr: counts[1h] > 3", "5:15: ", "without a series"},
        {"expr: mentions{source=~\"(\"}[1h] > 3", "5:15: ", ""},
        {"expr: mentions[1h]", "5:15: ", "expected a condition"},
        {"expr: 5", "5:15: ", "expected a condition"},
        {"expr: mentions[1h] > 5m", "5:15: ", "compares a number with a duration"},
        {"expr: (mentions[1h] > 5) / 5m > 1", "5:15: ", "divides a truth by a duration"},
        {"expr: mentions[1h] / 5m > 1", "5:15: ", "divides a number by a duration"},
        {"expr: mentions[1h] > 1 and 5m * 5m > 1h", "5:36: ", "multiplies a duration by a duration"},
        {"expr: 5 + 5m > 1", "5:15: ", "adds a duration to a number"},
        {"expr: 5m - 5 > 1", "5:15: ", "subtracts a number from a duration"},
        {"expr: mentions[1h] > 1 and mentions[1h]", "5:36: ", "`and` takes conditions"},
        {"expr: not mentions[1h]", "5:19: ", "`not` takes conditions"},
        {"expr: (mentions[1h] > 1) == (mentions[1h] > 2)", "5:15: ", "compares a truth with a truth"},
        {"expr: abs(mentions[1h] > 1) > 1", "5:19: ", "found a truth in abs"},
        {"expr: -(mentions[1h] > 1) > 1", "5:15: ", "before a truth"},
        {"expr: mentions[1h] > 1\nclear: mentions[1h]", "6:16: ", "expected a condition"},
        {"expr: mentions[1h] > 1\nvalues: {a: 'mentions[1h] > 1'}", "6:22: ", "found a condition in the value"},
        {"expr: mentions[1h] > 1\nvalues: {a: b, b: 'mentions[1h]'}", "6:21: ", "an earlier value"},
        {"expr: mentions[1h] > 1\nvalues: {mentions: 'mentions[1h]'}", "6:18: ", "the name of a metric"},
        {"expr: mentions[1h] > 1\nthresholds: {copies: 1}", "6:22: ", "the name of a metric"},
        {"expr: mentions[1h] > 1\nthresholds: {labels: 1}", "6:22: ", "reserved"},
        {"expr: mentions[1h] > 1\nthresholds: {a-b: 1}", "6:22: ", "a word of letters"},
        {"expr: mentions[1h] > a\nthresholds: {a: 1}\nvalues: {a: 'mentions[1h]'}", "7:18: ", "as a threshold and as a value"},
        {"expr: mentions[1h] > 1\nthresholds: {a: many}", "6:25: ", "found `many`, expected a number"},
        {"expr: mentions[1h] > 1\nlevels: {w: 'mentions[1h] > 1'}", "6:17: ", "beside `expr`"},
        {"for: 5m", "4:9: ", "expected `expr` or `levels`"},
        {"levels: {}", "5:17: ", "found 0 levels"},
        {"levels: {w: 'mentions[1h] > 1'}\nlabels: {severity: page}", "6:18: ", "beside `levels`"},
        {"expr: mentions[1h] > 1\nlabels: {alertname: x}", "6:18: ", "which Vigie sets itself"},
        {"expr: mentions[1h] > 1\nlabels: {brand: x}", "6:18: ", "which Vigie sets itself"},
        {"expr: mentions[1h] > 1\nlabels: {platform: x}\nby: [platform]", "6:18: ", "which `by` gives"},
        {"expr: mentions[1h] > 1\nlabels: {n: '{{x}}'}", "6:21: ", "a label identifies its alert"},
        {"expr: mentions[1h] > 1\nlabels: {n: [x]}", "6:21: ", "a text for `n`"},
        {"expr: mentions[1h] > 1\nby: [plattform]", "6:14: ", "did you mean `platform`?"},
        {"expr: mentions[1h] > 1\nby: [kind, kind]", "6:20: ", "twice"},
        {"expr: mentions[1h] > 1\nbrands: [Aurora]", "6:18: ", "a brand's name"},
        {"expr: mentions[1h] > 1\nfor: soon", "6:14: ", ""},
        {"expr: mentions[1h] > 1\nlimit: 0", "6:16: ", ""},
        {"expr: mentions[1h] > 1\nno_data: {action: wait}", "6:27: ", ""},
        {"expr: mentions[1h] > 1\nkeep_firing: 5m", "6:9: ", "keep_firing_for"},
        {"expr: mentions[1h] > 1\nannotations: {s: \"{{ floor }}\"}\nthresholds: {flor: 1}", "6:30: ", "did you mean `flor`?"},
        {"expr: mentions[1h] > 1\nannotations:\n  s: caf\u00e9 {{x}}", "7:21: ", "found the name `x`"},
        {"expr: mentions[1h] > 1\nannotations:\n  s: by {{takedown.target}}", "7:19: ", "not yet known to this version"},
        {"expr: mentions[1h] > 1\nannotations: {s: \"{{#now}}\"}", "6:30: ", "does not end"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.lines);
        const std::string got = first(read(rule_file(c.lines)));
        CAPTURE(got);
        CHECK(got.starts_with(c.at));
        CHECK(got.find(c.words) != std::string::npos);
    }
}

TEST_CASE("a value may be called like a function, which always has parentheses") {
    const Read r =
        read(rule_file("values: {hour: 'mentions[1h]', share: 'share(negative[1h])'}\nexpr: hour > 5 and hour() > 5 and share > 5%"));
    CHECK(first(r) == "");
}

TEST_CASE("errors of files and groups") {
    CHECK(first(read("rules: []")).find("groups") != std::string::npos);
    CHECK(first(read("groups:\n  - rules: []")).find("name") != std::string::npos);
    CHECK(first(read("groups:\n  - name: a\n    interval: 100ms\n    rules: []")).starts_with("3:15: "));
    CHECK(first(read("groups:\n  - {name: a, rules: []}\n  - {name: a, rules: []}")).starts_with("3:5: found a second group `a`"));
    const std::string rule = "      - alert: A\n        expr: mentions[1h] > 1\n";
    CHECK(first(read("groups:\n  - name: a\n    rules:\n" + rule + rule)).starts_with("6:9: found a second rule `A`"));
    CHECK(first(read("groups:\n  - name: a\n    rules:\n      - expr: mentions[1h] > 1\n")).find("alert") != std::string::npos);
    CHECK(first(read("groups:\n  - name: a\n    rules:\n      - {alert: 'a b', expr: 'mentions[1h] > 1'}\n")).starts_with("4:17: "));
}

TEST_CASE("all errors are told, not the first alone") {
    const Read r = read(rule_file("expr: mention[1h] > 1\nfor: soon\nby: [x]\nannotations: {s: '{{a}} {{b}}'}"));
    CHECK(r.diagnostics.all().size() == 5);
}

TEST_CASE("lint warns of what is most likely not meant") {
    const auto warning = [](std::string_view lines) { return first(read(rule_file(lines)), doc::Severity::warning); };
    CHECK(warning("expr: share(negative[1h]) > 60%").find("without a minimum volume") != std::string::npos);
    CHECK(warning("expr: sentiment[1h] < -0.5").find("without a minimum volume") != std::string::npos);
    CHECK(warning("expr: mentions[1h] / mentions[1d] > 2").find("without a minimum volume") != std::string::npos);
    CHECK(warning("expr: share(negative[1h]) > 60% and mentions[1h] >= 20") == "");
    CHECK(warning("expr: share(negative[1h]) > 60% and 20 < mentions[1h]") == "");
    CHECK(warning("values: {n: 'mentions[1h]'}\nexpr: share(negative[1h]) > 60% and n > 5") == "");
    CHECK(warning("expr: mentions[1h] / 24 > 2") == "");
    CHECK(warning("expr: share(negative[1h]) > 60 and mentions[1h] > 9").find("did you mean 60%") != std::string::npos);
    CHECK(warning("expr: hour() > 8").find("reads no metric") != std::string::npos);
    CHECK(warning("expr: mentions[1h] > 1\nthresholds: {floor: 1}").find("`floor` is used by no") != std::string::npos);
    CHECK(warning("expr: mentions[1h] > 1\nfor: 5s").find("evaluated every 30s") != std::string::npos);
    CHECK(warning("expr: mentions[1h] > 1") == "");
}

TEST_CASE("a rule is the same whatever its spacing, and another when anything else differs") {
    const auto rule = [](std::string_view lines) { return read(rule_file(lines)).rules.value().at(0); };
    const Rule a = rule("expr: mentions[1h] > 1");
    CHECK(same_rule(a, rule("expr: mentions[60m]>1")));
    for (const std::string_view other : {"expr: mentions[1h] > 2", "expr: mentions[1h] > 1\nfor: 5m", "expr: mentions[1h] > 1\nby: [kind]",
                                         "expr: mentions[1h] > 1\nlabels: {a: b}", "expr: mentions[1h] > 1\nannotations: {a: b}",
                                         "levels: {w: 'mentions[1h] > 1'}", "expr: mentions[1h] > 1\nclear: mentions[1h] < 1"}) {
        CAPTURE(other);
        CHECK_FALSE(same_rule(a, rule(other)));
    }
    CHECK_FALSE(same_rule(rule("thresholds: {t: 1}\nexpr: mentions[1h] > t"), rule("thresholds: {t: 2}\nexpr: mentions[1h] > t")));
}
