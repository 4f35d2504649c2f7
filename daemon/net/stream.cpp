#include "net/stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <limits>
#include <optional>
#include <vector>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace vigie::net {
namespace {

constexpr std::size_t first_buffer_bytes = 16u << 10;
constexpr auto tupled = asio::as_tuple(asio::use_awaitable);

}  // namespace

struct Stream::Impl : std::enable_shared_from_this<Stream::Impl> {
    explicit Impl(tcp::socket s) : socket(std::move(s)), timer(socket.get_executor()) {}

    void arm(TimePoint when) {
        timer.expires_at(when);
        timer.async_wait([weak = weak_from_this()](const ErrorCode& error) {
            const auto self = weak.lock();
            // A wait that was replaced may still arrive as a success if its time had come: the timer itself tells.
            if (!self || error || self->timer.expiry() > std::chrono::steady_clock::now()) return;
            self->timed_out = true;
            ErrorCode ignored;
            self->socket.close(ignored);
        });
    }

    void make_room() {
        if (begin == end) begin = end = 0;
        if (begin > 0 && end == buffer.size()) {
            std::copy(buffer.begin() + static_cast<std::ptrdiff_t>(begin), buffer.begin() + static_cast<std::ptrdiff_t>(end),
                      buffer.begin());
            end -= begin;
            begin = 0;
        }
        if (buffer.size() < capacity && end == buffer.size()) buffer.resize(capacity);
    }

    tcp::socket socket;
    std::optional<asio::ssl::stream<tcp::socket&>> tls;
    asio::steady_timer timer;
    std::vector<char> buffer;
    std::size_t capacity = first_buffer_bytes;
    std::size_t begin = 0, end = 0;
    bool timed_out = false;
    bool name_mismatch = false;
};

Stream::Stream(asio::any_io_executor executor) : impl_(std::make_shared<Impl>(tcp::socket(executor))) {}
Stream::Stream(tcp::socket socket) : impl_(std::make_shared<Impl>(std::move(socket))) {}
Stream::~Stream() {
    close();
}

void Stream::set_deadline(TimePoint when) {
    impl_->arm(when);
}

void Stream::rest() {
    impl_->timer.expires_at(TimePoint::max());
    if (impl_->begin != impl_->end) return;
    impl_->begin = impl_->end = 0;
    std::vector<char>().swap(impl_->buffer);
}

bool Stream::timed_out() const noexcept {
    return impl_->timed_out;
}

asio::awaitable<Stream::ErrorCode> Stream::connect(tcp::endpoint endpoint) {
    const auto impl = impl_;
    ErrorCode error;
    impl->socket.close(error);
    impl->socket.open(endpoint.protocol(), error);
    if (error) co_return error;
    const auto [connected] = co_await impl->socket.async_connect(endpoint, tupled);
    if (!connected) impl->socket.set_option(tcp::no_delay(true), error);
    co_return connected;
}

asio::awaitable<Result<>> Stream::handshake(asio::ssl::context& context, std::string host) {
    const auto impl = impl_;
    auto& tls = impl->tls.emplace(impl->socket, context);
    ErrorCode ignored;
    asio::ip::make_address(host, ignored);
    const bool is_name = static_cast<bool>(ignored);
    // SNI carries names only (RFC 6066), and without the callback a valid certificate of anybody would do.
    if (is_name && SSL_set_tlsext_host_name(tls.native_handle(), host.c_str()) != 1)
        co_return Error(Errc::tls, "the name is unfit for TLS", host);
    constexpr std::array<unsigned char, 9> http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    SSL_set_alpn_protos(tls.native_handle(), http_1_1.data(), static_cast<unsigned>(http_1_1.size()));
    tls.set_verify_mode(asio::ssl::verify_peer);
    auto verify = [verification = asio::ssl::host_name_verification(host), weak = std::weak_ptr<Impl>(impl)](
                      bool preverified, asio::ssl::verify_context& certificate) {
        const bool fine = verification(preverified, certificate);
        if (preverified && !fine) {
            if (const auto self = weak.lock()) self->name_mismatch = true;
        }
        return fine;
    };
    tls.set_verify_callback(std::move(verify), ignored);

    const auto [error] = co_await tls.async_handshake(asio::ssl::stream_base::client, tupled);
    if (!error) co_return Done();
    if (impl->name_mismatch) co_return Error(Errc::tls, "the certificate is not for " + host, host);
    const long verdict = SSL_get_verify_result(tls.native_handle());
    if (verdict != X509_V_OK) {
        co_return Error(Errc::tls, std::string("the certificate was refused: ") + X509_verify_cert_error_string(verdict), host);
    }
    const bool from_tls = error.category() == asio::error::get_ssl_category();
    co_return Error(from_tls ? Errc::tls : Errc::network, "the TLS handshake failed: " + error.message(), host);
}

asio::awaitable<Stream::ErrorCode> Stream::fill() {
    const auto impl = impl_;
    impl->make_room();
    if (impl->end == impl->buffer.size()) co_return ErrorCode(asio::error::no_buffer_space);
    const auto room = asio::buffer(impl->buffer.data() + impl->end, impl->buffer.size() - impl->end);
    ErrorCode error;
    std::size_t n = 0;
    if (impl->tls) {
        std::tie(error, n) = co_await impl->tls->async_read_some(room, tupled);
    } else {
        std::tie(error, n) = co_await impl->socket.async_read_some(room, tupled);
    }
    impl->end += n;
    if (n > 0) co_return ErrorCode();
    co_return error;
}

std::string_view Stream::data() const noexcept {
    return std::string_view(impl_->buffer.data() + impl_->begin, impl_->end - impl_->begin);
}

void Stream::consume(std::size_t n) noexcept {
    impl_->begin += std::min(n, impl_->end - impl_->begin);
}

void Stream::set_buffer(std::size_t bytes) {
    impl_->capacity = std::max(impl_->capacity, bytes);
}

asio::awaitable<Stream::ErrorCode> Stream::write(std::string_view first, std::string_view second) {
    const auto impl = impl_;
    std::array<asio::const_buffer, 2> pieces;
    pieces[0] = asio::buffer(first.data(), first.size());
    pieces[1] = asio::buffer(second.data(), second.size());
    ErrorCode error;
    std::size_t n = 0;
    if (impl->tls) {
        std::tie(error, n) = co_await asio::async_write(*impl->tls, pieces, tupled);
    } else {
        std::tie(error, n) = co_await asio::async_write(impl->socket, pieces, tupled);
    }
    co_return error;
}

bool Stream::is_quiet() const {
    if (!impl_->socket.is_open() || impl_->begin != impl_->end) return false;
    if (impl_->tls && SSL_pending(impl_->tls->native_handle()) > 0) return false;
    char byte = 0;
    const auto n = ::recv(impl_->socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void Stream::shutdown_send() noexcept {
    ErrorCode ignored;
    impl_->socket.shutdown(tcp::socket::shutdown_send, ignored);
}

void Stream::close() noexcept {
    impl_->timer.cancel();
    ErrorCode ignored;
    impl_->socket.close(ignored);
}

tcp::socket& Stream::socket() noexcept {
    return impl_->socket;
}

}  // namespace vigie::net
