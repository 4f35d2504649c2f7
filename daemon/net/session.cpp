#include "net/session.hpp"

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <boost/system/system_error.hpp>

#include "net/ascii.hpp"
#include "net/read_message.hpp"

namespace asio = boost::asio;
using SteadyClock = std::chrono::steady_clock;

namespace vigie::net {
namespace {

constexpr std::size_t large_buffer_bytes = 256u << 10;
constexpr double request_ratio = 200;

BodyLimits body_limits(const ServerSettings& settings) {
    BodyLimits out;
    out.wire_bytes = settings.wire_bytes;
    out.body_bytes = settings.body_bytes;
    out.inflate_ratio = request_ratio;
    return out;
}

std::string numeric(asio::ip::address address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return address.to_string();
}

/// What a handler may answer with; anything else is its mistake.
int final_status(int status) {
    return status >= 200 && status <= 599 ? status : 500;
}

bool has_no_body(int status) {
    return status == 204 || status == 304;
}

ServerReply error_reply(int status, const std::string& text) {
    return ServerReply(status, "application/json", "{\"error\":\"" + text + "\"}\n");
}

bool is_abort(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& error) {
        return error.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

}  // namespace

Result<std::string> format_reply_head(const ServerReply& reply, bool keep, Time now) {
    Headers fields;
    const int status = final_status(reply.status);
    if (!has_no_body(status)) {
        if (auto set = fields.set("Content-Type", reply.content_type); !set) return std::move(set).error();
    }
    for (const auto& [name, value] : reply.headers.all()) {
        const bool ours = iequals(name, "Content-Length") || iequals(name, "Transfer-Encoding") || iequals(name, "Connection") ||
                          iequals(name, "Date") || iequals(name, "X-Content-Type-Options");
        if (iequals(name, "Content-Type")) fields.remove(name);
        if (!ours) static_cast<void>(fields.add(name, value));
    }
    const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(static_cast<unsigned>(status)));
    std::string head = "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason.data(), reason.size()) + "\r\n";
    for (const auto& [name, value] : fields.all()) head.append(name).append(": ").append(value).append("\r\n");
    if (!fields.has("Cache-Control")) head += "Cache-Control: no-store\r\n";
    head += "X-Content-Type-Options: nosniff\r\nDate: " + format_http_date(now) + "\r\n";
    if (!has_no_body(status)) head += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
    head += keep ? "\r\n" : "Connection: close\r\n\r\n";
    return head;
}

Session::Session(std::shared_ptr<SessionContext> context, asio::ip::tcp::socket socket)
    : context_(std::move(context)), stream_(std::move(socket)) {
    boost::system::error_code error;
    const auto remote = stream_.socket().remote_endpoint(error);
    if (!error) {
        peer_ = numeric(remote.address());
        peer_is_loopback_ = asio::ip::make_address(peer_, error).is_loopback();
    }
    const auto local = stream_.socket().local_endpoint(error);
    if (!error) local_ = numeric(local.address());
    stream_.socket().set_option(asio::ip::tcp::no_delay(true), error);
    stream_.set_buffer(context_->settings.head_bytes + 1024);
}

asio::awaitable<void> Session::run() {
    const auto& settings = context_->settings;
    auto patience = settings.head;  // a fresh connection has something to say; a kept one may be silent
    for (bool alive = true; alive && !context_->stopping;) {
        if (stream_.data().empty()) {
            stream_.set_deadline(SteadyClock::now() + patience);
            const auto error = co_await stream_.fill();
            if (error) co_return;
        }
        busy_ = true;
        alive = co_await serve();
        busy_ = false;
        patience = settings.keep_alive;
    }
    co_await linger();
}

asio::awaitable<void> Session::turn_away() {
    stream_.set_deadline(SteadyClock::now() + std::chrono::seconds(1));
    auto full = error_reply(503, "too many connections");
    static_cast<void>(full.headers.set("Retry-After", "1"));
    co_await reply(full, false, true);
    co_await linger();
}

/// A close while bytes wait unread resets the connection, and the peer may never see the answer: so say goodbye and listen a little.
asio::awaitable<void> Session::linger() {
    constexpr std::size_t at_most = 1u << 20;
    if (stream_.timed_out() || !stream_.socket().is_open()) co_return;
    stream_.shutdown_send();
    stream_.set_deadline(SteadyClock::now() + std::chrono::seconds(1));
    for (std::size_t heard = 0; heard < at_most;) {
        const auto n = stream_.data().size();
        stream_.consume(n);
        heard += n;
        const auto error = co_await stream_.fill();
        if (error) break;
    }
    stream_.close();
}

asio::awaitable<bool> Session::read_head() {
    const auto limit = context_->settings.head_bytes;
    for (;;) {
        // Empty lines before a request are old clients' mistakes; a few are forgiven.
        for (int i = 0; i < 2 && stream_.data().substr(0, 2) == "\r\n"; ++i) stream_.consume(2);
        const auto bytes = stream_.data();
        const auto end = bytes.substr(0, limit).find("\r\n\r\n");
        if (end != std::string_view::npos) {
            head_size_ = end + 4;
            co_return true;
        }
        if (!bytes.empty() && bytes.front() != '\r' && !is_token_char(bytes.front())) {
            Refusal refusal(400, "not HTTP/1.1");
            co_await refuse(std::move(refusal));
            co_return false;
        }
        if (bytes.size() >= limit) {
            Refusal refusal(431, "the head of the request is too large");
            co_await refuse(std::move(refusal));
            co_return false;
        }
        const auto error = co_await stream_.fill();
        if (error) {
            stream_.close();
            co_return false;
        }
    }
}

bool Session::is_our_host(const std::string& host) const {
    const auto& hosts = context_->hosts;
    return host == local_ || std::find(hosts.begin(), hosts.end(), host) != hosts.end();
}

std::optional<Refusal> Session::judge(const RequestParser& parser, ServerRequest& request) const {
    const auto& headers = parser.state.headers;
    if (auto refusal = check_framing(stream_.data().substr(0, head_size_), headers, parser.state.version)) return refusal;
    const auto host = host_of_authority(headers.get("Host"));
    if (!host || !is_our_host(*host)) return Refusal(421, "this host is not served here");
    std::optional<Refusal> refusal;
    auto target = parse_target(parser.target, headers.get("Host"), refusal);
    if (refusal) return refusal;
    request.method = parser.method;
    request.path = std::move(target.path);
    request.query = std::move(target.query);
    return std::nullopt;
}

asio::awaitable<bool> Session::serve() {
    const auto& settings = context_->settings;
    const auto begin = SteadyClock::now();
    total_deadline_ = begin + settings.total;
    stream_.set_deadline(begin + settings.head);
    const bool has_head = co_await read_head();
    if (!has_head) co_return false;

    RequestParser parser(body_limits(settings), settings.head_bytes);
    parser.eager(false);
    boost::system::error_code error;
    const auto taken = parser.put(asio::buffer(stream_.data().data(), head_size_), error);
    ServerRequest request;
    std::optional<Refusal> refusal;
    if (parser.state.failure) {
        const bool large = parser.state.failure->code() == Errc::limit;
        refusal.emplace(large ? 431 : 400, large ? "too many header fields" : "a header has a control character");
    } else if (error == boost::beast::http::error::header_limit) {
        refusal.emplace(431, "the head of the request is too large");
    } else if (error || !parser.is_header_done() || taken != head_size_) {
        refusal.emplace(400, "not HTTP/1.1");
    } else {
        refusal = judge(parser, request);
    }
    if (refusal) co_return co_await refuse(std::move(*refusal));
    stream_.consume(head_size_);

    if (!parser.is_done()) {
        const bool whole = co_await read_body(parser);
        if (!whole) co_return false;
    }
    co_return co_await answer(parser, std::move(request));
}

asio::awaitable<bool> Session::read_body(RequestParser& parser) {
    const auto& settings = context_->settings;
    const auto length = parser.content_length();
    stream_.set_deadline(std::min(SteadyClock::now() + settings.body, total_deadline_));
    std::optional<Refusal> refusal;
    if (length && *length > settings.wire_bytes) {
        refusal.emplace(413, "the body is too large");
    } else if (auto known = parser.state.body.set_coding(parser.state.headers.get("Content-Encoding")); !known) {
        refusal.emplace(415, "the only content coding here is gzip");
    }
    if (!refusal) {
        if (parser.state.headers.has("Expect") && stream_.data().empty()) {
            const auto failed = co_await stream_.write("HTTP/1.1 100 Continue\r\n\r\n");
            if (failed) co_return false;
        }
        constexpr std::uint64_t small = 16u << 10;
        if (!length || *length > small) stream_.set_buffer(large_buffer_bytes);
        parser.eager(true);
        const auto read = co_await read_message(stream_, parser);
        if (read.connection) {
            stream_.close();
            co_return false;
        }
        if (!read.refused) co_return true;
        const bool large = read.refused->code() == Errc::limit;
        refusal.emplace(large ? 413 : 400, large ? "the body is too large" : "the body is ill-formed");
    }
    co_await refuse(std::move(*refusal));
    co_return false;
}

asio::awaitable<bool> Session::answer(RequestParser& parser, ServerRequest request) {
    const bool head_only = request.method == "HEAD";
    if (head_only) request.method = "GET";
    request.headers = std::move(parser.state.headers);
    request.body = parser.state.body.take();
    request.peer = peer_;
    request.peer_is_loopback = peer_is_loopback_;
    stream_.set_deadline(total_deadline_);

    ServerReply made;
    std::exception_ptr failure;
    try {
        made = co_await context_->handler(std::move(request));
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) {
        if (is_abort(failure) && context_->stopping) std::rethrow_exception(failure);
        made = error_reply(500, "internal error");
    }
    const bool keep = parser.keep_alive() && !context_->stopping;
    const bool written = co_await reply(made, keep, !head_only);
    co_return written&& keep;
}

asio::awaitable<bool> Session::reply(const ServerReply& reply, bool keep, bool with_body) {
    auto head = format_reply_head(reply, keep, context_->clock.now());
    if (!head) {
        const auto broken = error_reply(500, "internal error");
        head = format_reply_head(broken, false, context_->clock.now());
        const auto failed = co_await stream_.write(head.value(), broken.body);
        static_cast<void>(failed);
        co_return false;
    }
    std::string_view body;
    if (with_body && !has_no_body(final_status(reply.status))) body = reply.body;
    const auto error = co_await stream_.write(head.value(), body);
    co_return !error;
}

asio::awaitable<bool> Session::refuse(Refusal refusal) {
    const auto answer = error_reply(refusal.status, refusal.text);
    co_await reply(answer, false, true);
    co_return false;
}

}  // namespace vigie::net
