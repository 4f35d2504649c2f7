#include "vigie/cli/cli.hpp"

#include <csignal>

#include "cli/terminal.hpp"
#include "cli/verb.hpp"

namespace vigie::cli {

int vigie_main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app(
        "Vigie, the lookout for brands: checks, rehearses and asks.\n\nThe daemon is vigied. Every verb explains itself: vigie VERB --help",
        "vigie");
    app.set_version_flag("--version", std::string("vigie ") + VIGIE_VERSION);
    app.require_subcommand(1);
    app.fallthrough(false);
    app.footer(
        "Exit codes: 0 success; 1 the answer is no; 2 wrong usage, an unreadable file, or an invalid configuration; 3 the daemon can't be "
        "reached.");
    Action action;
    for (const auto add : {add_check, add_test, add_replay, add_status, add_alerts, add_sources, add_top, add_export, add_backup,
                           add_restore, add_text, add_query, add_impostors})
        add(app, action);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? success : wrong_usage;
    }
    return action ? action() : wrong_usage;
}

}  // namespace vigie::cli
