#include "vigie/net/task_group.hpp"

#include <doctest/doctest.h>

#include <boost/system/system_error.hpp>

#include "net/loop.hpp"
#include "vigie/net/timer.hpp"

namespace asio = boost::asio;
using namespace vigie;
using namespace vigie::net;
using namespace vigie::net::test;

namespace {

asio::awaitable<void> for_ever() {
    constexpr Duration hour{3'600'000};
    for (;;) co_await sleep_for(hour);
}

}  // namespace

TEST_CASE("sleep_for waits as long as it says") {
    asio::io_context context;
    const auto begin = std::chrono::steady_clock::now();
    run(context, sleep_for(Duration{30}));
    CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(30));
    run(context, sleep_for(Duration{-5}));
}

TEST_CASE("a group knows its tasks and waits for them") {
    asio::io_context context;
    TaskGroup group(context.get_executor());
    int ended = 0;
    group.spawn("short", [&ended]() -> asio::awaitable<void> {
        constexpr Duration a_while{10};
        co_await sleep_for(a_while);
        ++ended;
    });
    group.spawn("long", for_ever);
    CHECK(group.names() == std::vector<std::string>{"short", "long"});
    CHECK_FALSE(run(context, group.wait(Duration{100})));
    CHECK(ended == 1);
    CHECK(group.names() == std::vector<std::string>{"long"});
    group.cancel();
    CHECK(group.cancelled());
    CHECK(run(context, group.wait(Duration{5000})));
    CHECK(group.size() == 0);
    group.spawn("late", for_ever);
    CHECK(group.size() == 0);
    CHECK(run(context, group.wait(Duration{0})));
}

TEST_CASE("what leaves a task is told with its name; a cancellation is not") {
    asio::io_context context;
    std::vector<std::string> told;
    TaskGroup group(context.get_executor(), [&told](const std::string& name, std::exception_ptr) { told.push_back(name); });
    group.spawn("fails", []() -> asio::awaitable<void> {
        constexpr Duration moment{1};
        co_await sleep_for(moment);
        throw std::runtime_error("why");
    });
    group.spawn("stays", for_ever);
    run(context, group.wait(Duration{50}));
    CHECK(told == std::vector<std::string>{"fails"});
    group.cancel();
    CHECK(run(context, group.wait(Duration{5000})));
    CHECK(told.size() == 1);
}

TEST_CASE("many tasks are cancelled at once") {
    asio::io_context context;
    int unwound = 0;
    TaskGroup group(context.get_executor());
    for (int i = 0; i < 500; ++i) {
        group.spawn("task", [&unwound]() -> asio::awaitable<void> {
            try {
                co_await for_ever();
            } catch (const boost::system::system_error&) {
                ++unwound;
                throw;
            }
        });
    }
    run(context, sleep_for(Duration{1}));
    group.cancel();
    CHECK(run(context, group.wait(Duration{10000})));
    CHECK(unwound == 500);
}

TEST_CASE("a group may go before its tasks") {
    asio::io_context context;
    {
        TaskGroup group(context.get_executor());
        group.spawn("left", for_ever);
        run(context, sleep_for(Duration{1}));
    }
    run(context, sleep_for(Duration{1}));
}
