#include "net/resolver.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "net/loop.hpp"
#include "vigie/core/time.hpp"

namespace asio = boost::asio;
using namespace vigie;
using namespace vigie::net;
using namespace vigie::net::test;

namespace {

std::chrono::steady_clock::time_point in(Duration d) {
    return std::chrono::steady_clock::now() + d;
}

}  // namespace

TEST_CASE("numeric addresses need no lookup, names do") {
    asio::io_context context;
    Resolver resolver(context.get_executor(), 2);
    const auto numeric = run(context, resolver.lookup("2001:db8::1", in(Duration{0})));
    REQUIRE(numeric.ok());
    CHECK(numeric.value().at(0).to_string() == "2001:db8::1");
    const auto local = run(context, resolver.lookup("localhost", in(Duration{10000})));
    REQUIRE(local.ok());
    CHECK(std::all_of(local.value().begin(), local.value().end(), [](const auto& address) { return address.is_loopback(); }));
    const auto unknown = run(context, resolver.lookup("no-such-name.invalid", in(Duration{15000})));
    REQUIRE_FALSE(unknown.ok());
}

TEST_CASE("many ask at once, for one name and for several") {
    asio::io_context context;
    Resolver resolver(context.get_executor(), 2);
    int answers = 0;
    auto ask = [&](std::string host) -> asio::awaitable<void> {
        const auto deadline = in(Duration{15000});
        const auto result = co_await resolver.lookup(std::move(host), deadline);
        if (result.ok()) ++answers;
    };
    for (int i = 0; i < 50; ++i) asio::co_spawn(context, ask(i % 2 == 0 ? "localhost" : "127.0.0.1"), asio::detached);
    run_until(context, [&answers] { return answers == 50; });
}

TEST_CASE("a deadline ends the wait, not the lookup") {
    asio::io_context context;
    Resolver resolver(context.get_executor(), 1);
    const auto late = run(context, resolver.lookup("localhost", in(Duration{-1})));
    if (!late.ok()) CHECK(late.error().code() == Errc::timeout);
    CHECK(run(context, resolver.lookup("localhost", in(Duration{10000}))).ok());
}

TEST_CASE("who waits when the resolver goes is told so") {
    asio::io_context context;
    std::optional<Result<Resolver::Addresses>> result;
    {
        Resolver resolver(context.get_executor(), 1);
        asio::co_spawn(context, keep_value(resolver.lookup("localhost", in(Duration{60000})), result), asio::detached);
        context.poll_one();  // the lookup has begun
    }
    run_until(context, [&result] { return result.has_value(); });
    if (!result->ok()) CHECK(result->error().code() == Errc::cancelled);
}
