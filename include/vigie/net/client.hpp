// The HTTP client that every source and receiver sees.
// Thread-safety: one network thread; call and await on its executor.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "vigie/core/clock.hpp"
#include "vigie/net/http.hpp"

namespace vigie::net {

class HttpClient {
public:
    virtual ~HttpClient() = default;
    /// Sends one request. Any status is a success. Errors: network (resolve, connect, reset before an answer), timeout, tls, protocol
    /// (ill-formed answer), limit (too large, too many redirects, ratio), refused (private address), invalid (the URL), cancelled.
    /// An Error whose where() is "sent" means that the whole request had been written before it failed: the peer may have acted on it.
    /// Cancellation: terminal cancellation closes the connection and gives cancelled.
    virtual boost::asio::awaitable<Result<HttpResponse>> send(HttpRequest request) = 0;
};

struct ClientSettings {
    ClientSettings() = default;
    std::string user_agent = "Vigie";
    std::string ca_file;               ///< an extra PEM of trusted roots (tests, private CAs); empty: the system's
    std::size_t resolver_threads = 4;  ///< getaddrinfo calls at once
};

/// The Beast client: TLS 1.2 or better with host name verification, gzip and deflate, kept-alive connections, one deadline per exchange.
std::unique_ptr<HttpClient> make_http_client(boost::asio::any_io_executor executor, const Clock& clock, ClientSettings settings);

}  // namespace vigie::net
