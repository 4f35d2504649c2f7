#include "vigie/net/signal.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace vigie::net {

namespace asio = boost::asio;

/// The timer never ends by itself; cancelling it is the wake-up.
struct Signal::State {
    explicit State(asio::any_io_executor executor_)
        : executor(std::move(executor_)), timer(executor, asio::steady_timer::time_point::max()) {}
    asio::any_io_executor executor;
    asio::steady_timer timer;
    bool set = false;
};

Signal::Signal(asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

void Signal::set() const {
    set_after({});
}

void Signal::set_after(std::function<void()> work) const {
    asio::post(state_->executor, [state = state_, work = std::move(work)] {
        if (work) work();
        state->set = true;
        state->timer.cancel();
    });
}

asio::awaitable<void> Signal::wait() const {
    const std::shared_ptr<State> state = state_;
    while (!state->set) {
        boost::system::error_code ignored;
        co_await state->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        const asio::cancellation_state cancellation = co_await asio::this_coro::cancellation_state;
        if (!state->set && cancellation.cancelled() != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
    }
}

}  // namespace vigie::net
