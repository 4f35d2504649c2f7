// Plain blocking sockets on this machine: what measures must not cost more than what is measured.
// Thread-safety: one owner each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vigie::bench {

/// A TCP port that is free now.
std::uint16_t free_port();

/// A connection; what is read is kept until it is taken. Everything throws std::runtime_error when the peer is gone or silent for 30 s.
class Wire {
public:
    explicit Wire(std::uint16_t port);
    explicit Wire(int accepted);
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    void send(std::string_view bytes);
    /// Reads more; false: the peer closed.
    bool read_some();
    /// What was read and not taken yet.
    std::string_view unread() const { return std::string_view(buffer_).substr(begin_); }
    void take(std::size_t bytes);
    /// Reads a line and takes it, without its CR LF; valid until the next call.
    std::string_view line();
    /// Reads so many bytes and takes them.
    void skip(std::size_t bytes);
    int descriptor() const { return fd_; }

private:
    int fd_ = -1;
    std::string buffer_;
    std::size_t begin_ = 0;
};

struct HttpAnswer {
    int status = 0;
    std::string body;
};

/// The request's bytes, made before the clock runs.
std::string http_request(std::string_view method, std::string_view path, std::string_view content_type, std::string_view body);
/// Sends the request and waits for the whole answer; the connection stays open.
HttpAnswer http_exchange(Wire& wire, std::string_view request);

/// A pipelined exchange with a server that speaks RESP: sends the commands and waits for as many replies. Throws at an error reply.
void resp_exchange(Wire& wire, std::string_view commands, std::size_t replies);
/// Appends one command in RESP.
void append_resp(std::string& out, std::initializer_list<std::string_view> words);

}  // namespace vigie::bench
