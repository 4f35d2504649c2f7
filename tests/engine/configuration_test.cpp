#include "vigie/engine/configuration.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "engine/files.hpp"

using namespace vigie;
using namespace vigie::engine;
using namespace vigie::engine::test;

namespace {

using Texts = std::vector<std::string>;

const std::string brands = "brands:\n  - {name: aurora, query: aurora}\n";

std::string rule(const std::string& name, const std::string& expr = "mentions[1h] >= 3") {
    return "groups:\n  - name: g\n    rules:\n      - alert: " + name + "\n        expr: " + expr + "\n";
}

struct Loaded {
    std::optional<Configuration> configuration;
    Texts said;  ///< without the folder
};

Loaded load(const Folder& folder, const std::string& yaml) {
    std::vector<doc::Diagnostic> diagnostics;
    Loaded out;
    out.configuration = load_configuration(folder.write("vigie.yaml", yaml), diagnostics);
    for (const doc::Diagnostic& one : diagnostics) {
        std::string text = one.text();
        if (const auto at = text.find(folder / ""); at != std::string::npos) text.erase(at, (folder / "").size());
        out.said.push_back(text);
    }
    return out;
}

std::string joined(const Texts& texts) {
    std::string out;
    for (const auto& text : texts) out += text + "\n";
    return out;
}

}  // namespace

TEST_CASE("a whole configuration is read, with its rules and queries") {
    const Folder folder;
    folder.write("rules/a.yaml", rule("A"));
    folder.write("rules/b.yaml", rule("B"));
    folder.write("rules/b.test.yaml", "not a rule file");
    const auto loaded = load(folder, brands + "rules: [rules/*.yaml]\n");
    REQUIRE_MESSAGE(loaded.configuration.has_value(), joined(loaded.said));
    CHECK(loaded.said.empty());
    CHECK(loaded.configuration->rule_files == Texts{folder / "rules/a.yaml", folder / "rules/b.yaml"});
    REQUIRE(loaded.configuration->rules.size() == 2);
    CHECK(loaded.configuration->rules[0].id == rules::RuleId{"a.yaml", "g", "A"});
    Item item;
    item.text = Untrusted("Aurora");
    CHECK(loaded.configuration->analyser->analyse(item).matches.size() == 1);
    const auto core = loaded.configuration->core();
    CHECK(core.brands.size() == 1);
    CHECK(core.rules.size() == 2);
    REQUIRE(core.integrations.size() == 1);
    CHECK(core.integrations[0] == Integration{"log/log/0", "log", true});
}

TEST_CASE("all errors of all files come at once, each with its place") {
    const Folder folder;
    folder.write("rules/a.yaml", rule("A", "mentions[1h] >= "));
    folder.write("rules/b.yaml", rule("B", "mentoins[1h] >= 3"));
    folder.write("rules/c.yaml", "groups: [\n");
    const auto loaded = load(folder, "brands:\n  - {name: aurora, query: '(aurora'}\ntimezone: Mars\nrules: [rules/*.yaml]\n");
    CHECK_FALSE(loaded.configuration.has_value());
    const std::string all = joined(loaded.said);
    CAPTURE(all);
    CHECK(all.find("vigie.yaml:2:27: in the query") != std::string::npos);
    CHECK(all.find("vigie.yaml:3:11: ") != std::string::npos);
    CHECK(all.find("rules/a.yaml:5:") != std::string::npos);
    CHECK(all.find("rules/b.yaml:5:") != std::string::npos);
    CHECK(all.find("rules/c.yaml:") != std::string::npos);
}

TEST_CASE("files that are not there") {
    const Folder folder;
    std::vector<doc::Diagnostic> diagnostics;
    CHECK_FALSE(load_configuration(folder / "absent.yaml", diagnostics).has_value());
    REQUIRE(diagnostics.size() == 1);
    CHECK(diagnostics[0].text().find("cannot read") != std::string::npos);

    // A pattern may find nothing yet; a name is meant.
    const auto pattern = load(folder, brands + "rules: [rules/*.yaml]\n");
    CHECK(pattern.configuration.has_value());
    REQUIRE(pattern.said.size() == 1);
    CHECK_MESSAGE(pattern.said[0].find("vigie.yaml:3:8: warning: no rule file matches ") == 0, pattern.said[0]);
    const auto name = load(folder, brands + "rules: [rules/surge.yaml]\n");
    CHECK_FALSE(name.configuration.has_value());
    REQUIRE(name.said.size() == 1);
    CHECK(name.said[0].find("rules/surge.yaml: ") == 0);
    CHECK(name.said[0].find("cannot read") != std::string::npos);
}

TEST_CASE("what only the whole can tell: two rules of one identity, a brand that no rule can mean") {
    const Folder folder;
    folder.write("one/a.yaml", rule("A"));
    folder.write("two/a.yaml", rule("A"));
    const auto clash = load(folder, brands + "rules: [one/*.yaml, two/*.yaml]\n");
    CHECK_FALSE(clash.configuration.has_value());
    CHECK_MESSAGE(joined(clash.said).find("a.yaml:4:") != std::string::npos, joined(clash.said));

    folder.write("three/b.yaml", rule("B") + "        brands: [aurorra]\n");
    const auto stranger = load(folder, brands + "rules: three/b.yaml\n");
    CHECK(stranger.configuration.has_value());
    REQUIRE(stranger.said.size() == 1);
    CHECK(stranger.said[0].find("warning: ") != std::string::npos);
    CHECK(stranger.said[0].find("aurorra") != std::string::npos);
    // The file is named as it can be opened, not by its last part alone.
    CHECK(stranger.said[0].find("three/b.yaml:") != std::string::npos);
}

TEST_CASE("sentiment weights are read beside the file, and a wrong file is told with its place") {
    const Folder folder;
    const auto with = [&](const std::string& value) { return load(folder, brands + "sentiment: " + value + "\n"); };
    CHECK(joined(with("{weights: missing.bin}").said) ==
          "vigie.yaml:3:22: the sentiment weights " + folder / "missing.bin" +
              ": cannot read it: No such file or directory; expected a file that vigie text --adapt wrote\n");
    folder.write("broken.bin", "VIGIEWT2 no more");
    CHECK(joined(with("{weights: broken.bin}").said).find("broken.bin: weight file: no header; expected") != std::string::npos);
    CHECK(joined(with("{weights: \"\"}").said).find("expected the path of a file that vigie text --adapt wrote") != std::string::npos);
    CHECK(joined(with("{weight: a.bin}").said).find("weights") != std::string::npos);

    Item item;
    item.text = Untrusted("aurora is wonderful, thank you");
    // The shipped weights turned round: what was praise is blame.
    std::string turned(text::SentimentModel::shipped().bytes());
    const std::size_t rows_at = 28 + 3 * 8, rows = std::size_t{1} << static_cast<unsigned char>(turned[8]);
    for (std::size_t i = 0; i < rows; ++i) std::swap(turned[rows_at + 3 * i], turned[rows_at + 3 * i + 2]);
    folder.write("own/turned.bin", turned);
    const auto loaded = with("{weights: own/turned.bin}");
    REQUIRE_MESSAGE(loaded.configuration.has_value(), joined(loaded.said));
    CHECK(loaded.configuration->analyser->analyse(item).sentiment.label == SentimentLabel::negative);
    CHECK(load(folder, brands).configuration->analyser->analyse(item).sentiment.label == SentimentLabel::positive);
}

TEST_CASE("globs: braces, sorting, each file once, tests left out") {
    const Folder folder;
    for (const char* name : {"b.yaml", "a.yaml", "a.test.yaml", "c.test.yml", "c.yml", "d.txt"}) folder.write(name, "");
    CHECK(find_rule_files({folder / "*.yaml", folder / "a.yaml"}) == Texts{folder / "a.yaml", folder / "b.yaml"});
    CHECK(find_rule_files({folder / "*.{yml,txt}"}) == Texts{folder / "c.yml", folder / "d.txt"});
    CHECK(find_rule_files({folder / "a.test.yaml"}).empty());
    CHECK(find_rule_files({folder / "x*"}).empty());
    CHECK(find_rule_files({}).empty());
}

TEST_CASE("integrations are named by receiver, kind and place, with their wish for ends") {
    const Folder folder;
    const auto loaded = load(folder, brands +
                                         "route: {receiver: comms}\n"
                                         "receivers:\n"
                                         "  - name: comms\n"
                                         "    log_configs: [{}, {send_resolved: false}]\n"
                                         "    webhook_configs: [{url: 'https://hook.example/x', send_resolved: false}]\n"
                                         "    slack_configs: [{api_url: 'https://hooks.example/x'}]\n");
    REQUIRE_MESSAGE(loaded.configuration.has_value(), joined(loaded.said));
    const auto integrations = loaded.configuration->core().integrations;
    CHECK(integrations == std::vector<Integration>{{"comms/slack/0", "comms", true},
                                                   {"comms/webhook/0", "comms", false},
                                                   {"comms/log/0", "comms", true},
                                                   {"comms/log/1", "comms", false}});
}

TEST_CASE("a search asks for what the queries look for") {
    const Folder folder;
    const auto loaded = load(folder, "brands:\n  - {name: a, query: '(\"aurora air\" OR #aurora) AND NOT airport'}\n");
    REQUIRE(loaded.configuration.has_value());
    const auto names = loaded.configuration->brand_names();
    REQUIRE(names.size() == 1);
    CHECK(names[0].brand == "a");
    CHECK(std::find(names[0].names.begin(), names[0].names.end(), "aurora air") != names[0].names.end());
    for (const auto& name : names[0].names) CHECK(name.find("airport") == std::string::npos);
}
