// A verb of `vigie`: its options, and what it does. One file each.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace vigie::cli {

/// Called once the command line has been read; returns the exit code.
using Action = std::function<int()>;

/// Each adds its verb to the command; the verb that was chosen sets `action`.
void add_check(CLI::App& app, Action& action);
void add_test(CLI::App& app, Action& action);
void add_replay(CLI::App& app, Action& action);
void add_status(CLI::App& app, Action& action);
void add_alerts(CLI::App& app, Action& action);
void add_sources(CLI::App& app, Action& action);
void add_top(CLI::App& app, Action& action);
void add_export(CLI::App& app, Action& action);
void add_backup(CLI::App& app, Action& action);
void add_restore(CLI::App& app, Action& action);
void add_text(CLI::App& app, Action& action);
void add_query(CLI::App& app, Action& action);
void add_impostors(CLI::App& app, Action& action);

}  // namespace vigie::cli
