#include "net/exchange.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/this_coro.hpp>

#include "net/ascii.hpp"
#include "net/read_message.hpp"

namespace asio = boost::asio;
using SteadyClock = std::chrono::steady_clock;

namespace vigie::net {
namespace {

constexpr std::size_t head_limit = 64u << 10;
constexpr std::size_t read_buffer_bytes = 256u << 10;
constexpr int max_interim = 10;

std::string pool_key(const Hop& hop) {
    // A connection to a private address must not serve who may not open one.
    return hop.url.scheme + "://" + hop.url.authority() + (hop.allow_private ? " private" : "");
}

/// A failed read, write or connect, in the words of HttpClient::send.
Error connection_error(const Stream& stream, boost::system::error_code error, const Hop& hop, std::string_view doing, bool sent) {
    const std::string where = sent ? "sent" : hop.url.authority();
    if (stream.timed_out()) return Error(Errc::timeout, hop.url.host + " took too long while " + std::string(doing), where);
    if (error == asio::error::operation_aborted) return Error(Errc::cancelled, "stopped while " + std::string(doing), where);
    if (error == asio::error::eof || error == asio::error::connection_aborted || error == asio::ssl::error::stream_truncated) {
        return Error(Errc::network, hop.url.host + " closed the connection while " + std::string(doing), where);
    }
    return Error(Errc::network, std::string(doing) + " failed with " + hop.url.host + ": " + error.message(), where);
}

HttpResponse response_of(ResponseParser& parser, const Hop& hop) {
    HttpResponse response;
    response.status = parser.status;
    response.headers = std::move(parser.state.headers);
    if (parser.state.body.coding() != Coding::identity) {
        // They describe what came over the wire, not what the caller gets.
        response.headers.remove("Content-Encoding");
        response.headers.remove("Content-Length");
    }
    response.body = parser.state.body.take();
    response.url = format_url(hop.url);
    return response;
}

BodyLimits body_limits(const HttpLimits& limits) {
    BodyLimits out;
    out.wire_bytes = limits.wire_bytes;
    out.body_bytes = limits.body_bytes;
    out.inflate_ratio = limits.inflate_ratio;
    return out;
}

}  // namespace

Result<> check_request(const HttpRequest& request) {
    if (!is_token(request.method) || request.method == "CONNECT") return Error(Errc::invalid, "unfit method");
    for (const std::string_view name : {"Host", "Content-Length", "Transfer-Encoding", "Connection", "Expect", "Upgrade"}) {
        if (request.headers.has(name)) return Error(Errc::invalid, "the client sets the header " + std::string(name) + " itself");
    }
    return {};
}

Exchanger::Exchanger(asio::any_io_executor executor, const Clock& clock, ClientSettings settings)
    : executor_(executor),
      clock_(clock),
      settings_(std::move(settings)),
      resolver_(executor, settings_.resolver_threads),
      tls_(asio::ssl::context::tls_client) {
    SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_mode(tls_.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    boost::system::error_code error;
    tls_.set_default_verify_paths(error);
    if (!settings_.ca_file.empty()) tls_.load_verify_file(settings_.ca_file, error);
    if (error) tls_broken_.emplace(Errc::tls, "reading the trusted roots failed: " + error.message(), settings_.ca_file);
}

std::string Exchanger::head_of(const Hop& hop) const {
    std::string head = hop.method + " " + hop.url.target + " HTTP/1.1\r\nHost: " + hop.url.authority() + "\r\n";
    const auto line = [&head](std::string_view name, std::string_view value) {
        head.append(name).append(": ").append(value).append("\r\n");
    };
    if (!hop.headers.has("User-Agent")) line("User-Agent", settings_.user_agent);
    if (!hop.headers.has("Accept")) line("Accept", "*/*");
    if (!hop.headers.has("Accept-Encoding")) line("Accept-Encoding", "gzip, deflate");
    for (const auto& [name, value] : hop.headers.all()) line(name, value);
    const bool carries = hop.method == "POST" || hop.method == "PUT" || hop.method == "PATCH";
    if (carries || !hop.body.empty()) line("Content-Length", std::to_string(hop.body.size()));
    head += "\r\n";
    return head;
}

asio::awaitable<Result<HttpResponse>> Exchanger::run(const Hop& hop) {
    if (hop.url.tls() && tls_broken_) co_return *tls_broken_;
    const auto key = pool_key(hop);
    if (auto idle = pool_.take(key, clock_.steady())) {
        auto tried = co_await attempt(hop, std::move(idle));
        if (!tried.stale) co_return std::move(*tried.result);
    }
    auto stream = co_await connect(hop);
    if (!stream) co_return std::move(stream).error();
    auto tried = co_await attempt(hop, std::move(stream).value());
    co_return std::move(*tried.result);
}

asio::awaitable<Result<std::unique_ptr<Stream>>> Exchanger::connect(const Hop& hop) {
    const auto limit = std::min(hop.deadline, SteadyClock::now() + hop.limits.connect);
    auto addresses = co_await resolver_.lookup(hop.url.host, limit);
    if (!addresses) {
        const auto& error = addresses.error();
        co_return Error(error.code() == Errc::busy ? Errc::network : error.code(), error.message(), hop.url.authority());
    }
    auto& list = addresses.value();
    if (!hop.allow_private) {
        // What the name means now decides, and the connection goes to that very address: a later answer can't change it.
        std::erase_if(list, [](const asio::ip::address& address) { return !is_public_address(address.to_string()); });
        if (list.empty()) co_return Error(Errc::refused, hop.url.host + " is a private address", hop.url.authority());
    }
    Error last(Errc::network, "no address", hop.url.authority());
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto now = SteadyClock::now();
        if (now >= limit && i > 0) break;
        const auto share = (limit - now) / static_cast<int>(list.size() - i);  // a dead address leaves time for the next
        auto stream = co_await connect_to(hop, list[i], now + share);
        if (stream) co_return stream;
        last = std::move(stream).error();
        if (last.code() == Errc::tls || last.code() == Errc::cancelled) break;
    }
    co_return last;
}

asio::awaitable<Result<std::unique_ptr<Stream>>> Exchanger::connect_to(const Hop& hop, asio::ip::address address,
                                                                       Stream::TimePoint deadline) {
    auto stream = std::make_unique<Stream>(executor_);
    stream->set_deadline(deadline);
    asio::ip::tcp::endpoint endpoint(address, hop.url.port);
    const auto error = co_await stream->connect(endpoint);
    if (error) co_return connection_error(*stream, error, hop, "connecting", false);
    stream->set_deadline(hop.deadline);
    if (hop.url.tls()) {
        auto shaken = co_await stream->handshake(tls_, hop.url.host);
        if (!shaken) {
            if (stream->timed_out()) co_return connection_error(*stream, error, hop, "shaking hands over TLS", false);
            co_return Error(shaken.error().code(), shaken.error().message(), hop.url.authority());
        }
    }
    stream->set_buffer(read_buffer_bytes);
    co_return std::move(stream);
}

asio::awaitable<Exchanger::Attempt> Exchanger::attempt(const Hop& hop, std::unique_ptr<Stream> stream) {
    Attempt out;
    stream->set_deadline(hop.deadline);
    const auto head = head_of(hop);
    const auto write_error = co_await stream->write(head, hop.body);
    if (write_error && (stream->timed_out() || write_error == asio::error::operation_aborted)) {
        out.result.emplace(connection_error(*stream, write_error, hop, "sending", false));
        co_return out;
    }
    // A peer that had enough of the request may have said so before it closed: its answer is worth reading even then.
    const bool sent = !write_error;
    for (int interim = 0; interim <= max_interim; ++interim) {
        ResponseParser parser(body_limits(hop.limits), head_limit);
        parser.eager(true);
        parser.skip(hop.method == "HEAD");
        const auto read = co_await read_message(*stream, parser);
        if (read.connection) {
            const bool untouched = interim == 0 && !parser.got_some() && stream->data().empty();
            out.stale = untouched && !stream->timed_out() && read.connection != asio::error::operation_aborted;
            out.result.emplace(write_error ? connection_error(*stream, write_error, hop, "sending", false)
                                           : connection_error(*stream, read.connection, hop, "answering", sent));
            co_return out;
        }
        if (read.refused) {
            const auto code = read.refused->code() == Errc::limit ? Errc::limit : Errc::protocol;
            out.result.emplace(Error(code, hop.url.host + ": " + read.refused->message(), sent ? "sent" : hop.url.authority()));
            co_return out;
        }
        if (parser.status >= 100 && parser.status < 200 && parser.status != 101) continue;
        if (parser.status < 200 || parser.status > 999) break;
        const bool keep = parser.keep_alive() && sent && stream->data().empty();
        out.result.emplace(response_of(parser, hop));
        if (keep) {
            stream->rest();
            pool_.put(pool_key(hop), std::move(stream), clock_.steady());
        }
        co_return out;
    }
    out.result.emplace(Error(Errc::protocol, hop.url.host + " gave no final answer", sent ? "sent" : hop.url.authority()));
    co_return out;
}

}  // namespace vigie::net
