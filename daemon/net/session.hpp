// One connection of the server: requests one after the other, each under its deadlines and limits.
// Thread-safety: the network thread's.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/message.hpp"
#include "net/request_check.hpp"
#include "net/stream.hpp"
#include "vigie/core/clock.hpp"
#include "vigie/net/server.hpp"

namespace vigie::net {

/// What all sessions of a server share.
struct SessionContext {
    SessionContext(const Clock& c, ServerSettings s, Handler h) : clock(c), settings(std::move(s)), handler(std::move(h)) {}
    const Clock& clock;
    ServerSettings settings;
    Handler handler;
    std::vector<std::string> hosts;  ///< lower case, without port
    bool stopping = false;
};

class Session {
public:
    Session(std::shared_ptr<SessionContext> context, boost::asio::ip::tcp::socket socket);

    /// Serves until the peer, a deadline, an error or the server's stop ends it.
    boost::asio::awaitable<void> run();
    /// Answers the first thing with 503 and leaves.
    boost::asio::awaitable<void> turn_away();
    /// Whether a request is being read or answered.
    bool busy() const noexcept { return busy_; }
    void close() noexcept { stream_.close(); }

private:
    /// Returns whether the connection goes on.
    boost::asio::awaitable<bool> serve();
    boost::asio::awaitable<bool> read_head();
    boost::asio::awaitable<bool> read_body(RequestParser& parser);
    std::optional<Refusal> judge(const RequestParser& parser, ServerRequest& request) const;
    bool is_our_host(const std::string& host) const;
    boost::asio::awaitable<bool> answer(RequestParser& parser, ServerRequest request);
    boost::asio::awaitable<bool> reply(const ServerReply& reply, bool keep, bool with_body);
    boost::asio::awaitable<bool> refuse(Refusal refusal);
    boost::asio::awaitable<void> linger();

    std::shared_ptr<SessionContext> context_;
    Stream stream_;
    std::string peer_, local_;
    bool peer_is_loopback_ = false;
    bool busy_ = false;
    std::size_t head_size_ = 0;  // of the request at hand, in the stream's buffer
    Stream::TimePoint total_deadline_;
};

/// The head of a reply; also decides what of `reply` may not be said twice. Errors: invalid (content type).
Result<std::string> format_reply_head(const ServerReply& reply, bool keep, Time now);

}  // namespace vigie::net
