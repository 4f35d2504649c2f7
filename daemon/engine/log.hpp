// Log lines: one line each, as logfmt, JSON, or for a person at a terminal. Whatever strangers wrote in them is escaped.
// Thread-safety: all functions may be called from any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "vigie/delivery/message.hpp"
#include "vigie/engine/settings.hpp"

namespace vigie::engine::log {

using Fields = std::initializer_list<std::pair<std::string_view, std::string>>;

/// Where lines go: stderr, which is the journal under systemd. Without it lines are for a person.
void configure(const LogSettings& settings);
/// Whether lines are for a person at a terminal, who sees each notification whole and needs no line about its way.
bool for_people();
void debug(std::string_view message, Fields fields = {});
void info(std::string_view message, Fields fields = {});
void warning(std::string_view message, Fields fields = {});
void error(std::string_view message, Fields fields = {});
/// A notification for log_configs: whole and readable on a terminal, one line elsewhere.
void notification(const delivery::Message& message);

/// One line in that format, without time and level. For tests.
std::string format_line(LogFormat format, std::string_view level, std::string_view message, Fields fields);

}  // namespace vigie::engine::log
