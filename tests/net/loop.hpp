// Runs coroutines to their end, with a deadline that fails the test instead of hanging it.
#pragma once

#include <doctest/doctest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>

namespace vigie::net::test {

inline constexpr std::chrono::seconds patience{20};

/// Runs the context until `done` says so.
template <class Predicate>
void run_until(boost::asio::io_context& context, Predicate done) {
    const auto end = std::chrono::steady_clock::now() + patience;
    context.restart();
    while (!done() && std::chrono::steady_clock::now() < end) {
        if (context.run_one_for(std::chrono::milliseconds(100)) == 0 && context.stopped()) context.restart();
    }
    REQUIRE_MESSAGE(done(), "the coroutine did not end in time");
}

template <class T>
boost::asio::awaitable<void> keep_value(boost::asio::awaitable<T> task, std::optional<T>& value) {
    value.emplace(co_await std::move(task));
}

/// Runs the coroutine to its end; rethrows what it throws.
inline void run(boost::asio::io_context& context, boost::asio::awaitable<void> task) {
    std::exception_ptr failure;
    bool done = false;
    boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr e) {
        failure = e;
        done = true;
    });
    run_until(context, [&] { return done; });
    if (failure) std::rethrow_exception(failure);
}

/// The value of the coroutine.
template <class T>
T run(boost::asio::io_context& context, boost::asio::awaitable<T> task) {
    std::optional<T> value;
    run(context, keep_value(std::move(task), value));
    return std::move(*value);
}

}  // namespace vigie::net::test
