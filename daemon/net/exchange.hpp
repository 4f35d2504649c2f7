// One request and its answer, without redirects: connect or reuse, write, read.
// Thread-safety: the network thread's.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <optional>
#include <string>

#include "net/pool.hpp"
#include "net/resolver.hpp"
#include "net/stream.hpp"
#include "vigie/core/clock.hpp"
#include "vigie/net/address.hpp"
#include "vigie/net/client.hpp"

namespace vigie::net {

/// A hop of a request: what of HttpRequest may change from one redirect to the next, and what stays.
struct Hop {
    Hop() = default;
    Url url;
    std::string method;
    Headers headers;
    std::string body;
    HttpLimits limits;
    bool allow_private = false;
    Stream::TimePoint deadline;
};

class Exchanger {
public:
    Exchanger(boost::asio::any_io_executor executor, const Clock& clock, ClientSettings settings);

    /// Errors as HttpClient::send.
    boost::asio::awaitable<Result<HttpResponse>> run(const Hop& hop);

private:
    struct Attempt {
        Attempt() = default;
        std::optional<Result<HttpResponse>> result;
        bool stale = false;  ///< failed without a byte of an answer, for no reason of time or cancellation
    };

    boost::asio::awaitable<Result<std::unique_ptr<Stream>>> connect(const Hop& hop);
    boost::asio::awaitable<Result<std::unique_ptr<Stream>>> connect_to(const Hop& hop, boost::asio::ip::address address,
                                                                       Stream::TimePoint deadline);
    boost::asio::awaitable<Attempt> attempt(const Hop& hop, std::unique_ptr<Stream> stream);
    std::string head_of(const Hop& hop) const;

    boost::asio::any_io_executor executor_;
    const Clock& clock_;
    ClientSettings settings_;
    Resolver resolver_;
    boost::asio::ssl::context tls_;
    std::optional<Error> tls_broken_;
    ConnectionPool pool_;
};

/// Errors: invalid, for a method that is no token, or a header that belongs to the client (Host, Content-Length, Transfer-Encoding,
/// Connection, Expect, Upgrade).
Result<> check_request(const HttpRequest& request);

}  // namespace vigie::net
