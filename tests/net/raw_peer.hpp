// Peers that speak bytes, not HTTP: a scripted server, and a client that sends what it is told.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace vigie::net::test {

/// Accepts on loopback; each connection runs the script with its number (from 0), and is closed after it.
class RawServer {
public:
    using Socket = boost::asio::ip::tcp::socket;
    using Script = std::function<boost::asio::awaitable<void>(Socket& socket, int connection)>;

    RawServer(boost::asio::any_io_executor executor, Script script);
    ~RawServer();
    std::uint16_t port() const;
    int connections() const;
    std::string url(const std::string& path = "/") const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

/// Answers every connection's first request with the same bytes, then closes.
RawServer::Script always(std::string answer);
/// Reads one request with its Content-Length body; "" if the peer left.
boost::asio::awaitable<std::string> read_request(RawServer::Socket& socket);
/// Writes all; false if the peer is gone.
boost::asio::awaitable<bool> write_all(RawServer::Socket& socket, std::string bytes);
/// Sleeps until the peer closes.
boost::asio::awaitable<void> until_closed(RawServer::Socket& socket);

/// Connects to loopback, writes the bytes, and returns all that comes until the peer closes.
boost::asio::awaitable<std::string> talk(std::uint16_t port, std::string bytes);

}  // namespace vigie::net::test
