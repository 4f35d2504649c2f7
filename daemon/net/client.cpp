#include "vigie/net/client.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include "net/ascii.hpp"
#include "net/exchange.hpp"

namespace asio = boost::asio;

namespace vigie::net {
namespace {

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Result<Hop> first_hop(HttpRequest request) {
    if (auto checked = check_request(request); !checked) return std::move(checked).error();
    auto url = parse_url(request.url);
    if (!url) return std::move(url).error();
    Hop hop;
    hop.url = std::move(url).value();
    hop.method = std::move(request.method);
    hop.headers = std::move(request.headers);
    hop.body = std::move(request.body);
    hop.limits = request.limits;
    hop.allow_private = request.allow_private;
    hop.deadline = std::chrono::steady_clock::now() + request.limits.total;
    return hop;
}

/// Turns the hop into the one that the answer asks for (RFC 9110, 15.4).
Result<> redirect(Hop& hop, const HttpResponse& response) {
    auto next = resolve_url(hop.url, response.headers.get("Location"));
    if (!next) return Error(Errc::protocol, hop.url.host + " redirects to no URL: " + next.error().message(), "sent");
    if (hop.url.tls() && !next->tls()) return Error(Errc::refused, hop.url.host + " redirects from https to http", hop.url.authority());
    if (hop.url.scheme != next->scheme || hop.url.host != next->host || hop.url.port != next->port) {
        for (const std::string_view secret : {"Authorization", "Cookie", "Proxy-Authorization"}) hop.headers.remove(secret);
    }
    const bool to_get = response.status == 303 ? hop.method != "HEAD" : response.status <= 302 && hop.method == "POST";
    if (to_get) {
        hop.method = "GET";
        hop.body.clear();
        for (const std::string_view name : {"Content-Type", "Content-Encoding", "Content-Language"}) hop.headers.remove(name);
    }
    // Leave to call a private address was given for the address that was named, not for wherever that one points.
    if (hop.url.host != next->host) hop.allow_private = false;
    hop.url = std::move(next).value();
    return {};
}

asio::awaitable<Result<HttpResponse>> follow(Exchanger& exchanger, Hop& hop) {
    int permanent = 0;
    bool all_permanent = true;
    std::string permanent_url;
    for (int hops = 0;; ++hops) {
        auto result = co_await exchanger.run(hop);
        if (!result) co_return result;
        auto& response = result.value();
        response.permanent_redirects = permanent;
        response.permanent_url = permanent_url;
        if (hop.limits.redirects <= 0 || !is_redirect(response.status) || !response.headers.has("Location")) co_return result;
        if (hops >= hop.limits.redirects)
            co_return Error(Errc::limit, "more than " + std::to_string(hop.limits.redirects) + " redirects", "sent");
        if (auto done = redirect(hop, response); !done) co_return std::move(done).error();
        all_permanent = all_permanent && (response.status == 301 || response.status == 308);
        if (all_permanent) {
            ++permanent;
            permanent_url = format_url(hop.url);
        }
    }
}

asio::awaitable<Result<HttpResponse>> send_whole(std::shared_ptr<Exchanger> exchanger, HttpRequest request) {
    auto hop = first_hop(std::move(request));
    if (!hop) co_return std::move(hop).error();
    try {
        auto result = co_await follow(*exchanger, hop.value());
        const auto state = co_await asio::this_coro::cancellation_state;
        if (!result && state.cancelled() != asio::cancellation_type::none) {
            co_return Error(Errc::cancelled, "the request was stopped", result.error().where());
        }
        co_return result;
    } catch (const boost::system::system_error& error) {
        // The first await after a cancellation throws; all awaits that follow a written request return their error instead.
        if (error.code() == asio::error::operation_aborted) co_return Error(Errc::cancelled, "the request was stopped");
        co_return Error(Errc::network, error.what());
    } catch (const std::exception& error) {
        co_return Error(Errc::internal, error.what());
    }
}

class BeastClient final : public HttpClient {
public:
    BeastClient(asio::any_io_executor executor, const Clock& clock, ClientSettings settings)
        : exchanger_(std::make_shared<Exchanger>(std::move(executor), clock, std::move(settings))) {}

    asio::awaitable<Result<HttpResponse>> send(HttpRequest request) override { return send_whole(exchanger_, std::move(request)); }

private:
    std::shared_ptr<Exchanger> exchanger_;
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client(asio::any_io_executor executor, const Clock& clock, ClientSettings settings) {
    return std::make_unique<BeastClient>(std::move(executor), clock, std::move(settings));
}

}  // namespace vigie::net
