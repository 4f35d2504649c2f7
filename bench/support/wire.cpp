#include "support/wire.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <stdexcept>

namespace vigie::bench {
namespace {

constexpr int patience_seconds = 30;

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

long long number(std::string_view text) {
    long long value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) throw std::runtime_error("expected a number, found: " + std::string(text.substr(0, 60)));
    return value;
}

void set_up(int fd) {
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval patience{patience_seconds, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

/// One reply of RESP, with all that is inside it.
void skip_reply(Wire& wire) {
    const std::string line(wire.line());
    if (line.empty()) throw std::runtime_error("an empty reply");
    const std::string_view rest = std::string_view(line).substr(1);
    if (line[0] == '-') throw std::runtime_error("the server answers " + line);
    if (line[0] == '$' && number(rest) >= 0) wire.skip(static_cast<std::size_t>(number(rest)) + 2);
    if (line[0] == '*') {
        for (long long i = number(rest); i > 0; --i) skip_reply(wire);
    }
}

}  // namespace

std::uint16_t free_port() {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    const bool bound =
        bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 && getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    close(fd);
    if (!bound) throw std::runtime_error("there is no free port");
    return ntohs(address.sin_port);
}

Wire::Wire(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = loopback(port);
    if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        close(fd_);
        throw std::runtime_error(fmt::format("nobody listens on port {}", port));
    }
    set_up(fd_);
}

Wire::Wire(int accepted) : fd_(accepted) {
    set_up(fd_);
}

Wire::~Wire() {
    close(fd_);
}

void Wire::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) throw std::runtime_error("the peer takes nothing more");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool Wire::read_some() {
    char bytes[1 << 16];
    const ssize_t got = recv(fd_, bytes, sizeof bytes, 0);
    if (got < 0) throw std::runtime_error("the peer is silent");
    if (begin_ == buffer_.size()) {
        buffer_.clear();
        begin_ = 0;
    }
    buffer_.append(bytes, static_cast<std::size_t>(got));
    return got > 0;
}

void Wire::take(std::size_t bytes) {
    begin_ += bytes;
}

std::string_view Wire::line() {
    std::size_t end;
    while ((end = unread().find("\r\n")) == std::string_view::npos) {
        if (!read_some()) throw std::runtime_error("the peer closed the connection");
    }
    const std::string_view found = unread().substr(0, end);
    take(end + 2);
    return found;
}

void Wire::skip(std::size_t bytes) {
    while (unread().size() < bytes) {
        if (!read_some()) throw std::runtime_error("the peer closed the connection");
    }
    take(bytes);
}

std::string http_request(std::string_view method, std::string_view path, std::string_view content_type, std::string_view body) {
    std::string request = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\n", method, path);
    if (!content_type.empty()) request += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", content_type, body.size());
    request += "\r\n";
    return request.append(body);
}

HttpAnswer http_exchange(Wire& wire, std::string_view request) {
    wire.send(request);
    HttpAnswer answer;
    answer.status = static_cast<int>(number(wire.line().substr(9, 3)));
    std::size_t length = 0;
    for (std::string_view line; !(line = wire.line()).empty();) {
        constexpr std::string_view name = "content-length:";
        if (line.size() <= name.size() || strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
        line.remove_prefix(line.find_first_not_of(' ', name.size()));
        length = static_cast<std::size_t>(number(line));
    }
    while (wire.unread().size() < length) {
        if (!wire.read_some()) throw std::runtime_error("the peer closed the connection");
    }
    answer.body = wire.unread().substr(0, length);
    wire.take(length);
    return answer;
}

void resp_exchange(Wire& wire, std::string_view commands, std::size_t replies) {
    wire.send(commands);
    while (replies-- > 0) skip_reply(wire);
}

void append_resp(std::string& out, std::initializer_list<std::string_view> words) {
    fmt::format_to(std::back_inserter(out), "*{}\r\n", words.size());
    for (const std::string_view word : words) fmt::format_to(std::back_inserter(out), "${}\r\n{}\r\n", word.size(), word);
}

}  // namespace vigie::bench
