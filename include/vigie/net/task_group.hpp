// The coroutines that something owns, so that it can stop them all and know when none is left.
// Thread-safety: everything on the executor's one thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "vigie/core/time.hpp"

namespace vigie::net {

class TaskGroup {
public:
    /// Called with a task's name and the exception that left it. operation_aborted after cancel() is an ordinary end and not reported.
    using OnError = std::function<void(const std::string& name, std::exception_ptr)>;

    explicit TaskGroup(boost::asio::any_io_executor executor, OnError on_error = {});
    /// Cancels what still runs; does not wait for it.
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// Starts a task; the function object lives as long as its coroutine, so that a lambda may capture. After cancel(): does nothing.
    void spawn(std::string name, std::function<boost::asio::awaitable<void>()> task);
    /// Sends every task a terminal cancellation: its pending await fails with operation_aborted, and so does every later one.
    void cancel();
    bool cancelled() const noexcept;
    std::size_t size() const noexcept;
    /// Names of what still runs, in the order of their start.
    std::vector<std::string> names() const;
    /// Waits until no task is left, for at most `deadline`. Returns whether none is. Must not be awaited by a task of the group.
    boost::asio::awaitable<bool> wait(Duration deadline);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace vigie::net
