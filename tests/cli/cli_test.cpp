#include "vigie/cli/cli.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "cli/run.hpp"

using namespace vigie::cli;
using namespace vigie::cli::test;

namespace {

const std::string rules = "groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: mentions[1h] >= 3\n";
const std::string tests =
    "rule_files: [rules.yaml]\ntests:\n  - name: quiet\n    series: [{values: '1'}]\n    expect: [{at: 1m, alerts: []}]\n";
const std::string configuration = "brands: [{name: aurora, query: aurora}]\nrules: rules.yaml\n";

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every verb explains itself, with examples") {
    const Outcome all = run_vigie({"--help"});
    CHECK(all.code == success);
    CHECK(holds(all.out, "Exit codes: 0 success"));
    for (const char* verb : {"check", "test", "replay", "status", "alerts", "sources", "top", "export", "backup", "restore", "text"}) {
        CAPTURE(verb);
        CHECK(holds(all.out, verb));
        const Outcome help = run_vigie({verb, "--help"});
        CHECK(help.code == success);
        CHECK(help.err.empty());
        CHECK_MESSAGE(holds(help.out, std::string("Examples:\n  vigie ") + verb), help.out);
    }
}

TEST_CASE("the version, and wrong usage") {
    CHECK(run_vigie({"--version"}).out == "vigie " VIGIE_VERSION "\n");
    for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{{},
                                                                                       {"nothing"},
                                                                                       {"check", "--nothing"},
                                                                                       {"test"},
                                                                                       {"replay"},
                                                                                       {"top"},
                                                                                       {"top", "a", "--limit", "0"},
                                                                                       {"restore", "/no/such/backup", "--data", "x"}}) {
        const Outcome outcome = run_vigie(wrong);
        CHECK(outcome.code == wrong_usage);
        CHECK(outcome.out.empty());
        CHECK_FALSE(outcome.err.empty());
    }
}

TEST_CASE("check: 0 where all is right, 1 with the errors, 2 for a file that cannot be read") {
    const Folder folder;
    folder.write("rules.yaml", rules);
    const std::string good = folder.write("good.yaml", configuration);
    const std::string bad = folder.write("bad.yaml", "lisen: x\n" + configuration);
    const Outcome right = run_vigie({"check", good});
    CHECK(right.code == success);
    CHECK(holds(right.out, "1 rule"));
    CHECK(run_vigie({"check", "--config", good}).code == success);

    const Outcome wrong = run_vigie({"check", good, bad});
    CHECK(wrong.code == answer_is_no);
    CHECK(holds(wrong.out, "bad.yaml:1:1: the configuration has no key \"lisen\"; did you mean listen?"));

    const Outcome absent = run_vigie({"check", folder / "absent.yaml"});
    CHECK(absent.code == wrong_usage);
    CHECK(absent.out.empty());
    CHECK(holds(absent.err, "absent.yaml"));

    const Outcome json = run_vigie({"check", bad, "--json"});
    CHECK(json.code == answer_is_no);
    const auto parsed = boost::json::parse(json.out);
    CHECK_FALSE(parsed.at("ok").as_bool());
    CHECK(parsed.at("diagnostics").at(0).at("line") == 1);
    CHECK(boost::json::parse(run_vigie({"check", good, "--json"}).out).at("ok").as_bool());
}

TEST_CASE("check takes rule files and their tests, as a shell's pattern finds them") {
    const Folder folder;
    const std::string rule_file = folder.write("rules.yaml", rules), test_file = folder.write("rules.test.yaml", tests);
    const Outcome right = run_vigie({"check", rule_file, test_file});
    CHECK_MESSAGE(right.code == success, right.out);
    const std::string broken = folder.write("broken.test.yaml", "tests:\n  - name: x\n");
    const Outcome wrong = run_vigie({"check", rule_file, broken});
    CHECK(wrong.code == answer_is_no);
    CHECK(holds(wrong.out, "broken.test.yaml:2:"));
}

TEST_CASE("test: 0 where all pass, 1 where one fails, 2 where it cannot be run") {
    const Folder folder;
    folder.write("rules.yaml", rules);
    const std::string good = folder.write("good.test.yaml", tests);
    std::string expecting = tests;
    expecting.replace(expecting.find("alerts: []"), 10, "alerts: [{alert: A, state: firing}]");
    const std::string bad = folder.write("bad.test.yaml", expecting);
    CHECK(run_vigie({"test", good}).code == success);
    const Outcome failed = run_vigie({"test", good, bad});
    CHECK(failed.code == answer_is_no);
    CHECK(holds(failed.out, "FAIL"));
    CHECK(holds(failed.out, "1 passed, 1 failed"));
    CHECK(run_vigie({"test", folder / "absent.test.yaml"}).code == wrong_usage);
    CHECK(run_vigie({"test", folder.write("none.test.yaml", "tests: [\n")}).code == wrong_usage);
    const Outcome json = run_vigie({"test", bad, "--json"});
    CHECK_FALSE(boost::json::parse(json.out).at("passed").as_bool());
}

TEST_CASE("replay prints events and a summary; what cannot be read is 2") {
    const Folder folder;
    folder.write("rules.yaml", rules);
    const std::string config = folder.write("vigie.yaml", configuration);
    std::string text;
    for (int i = 0; i < 3; ++i)
        text += R"({"type":"item","id":"x/)" + std::to_string(i) +
                R"(","platform":"x","published":"2026-03-01T09:00:00Z","text":"aurora"})" + "\n";
    const std::string input = folder.write("in.ndjson", text + "no record\n");
    const Outcome played = run_vigie({"replay", "--config", config, "--input", input});
    CHECK(played.code == success);
    CHECK(holds(played.out, "\"state\":\"firing\""));
    CHECK(holds(played.out, "\"event\":\"summary\""));
    CHECK(holds(played.err, "in.ndjson:4:"));
    CHECK(run_vigie({"replay", "--config", config, "--input", folder / "absent"}).code == wrong_usage);
    CHECK(run_vigie({"replay", "--config", folder / "absent", "--input", input}).code == wrong_usage);
    CHECK(run_vigie({"replay", "--config", config, "--input", input, "--until", "tomorrow"}).code == wrong_usage);
    CHECK(run_vigie({"replay", "--config", config, "--input", input, "--tail", "long"}).code == wrong_usage);
}

TEST_CASE("a daemon that is not there is 3") {
    for (const std::vector<std::string>& ask : std::vector<std::vector<std::string>>{
             {"status"}, {"alerts"}, {"sources"}, {"top", "aurora"}, {"export"}, {"backup", "/tmp/nowhere"}}) {
        auto arguments = ask;
        arguments.insert(arguments.end(), {"--url", "http://127.0.0.1:1"});
        const Outcome outcome = run_vigie(arguments);
        CAPTURE(ask.front());
        CHECK(outcome.code == unreachable);
        CHECK(outcome.out.empty());
        CHECK(holds(outcome.err, "can't be reached"));
    }
}
