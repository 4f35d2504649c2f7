// vigie status, alerts, sources, top: what the running daemon knows.
#include <fmt/format.h>

#include "cli/api_client.hpp"
#include "cli/terminal.hpp"
#include "cli/verb.hpp"
#include "vigie/cli/cli.hpp"
#include "vigie/core/json_text.hpp"
#include "vigie/net/address.hpp"

namespace vigie::cli {
namespace {

namespace json = boost::json;

struct Options {
    Address address;
    bool json = false;
    bool all = false;
    std::string brand;
    std::string span = "1h";
    int limit = 10;
};

/// A member as text; "" for null or absent.
std::string text_of(const json::value& object, const char* name) {
    const json::value* member = object.is_object() ? object.as_object().if_contains(name) : nullptr;
    if (member == nullptr || member->is_null()) return {};
    if (member->is_string()) return std::string(member->as_string());
    return json_text(*member);
}

double number_of(const json::value& object, const char* name) {
    const json::value* member = object.is_object() ? object.as_object().if_contains(name) : nullptr;
    if (member == nullptr) return 0;
    boost::system::error_code ignored;
    return member->to_number<double>(ignored);
}

std::string inner(const json::value& object, const char* member, const char* name) {
    const json::value* found = object.is_object() ? object.as_object().if_contains(member) : nullptr;
    return found == nullptr ? std::string() : text_of(*found, name);
}

const json::array& rows_of(const json::value& value) {
    static const json::array none;
    return value.is_array() ? value.as_array() : none;
}

int ask(const Options& options, const std::string& path, const std::function<std::string(const json::value&)>& show) {
    const Result<json::value> answer = get(options.address, path);
    if (!answer) return fail_asking(options.address, answer.error());
    print(options.json ? json_text(*answer) + "\n" : show(*answer));
    return success;
}

/// "1 brand", "3 brands".
std::string some(const std::string& number, const char* noun) {
    return number + " " + noun + (number == "1" ? "" : "s");
}

std::string show_status(const json::value& status) {
    const std::string now = text_of(status, "now");
    std::string out = fmt::format("Vigie {} has been running since {} ({})\n", text_of(status, "version"), text_of(status, "started"),
                                  relative(text_of(status, "started"), now));
    if (text_of(status, "playing") == "true") out += fmt::format("playing a file: {:.0f} %\n", 100 * number_of(status, "played"));
    out += fmt::format("{}, {}, {}; {} firing, {} pending\n", some(text_of(status, "brands"), "brand"),
                       some(text_of(status, "rules"), "rule"), some(text_of(status, "sources"), "source"),
                       some(inner(status, "alerts", "firing"), "alert"), inner(status, "alerts", "pending"));
    out += fmt::format("{} mentions counted; {} on disk, {} free\n", text_of(status, "mentions"),
                       bytes_text(number_of(status, "disk_bytes")), bytes_text(number_of(status, "free_bytes")));
    if (text_of(status, "accepts_intake") != "true") out += "INTAKE IS REFUSED: the disk is nearly full\n";
    if (const std::string error = text_of(status, "last_reload_error"); !error.empty())
        out += "the last reload was refused: " + error + "\n";
    const json::value* queues = status.is_object() ? status.as_object().if_contains("queues") : nullptr;
    if (queues == nullptr) return out;
    std::vector<std::vector<std::string>> rows;
    for (const json::value& queue : rows_of(*queues)) {
        const std::string oldest = text_of(queue, "oldest");
        rows.push_back({text_of(queue, "integration"), text_of(queue, "waiting"), oldest.empty() ? "-" : relative(oldest, now),
                        text_of(queue, "breaker"), text_of(queue, "dead_letters")});
    }
    if (!rows.empty()) out += "\n" + table({"RECEIVER", "WAITING", "OLDEST", "BREAKER", "GIVEN UP"}, rows);
    return out;
}

std::string show_alerts(const json::value& alerts, bool all) {
    std::vector<std::vector<std::string>> rows;
    for (const json::value& alert : rows_of(alerts)) {
        const std::string state = text_of(alert, "state");
        if (state == "resolved" && !all) continue;
        rows.push_back({state, inner(alert, "labels", "severity"), inner(alert, "labels", "alertname"), inner(alert, "labels", "brand"),
                        text_of(alert, "active_since"), inner(alert, "annotations", "summary")});
    }
    if (rows.empty()) return "no alerts\n";
    return table({"STATE", "SEVERITY", "ALERT", "BRAND", "SINCE", "SUMMARY"}, rows);
}

std::string show_sources(const json::value& sources) {
    std::vector<std::vector<std::string>> rows;
    for (const json::value& source : rows_of(sources)) {
        rows.push_back({text_of(source, "name"), text_of(source, "kind"), text_of(source, "state"), text_of(source, "last_success"),
                        text_of(source, "next_poll"), text_of(source, "items"), text_of(source, "last_error")});
    }
    if (rows.empty()) return "no sources\n";
    return table({"SOURCE", "KIND", "STATE", "LAST SUCCESS", "NEXT POLL", "ITEMS", "LAST ERROR"}, rows);
}

std::string show_top(const json::value& mentions) {
    std::vector<std::vector<std::string>> rows;
    for (const json::value& mention : rows_of(mentions)) {
        const std::string text = text_of(mention, "text");
        rows.push_back({text_of(mention, "published"), text_of(mention, "platform"), inner(mention, "author", "handle"),
                        inner(mention, "author", "followers"), inner(mention, "sentiment", "label"),
                        text.empty() ? text_of(mention, "title") : text});
    }
    if (rows.empty()) return "no mentions\n";
    return table({"PUBLISHED", "PLATFORM", "AUTHOR", "FOLLOWERS", "TONE", "TEXT"}, rows);
}

CLI::App* add(CLI::App& app, const char* name, const char* what, const char* examples, const std::shared_ptr<Options>& options) {
    CLI::App* verb = app.add_subcommand(name, what);
    options->address.add_to(*verb);
    verb->add_flag("--json", options->json, "One JSON document, as the API gives it");
    verb->footer(std::string("Examples:\n") + examples);
    return verb;
}

}  // namespace

void add_status(CLI::App& app, Action& action) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = add(app, "status", "How the running daemon fares", "  vigie status\n  vigie status --json", options);
    verb->callback([options, &action] { action = [options] { return ask(*options, "/api/v1/status", show_status); }; });
}

void add_alerts(CLI::App& app, Action& action) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = add(app, "alerts", "What fires now, and what is about to", "  vigie alerts\n  vigie alerts --all --json", options);
    verb->add_flag("--all", options->all, "Those too that ended within the last quarter of an hour");
    verb->callback([options, &action] {
        action = [options] {
            return ask(*options, "/api/v1/alerts", [&](const json::value& value) { return show_alerts(value, options->all); });
        };
    });
}

void add_sources(CLI::App& app, Action& action) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = add(app, "sources", "Which sources answer, and which do not", "  vigie sources", options);
    verb->callback([options, &action] { action = [options] { return ask(*options, "/api/v1/sources", show_sources); }; });
}

void add_top(CLI::App& app, Action& action) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = add(app, "top", "The mentions of a brand that weigh most: audience, engagement, tone",
                         "  vigie top aurora-air\n  vigie top aurora-air --span 24h --limit 20", options);
    verb->add_option("brand", options->brand, "The brand's name")->required();
    verb->add_option("--span", options->span, "How far back")->capture_default_str();
    verb->add_option("--limit", options->limit, "How many")->check(CLI::Range(1, 1000))->capture_default_str();
    verb->callback([options, &action] {
        action = [options] {
            const std::string path = "/api/v1/top?brand=" + net::url_encode(options->brand) + "&span=" + net::url_encode(options->span) +
                                     "&limit=" + std::to_string(options->limit);
            return ask(*options, path, show_top);
        };
    });
}

}  // namespace vigie::cli
