// vigie test: unit tests of rules.

#include "cli/terminal.hpp"
#include "cli/verb.hpp"
#include "vigie/cli/cli.hpp"
#include "vigie/config/environment.hpp"
#include "vigie/core/record_json.hpp"
#include "vigie/engine/rule_test.hpp"

namespace vigie::cli {
namespace {

struct Options {
    std::vector<std::string> files;
    bool json = false;
};

std::string as_json(const std::string& file, const engine::RuleTestResult& result) {
    std::string line = "{\"file\":";
    append_json_string(line, clean_utf8(file));
    line += ",\"test\":";
    append_json_string(line, clean_utf8(result.name));
    line += std::string(",\"passed\":") + (result.differences.empty() ? "true" : "false") + ",\"differences\":[";
    for (std::size_t i = 0; i < result.differences.size(); ++i) {
        if (i > 0) line += ',';
        append_json_string(line, clean_utf8(result.differences[i]));
    }
    return line + "]}\n";
}

int test(const Options& options) {
    std::size_t passed = 0, failed = 0;
    int code = success;
    for (const std::string& file : options.files) {
        if (const auto content = config::system_environment().read_file(file, 1 << 20); !content) {
            print_error(file + ": " + content.error().message());
            code = wrong_usage;
            continue;
        }
        std::vector<doc::Diagnostic> diagnostics;
        const auto results = engine::run_rule_tests(file, diagnostics);
        for (const doc::Diagnostic& one : diagnostics) print_error(one.text());
        if (!results) {
            code = wrong_usage;
            continue;
        }
        for (const engine::RuleTestResult& result : *results) {
            ++(result.differences.empty() ? passed : failed);
            if (options.json) {
                print(as_json(file, result));
                continue;
            }
            print((result.differences.empty() ? "ok    " : "FAIL  ") + file + ": " + result.name + "\n");
            for (const std::string& difference : result.differences) print("      " + file + ":" + difference + "\n");
        }
    }
    if (!options.json && passed + failed > 0) print(std::to_string(passed) + " passed, " + std::to_string(failed) + " failed\n");
    if (code != success) return code;
    return failed == 0 ? success : answer_is_no;
}

}  // namespace

void add_test(CLI::App& app, Action& action) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = app.add_subcommand("test", "Run unit tests of rules on a simulated clock");
    verb->add_option("files", options->files, "Test files (*.test.yaml)")->required();
    verb->add_flag("--json", options->json, "NDJSON, one line for each test");
    verb->footer("Examples:\n  vigie test rules/*.test.yaml");
    verb->callback([options, &action] { action = [options] { return test(*options); }; });
}

}  // namespace vigie::cli
