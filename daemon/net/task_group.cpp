#include "vigie/net/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <list>

namespace asio = boost::asio;

namespace vigie::net {

struct TaskGroup::State {
    struct Child {
        std::string name;
        asio::cancellation_signal signal;
    };

    State(asio::any_io_executor e, OnError h) : executor(std::move(e)), on_error(std::move(h)), changed(executor) {}

    void finish(const std::shared_ptr<Child>& child, std::exception_ptr failure) {
        children.remove(child);
        changed.cancel();
        if (failure && on_error && !(cancelled && is_abort(failure))) on_error(child->name, failure);
    }

    static bool is_abort(const std::exception_ptr& failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const boost::system::system_error& error) {
            return error.code() == asio::error::operation_aborted;
        } catch (...) {
            return false;
        }
    }

    asio::any_io_executor executor;
    OnError on_error;
    std::list<std::shared_ptr<Child>> children;
    asio::steady_timer changed;
    bool cancelled = false;
};

TaskGroup::TaskGroup(asio::any_io_executor executor, OnError on_error)
    : state_(std::make_shared<State>(std::move(executor), std::move(on_error))) {}

TaskGroup::~TaskGroup() {
    state_->on_error = {};  // whom it would tell is going away too
    // Once is enough: on a second time, in the middle of a context's destruction, the tasks' own slots may be gone.
    if (!state_->cancelled) cancel();
}

void TaskGroup::spawn(std::string name, std::function<asio::awaitable<void>()> task) {
    if (state_->cancelled) return;
    auto child = std::make_shared<State::Child>();
    child->name = std::move(name);
    state_->children.push_back(child);
    auto ended = [state = state_, child](std::exception_ptr failure) { state->finish(child, std::move(failure)); };
    asio::co_spawn(state_->executor, std::move(task), asio::bind_cancellation_slot(child->signal.slot(), std::move(ended)));
}

void TaskGroup::cancel() {
    state_->cancelled = true;
    const auto children = state_->children;  // a task may end while others are told
    for (const auto& child : children) child->signal.emit(asio::cancellation_type::terminal);
}

bool TaskGroup::cancelled() const noexcept {
    return state_->cancelled;
}

std::size_t TaskGroup::size() const noexcept {
    return state_->children.size();
}

std::vector<std::string> TaskGroup::names() const {
    std::vector<std::string> out;
    for (const auto& child : state_->children) out.push_back(child->name);
    return out;
}

asio::awaitable<bool> TaskGroup::wait(Duration deadline) {
    const auto state = state_;
    const auto until = std::chrono::steady_clock::now() + deadline;
    while (!state->children.empty() && std::chrono::steady_clock::now() < until) {
        state->changed.expires_at(until);
        co_await state->changed.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return state->children.empty();
}

}  // namespace vigie::net
