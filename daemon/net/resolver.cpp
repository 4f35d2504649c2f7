#include "net/resolver.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace asio = boost::asio;

namespace vigie::net {
namespace {

using Addresses = Resolver::Addresses;
constexpr std::size_t max_addresses = 16;
constexpr std::size_t max_waiting = 1000;

Result<Addresses> ask_system(const std::string& host) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* list = nullptr;
    const int code = getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (code != 0) return Error(Errc::network, "resolving " + host + " failed: " + gai_strerror(code), host);
    Addresses out;
    for (const addrinfo* entry = list; entry != nullptr && out.size() < max_addresses; entry = entry->ai_next) {
        asio::ip::tcp::endpoint endpoint;
        if (entry->ai_addrlen > endpoint.capacity()) continue;
        std::copy_n(reinterpret_cast<const char*>(entry->ai_addr), entry->ai_addrlen, reinterpret_cast<char*>(endpoint.data()));
        out.push_back(endpoint.address());
    }
    freeaddrinfo(list);
    if (out.empty()) return Error(Errc::network, "resolving " + host + " gave no address", host);
    return out;
}

/// One name on its way. `result` is written and read on the network thread alone.
struct Job {
    explicit Job(std::string h) : host(std::move(h)) {}
    std::string host;
    std::optional<Result<Addresses>> result;
    std::vector<std::shared_ptr<asio::steady_timer>> waiters;
};

}  // namespace

struct Resolver::State {
    State(asio::any_io_executor e, std::size_t most) : executor(std::move(e)), max_threads(std::max<std::size_t>(most, 1)) {}

    static void work(const std::shared_ptr<State>& self);
    void complete(const std::shared_ptr<Job>& job, Result<Addresses> result);
    void start_thread(const std::shared_ptr<State>& self);

    // Of the network thread:
    asio::any_io_executor executor;
    std::map<std::string, std::shared_ptr<Job>> running;
    std::size_t max_threads;

    // Shared, under `mutex`:
    std::mutex mutex;
    std::condition_variable more;
    std::deque<std::shared_ptr<Job>> queue;
    std::size_t threads = 0;
    std::size_t idle = 0;
    bool stopped = false;
};

void Resolver::State::work(const std::shared_ptr<State>& self) {
    std::unique_lock lock(self->mutex);
    while (!self->stopped) {
        if (self->queue.empty()) {
            ++self->idle;
            self->more.wait(lock);
            --self->idle;
            continue;
        }
        auto job = std::move(self->queue.front());
        self->queue.pop_front();
        lock.unlock();
        auto result = ask_system(job->host);
        lock.lock();
        // Under the lock the destructor has not run yet, so the executor's context is alive.
        if (self->stopped) return;
        auto deliver = [weak = std::weak_ptr<State>(self), job = std::move(job), result = std::move(result)]() mutable {
            if (const auto state = weak.lock()) state->complete(job, std::move(result));
        };
        asio::post(self->executor, std::move(deliver));
    }
}

void Resolver::State::complete(const std::shared_ptr<Job>& job, Result<Addresses> result) {
    running.erase(job->host);
    job->result = std::move(result);
    for (const auto& waiter : job->waiters) waiter->cancel();
}

void Resolver::State::start_thread(const std::shared_ptr<State>& self) {
    // Detached, because a lookup can't be interrupted: nothing shall wait for it at the end. It keeps the state alive by itself.
    std::thread([self] { work(self); }).detach();
    ++threads;
}

Resolver::Resolver(asio::any_io_executor executor, std::size_t threads) : state_(std::make_shared<State>(std::move(executor), threads)) {}

Resolver::~Resolver() {
    const std::lock_guard lock(state_->mutex);
    state_->stopped = true;
    state_->more.notify_all();
    // A thread that outlives us holds the state and its job; nothing of the executor's context may stay in them.
    for (auto& [host, job] : state_->running) {
        job->result = Error(Errc::cancelled, "the client was stopped", host);
        for (const auto& waiter : job->waiters) waiter->cancel();
        job->waiters.clear();
    }
    state_->running.clear();
    state_->queue.clear();
    state_->executor = {};
}

asio::awaitable<Result<Addresses>> Resolver::lookup(std::string host, std::chrono::steady_clock::time_point deadline) {
    boost::system::error_code numeric_error;
    const auto numeric = asio::ip::make_address(host, numeric_error);
    if (!numeric_error) co_return Addresses(1, numeric);

    const auto state = state_;
    std::shared_ptr<Job> job;
    if (const auto found = state->running.find(host); found != state->running.end()) {
        job = found->second;
    } else {
        if (state->running.size() >= max_waiting) co_return Error(Errc::busy, "too many names are being resolved", host);
        job = std::make_shared<Job>(host);
        state->running.emplace(host, job);
        const std::lock_guard lock(state->mutex);
        state->queue.push_back(job);
        if (state->idle < state->queue.size() && state->threads < state->max_threads) state->start_thread(state);
        state->more.notify_one();
    }

    const auto wake = std::make_shared<asio::steady_timer>(state->executor, deadline);
    job->waiters.push_back(wake);
    co_await wake->async_wait(asio::as_tuple(asio::use_awaitable));
    std::erase(job->waiters, wake);
    if (job->result) co_return *job->result;
    co_return Error(Errc::timeout, "resolving " + host + " took too long", host);
}

}  // namespace vigie::net
