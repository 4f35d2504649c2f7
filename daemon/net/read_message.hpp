// The loop between a stream and a parser.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "net/message.hpp"
#include "net/stream.hpp"

namespace vigie::net {

/// How reading a message ended: no error, an error of the connection, or what the bytes did wrong.
struct ReadOutcome {
    ReadOutcome() = default;
    boost::system::error_code connection;
    std::optional<Error> refused;
    bool ok() const noexcept { return !connection && !refused; }
};

/// Feeds what the stream has and brings until the head (if the parser is not eager) or the whole message is there.
template <bool is_request>
boost::asio::awaitable<ReadOutcome> read_message(Stream& stream, MessageParser<is_request>& parser) {
    ReadOutcome outcome;
    boost::system::error_code error;
    const auto wanted = [&parser] { return parser.eager() ? parser.is_done() : parser.is_header_done(); };
    while (!wanted()) {
        const auto bytes = stream.data();
        if (!bytes.empty()) {
            stream.consume(parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error));
            if (error && error != boost::beast::http::error::need_more) break;
            if (!error && (wanted() || !stream.data().empty())) continue;
        }
        error = co_await stream.fill();
        if (error == boost::asio::error::no_buffer_space) {
            outcome.refused.emplace(Errc::protocol, "a line of the message is too long");
            co_return outcome;
        }
        if (error == boost::asio::error::eof && parser.got_some()) {
            parser.put_eof(error);
            if (!error) continue;
            if (error == boost::beast::http::error::partial_message)
                error = boost::asio::error::connection_aborted;
            else
                break;
        }
        if (error) {
            outcome.connection = error;
            co_return outcome;
        }
    }
    if (parser.state.failure) {
        outcome.refused = parser.state.failure;
    } else if (error && error != boost::beast::http::error::need_more) {
        outcome.refused.emplace(error == boost::beast::http::error::header_limit ? Errc::limit : Errc::protocol,
                                "not HTTP/1.1: " + error.message());
    }
    co_return outcome;
}

}  // namespace vigie::net
