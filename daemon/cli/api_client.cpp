#include "cli/api_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "cli/terminal.hpp"
#include "vigie/cli/cli.hpp"
#include "vigie/core/json_text.hpp"
#include "vigie/engine/system_clock.hpp"
#include "vigie/net/client.hpp"

namespace vigie::cli {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

Result<net::HttpResponse> exchange(const Address& address, net::HttpRequest request) {
    if (!address.token.empty()) {
        if (Result<> set = request.headers.set("Authorization", "Bearer " + address.token); !set) return set.error();
    }
    asio::io_context io{1};
    const engine::SystemClock clock;
    const auto client = net::make_http_client(io.get_executor(), clock, net::ClientSettings());
    std::optional<Result<net::HttpResponse>> answer;
    const auto ask = [&]() -> asio::awaitable<void> { answer = co_await client->send(std::move(request)); };
    asio::co_spawn(io, ask, asio::detached);
    io.run();
    if (!answer) return Error(Errc::internal, "the exchange ended without an answer");
    return std::move(*answer);
}

Result<json::value> read(Result<net::HttpResponse> answer) {
    if (!answer) return Error(Errc::network, answer.error().message());
    boost::system::error_code problem;
    json::value body = json::parse(answer->body, problem);
    if (answer->status >= 200 && answer->status < 300) {
        if (problem) return Error(Errc::protocol, "the answer is no JSON: is this a Vigie?");
        return body;
    }
    std::string message = "the daemon answered " + std::to_string(answer->status);
    if (!problem && body.is_object()) {
        if (const json::value* error = body.as_object().if_contains("error"); error != nullptr && error->is_object()) {
            if (const json::value* text = error->as_object().if_contains("message"); text != nullptr && text->is_string())
                message = text->as_string();
        }
    }
    return Error(answer->status == 404 ? Errc::not_found : Errc::refused, message);
}

net::HttpRequest request_for(const Address& address, const std::string& path) {
    net::HttpRequest request;
    request.url = address.url + path;
    request.allow_private = true;
    request.limits.total = std::chrono::minutes{5};
    request.limits.body_bytes = request.limits.wire_bytes = 256u << 20;
    return request;
}

}  // namespace

void Address::add_to(CLI::App& verb) {
    url = "http://127.0.0.1:8480";
    verb.add_option("--url", url, "Where the daemon listens")->envname("VIGIE_URL")->capture_default_str();
    verb.add_option("--token", token,
                    "A bearer token, for a daemon on another machine; better in VIGIE_TOKEN, since others see a command line")
        ->envname("VIGIE_TOKEN");
}

Result<json::value> get(const Address& address, const std::string& path) {
    return read(exchange(address, request_for(address, path)));
}

Result<json::value> post(const Address& address, const std::string& path, const json::value& body) {
    net::HttpRequest request = request_for(address, path);
    request.method = "POST";
    request.body = json_text(body);
    if (Result<> set = request.headers.set("Content-Type", "application/json"); !set) return set.error();
    return read(exchange(address, std::move(request)));
}

int fail_asking(const Address& address, const Error& error) {
    if (error.code() != Errc::network) return fail(error, answer_is_no);
    print_error("the daemon at " + address.url + " can't be reached: " + error.message());
    return unreachable;
}

}  // namespace vigie::cli
