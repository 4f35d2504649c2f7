// A TCP connection, plain or TLS, with one read buffer and one absolute deadline for all that happens on it.
// Thread-safety: one owner, on the executor's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "vigie/core/result.hpp"

namespace vigie::net {

class Stream {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    using ErrorCode = boost::system::error_code;

    explicit Stream(boost::asio::any_io_executor executor);
    /// Takes an accepted socket.
    explicit Stream(boost::asio::ip::tcp::socket socket);
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    /// When it passes, the connection is closed, whatever is under way fails, and timed_out() is true. Replaces the one before.
    void set_deadline(TimePoint when);
    /// For a pause of unknown length: no deadline, and an empty buffer is given back.
    void rest();
    bool timed_out() const noexcept;

    boost::asio::awaitable<ErrorCode> connect(boost::asio::ip::tcp::endpoint endpoint);
    /// As a TLS client: SNI and verification of `host`. The context must outlive the stream. Errors: tls (certificate or protocol, in
    /// words); network when the peer hung up.
    boost::asio::awaitable<Result<>> handshake(boost::asio::ssl::context& context, std::string host);

    /// Reads at least one byte behind what data() holds. eof: the peer ended in order (with TLS: said so).
    boost::asio::awaitable<ErrorCode> fill();
    /// What was read and not consumed.
    std::string_view data() const noexcept;
    void consume(std::size_t n) noexcept;
    /// How much one read may bring from now on; the buffer holds at most that much. Grows only.
    void set_buffer(std::size_t bytes);

    /// Writes both pieces whole.
    boost::asio::awaitable<ErrorCode> write(std::string_view first, std::string_view second = {});

    /// Whether the peer is silent and there: an idle connection that has bytes or an end to read is of no use.
    bool is_quiet() const;
    /// Tells the peer that no more comes (plain TCP only).
    void shutdown_send() noexcept;
    void close() noexcept;
    boost::asio::ip::tcp::socket& socket() noexcept;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace vigie::net
