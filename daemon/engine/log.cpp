#include "engine/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <atomic>

#include <cstdio>

#include "vigie/core/record_json.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/delivery/escape.hpp"

namespace vigie::engine::log {
namespace {

constexpr std::size_t line_limit = 2048;

struct State {
    State() {
        logger->set_pattern("%v");
        logger->flush_on(spdlog::level::trace);
    }
    std::atomic<LogFormat> format{LogFormat::text};  ///< a reload changes it while other threads log
    const std::shared_ptr<spdlog::logger> logger =
        std::make_shared<spdlog::logger>("vigie", std::make_shared<spdlog::sinks::stderr_sink_mt>());
};

State& state() {
    static State one;
    return one;
}

std::string_view name_of(spdlog::level::level_enum level) {
    switch (level) {
        case spdlog::level::debug:
            return "debug";
        case spdlog::level::warn:
            return "warning";
        case spdlog::level::err:
            return "error";
        default:
            return "info";
    }
}

bool bare(std::string_view value) {
    return !value.empty() && value.find_first_of(" =\"\\") == std::string_view::npos;
}

void append_quoted(std::string& out, std::string_view value) {
    out += '"';
    for (const char c : value) {
        if (c == '"') out += '\\';
        out += c;
    }
    out += '"';
}

std::string escaped(std::string_view text) {
    return delivery::for_log(text, delivery::Limit{line_limit, delivery::LimitUnit::bytes});
}

/// On a terminal a progress bar may stand on the line.
constexpr std::string_view clear_line = "\r\033[K";

void write(spdlog::level::level_enum level, std::string_view message, Fields fields) {
    State& s = state();
    if (!s.logger->should_log(level)) return;
    if (for_people()) std::fwrite(clear_line.data(), 1, clear_line.size(), stderr);
    s.logger->log(level, "{}", format_line(s.format, name_of(level), message, fields));
}

}  // namespace

std::string format_line(LogFormat format, std::string_view level, std::string_view message, Fields fields) {
    std::string line;
    if (format == LogFormat::json) {
        line = "{\"level\":";
        append_json_string(line, level);
        line += ",\"message\":";
        append_json_string(line, clean_utf8(message, line_limit));
        for (const auto& [name, value] : fields) {
            line += ',';
            append_json_string(line, name);
            line += ':';
            append_json_string(line, clean_utf8(value, line_limit));
        }
        return line + "}";
    }
    if (format == LogFormat::logfmt) {
        line = "level=" + std::string(level) + " msg=";
        append_quoted(line, escaped(message));
    } else {
        if (level == "warning" || level == "error") line = std::string(level) + ": ";
        line += escaped(message);
    }
    for (const auto& [name, value] : fields) {
        const std::string text = escaped(value);
        line += ' ';
        line += name;
        line += '=';
        if (bare(text))
            line += text;
        else
            append_quoted(line, text);
    }
    return line;
}

void configure(const LogSettings& settings) {
    State& s = state();
    s.format = settings.format;
    // Under systemd the journal adds the time itself; elsewhere a line begins with it.
    const bool journal = ::getenv("JOURNAL_STREAM") != nullptr;
    s.logger->set_pattern(journal || settings.format == LogFormat::json ? "%v" : "%Y-%m-%dT%H:%M:%S.%e%z %v");
    s.logger->set_level(spdlog::level::from_str(settings.level));
}

bool for_people() {
    return state().format == LogFormat::text && ::isatty(STDERR_FILENO) != 0;
}

void debug(std::string_view message, Fields fields) {
    write(spdlog::level::debug, message, fields);
}
void info(std::string_view message, Fields fields) {
    write(spdlog::level::info, message, fields);
}
void warning(std::string_view message, Fields fields) {
    write(spdlog::level::warn, message, fields);
}
void error(std::string_view message, Fields fields) {
    write(spdlog::level::err, message, fields);
}

void notification(const delivery::Message& message) {
    if (for_people()) {
        const std::string text = std::string(clear_line) + "\n" + delivery::plain_text(message) + "\n";
        std::fwrite(text.data(), 1, text.size(), stderr);
        return;
    }
    std::string summary;
    if (!message.alerts.empty()) summary = clean_utf8(message.alerts.front().summary.bytes(), 500);
    info("alert", {{"title", message.title},
                   {"status", std::string(alerts::to_string(message.status))},
                   {"summary", summary},
                   {"when", message.alerts.empty() ? "" : message.alerts.front().when},
                   {"key", message.key}});
}

}  // namespace vigie::engine::log
