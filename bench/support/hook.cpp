#include "support/hook.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <vector>

#include "support/wire.hpp"

namespace vigie::bench {
namespace {

constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// Takes one whole request; none if more of it has yet to come.
std::optional<std::string> take_request(Wire& wire) {
    const std::string_view bytes = wire.unread();
    const std::size_t head = bytes.find("\r\n\r\n");
    if (head == std::string_view::npos) return std::nullopt;
    std::size_t length = 0;
    for (std::size_t at = bytes.find("\r\n"); at < head; at = bytes.find("\r\n", at + 2)) {
        constexpr std::string_view name = "\r\nContent-Length:";
        if (strncasecmp(bytes.data() + at, name.data(), name.size()) == 0)
            length = std::strtoull(bytes.data() + at + name.size(), nullptr, 10);
    }
    if (bytes.size() < head + 4 + length) return std::nullopt;
    std::string body(bytes.substr(head + 4, length));
    wire.take(head + 4 + length);
    return body;
}

}  // namespace

Hook::Hook() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 64) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0 || pipe2(stop_, O_CLOEXEC) != 0)
        throw std::runtime_error("cannot listen");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

Hook::~Hook() {
    close(stop_[1]);
    thread_.join();
    close(stop_[0]);
    close(listener_);
}

std::optional<Hook::Arrival> Hook::next(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    if (!came_.wait_for(lock, patience, [this] { return !arrivals_.empty(); })) return std::nullopt;
    Arrival first = std::move(arrivals_.front());
    arrivals_.pop_front();
    return first;
}

void Hook::serve() {
    std::vector<std::unique_ptr<Wire>> wires;
    for (;;) {
        std::vector<pollfd> watched{{stop_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
        for (const auto& wire : wires) watched.push_back({wire->descriptor(), POLLIN, 0});
        if (poll(watched.data(), watched.size(), -1) < 0) continue;
        if (watched[0].revents != 0) return;
        for (std::size_t i = 2; i < watched.size(); ++i) {
            std::unique_ptr<Wire>& wire = wires[i - 2];
            if (watched[i].revents == 0) continue;
            try {
                if (!wire->read_some()) wire.reset();
                while (wire) {
                    std::optional<std::string> body = take_request(*wire);
                    if (!body) break;
                    const auto now = Steady::now();
                    wire->send(answer);
                    const std::lock_guard lock(mutex_);
                    arrivals_.push_back({now, std::move(*body)});
                    came_.notify_all();
                }
            } catch (const std::runtime_error&) {
                wire.reset();
            }
        }
        std::erase(wires, nullptr);
        if (watched[1].revents != 0) {
            if (const int accepted = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC); accepted >= 0)
                wires.push_back(std::make_unique<Wire>(accepted));
        }
    }
}

}  // namespace vigie::bench
