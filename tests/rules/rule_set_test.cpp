#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "rules/yaml.hpp"
#include "vigie/detect/bucket.hpp"
#include "vigie/detect/windows.hpp"
#include "vigie/rules/rule_set.hpp"

using namespace vigie;
using namespace vigie::rules;
using namespace std::chrono_literals;

namespace {

Time at(std::string_view text) {
    return parse_time(text).value();
}

std::vector<Rule> read(std::string_view text) {
    doc::Diagnostics diagnostics("a.yaml");
    auto rules = decode_rules(test::yaml(text), "a.yaml", diagnostics);
    for (const auto& d : diagnostics.all())
        if (d.severity == doc::Severity::error) FAIL(d.message);
    return rules.value();
}

std::string one_rule(std::string_view lines) {
    std::string out = "groups:\n  - name: g\n    rules:\n      - alert: A\n";
    std::size_t from = 0;
    while (from < lines.size()) {
        const std::size_t end = std::min(lines.find('\n', from), lines.size());
        out += "        " + std::string(lines.substr(from, end - from)) + "\n";
        from = end + 1;
    }
    return out;
}

Brand brand(std::string name, std::string display = "", Labels labels = {}, std::string timezone = "") {
    Brand out;
    out.name = std::move(name);
    out.display = std::move(display);
    out.labels = std::move(labels);
    out.timezone = std::move(timezone);
    return out;
}

struct Told {
    std::string platform = "mastodon";
    std::string language = "en";
    int mentions = 1;
    int negative = 0;
    std::int64_t reach = 0;
};

/// A rule set over its windows, at a time that stands still until moved.
class World {
public:
    explicit World(std::string_view rules, std::vector<Brand> brands = {brand("acme", "Acme")},
                   std::string_view start = "2026-03-02T12:00:00Z")
        : set(read(rules)), windows(brands.size(), set.selectors()), now(at(start)) {
        findings = set.bind(brands, "Europe/Paris").value();
        windows.advance(now);
    }

    /// Mentions in the minute that ends `ago` before now.
    void tell(Duration ago, const Told& told, BrandIndex index = 0) {
        detect::Bucket bucket;
        for (int i = 0; i < told.mentions; ++i) {
            detect::Contribution c;
            c.key.platform = told.platform;
            c.key.language = told.language;
            c.sums.mentions = 1;
            c.sums.negative = i < told.negative ? 1 : 0;
            c.sums.neutral = 1 - c.sums.negative;
            c.sums.polarity = i < told.negative ? -10000 : 0;
            c.sums.reach = c.sums.max_reach = told.reach;
            c.author = ++author;
            bucket.add(c);
        }
        windows.add(index, minute_of(now - ago), bucket);
    }

    Sample sample(Want want = Want::all, BrandIndex index = 0, std::size_t rule = 0) const {
        const auto all = set.evaluate(rule, index, windows, now, {}, want);
        REQUIRE(all.size() == 1);
        return all[0];
    }

    RuleSet set;
    detect::Windows windows;
    Time now;
    std::vector<doc::Diagnostic> findings;
    std::uint64_t author = 0;
};

std::optional<double> value(const Sample& sample, std::string_view name) {
    for (const auto& v : sample.values)
        if (v.name == name) return v.value;
    FAIL("no value named " << std::string(name));
    return {};
}

std::vector<std::string> names(const Sample& sample) {
    std::vector<std::string> out;
    for (const auto& v : sample.values) out.push_back(v.name);
    return out;
}

/// The value of an expression, read as a named value, over ten mentions an hour ago and twenty now of which five are negative.
std::optional<double> compute(std::string_view expr, std::string_view start = "2026-03-02T12:00:00Z") {
    World w(one_rule("values:\n  v: " + std::string(expr) + "\nexpr: v > 0 or mentions[1h] > 0"), {brand("acme")}, start);
    w.tell(90min, {.mentions = 10, .reach = 7});
    w.tell(5min, {.mentions = 20, .negative = 5, .reach = 100});
    return value(w.sample(), "v");
}

/// The same for a condition written over the values 2 and "no value" (a mean of nothing).
Sample judge(std::string_view condition) {
    World w(one_rule("values:\n  two: mentions[1h]\n  none: rating[1h]\nexpr: " + std::string(condition)));
    w.tell(5min, {.mentions = 2});
    return w.sample();
}

}  // namespace

TEST_CASE("expressions compute what they say") {
    CHECK(compute("mentions[1h]") == 20);
    CHECK(compute("mentions[1h] offset 1h") == 10);
    CHECK(compute("mentions[2h] + 1") == 31);
    CHECK(compute("mentions[2h] - mentions[1h] * 2") == -10);
    CHECK(compute("negative[1h] / mentions[1h]") == 0.25);
    CHECK(compute("-mentions[1h]") == -20);
    CHECK(compute("abs(-3)") == 3);
    CHECK(compute("min(mentions[1h], 7, 9)") == 7);
    CHECK(compute("max(mentions[1h], 7)") == 20);
    CHECK(compute("max(reach[1h])") == 100);
    CHECK(compute("reach[1h]") == 2000);
    CHECK(compute("sentiment[1h]") == doctest::Approx(-0.25));
    CHECK(compute("delta(mentions[1h], 1h)") == 10);
    CHECK(compute("mentions{platform=\"x\"}[1h]") == 0);
    CHECK(compute("authors[2h]") == 30);
    CHECK(compute("10k * 2") == 20'000);
}

TEST_CASE("no value: a mean of nothing, a division by zero, a share of nothing") {
    CHECK(compute("rating[1h]") == std::nullopt);
    CHECK(compute("rating[1h] + 1") == std::nullopt);
    CHECK(compute("max(rating[1h], 1)") == std::nullopt);
    CHECK(compute("1 / (mentions[1h] - 20)") == std::nullopt);
    CHECK(compute("counts{series=\"pageviews\"}[1h]") == std::nullopt);
    CHECK(compute("share(negative{platform=\"x\"}[1h])") == std::nullopt);
}

TEST_CASE("share is smoothed towards zero") {
    CHECK(compute("share(negative[1h])") == doctest::Approx(5.0 / 22));
    CHECK(compute("share_of(negative[1h], mentions[2h])") == doctest::Approx(5.0 / 32));
    World w(one_rule("expr: share(negative[1h]) > 60%"));
    w.tell(5min, {.mentions = 2, .negative = 2});
    CHECK_FALSE(w.sample().holds);
    w.tell(4min, {.mentions = 18, .negative = 18});
    CHECK(w.sample().holds);
}

TEST_CASE("slope is the change of the hourly rate in an hour, by least squares") {
    World w(one_rule("expr: slope(mentions[1h]) > 50"));
    // Twelve parts of five minutes with 1, 2, ..., 12 mentions: 12 an hour more every five minutes.
    for (int i = 0; i < 12; ++i) w.tell(55min - 5min * i, {.mentions = i + 1});
    const Sample s = w.sample();
    CHECK(value(s, "slope(mentions[1h])").value() == doctest::Approx(144));
    CHECK(value(s, "mentions[1h]") == 78);
    CHECK(s.holds);
    World flat(one_rule("expr: slope(mentions[1h]) > 50"));
    for (int i = 0; i < 12; ++i) flat.tell(55min - 5min * i, {.mentions = 4});
    CHECK(value(flat.sample(), "slope(mentions[1h])").value() == doctest::Approx(0));
}

TEST_CASE("hour and weekday are the brand's") {
    // 23:30 UTC on Sunday 1 March 2026 is half past midnight on Monday in Paris, and 18:30 on Sunday in New York.
    CHECK(compute("hour()", "2026-03-01T23:30:00Z") == 0);
    CHECK(compute("weekday()", "2026-03-01T23:30:00Z") == 1);
    World w(one_rule("expr: hour() == 18 and weekday() == 7"), {brand("acme", "", {}, "America/New_York")}, "2026-03-01T23:30:00Z");
    CHECK(w.sample().holds);
    RuleSet set(read(one_rule("expr: mentions[1h] > 1")));
    CHECK(set.bind({brand("acme", "", {}, "Europe/Atlantis")}, "UTC").error().message().find("Europe/Atlantis") != std::string::npos);
    CHECK(set.bind({brand("acme")}, "").ok());
}

TEST_CASE("no value follows three-valued logic") {
    struct Case {
        std::string_view condition;
        bool holds;
    };
    const std::vector<Case> cases{
        {"none > 1", false},
        {"not none > 1", false},
        {"none == none", false},
        {"none > 1 and two > 1", false},
        {"not (none > 1 and two > 1)", false},
        {"not (none > 1 and two > 5)", true},
        {"none > 1 or two > 1", true},
        {"not (none > 1 or two > 5)", false},
        {"two >= 2 and two <= 2 and two == 2 and not two != 2", true},
        {"two > 2 or two < 2", false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.condition);
        const Sample s = judge(c.condition);
        CHECK(s.holds == c.holds);
        CHECK(s.why.truth == c.holds);
    }
}

TEST_CASE("the explanation says what had no value") {
    const Sample s = judge("none > 1 or two > 5");
    CHECK(s.why.note == "a part of it has no value, so it does not hold");
    REQUIRE(s.why.parts.size() == 2);
    const Explanation& first = s.why.parts[0];
    CHECK(first.text == "none > 1");
    CHECK(first.truth == false);
    CHECK(first.note == "a part of it has no value, so it does not hold");
    REQUIRE(first.parts.size() == 2);
    CHECK(first.parts[0].text == "none");
    REQUIRE(first.parts[0].parts.size() == 1);
    CHECK(first.parts[0].parts[0].text == "rating[1h]");
    CHECK(first.parts[0].parts[0].note == "no value: no ratings to average");
    CHECK(s.why.parts[1].parts[0].value == 2);
    CHECK(judge("1 / (two - 2) > 1").why.parts[0].note == "no value: division by zero");
}

TEST_CASE("an explanation stays small however values refer to each other") {
    std::string lines = "values:\n  v0: mentions[1h]\n";
    for (int i = 1; i < 40; ++i) lines += "  v" + std::to_string(i) + ": v" + std::to_string(i - 1) + " + v" + std::to_string(i - 1) + "\n";
    World w(one_rule(lines + "expr: v39 > 1"));
    w.tell(5min, {.mentions = 1});
    const Sample s = w.sample();
    CHECK(value(s, "v39") == static_cast<double>(1LL << 39));
    CHECK(s.holds);
}

TEST_CASE("data: all parts without a value is none, some is some") {
    CHECK_FALSE(judge("none > 1").has_data);
    CHECK_FALSE(judge("none > 1 and hour() >= 0").has_data);
    CHECK(judge("none > 1 or two > 5").has_data);
    CHECK(judge("two > 5").has_data);
    CHECK(judge("hour() >= 0").has_data);
    CHECK_FALSE(judge("none > 1").clear);
}

TEST_CASE("clear: when the condition no longer holds, or as the rule says") {
    CHECK(judge("two > 5").clear);
    CHECK_FALSE(judge("two > 1").clear);
    CHECK(judge("none > 1 or two > 5").clear);
    const auto clear = [](int mentions, std::string_view text) {
        World w(one_rule("expr: mentions[1h] > 10\nclear: " + std::string(text)));
        w.tell(5min, {.mentions = mentions});
        return w.sample().clear;
    };
    CHECK_FALSE(clear(7, "mentions[1h] < 5"));
    CHECK(clear(4, "mentions[1h] < 5"));
    CHECK_FALSE(clear(4, "rating[1h] < 5"));
}

TEST_CASE("values come in order: named ones, then selectors and functions as written") {
    World w(
        one_rule("values:\n  b: mentions[1h]\n  a: share(negative[1h])\n"
                 "expr: b > 1 and share( negative[2h] ) >= 0% and (a >= 0 or mentions{platform=\"x\"}[1h] > 1) and mentions[1h]>1"));
    w.tell(5min, {.mentions = 2});
    const Sample s = w.sample();
    CHECK(names(s) ==
          std::vector<std::string>{"b", "a", "share( negative[2h] )", "negative[2h]", "mentions{platform=\"x\"}[1h]", "mentions[1h]"});
    CHECK(s.values[1].unit == Unit::percent);
    CHECK(s.values[0].unit == Unit::number);
}

TEST_CASE("levels: the highest that holds gives the severity, which is no part of the identity") {
    World w(one_rule("levels:\n  watch: mentions[1h] > 1\n  alert: mentions[1h] > 10\n  crisis: mentions[1h] > 100"));
    const Sample none = w.sample();
    CHECK_FALSE(none.holds);
    CHECK_FALSE(none.labels.contains("severity"));
    CHECK(none.why.note == "none holds");
    w.tell(5min, {.mentions = 5});
    CHECK(w.sample().labels.at("severity") == "watch");
    w.tell(4min, {.mentions = 20});
    const Sample high = w.sample();
    CHECK(high.labels.at("severity") == "alert");
    CHECK(high.fingerprint == none.fingerprint);
    CHECK(high.fingerprint == fingerprint(Labels{{"alertname", "A"}, {"brand", "acme"}}));
    REQUIRE(high.why.parts.size() == 3);
    CHECK(high.why.parts[0].text == "crisis: mentions[1h] > 100");
    CHECK(high.why.parts[0].truth == false);
    CHECK(high.why.parts[1].truth == true);
}

TEST_CASE("labels: the rule's win over the brand's, and reserved ones are nobody's") {
    World w(one_rule("expr: mentions[1h] >= 0\nlabels: {team: press, severity: page}"),
            {brand("acme", "Acme", {{"team", "eu"}, {"region", "fr"}, {"severity", "x"}, {"alertname", "y"}})});
    const Sample s = w.sample();
    CHECK(s.labels == Labels{{"alertname", "A"}, {"brand", "acme"}, {"region", "fr"}, {"severity", "page"}, {"team", "press"}});
    Labels identity = s.labels;
    identity.erase("severity");
    CHECK(s.fingerprint == fingerprint(identity));
    CHECK(w.set.labels_of(0, 0) == identity);
}

TEST_CASE("by: a sample for each group that has a value now, and for those asked for") {
    World w(one_rule("by: [platform, language]\nexpr: mentions[1h] > 5"));
    CHECK(w.set.evaluate(0, 0, w.windows, w.now).empty());
    w.tell(5min, {.platform = "x", .language = "fr", .mentions = 6});
    w.tell(5min, {.platform = "news", .language = "en", .mentions = 2});
    auto all = w.set.evaluate(0, 0, w.windows, w.now);
    REQUIRE(all.size() == 2);
    CHECK(all[0].labels == Labels{{"alertname", "A"}, {"brand", "acme"}, {"language", "en"}, {"platform", "news"}});
    CHECK_FALSE(all[0].holds);
    CHECK(all[1].labels.at("platform") == "x");
    CHECK(all[1].holds);
    CHECK(all[0].fingerprint != all[1].fingerprint);

    all = w.set.evaluate(0, 0, w.windows, w.now, {{"de", "x"}, {"fr", "x"}, {"one"}});
    REQUIRE(all.size() == 3);
    CHECK(all[0].labels.at("language") == "de");
    CHECK_FALSE(all[0].holds);
    CHECK(all[0].clear);
    CHECK(w.set.labels_of(0, 0, {"fr", "x"}) == all[2].labels);
}

TEST_CASE("what is wanted: samples that do not hold can go without their reasons") {
    World w(one_rule("values: {n: 'mentions[1h]'}\nexpr: n > 5\nannotations: {s: '{{n}}'}"));
    const Sample quiet = w.sample(Want::if_holds);
    CHECK(quiet.values.empty());
    CHECK(quiet.why == Explanation{});
    CHECK(quiet.annotations.empty());
    CHECK(w.sample(Want::all).annotations.at("s") == "0");
    w.tell(5min, {.mentions = 6});
    CHECK(w.sample(Want::if_holds).annotations.at("s") == "6");
}

TEST_CASE("annotations") {
    World w(one_rule(
                "by: [platform]\nthresholds: {floor: 5, wait: 2h, part: 60%}\nvalues:\n  n: mentions[1h]\n  bad: share(negative[1h])\n"
                "  none: rating[1h]\nexpr: (n > floor and bad < part) or (none > 1 and wait > 1h)\nlabels: {severity: page}\nannotations:\n"
                "  s: \"{{n}} of {{brand.display}} ({{brand.name}}, {{labels.team}}) on {{labels.platform}}: {{bad}} < {{part}}\"\n"
                "  t: \"{{alertname}} {{severity}} {{labels.severity}} {{now}} {{wait}} {{none}}{{^none}}!{{/none}}{{#n}}?{{/n}}\""),
            {brand("acme", "A & <b>", {{"team", "eu"}})});
    w.tell(5min, {.platform = "<x>", .mentions = 18, .negative = 9});
    const auto all = w.set.evaluate(0, 0, w.windows, w.now);
    REQUIRE(all.size() == 1);
    CHECK(all[0].annotations.at("s") == "18 of A & <b> (acme, eu) on <x>: 45% < 60%");
    CHECK(all[0].annotations.at("t") == "A page page 2026-03-02 13:00 CET 2h no value!?");
}

TEST_CASE("brands: patterns choose, and what matches nothing is told") {
    constexpr std::string_view rules = R"(groups:
  - name: g
    rules:
      - {alert: All, expr: 'mentions[1h] > 1'}
      - {alert: Some, brands: [aurora-*], expr: 'mentions[1h] > 1'}
      - {alert: None, brands: [boreal], expr: 'mentions[1h] > 1'}
)";
    World w(rules, {brand("aurora-air"), brand("borealis"), brand("aurora-rail")});
    CHECK(w.set.brands_of(0) == std::vector<BrandIndex>{0, 1, 2});
    CHECK(w.set.brands_of(1) == std::vector<BrandIndex>{0, 2});
    CHECK(w.set.brands_of(2).empty());
    CHECK(w.set.rules_of(0) == std::vector<std::size_t>{0, 1});
    CHECK(w.set.rules_of(1) == std::vector<std::size_t>{0});
    CHECK(w.set.rules_of(9).empty());
    REQUIRE(w.findings.size() == 1);
    CHECK(w.findings[0].severity == doc::Severity::warning);
    CHECK(w.findings[0].message.find("did you mean `borealis`?") != std::string::npos);
    CHECK(w.set.find({"a.yaml", "g", "Some"}) == 1);
    CHECK(w.set.find({"a.yaml", "g", "Other"}) == w.set.size());
}

TEST_CASE("an annotation's label that only a brand can give is checked against the brands") {
    constexpr std::string_view rule = "expr: mentions[1h] > 1\nannotations: {s: '{{labels.teem}}'}";
    World none(one_rule(rule), {brand("a", "", {{"team", "x"}})});
    REQUIRE(none.findings.size() == 1);
    CHECK(none.findings[0].severity == doc::Severity::error);
    CHECK(none.findings[0].mark == doc::Mark{6, 29});
    CHECK(none.findings[0].message.find("did you mean `team`?") != std::string::npos);
    World some(one_rule(rule), {brand("a", "", {{"teem", "x"}}), brand("b")});
    REQUIRE(some.findings.size() == 1);
    CHECK(some.findings[0].severity == doc::Severity::warning);
    World all(one_rule(rule), {brand("a", "", {{"teem", "x"}})});
    CHECK(all.findings.empty());
}

TEST_CASE("two rules whose alerts could not be told apart are an error") {
    constexpr std::string_view rules = R"(groups:
  - {name: g, rules: [{alert: A, brands: [a], expr: 'mentions[1h] > 1'}]}
  - {name: h, rules: [{alert: A, brands: [b], expr: 'mentions[1h] > 1'}]}
  - {name: i, rules: [{alert: A, brands: [a], labels: {severity: x}, expr: 'mentions[1h] > 1'}]}
  - {name: j, rules: [{alert: A, brands: [a], labels: {team: x}, expr: 'mentions[1h] > 1'}]}
)";
    World w(rules, {brand("a"), brand("b")});
    REQUIRE(w.findings.size() == 1);
    CHECK(w.findings[0].severity == doc::Severity::error);
    CHECK(w.findings[0].mark.line == 4);
}

TEST_CASE("thresholds can be set for a sweep") {
    World w(one_rule("thresholds: {floor: 5, part: 60%, wait: 2h}\nexpr: mentions[1h] > floor and part > 1% and wait > 1m"));
    w.tell(5min, {.mentions = 6});
    CHECK(w.sample().holds);
    CHECK(w.set.set_threshold("A", "floor", "10").ok());
    CHECK_FALSE(w.sample().holds);
    CHECK(w.set.set_threshold("A", "part", "0.5").ok());
    CHECK(w.set.set_threshold("A", "wait", "3h").ok());
    CHECK(w.set.set_threshold("A", "wait", "3").error().code() == Errc::invalid);
    CHECK(w.set.set_threshold("A", "floor", "3h").error().code() == Errc::invalid);
    CHECK(w.set.set_threshold("A", "floor", "many").error().code() == Errc::parse);
    CHECK(w.set.set_threshold("A", "flor", "3").error().message().find("did you mean `floor`?") != std::string::npos);
    CHECK(w.set.set_threshold("B", "floor", "3").error().code() == Errc::not_found);
}

TEST_CASE("selectors are gathered once each, for all rules") {
    const RuleSet set(
        read("groups:\n  - name: g\n    rules:\n      - {alert: A, expr: 'mentions[1h] > 1 and mentions[60m] > 2'}\n"
             "      - {alert: B, expr: 'mentions[1h] > 1 and negative[1h] > 2'}\n"));
    CHECK(set.selectors().size() == 2);
    CHECK(std::is_sorted(set.selectors().begin(), set.selectors().end()));
    CHECK(RuleSet().selectors().empty());
}

TEST_CASE("what a reload changes") {
    const auto rules = [](std::string_view names_and_floors) { return read(names_and_floors); };
    const auto before = rules(
        "groups:\n  - name: g\n    rules:\n      - {alert: A, expr: 'mentions[1h] > 1'}\n      - {alert: B, expr: 'mentions[1h] > 1'}\n");
    const auto after = rules(
        "groups:\n  - name: g\n    rules:\n      - {alert: B, expr: 'mentions[1h] > 2'}\n      - {alert: C, expr: 'mentions[1h] > 1'}\n");
    const RuleChanges changes = compare_rules(before, after);
    CHECK(changes == RuleChanges{{{"a.yaml", "g", "C"}}, {{"a.yaml", "g", "A"}}, {{"a.yaml", "g", "B"}}});
    CHECK(compare_rules(before, before) == RuleChanges{});
}
