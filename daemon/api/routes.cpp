#include "api/routes.hpp"

#include <charconv>
#include <map>

#include "api/access.hpp"
#include "api/items.hpp"
#include "api/metrics.hpp"
#include "api/views.hpp"
#include "vigie/core/json_text.hpp"

namespace vigie::api {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;
using engine::Daemon;
using net::ServerReply;
using net::ServerRequest;

constexpr std::size_t most_rows = 1000;

ServerReply failure(int status, const Error& error) {
    return ServerReply(status, "application/json", error_json(error));
}

int status_of(Errc code) {
    switch (code) {
        case Errc::invalid:
        case Errc::parse:
        case Errc::limit:
            return 400;
        case Errc::not_found:
            return 404;
        case Errc::busy:
        case Errc::no_space:
            return 503;
        case Errc::refused:
            return 403;
        default:
            return 500;
    }
}

ServerReply text(int status, std::string body) {
    return ServerReply(status, "text/plain; charset=utf-8", std::move(body));
}
ServerReply as_json(const json::value& value) {
    return ServerReply(200, "application/json", json_text(value));
}

awaitable<ServerReply> healthy(Daemon& daemon, ServerRequest) {
    if (daemon.alive()) co_return text(200, "Vigie is healthy.\n");
    co_return text(503, "The ledger thread has not gone round for a while.\n");
}

awaitable<ServerReply> ready(Daemon& daemon, ServerRequest) {
    if (daemon.ready()) co_return text(200, "Vigie is ready.\n");
    co_return text(503, "Vigie is starting.\n");
}

awaitable<ServerReply> reload(Daemon& daemon, ServerRequest) {
    const Result<engine::ReloadReport> report = co_await daemon.reload();
    if (!report) co_return failure(400, report.error());
    co_return as_json(reload_json(*report));
}

awaitable<ServerReply> metrics(Daemon& daemon, ServerRequest) {
    const engine::StatusView status = co_await daemon.status();
    co_return ServerReply(200, "text/plain; version=0.0.4; charset=utf-8", metrics_text(status, daemon.totals(), daemon.sources()));
}

awaitable<ServerReply> status(Daemon& daemon, ServerRequest) {
    const engine::StatusView view = co_await daemon.status();
    co_return as_json(status_json(view));
}

awaitable<ServerReply> alerts(Daemon& daemon, ServerRequest) {
    const std::vector<alerts::Alert> all = co_await daemon.alerts();
    co_return as_json(alerts_json(all));
}

awaitable<ServerReply> sources(Daemon& daemon, ServerRequest) {
    co_return as_json(sources_json(daemon.sources()));
}

awaitable<ServerReply> top(Daemon& daemon, ServerRequest request) {
    const std::string brand = query_parameter(request.query, "brand");
    const std::string span_text = query_parameter(request.query, "span");
    const std::string limit_text = query_parameter(request.query, "limit");
    const Result<Duration> span = parse_duration(span_text.empty() ? "1h" : span_text);
    if (!span) co_return failure(400, span.error());
    std::size_t limit = 10;
    if (!limit_text.empty()) {
        const auto [end, problem] = std::from_chars(limit_text.data(), limit_text.data() + limit_text.size(), limit);
        if (problem != std::errc() || end != limit_text.data() + limit_text.size() || limit == 0 || limit > most_rows)
            co_return failure(400,
                              Error(Errc::invalid, "found limit \"" + clean_utf8(limit_text, 40) + "\", expected a number from 1 to 1000"));
    }
    const auto found = co_await daemon.top(brand, *span, limit);
    if (!found) co_return failure(status_of(found.error().code()), found.error());
    co_return as_json(mentions_json(*found));
}

/// A page of an export: items up to `before`, newest first. `next` is what to ask for next; absent at the end. Items of exactly that
/// instant may come again.
awaitable<ServerReply> export_page(Daemon& daemon, ServerRequest request) {
    constexpr std::size_t page_items = 5'000;
    const std::string brand = query_parameter(request.query, "brand");
    const std::string before_text = query_parameter(request.query, "before");
    Time before = daemon.clock().now() + std::chrono::days{1};
    if (!before_text.empty()) {
        const Result<Time> parsed = parse_time(before_text);
        if (!parsed) co_return failure(400, parsed.error());
        before = *parsed;
    }
    const auto found = co_await daemon.page(brand, before, page_items);
    if (!found) co_return failure(status_of(found.error().code()), found.error());
    json::array items;
    for (const store::StoredMention& mention : *found) items.push_back(item_json(mention.analysed.item));
    json::object out{{"items", std::move(items)}};
    if (found->size() == page_items) out["next"] = format_time(found->back().analysed.item.published);
    co_return as_json(out);
}

awaitable<ServerReply> brands(Daemon& daemon, ServerRequest) {
    json::array out;
    for (const Brand& brand : daemon.configuration().settings.brands)
        out.push_back(json::object{{"name", brand.name}, {"display", brand.display}});
    co_return as_json(out);
}

awaitable<ServerReply> backup(Daemon& daemon, ServerRequest request) {
    boost::system::error_code problem;
    const json::value body = json::parse(request.body, problem);
    const json::value* directory = !problem && body.is_object() ? body.as_object().if_contains("directory") : nullptr;
    if (directory == nullptr || !directory->is_string())
        co_return failure(400, Error(Errc::invalid, "expected {\"directory\": \"/absolute/path\"}"));
    const std::string path(directory->as_string());
    // A relative one would lie wherever the daemon was started.
    if (!path.starts_with('/')) co_return failure(400, Error(Errc::invalid, "expected an absolute path, found " + excerpt(path)));
    const Result<> done = co_await daemon.backup(path);
    if (!done) co_return failure(status_of(done.error().code()), done.error());
    co_return as_json(json::object{{"directory", path}});
}

awaitable<ServerReply> index(Daemon&, ServerRequest) {
    co_return text(
        200,
        "Vigie\n\n  /api/v1/status\n  /api/v1/alerts\n  /api/v1/sources\n  /api/v1/top?brand=NAME&span=1h\n  /metrics\n  /-/healthy\n"
        "  /-/ready\n");
}

struct Endpoint {
    const char* method;
    std::optional<engine::Role> role;  ///< that a peer of another machine needs; none: it decides by itself
    awaitable<ServerReply> (*serve)(Daemon&, ServerRequest);
};

const std::multimap<std::string, Endpoint>& endpoints() {
    static const std::multimap<std::string, Endpoint> all{
        {"/", {"GET", engine::Role::read, index}},
        {"/-/healthy", {"GET", std::nullopt, healthy}},
        {"/-/ready", {"GET", std::nullopt, ready}},
        {"/-/reload", {"POST", engine::Role::admin, reload}},
        {"/metrics", {"GET", engine::Role::read, metrics}},
        {"/api/v1/items", {"POST", std::nullopt, post_items}},
        {"/api/v1/status", {"GET", engine::Role::read, status}},
        {"/api/v1/alerts", {"GET", engine::Role::read, alerts}},
        {"/api/v1/sources", {"GET", engine::Role::read, sources}},
        {"/api/v1/top", {"GET", engine::Role::read, top}},
        {"/api/v1/brands", {"GET", engine::Role::read, brands}},
        {"/api/v1/export", {"GET", engine::Role::read, export_page}},
        {"/api/v1/backup", {"POST", engine::Role::admin, backup}},
    };
    return all;
}

/// A page of another site must not act here through a reader's browser.
bool foreign_origin(const ServerRequest& request) {
    const std::string_view origin = request.headers.get("Origin");
    if (origin.empty()) return false;
    const std::string_view host = request.headers.get("Host");
    return origin != "http://" + std::string(host) && origin != "https://" + std::string(host);
}

}  // namespace

std::string query_parameter(std::string_view query, std::string_view name) {
    const auto hex = [](char c) { return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1; };
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(query.size(), end + 1));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (pair.substr(0, equals) != name) continue;
        std::string value;
        for (std::size_t i = equals + 1; i < pair.size(); ++i) {
            const int high = pair[i] == '%' && i + 2 < pair.size() ? hex(pair[i + 1]) : -1;
            const int low = high >= 0 ? hex(pair[i + 2]) : -1;
            if (low >= 0) {
                value += static_cast<char>(high * 16 + low);
                i += 2;
            } else {
                value += pair[i] == '+' ? ' ' : pair[i];
            }
        }
        return clean_utf8(value);
    }
    return {};
}

awaitable<ServerReply> serve(Daemon& daemon, ServerRequest request) {
    const auto [first, last] = endpoints().equal_range(request.path);
    if (first == last) co_return failure(404, Error(Errc::not_found, "there is nothing at " + clean_utf8(request.path, 200)));
    std::string allowed;
    for (auto endpoint = first; endpoint != last; ++endpoint) {
        const bool head = request.method == "HEAD" && std::string_view(endpoint->second.method) == "GET";
        if (request.method != endpoint->second.method && !head) {
            const std::string method = endpoint->second.method;
            allowed += (allowed.empty() ? "" : ", ") + (method == "GET" ? "GET, HEAD" : method);
            continue;
        }
        const auto role = endpoint->second.role;
        if (role && !may(request, daemon.configuration().settings.tokens, *role)) {
            ServerReply reply = failure(401, Error(Errc::refused, "from another machine this needs a bearer token with a fitting role"));
            (void)reply.headers.set("WWW-Authenticate", "Bearer");
            co_return reply;
        }
        if (request.method == "POST" && foreign_origin(request))
            co_return failure(403, Error(Errc::refused, "a page of another site may not do this"));
        const auto handler = endpoint->second.serve;
        co_return co_await handler(daemon, std::move(request));
    }
    ServerReply reply = failure(405, Error(Errc::invalid, "expected " + allowed));
    (void)reply.headers.set("Allow", allowed);
    co_return reply;
}

}  // namespace vigie::api
