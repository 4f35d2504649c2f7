#include "net/raw_peer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace vigie::net::test {
namespace {

constexpr auto tupled = asio::as_tuple(asio::use_awaitable);

}  // namespace

struct RawServer::State {
    State(asio::any_io_executor executor, Script s)
        : script(std::move(s)), acceptor(executor, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}

    static asio::awaitable<void> serve(std::shared_ptr<State> self, Socket socket, int number) { co_await self->script(socket, number); }

    static asio::awaitable<void> accept(std::shared_ptr<State> self) {
        for (;;) {
            auto [error, socket] = co_await self->acceptor.async_accept(tupled);
            if (error) co_return;
            asio::co_spawn(self->acceptor.get_executor(), serve(self, std::move(socket), self->connections++), asio::detached);
        }
    }

    Script script;
    tcp::acceptor acceptor;
    int connections = 0;
};

RawServer::RawServer(asio::any_io_executor executor, Script script) : state_(std::make_shared<State>(executor, std::move(script))) {
    asio::co_spawn(executor, State::accept(state_), asio::detached);
}

RawServer::~RawServer() {
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
}

std::uint16_t RawServer::port() const {
    return state_->acceptor.local_endpoint().port();
}

int RawServer::connections() const {
    return state_->connections;
}

std::string RawServer::url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port()) + path;
}

RawServer::Script always(std::string answer) {
    return [answer](RawServer::Socket& socket, int) -> asio::awaitable<void> {
        const auto request = co_await read_request(socket);
        co_await write_all(socket, answer);
    };
}

asio::awaitable<std::string> read_request(RawServer::Socket& socket) {
    std::string request;
    std::string chunk(65536, '\0');
    std::size_t wanted = std::string::npos;
    while (wanted == std::string::npos || request.size() < wanted) {
        const auto [error, n] = co_await socket.async_read_some(asio::buffer(chunk), tupled);
        if (error) co_return std::string();
        request.append(chunk, 0, n);
        const auto end = request.find("\r\n\r\n");
        if (wanted == std::string::npos && end != std::string::npos) {
            const auto length = request.find("Content-Length: ");
            wanted = end + 4;
            if (length < end) wanted += std::stoul(request.substr(length + 16));
        }
    }
    co_return request;
}

asio::awaitable<bool> write_all(RawServer::Socket& socket, std::string bytes) {
    const auto [error, n] = co_await asio::async_write(socket, asio::buffer(bytes), tupled);
    static_cast<void>(n);
    co_return !error;
}

asio::awaitable<void> until_closed(RawServer::Socket& socket) {
    std::string chunk(4096, '\0');
    for (;;) {
        const auto [error, n] = co_await socket.async_read_some(asio::buffer(chunk), tupled);
        static_cast<void>(n);
        if (error) co_return;
    }
}

asio::awaitable<std::string> talk(std::uint16_t port, std::string bytes) {
    const auto executor = co_await asio::this_coro::executor;
    tcp::socket socket(executor);
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
    co_await socket.async_connect(endpoint, asio::use_awaitable);
    co_await write_all(socket, std::move(bytes));
    std::string all;
    std::string chunk(65536, '\0');
    for (;;) {
        const auto [error, n] = co_await socket.async_read_some(asio::buffer(chunk), tupled);
        all.append(chunk, 0, n);
        if (error) co_return all;
    }
}

}  // namespace vigie::net::test
