#include "vigie/engine/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "engine/brand_settings.hpp"
#include "vigie/config/secret.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/net/address.hpp"

namespace vigie::engine {
namespace {

using config::Environment;
using doc::Diagnostics;
using doc::Fields;
using doc::Mark;
using doc::Node;
using doc::NodeKind;

constexpr std::chrono::hours day{24};
constexpr Duration forever = day * 365 * 100;

struct HostPort {
    std::string_view host;
    int port = -1;
};

/// "host:port" or "[address]:port"; a port of -1 if it is neither.
HostPort split(std::string_view listen) noexcept {
    const auto colon = listen.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return {};
    HostPort out{listen.substr(0, colon), -1};
    const auto digits = listen.substr(colon + 1);
    int port = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    const bool whole = !digits.empty() && digits.front() != '-' && error == std::errc{} && end == digits.data() + digits.size();
    const bool bracketed = out.host.starts_with('[') && out.host.ends_with(']');
    const bool lone_colons = !bracketed && out.host.find(':') != std::string_view::npos;
    if (whole && !lone_colons && port >= 0 && port <= 65535) out.port = port;
    return out;
}

void decode_listen(Fields& root, Settings& out) {
    out.listen = root.string("listen").value_or(out.listen);
    const Node* node = root.node("listen");
    if (node == nullptr || node->kind != NodeKind::scalar || split(out.listen).port >= 0) return;
    root.diagnostics().expected(node->mark, doc::describe(*node), "address:port, such as 127.0.0.1:8480 or [::1]:8480");
}

void decode_external_url(Fields& root, Settings& out) {
    out.external_url = root.string("external_url").value_or("");
    const Node* node = root.node("external_url");
    if (node == nullptr || node->kind != NodeKind::scalar) return;
    if (!net::parse_url(out.external_url)) {
        root.diagnostics().expected(node->mark, doc::describe(*node), "a URL that begins with https:// or http://");
    }
    while (out.external_url.ends_with('/')) out.external_url.pop_back();
}

void decode_retention(Fields& root, store::Retention& out) {
    const Node* node = root.node("retention");
    if (node == nullptr) return;
    Fields fields(*node, "retention", root.diagnostics());
    out.evidence = fields.duration("evidence", std::chrono::hours{1}, forever).value_or(out.evidence);
    out.minutes = fields.duration("minutes", std::chrono::hours{50}, forever).value_or(out.minutes);
    out.hours = fields.duration("hours", std::chrono::hours{50}, forever).value_or(out.hours);
    fields.finish();
    if (out.minutes > out.hours) {
        root.diagnostics().error(node->mark, fmt::format("minutes are kept longer ({}) than hours ({}), expected the hours to outlive them",
                                                         format_duration(out.minutes), format_duration(out.hours)));
    }
}

void decode_log(Fields& root, LogSettings& out) {
    const Node* node = root.node("log");
    if (node == nullptr) return;
    Fields fields(*node, "log", root.diagnostics());
    const auto format = fields.word("format", {"json", "logfmt", "text"});
    if (format == "json") out.format = LogFormat::json;
    if (format == "logfmt") out.format = LogFormat::logfmt;
    out.level = fields.word("level", {"debug", "info", "warning", "error"}).value_or(out.level);
    fields.finish();
}

void decode_sentiment(Fields& root, Settings& out) {
    const Node* node = root.node("sentiment");
    if (node == nullptr) return;
    Fields fields(*node, "sentiment", root.diagnostics());
    const Node* weights = fields.required_node("weights");
    const auto path = fields.string("weights");
    fields.finish();
    if (weights == nullptr || !path) return;
    if (path->empty()) {
        root.diagnostics().expected(weights->mark, "\"\"", "the path of a file that vigie text --adapt wrote");
        return;
    }
    out.sentiment_weights = config::beside(out.file, *path);
    out.sentiment_weights_mark = weights->mark;
}

void decode_rules(Fields& root, Settings& out) {
    for (const auto& glob : root.strings("rules", true).value_or(std::vector<std::string>{})) {
        if (glob.empty()) {
            root.diagnostics().expected(root.node("rules")->mark, "\"\"", "the path of a rule file");
        } else {
            out.rule_globs.push_back(config::beside(out.file, glob));
        }
    }
}

/// Reports a name that a list has had before.
class Names {
public:
    Names(std::string what, Diagnostics& diagnostics) : what_(std::move(what)), diagnostics_(diagnostics) {}
    void add(const std::string& name, const Node& node) {
        const Node* at = node.find("name");
        const Mark mark = at != nullptr ? at->mark : node.mark;
        const auto [first, fresh] = marks_.emplace(name, mark);
        if (fresh) return;
        diagnostics_.error(mark,
                           fmt::format("found the {} {} again (first at {}:{})", what_, name, first->second.line, first->second.column));
    }

private:
    std::string what_;
    Diagnostics& diagnostics_;
    std::map<std::string, Mark> marks_;
};

void check_source(const sources::SourceSettings& source, const Node& node, const Settings& out, Diagnostics& diagnostics) {
    if (source.kind == sources::SourceKind::push && !source.token && !is_loopback_listener(out.listen)) {
        diagnostics.error(node.mark, fmt::format("the push source {} needs a token, because {} can be reached from other machines",
                                                 source.name, out.listen));
    }
    std::vector<std::string> known;
    for (const auto& brand : out.brands) known.push_back(brand.name);
    for (const auto& name : source.brands) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const auto near = doc::nearest(name, known);
        const Node* at = node.find("brands");
        diagnostics.error(at->mark,
                          fmt::format("there is no brand {}{}", excerpt(name), near.empty() ? "" : "; did you mean " + near + "?"));
    }
}

void decode_sources(Fields& root, const receivers::SecretReader& secret, Settings& out) {
    Names names("source", root.diagnostics());
    root.each("sources", [&](const Node& node) {
        auto source = sources::decode_source(node, secret, root.diagnostics());
        if (!source) return;
        names.add(source->name, node);
        check_source(*source, node, out, root.diagnostics());
        if (!source->path.empty()) source->path = config::beside(out.file, source->path);
        out.sources.push_back(std::move(*source));
    });
}

void decode_tokens(Fields& root, const Environment& environment, Settings& out) {
    auto& diagnostics = root.diagnostics();
    Names names("token", diagnostics);
    root.each("tokens", [&](const Node& node) {
        Fields fields(node, "a token", diagnostics);
        ApiToken token;
        token.name = fields.required_string("name").value_or("");
        fields.required_node("role");
        const auto role = fields.word("role", {"push", "read", "admin"});
        if (role == "push") token.role = Role::push;
        if (role == "admin") token.role = Role::admin;
        const Node* secret = fields.required_node("token");
        auto value = secret != nullptr ? config::read_secret(*secret, config::Literal::refused, environment, diagnostics) : std::nullopt;
        fields.finish();
        if (!token.name.empty()) names.add(token.name, node);
        if (!value) return;
        token.token = std::move(*value);
        out.tokens.push_back(std::move(token));
    });
}

/// `route` and `receivers` go together: one without the other means nothing.
void decode_routing(Fields& root, const receivers::SecretReader& secret, Settings& out) {
    auto& diagnostics = root.diagnostics();
    const Node* route = root.node("route");
    const Node* list = root.node("receivers");
    if (route == nullptr && list == nullptr) {
        out.route.receiver = "log";
        out.route.key = "{}";
        out.receivers.push_back({});
        out.receivers.back().name = "log";
        out.receivers.back().log.push_back({});
        return;
    }
    if (route == nullptr) diagnostics.error(list->mark, "there are receivers, but no route that leads to them");
    Names names("receiver", diagnostics);
    std::vector<std::string> known;
    root.each("receivers", [&](const Node& node) {
        // Known by name even if it has errors: the route that names it is right.
        if (const Node* name = node.find("name"); name != nullptr && name->kind == NodeKind::scalar) {
            names.add(name->text, node);
            known.push_back(name->text);
        }
        if (auto receiver = receivers::decode_receiver(node, secret, diagnostics)) out.receivers.push_back(std::move(*receiver));
    });
    if (route == nullptr) return;
    auto decoded = alerts::decode_route(*route, diagnostics);
    if (!decoded) return;
    alerts::check_route_names(*decoded, known, {}, diagnostics);
    out.route = std::move(*decoded);
}

/// Sections of Alertmanager's file that this version knows by name only.
void refuse_unless_empty(Fields& root, std::string_view key) {
    const Node* node = root.node(key);
    if (node == nullptr || (node->kind == NodeKind::sequence && node->items.empty())) return;
    root.diagnostics().error(node->mark, fmt::format("this version does not know {} yet, expected an empty list or none", key));
}

}  // namespace

bool is_loopback_listener(std::string_view listen) noexcept {
    const auto [host, port] = split(listen);
    if (port < 0) return false;
    if (host == "localhost" || host == "[::1]") return true;
    // A numeric address only: a name that begins so may lead anywhere.
    return host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3 &&
           host.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::optional<Settings> decode_settings(const Node& root_node, const Environment& environment, Diagnostics& diagnostics) {
    Settings out;
    out.file = diagnostics.file();
    const receivers::SecretReader secret = [&environment](const Node& node, Diagnostics& into) {
        return config::read_secret(node, config::Literal::url, environment, into);
    };
    Fields root(root_node, "the configuration", diagnostics);
    decode_listen(root, out);
    out.timezone = checked_timezone(root, "timezone", out.timezone);
    out.data_dir = config::beside(out.file, root.string("data_dir").value_or(out.data_dir));
    decode_external_url(root, out);
    decode_rules(root, out);
    decode_retention(root, out.retention);
    decode_log(root, out.log);
    decode_sentiment(root, out);
    out.brands = decode_brands(root);
    decode_sources(root, secret, out);
    decode_routing(root, secret, out);
    decode_tokens(root, environment, out);
    refuse_unless_empty(root, "inhibit_rules");
    refuse_unless_empty(root, "time_intervals");
    root.finish();
    if (!diagnostics.ok()) return std::nullopt;
    return out;
}

std::vector<std::string> rule_globs_of(const Node& root, const std::string& file) {
    Diagnostics ignored(file);
    Fields fields(root, "the configuration", ignored);
    Settings out;
    out.file = file;
    decode_rules(fields, out);
    return out.rule_globs;
}

}  // namespace vigie::engine
