#include <doctest/doctest.h>

#include <map>

#include "net/loop.hpp"
#include "net/raw_peer.hpp"
#include "vigie/net/client.hpp"

namespace asio = boost::asio;
using namespace vigie;
using namespace vigie::net;
using namespace vigie::net::test;

namespace {

/// A server that redirects by path: /STATUS/rest answers STATUS with "Location: <rest from the map>"; anything else is 200 with the
/// request.
struct Redirector {
    Redirector()
        : server(context.get_executor(), [this](RawServer::Socket& socket, int) -> asio::awaitable<void> { co_await serve(socket); }),
          client(make_http_client(context.get_executor(), clock, ClientSettings())) {}

    asio::awaitable<void> serve(RawServer::Socket& socket) {
        const auto request = co_await read_request(socket);
        requests.push_back(request);
        const auto path = request.substr(request.find(' ') + 1, request.find(" HTTP/") - request.find(' ') - 1);
        std::string answer;
        if (const auto found = places.find(path); found != places.end()) {
            answer = "HTTP/1.1 " + found->second.first + " Moved\r\nLocation: " + found->second.second +
                     "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        } else {
            answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
        }
        co_await write_all(socket, answer);
    }

    Result<HttpResponse> send(const std::string& path, int redirects, const std::string& method = "GET") {
        HttpRequest request;
        request.url = server.url(path);
        request.method = method;
        if (method == "POST") request.body = "payload";
        request.allow_private = true;
        request.limits.redirects = redirects;
        REQUIRE(request.headers.set("Authorization", "Bearer canary").ok());
        requests.clear();
        return run(context, client->send(std::move(request)));
    }

    asio::io_context context;
    ManualClock clock;
    std::map<std::string, std::pair<std::string, std::string>> places;  // path -> status, location
    std::vector<std::string> requests;
    RawServer server;
    std::unique_ptr<HttpClient> client;
};

}  // namespace

TEST_CASE("redirects are followed as often as allowed, and counted") {
    Redirector bench;
    bench.places["/a"] = {"301", "/b"};
    bench.places["/b"] = {"308", "c?x=1"};
    bench.places["/c?x=1"] = {"302", bench.server.url("/d")};
    bench.places["/d"] = {"301", "/e"};
    const auto response = bench.send("/a", 5);
    REQUIRE(response.ok());
    CHECK(response.value().status == 200);
    CHECK(response.value().url == bench.server.url("/e"));
    CHECK(response.value().permanent_redirects == 2);
    CHECK(response.value().permanent_url == bench.server.url("/c?x=1"));
    CHECK(bench.requests.size() == 5);
    const auto few = bench.send("/a", 3);
    REQUIRE_FALSE(few.ok());
    CHECK(few.error().code() == Errc::limit);
    const auto none = bench.send("/a", 0);
    REQUIRE(none.ok());
    CHECK(none.value().status == 301);
    CHECK(none.value().headers.get("Location") == "/b");
}

TEST_CASE("loops end at the limit") {
    Redirector bench;
    bench.places["/a"] = {"302", "/b"};
    bench.places["/b"] = {"302", "/a"};
    bench.places["/self"] = {"307", ""};
    CHECK(bench.send("/a", 4).error().code() == Errc::limit);
    CHECK(bench.requests.size() == 5);
    CHECK(bench.send("/self", 2).error().code() == Errc::limit);
}

TEST_CASE("methods change as RFC 9110 says") {
    Redirector bench;
    bench.places["/301"] = {"301", "/x"};
    bench.places["/302"] = {"302", "/x"};
    bench.places["/303"] = {"303", "/x"};
    bench.places["/307"] = {"307", "/x"};
    bench.places["/308"] = {"308", "/x"};
    for (const std::string path : {"/301", "/302", "/303"}) {
        REQUIRE(bench.send(path, 1, "POST").ok());
        CHECK(bench.requests.back().starts_with("GET /x "));
        CHECK(bench.requests.back().find("payload") == std::string::npos);
    }
    for (const std::string path : {"/307", "/308"}) {
        REQUIRE(bench.send(path, 1, "POST").ok());
        CHECK(bench.requests.back().starts_with("POST /x "));
        CHECK(bench.requests.back().ends_with("payload"));
    }
    REQUIRE(bench.send("/303", 1, "HEAD").ok());
    CHECK(bench.requests.back().starts_with("HEAD /x "));
}

TEST_CASE("a token stays with the host and port it was meant for") {
    Redirector bench;
    RawServer other(bench.context.get_executor(),
                    [&](RawServer::Socket& socket, int) -> asio::awaitable<void> { co_await bench.serve(socket); });
    bench.places["/same"] = {"302", "/x"};
    bench.places["/other"] = {"302", other.url("/x")};
    REQUIRE(bench.send("/same", 1).ok());
    CHECK(bench.requests.back().find("canary") != std::string::npos);
    REQUIRE(bench.send("/other", 1).ok());
    REQUIRE(bench.requests.size() == 2);
    CHECK(bench.requests.front().find("canary") != std::string::npos);
    CHECK(bench.requests.back().find("canary") == std::string::npos);
}

TEST_CASE("leave to call a private address does not go on to another host") {
    Redirector bench;
    const std::string port = std::to_string(bench.server.port());
    for (const std::string host : {"localhost", "127.0.0.2", "[::1]"}) {
        bench.places["/away"] = {"302", "http://" + host + ":" + port + "/x"};
        const auto response = bench.send("/away", 1);
        REQUIRE_FALSE(response.ok());
        CHECK(response.error().code() == Errc::refused);
        CHECK(bench.requests.size() == 1);
    }
}

TEST_CASE("redirects to what is no web address fail") {
    Redirector bench;
    for (const std::string place : {"ftp://x/", "javascript:alert(1)", "http://user@x/", "http://x:0/", "file:///etc/passwd"}) {
        bench.places["/a"] = {"302", place};
        const auto response = bench.send("/a", 3);
        REQUIRE_FALSE(response.ok());
        CHECK(response.error().code() == Errc::protocol);
        CHECK(bench.requests.size() == 1);
    }
}
