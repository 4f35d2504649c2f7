#include "vigie/net/server.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <list>

#include "net/compress.hpp"
#include "net/loop.hpp"
#include "net/raw_peer.hpp"
#include "vigie/net/client.hpp"
#include "vigie/net/timer.hpp"

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace vigie;
using namespace vigie::net;
using namespace vigie::net::test;

namespace {

ServerSettings on_any_port() {
    ServerSettings settings;
    settings.listen = "127.0.0.1:0";
    return settings;
}

/// Answers with what it was asked: method, path, query, and the body.
asio::awaitable<ServerReply> echo(ServerRequest request) {
    std::string text = request.method + " " + request.path + " ?" + request.query + "\n" + request.body;
    co_return ServerReply(200, "text/plain", std::move(text));
}

struct Bench {
    explicit Bench(ServerSettings settings = on_any_port(), Handler handler = echo)
        : server(std::move(start_http_server(context.get_executor(), clock, std::move(settings), std::move(handler))).value()),
          client(make_http_client(context.get_executor(), clock, ClientSettings())) {}

    std::string talk(const std::string& bytes) { return run(context, test::talk(server->port(), bytes)); }
    /// The status that raw bytes get; 0 if the connection just closes.
    int status_of(const std::string& bytes) {
        const auto answer = talk(bytes);
        return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
    }
    HttpRequest request(const std::string& path) const {
        HttpRequest out;
        out.url = "http://127.0.0.1:" + std::to_string(server->port()) + path;
        out.allow_private = true;
        return out;
    }
    Result<HttpResponse> send(HttpRequest what) { return run(context, client->send(std::move(what))); }

    asio::io_context context;
    ManualClock clock{parse_time("2026-03-01T09:30:00Z").value()};
    std::unique_ptr<HttpServer> server;
    std::unique_ptr<HttpClient> client;
};

const std::string close_line = "Host: localhost\r\nConnection: close\r\n\r\n";

}  // namespace

TEST_CASE("client and server talk") {
    Bench bench;
    auto request = bench.request("/api/v1/caf%C3%A9?q=a%20b");
    request.method = "POST";
    request.body = "payload";
    const auto response = bench.send(request);
    REQUIRE(response.ok());
    CHECK(response.value().status == 200);
    CHECK(response.value().body == "POST /api/v1/caf\xc3\xa9 ?q=a%20b\npayload");
    CHECK(response.value().headers.get("Content-Type") == "text/plain");
    CHECK(response.value().headers.get("X-Content-Type-Options") == "nosniff");
    CHECK(response.value().headers.get("Cache-Control") == "no-store");
    CHECK(response.value().headers.get("Date") == "Sun, 01 Mar 2026 09:30:00 GMT");
    for (int i = 0; i < 50; ++i) REQUIRE(bench.send(bench.request("/" + std::to_string(i))).ok());
}

TEST_CASE("large bodies pass in both directions, plain and gzip") {
    Bench bench;
    std::string big;
    while (big.size() < (6u << 20)) big += "{\"type\":\"item\",\"id\":\"mastodon/" + std::to_string(big.size() * 7919) + "\"}\n";
    auto request = bench.request("/items");
    request.method = "POST";
    request.body = big;
    auto response = bench.send(request);
    REQUIRE(response.ok());
    CHECK(response.value().body == "POST /items ?\n" + big);
    request.body = gzip(big);
    REQUIRE(request.headers.set("Content-Encoding", "gzip").ok());
    response = bench.send(request);
    REQUIRE(response.ok());
    CHECK(response.value().body == "POST /items ?\n" + big);
}

TEST_CASE("what the handler sets, and what it can't") {
    Bench bench(on_any_port(), [](ServerRequest request) -> asio::awaitable<ServerReply> {
        ServerReply reply(200, "text/css", "body");
        static_cast<void>(reply.headers.set("Cache-Control", "max-age=60"));
        static_cast<void>(reply.headers.set("Content-Length", "9999"));
        static_cast<void>(reply.headers.set("Transfer-Encoding", "chunked"));
        static_cast<void>(reply.headers.set("X-Peer", request.peer + (request.peer_is_loopback ? " loop" : " far")));
        if (request.path == "/injected") reply.content_type = "text/html\r\nX-Evil: 1";
        if (request.path == "/204") reply.status = 204;
        if (request.path == "/odd") reply.status = 42;
        if (request.path == "/throw") throw std::runtime_error("secret canary");
        co_return reply;
    });
    const auto plain = bench.send(bench.request("/"));
    REQUIRE(plain.ok());
    CHECK(plain.value().body == "body");
    CHECK(plain.value().headers.get("Cache-Control") == "max-age=60");
    CHECK(plain.value().headers.count("Cache-Control") == 1);
    CHECK(plain.value().headers.get("Content-Length") == "4");
    CHECK(plain.value().headers.get("X-Peer") == "127.0.0.1 loop");
    CHECK(bench.send(bench.request("/204")).value().body.empty());
    CHECK(bench.send(bench.request("/odd")).value().status == 500);
    const auto thrown = bench.send(bench.request("/throw"));
    REQUIRE(thrown.ok());
    CHECK(thrown.value().status == 500);
    CHECK(thrown.value().body.find("canary") == std::string::npos);
    const auto injected = bench.send(bench.request("/injected"));
    REQUIRE(injected.ok());
    CHECK(injected.value().status == 500);
    CHECK_FALSE(injected.value().headers.has("X-Evil"));
}

TEST_CASE("HEAD runs the GET handler and keeps the body") {
    Bench bench;
    const auto answer = bench.talk("HEAD /x HTTP/1.1\r\n" + close_line);
    CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(answer.find("Content-Length: 9\r\n") != std::string::npos);  // "GET /x ?\n"
    CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("requests in a row on one connection, pipelined too") {
    Bench bench;
    const auto answer = bench.talk(
        "GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\n\r\nPOST /2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabcGET /3 "
        "HTTP/1.1\r\n" +
        close_line);
    const auto one = answer.find("GET /1 ?"), two = answer.find("POST /2 ?\nabc"), three = answer.find("GET /3 ?");
    REQUIRE(one != std::string::npos);
    REQUIRE(two != std::string::npos);
    REQUIRE(three != std::string::npos);
    CHECK(one < two);
    CHECK(two < three);
    CHECK(bench.talk("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n").find("Connection: close\r\n") != std::string::npos);
}

TEST_CASE("hostile bytes get a refusal and the connection is closed") {
    Bench bench;
    const std::string host = "Host: localhost\r\n";
    const std::string nul("GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n", 43);
    const std::pair<std::string, int> corpus[] = {
        {"GET / HTTP/1.1\r\n\r\n", 400},                                                       // no Host
        {"GET / HTTP/1.0\r\n\r\n", 400},                                                       //
        {"GET / HTTP/1.1\r\n" + host + host + "\r\n", 400},                                    // two
        {"GET / HTTP/1.1\r\nHost: localhost, evil.test\r\n\r\n", 400},                         //
        {"GET / HTTP/1.1\r\nHost: localhost\r\n evil.test\r\n\r\n", 400},                      // obs-fold
        {"GET / HTTP/1.1\r\n" + host + "X: a\r\n\tb\r\n\r\n", 400},                            //
        {"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", 400},                                   // blank before the colon
        {"GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n", 421},                                    // DNS rebinding
        {"GET / HTTP/1.1\r\nHost: localhost.evil.test\r\n\r\n", 421},                          //
        {"GET / HTTP/1.1\r\nHost: 10.0.0.1:8480\r\n\r\n", 421},                                //
        {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},  //
        {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
        {"POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" + host + "Content-Length: 4, 4\r\n\r\nabcd", 400},
        {"POST / HTTP/1.1\r\n" + host + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd", 400},
        {"POST / HTTP/1.1\r\n" + host + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", 400},
        {"POST / HTTP/1.1\r\n" + host + "Content-Length: +4\r\n\r\nabcd", 400},
        {"POST / HTTP/1.1\r\n" + host + "Content-Length: -4\r\n\r\nabcd", 400},
        {"POST / HTTP/1.1\r\n" + host + "Content-Length: 0x4\r\n\r\nabcd", 400},
        {"POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999999\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" + host + "Content-Length: 100000000\r\n\r\n", 413},
        {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n" + std::string(9u << 20, 'x'), 413},
        {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
        {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(100000, 'e') + "\r\na\r\n0\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" + host + "Content-Encoding: br\r\nContent-Length: 1\r\n\r\nx", 415},
        {"POST / HTTP/1.1\r\n" + host + "Content-Encoding: deflate\r\nContent-Length: 1\r\n\r\nx", 415},
        {"POST / HTTP/1.1\r\n" + host + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", 400},
        {"POST / HTTP/1.1\r\n" + host + "Expect: miracles\r\nContent-Length: 1\r\n\r\nx", 417},
        {"GET http://evil.test/ HTTP/1.1\r\n" + host + "\r\n", 400},
        {"GET http://localhost@evil.test/ HTTP/1.1\r\n" + host + "\r\n", 400},
        {"CONNECT evil.test:443 HTTP/1.1\r\n" + host + "\r\n", 400},
        {"OPTIONS * HTTP/1.1\r\n" + host + "\r\n", 400},
        {"GET /../etc/passwd HTTP/1.1\r\n" + host + "\r\n", 400},
        {"GET /..%2f..%2fetc HTTP/1.1\r\n" + host + "\r\n", 400},
        {"GET /%00 HTTP/1.1\r\n" + host + "\r\n", 400},
        {"GET /%zz HTTP/1.1\r\n" + host + "\r\n", 400},
        {"GET /a b HTTP/1.1\r\n" + host + "\r\n", 400},
        {"GET / HTTP/1.1\n" + host + "\n\r\n\r\n", 400},
        {nul, 400},
        {"GET / HTTP/1.1\r\n" + host + "X: \x01\r\n\r\n", 400},
        {"GET / HTTP/2.0\r\n" + host + "\r\n", 400},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400},
        {"<policy-file-request/>\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" + host + "X: " + std::string(9000, 'x') + "\r\n\r\n", 431},
        {"GET /" + std::string(9000, 'x') + " HTTP/1.1\r\n" + host + "\r\n", 431},
        {std::string(9000, 'G'), 431},
    };
    for (const auto& [bytes, status] : corpus) {
        const auto answer = bench.talk(bytes);
        CHECK_MESSAGE(answer.starts_with("HTTP/1.1 " + std::to_string(status) + " "), bytes.substr(0, 120), " gave ", answer.substr(0, 60));
        CHECK(answer.find("Connection: close\r\n") != std::string::npos);
        CHECK_MESSAGE(answer.find("\nHTTP/1.1") == std::string::npos, "a second answer: ", bytes.substr(0, 120));
    }
    std::string many = "GET / HTTP/1.1\r\n" + host;
    for (int i = 0; i < 1000; ++i) many += "a:\r\n";
    CHECK(bench.status_of(many + "\r\n") == 431);
    CHECK(bench.status_of("GET / HTTP/1.1\r\n" + close_line) == 200);
}

TEST_CASE("hosts that are served") {
    auto settings = on_any_port();
    settings.allowed_hosts = {"vigie.example", "Other.Example:443"};
    Bench bench(settings);
    for (const std::string host :
         {"localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8480", "vigie.example", "VIGIE.example:80", "other.example"}) {
        CHECK(bench.status_of("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n") == 200);
    }
    CHECK(bench.status_of("GET http://vigie.example/x HTTP/1.1\r\nHost: vigie.example\r\nConnection: close\r\n\r\n") == 200);
    CHECK(bench.status_of("GET / HTTP/1.1\r\nHost: vigie.example.\r\nConnection: close\r\n\r\n") == 421);
}

TEST_CASE("limits of a body are exact, and a bomb is refused") {
    auto settings = on_any_port();
    settings.wire_bytes = 1000;
    settings.body_bytes = 2000;
    Bench bench(settings);
    const auto post = [](const std::string& body, const std::string& fields = "") {
        return "POST / HTTP/1.1\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n" + close_line + body;
    };
    CHECK(bench.status_of(post(std::string(1000, 'x'))) == 200);
    CHECK(bench.status_of(post(std::string(1001, 'x'))) == 413);
    const std::string coded = "Content-Encoding: gzip\r\n";
    CHECK(bench.status_of(post(gzip(std::string(2000, 'x')), coded)) == 200);
    CHECK(bench.status_of(post(gzip(std::string(2001, 'x')), coded)) == 413);
    Bench roomy;
    CHECK(roomy.status_of(post(gzip(std::string(64u << 20, '\0')), coded)) == 413);
}

TEST_CASE("100-continue comes before the body, not before a refusal") {
    Bench bench;
    const std::string head = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n" + close_line;
    auto polite = [&bench, &head]() -> asio::awaitable<std::string> {
        tcp::socket socket(bench.context);
        const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), bench.server->port());
        co_await socket.async_connect(endpoint, asio::use_awaitable);
        co_await write_all(socket, head);
        std::string all(4096, '\0');
        const auto n = co_await socket.async_read_some(asio::buffer(all), asio::use_awaitable);
        all.resize(n);
        co_await write_all(socket, "abc");
        std::string rest(4096, '\0');
        const auto m = co_await socket.async_read_some(asio::buffer(rest), asio::use_awaitable);
        co_return all + rest.substr(0, m);
    };
    const auto answer = run(bench.context, polite());
    CHECK(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
    CHECK(answer.ends_with("\nabc"));
    CHECK(bench.status_of("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 100000000\r\n" + close_line) == 413);
}

TEST_CASE("slow heads, slow bodies and silent connections are cut at their deadlines") {
    auto settings = on_any_port();
    settings.head = settings.keep_alive = Duration{150};
    settings.body = Duration{150};
    Bench bench(settings);
    const auto begin = std::chrono::steady_clock::now();
    CHECK(bench.talk("") == "");
    CHECK(bench.talk("GET / HT") == "");
    CHECK(bench.talk("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc") == "");
    CHECK(bench.talk("GET /kept HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 200"));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}

TEST_CASE("a head that drips lives no longer for it, and others are served meanwhile") {
    auto settings = on_any_port();
    settings.head = Duration{400};
    Bench bench(settings);
    int cut = 0;
    auto drip = [&bench, &cut]() -> asio::awaitable<void> {
        tcp::socket socket(bench.context);
        const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), bench.server->port());
        co_await socket.async_connect(endpoint, asio::use_awaitable);
        bool there = co_await write_all(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n");
        constexpr Duration between{20};
        while (there) {
            co_await sleep_for(between);
            there = co_await write_all(socket, "X: y\r\n");
        }
        ++cut;
    };
    for (int i = 0; i < 40; ++i) asio::co_spawn(bench.context, drip, asio::detached);
    const auto begin = std::chrono::steady_clock::now();
    REQUIRE(bench.send(bench.request("/healthz")).ok());
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(350));
    run_until(bench.context, [&cut] { return cut == 40; });
}

TEST_CASE("connections beyond the limit are turned away in words") {
    auto settings = on_any_port();
    settings.max_connections = 2;
    Bench bench(settings);
    std::list<tcp::socket> held;
    for (int i = 0; i < 2; ++i) {
        held.emplace_back(bench.context).connect(tcp::endpoint(asio::ip::address_v4::loopback(), bench.server->port()));
    }
    const auto refused = bench.talk("GET / HTTP/1.1\r\n" + close_line);
    CHECK(refused.starts_with("HTTP/1.1 503 "));
    CHECK(refused.find("Retry-After: 1\r\n") != std::string::npos);
    held.clear();
    int status = 0;
    for (int i = 0; i < 100 && status != 200; ++i) status = bench.status_of("GET / HTTP/1.1\r\n" + close_line);
    CHECK(status == 200);

    auto per_peer = on_any_port();
    per_peer.max_per_peer = 1;
    Bench single(per_peer);
    tcp::socket other(single.context);
    other.connect(tcp::endpoint(asio::ip::address_v4::loopback(), single.server->port()));
    CHECK(single.status_of("GET / HTTP/1.1\r\n" + close_line) == 503);
}

TEST_CASE("stop lets a request finish and ends idle connections") {
    bool release = false;
    Bench bench(on_any_port(), [&release](ServerRequest) -> asio::awaitable<ServerReply> {
        constexpr Duration step{5};
        while (!release) co_await sleep_for(step);
        co_return ServerReply(200, "text/plain", "finished");
    });
    const auto port = bench.server->port();
    tcp::socket idle(bench.context);
    idle.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
    std::optional<Result<HttpResponse>> response;
    bool stopped = false;
    asio::co_spawn(bench.context, keep_value(bench.client->send(bench.request("/")), response), asio::detached);
    run(bench.context, sleep_for(Duration{50}));
    REQUIRE_FALSE(response.has_value());
    asio::co_spawn(bench.context, bench.server->stop(Duration{10000}), [&stopped](std::exception_ptr) { stopped = true; });
    run(bench.context, sleep_for(Duration{50}));
    CHECK_FALSE(stopped);
    boost::system::error_code error;
    tcp::socket late(bench.context);
    late.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port), error);
    CHECK(error == asio::error::connection_refused);
    release = true;
    run_until(bench.context, [&] { return stopped && response.has_value(); });
    REQUIRE(response->ok());
    CHECK(response->value().body == "finished");
    CHECK(response->value().headers.get("Connection") == "close");
}

TEST_CASE("stop ends a request that outlives the grace") {
    Bench bench(on_any_port(), [](ServerRequest) -> asio::awaitable<ServerReply> {
        constexpr Duration hour{3'600'000};
        co_await sleep_for(hour);
        co_return ServerReply(200, "text/plain", "never");
    });
    std::optional<Result<HttpResponse>> response;
    asio::co_spawn(bench.context, keep_value(bench.client->send(bench.request("/")), response), asio::detached);
    run(bench.context, sleep_for(Duration{50}));
    run(bench.context, bench.server->stop(Duration{100}));
    run_until(bench.context, [&] { return response.has_value(); });
    REQUIRE_FALSE(response->ok());
    CHECK(response->error().code() == Errc::network);
    CHECK(response->error().where() == "sent");
}

TEST_CASE("the port in use is named; bad addresses are refused") {
    Bench bench;
    auto settings = on_any_port();
    settings.listen = "127.0.0.1:" + std::to_string(bench.server->port());
    auto second = start_http_server(bench.context.get_executor(), bench.clock, settings, echo);
    REQUIRE_FALSE(second.ok());
    CHECK(second.error().code() == Errc::busy);
    CHECK(second.error().message() == "port " + std::to_string(bench.server->port()) + " on 127.0.0.1 is in use");
    for (const std::string listen : {"", "8480", ":8480", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1",
                                     "host.name:80", "[::1:80", "1.2.3:80"}) {
        settings.listen = listen;
        const auto bad = start_http_server(bench.context.get_executor(), bench.clock, settings, echo);
        REQUIRE_MESSAGE(!bad.ok(), listen);
        CHECK(bad.error().code() == Errc::invalid);
    }
    settings.listen = "localhost:0";
    CHECK(start_http_server(bench.context.get_executor(), bench.clock, settings, echo).ok());
}

TEST_CASE("a context may go while connections are open") {
    asio::io_context other;
    std::optional<Bench> bench;
    bench.emplace();
    tcp::socket held(other);
    held.connect(tcp::endpoint(asio::ip::address_v4::loopback(), bench->server->port()));
    REQUIRE(bench->send(bench->request("/")).ok());
    bench.reset();
    boost::system::error_code error;
    char byte = 0;
    held.read_some(asio::buffer(&byte, 1), error);
    CHECK(error);
}

TEST_CASE("without descriptors the server pauses, then takes up those who waited") {
    Bench bench;
    tcp::socket waiting(bench.context);
    waiting.connect(tcp::endpoint(asio::ip::address_v4::loopback(), bench.server->port()));
    asio::write(waiting, asio::buffer("GET /waited HTTP/1.1\r\n" + close_line));
    rlimit before{};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
    const int next_free = ::dup(0);
    ::close(next_free);
    rlimit none = before;
    none.rlim_cur = static_cast<rlim_t>(next_free);  // descriptors are the lowest free number: the next one is beyond the limit
    REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
    run(bench.context, sleep_for(Duration{50}));
    CHECK(waiting.available() == 0);
    REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
    run_until(bench.context, [&waiting] { return waiting.available() > 0; });
    std::string answer(waiting.available(), '\0');
    asio::read(waiting, asio::buffer(answer));
    CHECK(answer.starts_with("HTTP/1.1 200 OK"));
}
