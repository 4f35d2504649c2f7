#include "vigie/net/timer.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace vigie::net {

boost::asio::awaitable<void> sleep_for(Duration d) {
    const auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, std::max(d, Duration::zero()));
    co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace vigie::net
