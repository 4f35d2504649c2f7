// The command line of the daemon.
#include <CLI/CLI.hpp>
#include <csignal>

#include "cli/terminal.hpp"
#include "vigie/api/frontend.hpp"
#include "vigie/cli/cli.hpp"
#include "vigie/engine/daemon.hpp"

namespace vigie::cli {

int vigied_main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app("Vigie's daemon: watches, counts, and calls out. SIGHUP reloads, SIGTERM drains and stops.", "vigied");
    app.set_version_flag("--version", std::string("vigied ") + VIGIE_VERSION);
    engine::DaemonOptions options;
    options.config = "/etc/vigie/vigie.yaml";
    app.add_option("--config", options.config, "The configuration")->capture_default_str();
    app.add_option("--data", options.data, "The data directory, instead of the configuration's");
    CLI::Option* play =
        app.add_option("--play", options.play, "Play this NDJSON on a simulated clock first, then go on from its last record");
    app.add_option("--speed", options.speed, "Times real time; 0: as fast as it can")->needs(play)->check(CLI::NonNegativeNumber);
    app.add_flag("--exit-after-play", options.exit_after_play, "Stop when the file has been played")->needs(play);
    app.footer(
        "Examples:\n  vigied --config /etc/vigie/vigie.yaml\n  vigied --config demo.yaml --data /tmp/demo --play story.ndjson\n\n"
        "Check a configuration first: vigie check vigie.yaml");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? success : wrong_usage;
    }
    auto daemon = engine::Daemon::create(std::move(options));
    if (!daemon)
        return fail(daemon.error(),
                    daemon.error().code() == Errc::invalid || daemon.error().code() == Errc::parse ? wrong_usage : answer_is_no);
    const Result<int> code = (*daemon)->run(api::make_frontend);
    if (!code) return fail(code.error(), answer_is_no);
    return *code;
}

}  // namespace vigie::cli
