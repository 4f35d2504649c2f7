#include "vigie/net/client.hpp"

#include <doctest/doctest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/socket_base.hpp>

#include "net/compress.hpp"
#include "net/loop.hpp"
#include "net/raw_peer.hpp"
#include "vigie/net/timer.hpp"

namespace asio = boost::asio;
using namespace vigie;
using namespace vigie::net;
using namespace vigie::net::test;

namespace {

struct Bench {
    explicit Bench(RawServer::Script script)
        : server(context.get_executor(), std::move(script)), client(make_http_client(context.get_executor(), clock, ClientSettings())) {}
    ~Bench() {
        // A connection that the client keeps would hold its script: let both see the end before the context goes.
        client.reset();
        context.restart();
        context.poll();
    }

    HttpRequest request(const std::string& path = "/") const {
        HttpRequest out;
        out.url = server.url(path);
        out.allow_private = true;
        return out;
    }
    Result<HttpResponse> send(HttpRequest what) { return run(context, client->send(std::move(what))); }
    Result<HttpResponse> get(const std::string& path = "/") { return send(request(path)); }

    asio::io_context context;
    ManualClock clock;
    RawServer server;
    std::unique_ptr<HttpClient> client;
};

std::string ok_with(const std::string& body, const std::string& fields = "") {
    return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("a request goes out as it should and its answer comes back") {
    std::string seen;
    Bench bench([&seen](RawServer::Socket& socket, int) -> asio::awaitable<void> {
        seen = co_await read_request(socket);
        const auto answer = ok_with("hello", "X-One: 1\r\nx-one: 2\r\n");
        co_await write_all(socket, answer);
    });
    auto request = bench.request("/a?b=c#d");
    request.method = "POST";
    request.body = "{}";
    REQUIRE(request.headers.set("Content-Type", "application/json").ok());
    const auto response = bench.send(request);
    REQUIRE(response.ok());
    const auto& got = response.value();
    CHECK(got.status == 200);
    CHECK(got.body == "hello");
    CHECK(got.headers.get("X-ONE") == "1");
    CHECK(got.headers.count("X-One") == 2);
    CHECK(got.url == bench.server.url("/a?b=c"));
    CHECK(seen.starts_with("POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(bench.server.port()) + "\r\n"));
    CHECK(seen.find("User-Agent: Vigie\r\n") != std::string::npos);
    CHECK(seen.find("Accept-Encoding: gzip, deflate\r\n") != std::string::npos);
    CHECK(seen.find("Content-Length: 2\r\n") != std::string::npos);
    CHECK(seen.ends_with("\r\n\r\n{}"));
}

TEST_CASE("bodies in all their framings") {
    const std::pair<std::string, std::string> answers[] = {
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nX-Trailer: a\r\n\r\n", "hello!"},
        {"HTTP/1.1 200 OK\r\n\r\nuntil the end", "until the end"},
        {"HTTP/1.0 200 OK\r\n\r\nold", "old"},
        {"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", ""},
        {"HTTP/1.1 204 No Content\r\n\r\n", ""},
        {"HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n", ""},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok_with("late"), "late"},
        {"HTTP/1.1 500 Oops\r\nContent-Length: 3\r\n\r\nbad", "bad"},
        {"HTTP/1.1 301 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", ""},
    };
    for (const auto& [answer, body] : answers) {
        Bench bench(always(answer));
        const auto response = bench.get();
        REQUIRE_MESSAGE(response.ok(), answer);
        CHECK(response.value().body == body);
        CHECK_FALSE(response.value().headers.has("X-Trailer"));
    }
}

TEST_CASE("HEAD has no body, whatever length it names") {
    Bench bench(always("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"));
    auto request = bench.request();
    request.method = "HEAD";
    const auto response = bench.send(request);
    REQUIRE(response.ok());
    CHECK(response.value().headers.get("Content-Length") == "1000000000");
    CHECK(response.value().body.empty());
}

TEST_CASE("gzip and deflate are undone, bombs and broken streams refused") {
    const std::string text(100000, 'v');
    for (const auto& [coding, window] :
         {std::pair{"gzip", 31}, std::pair{"x-gzip", 31}, std::pair{"deflate", 15}, std::pair{"deflate", -15}}) {
        Bench bench(always(ok_with(compress(text, window), "Content-Encoding: " + std::string(coding) + "\r\n")));
        const auto response = bench.get();
        REQUIRE(response.ok());
        CHECK(response.value().body == text);
        CHECK_FALSE(response.value().headers.has("Content-Encoding"));
    }
    Bench bomb(always(ok_with(gzip(std::string(64u << 20, '\0')), "Content-Encoding: gzip\r\n")));
    const auto stopped = bomb.get();
    REQUIRE_FALSE(stopped.ok());
    CHECK(stopped.error().code() == Errc::limit);
    CHECK(stopped.error().where() == "sent");
    const auto coded = gzip(text);
    Bench cut(always(ok_with(coded.substr(0, coded.size() - 9), "Content-Encoding: gzip\r\n")));
    CHECK(cut.get().error().code() == Errc::protocol);
    Bench unknown(always(ok_with("x", "Content-Encoding: br\r\n")));
    CHECK(unknown.get().error().code() == Errc::protocol);
    Bench empty(always(ok_with("", "Content-Encoding: gzip\r\n")));
    CHECK(empty.get().ok());
}

TEST_CASE("bodies beyond the limits are cut off") {
    const std::string big(200000, 'x');
    const std::string answers[] = {ok_with(big), "HTTP/1.1 200 OK\r\n\r\n" + big,
                                   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n30d40\r\n" + big + "\r\n0\r\n\r\n",
                                   "HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"};
    for (const auto& answer : answers) {
        for (const bool by_wire : {true, false}) {
            Bench bench(always(answer));
            auto request = bench.request();
            (by_wire ? request.limits.wire_bytes : request.limits.body_bytes) = 100000;
            const auto response = bench.send(request);
            REQUIRE_FALSE(response.ok());
            CHECK(response.error().code() == Errc::limit);
        }
    }
    Bench just(always(ok_with(std::string(100000, 'x'))));
    auto request = just.request();
    request.limits.wire_bytes = request.limits.body_bytes = 100000;
    CHECK(just.send(request).ok());
}

TEST_CASE("a large body arrives whole") {
    std::string big;
    while (big.size() < (7u << 20)) big += "mention " + std::to_string(big.size()) + "\n";
    Bench bench(always(ok_with(big)));
    const auto response = bench.get();
    REQUIRE(response.ok());
    CHECK(response.value().body == big);
}

TEST_CASE("answers that are not HTTP, or stop short") {
    const std::pair<std::string, Errc> answers[] = {
        {"garbage\r\n\r\n", Errc::protocol},
        {"HTTP/2.0 200 OK\r\n\r\n", Errc::protocol},
        {"HTTP/1.1 200 OK\nContent-Length: 0\n\n", Errc::protocol},
        {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", Errc::protocol},
        {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", Errc::protocol},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Errc::protocol},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + std::string(100000, 'e') + "\r\nhello\r\n0\r\n\r\n", Errc::protocol},
        {"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", Errc::network},  // the literal ends at its NUL: a head cut short
        {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", Errc::network},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", Errc::network},
        {"HTTP/1.1 200 OK\r\nContent-Le", Errc::network},
        {"", Errc::network},
        {"HTTP/1.1 101 Switching Protocols\r\n\r\n", Errc::protocol},
        {"HTTP/1.1 200 OK\r\nX: " + std::string(70000, 'h') + "\r\n\r\n", Errc::limit},
    };
    for (const auto& [answer, code] : answers) {
        Bench bench(always(answer));
        const auto response = bench.get();
        REQUIRE_MESSAGE(!response.ok(), answer.substr(0, 80));
        CHECK_MESSAGE(response.error().code() == code, answer.substr(0, 80), " gave ", response.error().text());
        CHECK(response.error().where() == "sent");
    }
}

TEST_CASE("interim answers are counted") {
    std::string flood;
    for (int i = 0; i < 10; ++i) flood += "HTTP/1.1 103 Early Hints\r\n\r\n";
    Bench patient(always(flood + ok_with("x")));
    CHECK(patient.get().ok());
    Bench flooded(always(flood + flood + ok_with("x")));
    CHECK(flooded.get().error().code() == Errc::protocol);
}

TEST_CASE("the deadline holds for the whole exchange, however the peer drips") {
    Bench drip([](RawServer::Socket& socket, int) -> asio::awaitable<void> {
        const auto request = co_await read_request(socket);
        bool there = co_await write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        constexpr Duration between{20};
        while (there) {
            co_await sleep_for(between);
            there = co_await write_all(socket, "x");
        }
    });
    auto request = drip.request();
    request.limits.total = Duration{300};
    const auto begin = std::chrono::steady_clock::now();
    const auto response = drip.send(request);
    const auto took = std::chrono::steady_clock::now() - begin;
    REQUIRE_FALSE(response.ok());
    CHECK(response.error().code() == Errc::timeout);
    CHECK(response.error().where() == "sent");
    CHECK(took >= std::chrono::milliseconds(290));
    CHECK(took < std::chrono::milliseconds(3000));
}

TEST_CASE("a peer that accepts and says nothing is cut") {
    Bench silent([](RawServer::Socket& socket, int) -> asio::awaitable<void> { co_await until_closed(socket); });
    auto request = silent.request();
    request.limits.total = Duration{100};
    CHECK(silent.send(request).error().code() == Errc::timeout);
}

TEST_CASE("connections are kept and used again, and a stale one is replaced unseen") {
    Bench bench([](RawServer::Socket& socket, int connection) -> asio::awaitable<void> {
        for (int i = 0; i < 2; ++i) {
            const auto request = co_await read_request(socket);
            if (request.empty()) co_return;
            const auto answer = ok_with(std::to_string(connection) + "/" + std::to_string(i));
            co_await write_all(socket, answer);
        }
        // The third request on a connection meets a silent close.
        const auto last = co_await read_request(socket);
    });
    CHECK(bench.get().value().body == "0/0");
    CHECK(bench.get().value().body == "0/1");
    CHECK(bench.get().value().body == "1/0");
    CHECK(bench.server.connections() == 2);
    bench.clock.advance(std::chrono::minutes(1));
    CHECK(bench.get().value().body == "2/0");
}

TEST_CASE("a fresh connection that dies is not tried again") {
    int requests = 0;
    Bench bench([&requests](RawServer::Socket& socket, int) -> asio::awaitable<void> {
        const auto request = co_await read_request(socket);
        ++requests;
        socket.set_option(asio::socket_base::linger(true, 0));
    });
    auto request = bench.request();
    request.method = "POST";
    const auto response = bench.send(request);
    REQUIRE_FALSE(response.ok());
    CHECK(response.error().code() == Errc::network);
    CHECK(response.error().where() == "sent");
    CHECK(requests == 1);
}

TEST_CASE("Connection: close and unread bytes end a connection") {
    Bench closing([](RawServer::Socket& socket, int) -> asio::awaitable<void> {
        const auto request = co_await read_request(socket);
        const auto answer = ok_with("x", "Connection: close\r\n");
        co_await write_all(socket, answer);
        co_await until_closed(socket);
    });
    CHECK(closing.get().ok());
    CHECK(closing.get().ok());
    CHECK(closing.server.connections() == 2);
    Bench chatty([](RawServer::Socket& socket, int) -> asio::awaitable<void> {
        const auto request = co_await read_request(socket);
        const auto answer = ok_with("x") + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfake";
        co_await write_all(socket, answer);
        co_await until_closed(socket);
    });
    CHECK(chatty.get().value().body == "x");
    CHECK(chatty.get().value().body == "x");
    CHECK(chatty.server.connections() == 2);
}

TEST_CASE("a connection to a private address serves only those who may open one") {
    Bench bench([](RawServer::Socket& socket, int) -> asio::awaitable<void> {
        for (;;) {
            const auto request = co_await read_request(socket);
            if (request.empty()) co_return;
            const auto answer = ok_with("x");
            co_await write_all(socket, answer);
        }
    });
    CHECK(bench.get().ok());
    auto request = bench.request();
    request.allow_private = false;
    const auto response = bench.send(request);
    REQUIRE_FALSE(response.ok());
    CHECK(response.error().code() == Errc::refused);
    CHECK(bench.server.connections() == 1);
}

TEST_CASE("every spelling of a private address is refused") {
    Bench bench(always(ok_with("reached")));
    const auto port = ":" + std::to_string(bench.server.port()) + "/";
    for (const std::string host : {"127.0.0.1",
                                   "127.1",
                                   "127.0.1",
                                   "0x7f.1",
                                   "0x7f000001",
                                   "2130706433",
                                   "0177.0.0.1",
                                   "017700000001",
                                   "0x7f.0.0.0x1",
                                   "0",
                                   "0.0.0.0",
                                   "localhost",
                                   "LOCALHOST",
                                   "localhost.",
                                   "[::1]",
                                   "[::]",
                                   "[::ffff:127.0.0.1]",
                                   "[::ffff:7f00:1]",
                                   "[0:0:0:0:0:ffff:7f00:1]",
                                   "10.0.0.1",
                                   "169.254.169.254",
                                   "192.168.0.1",
                                   "[fe80::1]",
                                   "[fd00::1]",
                                   "[64:ff9b::7f00:1]",
                                   "[2002:7f00:1::]",
                                   "100.64.0.1"}) {
        HttpRequest request;
        request.url = "http://" + host + port;
        const auto response = bench.send(request);
        REQUIRE_MESSAGE(!response.ok(), host);
        CHECK_MESSAGE(response.error().code() == Errc::refused, host, ": ", response.error().text());
    }
    CHECK(bench.server.connections() == 0);
}

TEST_CASE("requests that can't be sent") {
    Bench bench(always(ok_with("x")));
    auto bad_url = bench.request();
    bad_url.url = "http://user:pw@127.0.0.1/";
    CHECK(bench.send(bad_url).error().code() == Errc::invalid);
    for (const std::string method : {"", "G ET", "GET\r\n", "CONNECT"}) {
        auto request = bench.request();
        request.method = method;
        CHECK(bench.send(request).error().code() == Errc::invalid);
    }
    for (const std::string name : {"Host", "content-length", "Transfer-Encoding", "Connection", "Expect", "Upgrade"}) {
        auto request = bench.request();
        REQUIRE(request.headers.set(name, "1").ok());
        CHECK(bench.send(request).error().code() == Errc::invalid);
    }
    CHECK(bench.server.connections() == 0);
}

TEST_CASE("no connection: refused port, unknown name") {
    asio::io_context context;
    ManualClock clock;
    const auto client = make_http_client(context.get_executor(), clock, ClientSettings());
    std::uint16_t free_port = 0;
    {
        RawServer gone(context.get_executor(), always(""));
        free_port = gone.port();
    }
    HttpRequest request;
    request.allow_private = true;
    request.url = "http://127.0.0.1:" + std::to_string(free_port) + "/";
    auto response = run(context, client->send(request));
    REQUIRE_FALSE(response.ok());
    CHECK(response.error().code() == Errc::network);
    CHECK(response.error().where() == "127.0.0.1:" + std::to_string(free_port));
    request.url = "http://no-such-name.invalid/";
    request.limits.connect = Duration{3000};
    response = run(context, client->send(request));
    REQUIRE_FALSE(response.ok());
    CHECK((response.error().code() == Errc::network || response.error().code() == Errc::timeout));
}

TEST_CASE("terminal cancellation ends a request and its connection") {
    bool closed = false;
    Bench bench([&closed](RawServer::Socket& socket, int) -> asio::awaitable<void> {
        const auto request = co_await read_request(socket);
        co_await until_closed(socket);
        closed = true;
    });
    asio::cancellation_signal signal;
    std::optional<Result<HttpResponse>> response;
    asio::co_spawn(bench.context, keep_value(bench.client->send(bench.request()), response),
                   asio::bind_cancellation_slot(signal.slot(), asio::detached));
    run_until(bench.context, [&bench] { return bench.server.connections() == 1; });
    run(bench.context, sleep_for(Duration{50}));
    signal.emit(asio::cancellation_type::terminal);
    run_until(bench.context, [&] { return response.has_value() && closed; });
    REQUIRE_FALSE(response->ok());
    CHECK(response->error().code() == Errc::cancelled);
    CHECK(response->error().where() == "sent");
}

TEST_CASE("an answer that comes before the request is whole still counts") {
    Bench bench([](RawServer::Socket& socket, int) -> asio::awaitable<void> {
        co_await write_all(socket, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        co_await until_closed(socket);
    });
    auto request = bench.request();
    request.method = "POST";
    request.body = std::string(1u << 20, 'x');
    const auto response = bench.send(request);
    REQUIRE(response.ok());
    CHECK(response.value().status == 413);
}
