// vigie replay: the whole engine over recorded records.
#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>

#include "cli/terminal.hpp"
#include "cli/verb.hpp"
#include "vigie/cli/cli.hpp"
#include "vigie/engine/replay.hpp"

namespace vigie::cli {
namespace {

struct Options {
    std::string config, input, until, tail;
    bool json = false;
};

int replay(const Options& options) {
    engine::ReplayOptions how;
    if (!options.until.empty()) {
        const Result<Time> until = parse_time(options.until);
        if (!until) return fail(until.error().with_context("--until"), wrong_usage);
        how.until = *until;
    }
    if (!options.tail.empty()) {
        const Result<Duration> tail = parse_duration(options.tail);
        if (!tail) return fail(tail.error().with_context("--tail"), wrong_usage);
        how.tail = *tail;
    }
    std::vector<doc::Diagnostic> diagnostics;
    const auto configuration = engine::load_configuration(options.config, diagnostics);
    for (const doc::Diagnostic& one : diagnostics) print_error(one.text());
    if (!configuration) return wrong_usage;
    std::ifstream file;
    if (options.input != "-") {
        file.open(options.input);
        if (!file) return fail(Error(Errc::io, "the file cannot be read", options.input), wrong_usage);
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto summary = engine::replay(
        *configuration, options.input == "-" ? std::cin : file, how, [](const std::string& line) { print(line + "\n"); },
        [&](const Rejection& one) {
            print_error(options.input + ":" + std::to_string(one.line) + ": " + one.field + ": found " + one.found + ", expected " +
                        one.expected);
        });
    if (!summary) return fail(summary.error(), answer_is_no);
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    print(engine::event_json(*summary, std::round(wall.count() * 100) / 100) + "\n");
    return success;
}

}  // namespace

void add_replay(CLI::App& app, Action& action) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb =
        app.add_subcommand("replay", "Run the whole engine over recorded records at simulated time, and print what it would have told");
    verb->add_option("--config", options->config, "The configuration")->required();
    verb->add_option("--input", options->input, "NDJSON records; - for stdin")->required();
    verb->add_option("--until", options->until, "Stop at this time (RFC 3339)");
    verb->add_option("--tail", options->tail, "Go on for so long after the last record (7d)");
    verb->add_flag("--json", options->json, "NDJSON, which it always is");
    verb->footer(
        "Examples:\n  vigie replay --config vigie.yaml --input march.ndjson\n  vigie export | vigie replay --config vigie.yaml --input - "
        "--tail 1d\n\n"
        "The same input gives the same events; only wall_seconds of the last line differs.");
    verb->callback([options, &action] { action = [options] { return replay(*options); }; });
}

}  // namespace vigie::cli
