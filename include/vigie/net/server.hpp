// The HTTP server that the API stands on.
// Thread-safety: one network thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "vigie/core/clock.hpp"
#include "vigie/net/http.hpp"

namespace vigie::net {

struct ServerRequest {
    ServerRequest() = default;
    std::string method;
    std::string path;   ///< percent-decoded, begins with '/', no "." or ".." segments, no NUL
    std::string query;  ///< raw, without '?'
    Headers headers;
    std::string body;  ///< already inflated (gzip)
    std::string peer;  ///< numeric address
    bool peer_is_loopback = false;
};

struct ServerReply {
    ServerReply() = default;
    ServerReply(int status_, std::string type, std::string body_)
        : status(status_), content_type(std::move(type)), body(std::move(body_)) {}
    int status = 200;
    std::string content_type = "application/json";
    Headers headers;
    std::string body;
};

struct ServerSettings {
    ServerSettings() = default;
    std::string listen = "127.0.0.1:8480";   ///< host:port or [v6]:port; port 0 picks one
    std::vector<std::string> allowed_hosts;  ///< beside the listen address and localhost; a Host outside gives 421
    std::size_t max_connections = 128, max_per_peer = 64;
    std::size_t head_bytes = 8u << 10;   ///< 431 beyond
    std::size_t body_bytes = 16u << 20;  ///< after gzip; 413 beyond
    std::size_t wire_bytes = 8u << 20;   ///< 413 beyond
    Duration head{10000}, body{20000}, total{60000}, keep_alive{30000};
};

class HttpServer {
public:
    virtual ~HttpServer() = default;
    /// The port that it listens on.
    virtual std::uint16_t port() const = 0;
    /// Stops accepting; requests under way get `grace` to finish, then their connections are closed. Completes when none is left.
    virtual boost::asio::awaitable<void> stop(Duration grace) = 0;
};

using Handler = std::function<boost::asio::awaitable<ServerReply>(ServerRequest)>;

/// Binds and starts accepting at once. Ambiguous requests (two Host headers, list-valued lengths, obs-fold, unknown transfer codings,
/// absolute-form targets of other hosts) get 400 and the connection is closed. A handler that throws gives 500. Errors: busy ("port 8480 on
/// 127.0.0.1 is in use"), invalid, io.
Result<std::unique_ptr<HttpServer>> start_http_server(boost::asio::any_io_executor executor, const Clock& clock, ServerSettings settings,
                                                      Handler handler);

}  // namespace vigie::net
