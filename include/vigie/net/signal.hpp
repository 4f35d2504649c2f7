// Something that a coroutine waits for and another thread makes happen: how work on other threads comes back to the network thread.
// Thread-safety: set() from any thread; wait() on the executor's one thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>

namespace vigie::net {

class Signal {
public:
    explicit Signal(boost::asio::any_io_executor executor);
    /// Wakes whoever waits, now and later. More than once is the same as once. The coroutine that waits may be gone by then.
    void set() const;
    /// Runs `work` on the executor before it wakes: for handing over a result without a lock.
    void set_after(std::function<void()> work) const;
    /// Returns when set. Cancellation: terminal cancellation makes it throw operation_aborted.
    boost::asio::awaitable<void> wait() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace vigie::net
