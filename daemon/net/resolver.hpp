// Names to addresses, without blocking the network thread: getaddrinfo runs in a few threads of its own.
// Thread-safety: lookup on one executor's thread; the object must be destroyed before that executor's context.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "vigie/core/result.hpp"

namespace vigie::net {

class Resolver {
public:
    using Addresses = std::vector<boost::asio::ip::address>;

    Resolver(boost::asio::any_io_executor executor, std::size_t threads);
    /// Doesn't wait for a lookup under way: its thread ends by itself.
    ~Resolver();
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    /// At most 16 addresses in the system's order. Whoever asks for a name that is being looked up joins that lookup, so that a name whose
    /// server hangs holds one thread only. Errors: network, timeout (at `deadline`), busy (1000 names are waiting).
    boost::asio::awaitable<Result<Addresses>> lookup(std::string host, std::chrono::steady_clock::time_point deadline);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace vigie::net
