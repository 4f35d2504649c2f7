#include "vigie/net/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <list>
#include <map>

#include "net/ascii.hpp"
#include "net/session.hpp"
#include "vigie/net/task_group.hpp"
#include "vigie/net/timer.hpp"

namespace asio = boost::asio;
using asio::ip::tcp;

namespace vigie::net {
namespace {

struct ListenAddress {
    std::string host;
    std::uint16_t port = 0;
};

Result<ListenAddress> parse_listen(std::string_view text) {
    const Error wrong(Errc::invalid, "expected an address to listen on such as 127.0.0.1:8480 or [::1]:8480, found " + std::string(text));
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return wrong;
    auto host = text.substr(0, colon);
    if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    const auto digits = text.substr(colon + 1);
    ListenAddress out;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
    if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) return wrong;
    out.host = iequals(host, "localhost") ? "127.0.0.1" : std::string(host);
    return out;
}

/// Opens the acceptor. Errors as start_http_server.
Result<> open(tcp::acceptor& acceptor, const ListenAddress& listen) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(listen.host, error);
    if (error) return Error(Errc::invalid, "expected a numeric address to listen on, found " + listen.host);
    const tcp::endpoint endpoint(address, listen.port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) return {};
    const std::string place = "port " + std::to_string(listen.port) + " on " + listen.host;
    if (error == asio::error::address_in_use) return Error(Errc::busy, place + " is in use");
    return Error(Errc::io, "listening on " + place + " failed: " + error.message());
}

/// What the server object and its coroutines share.
struct ServerCore {
    ServerCore(asio::any_io_executor executor, const Clock& clock, ServerSettings settings, Handler handler)
        : context(std::make_shared<SessionContext>(clock, std::move(settings), std::move(handler))), acceptor(executor), tasks(executor) {}

    void admit(const std::shared_ptr<ServerCore>& self, tcp::socket socket);

    std::shared_ptr<SessionContext> context;
    tcp::acceptor acceptor;
    std::list<std::shared_ptr<Session>> sessions;
    std::map<std::string, std::size_t> per_peer;
    std::size_t turning_away = 0;
    TaskGroup tasks;  // last: its end cancels what uses the rest
};

/// Keeps the counts right whichever way a session ends.
class Admission {
public:
    Admission(std::shared_ptr<ServerCore> core, std::shared_ptr<Session> session, std::string peer)
        : core_(std::move(core)), session_(std::move(session)), peer_(std::move(peer)) {
        core_->sessions.push_back(session_);
        ++core_->per_peer[peer_];
    }
    ~Admission() {
        core_->sessions.remove(session_);
        if (--core_->per_peer[peer_] == 0) core_->per_peer.erase(peer_);
    }
    Admission(const Admission&) = delete;
    Admission& operator=(const Admission&) = delete;

private:
    std::shared_ptr<ServerCore> core_;
    std::shared_ptr<Session> session_;
    std::string peer_;
};

asio::awaitable<void> run_session(std::shared_ptr<Session> session, std::shared_ptr<Admission> admission) {
    co_await session->run();
    session->close();
    admission.reset();
}

asio::awaitable<void> run_refusal(std::shared_ptr<ServerCore> core, std::shared_ptr<Session> session) {
    const std::shared_ptr<void> counted(nullptr, [core](void*) { --core->turning_away; });
    co_await session->turn_away();
    session->close();
}

void ServerCore::admit(const std::shared_ptr<ServerCore>& self, tcp::socket socket) {
    boost::system::error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (error) return;  // it left already
    const auto peer = remote.address().to_string();
    const auto& settings = context->settings;
    const auto of_peer = per_peer.find(peer);
    const bool full =
        sessions.size() >= settings.max_connections || (of_peer != per_peer.end() && of_peer->second >= settings.max_per_peer);
    constexpr std::size_t polite = 32;  // beyond that, a flood gets no words
    if (full && turning_away >= polite) return;
    auto session = std::make_shared<Session>(context, std::move(socket));
    if (full) {
        ++turning_away;
        tasks.spawn("refusal", [self, session] { return run_refusal(self, session); });
        return;
    }
    auto admission = std::make_shared<Admission>(self, session, peer);
    tasks.spawn("session", [session, admission] { return run_session(session, admission); });
}

asio::awaitable<void> accept_loop(std::shared_ptr<ServerCore> core) {
    constexpr Duration pause{250};
    while (!core->context->stopping) {
        auto [error, socket] = co_await core->acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
        if (core->context->stopping || error == asio::error::operation_aborted || error == asio::error::bad_descriptor) co_return;
        if (!error) {
            core->admit(core, std::move(socket));
        } else if (error != asio::error::connection_aborted) {
            // No descriptor or no memory is left: the kernel keeps the callers waiting while ours finish.
            co_await sleep_for(pause);
        }
    }
}

class BeastServer final : public HttpServer {
public:
    BeastServer(std::shared_ptr<ServerCore> core, std::uint16_t port) : core_(std::move(core)), port_(port) {}
    ~BeastServer() override {
        close_intake();
        for (const auto& session : core_->sessions) session->close();
        core_->tasks.cancel();
    }

    std::uint16_t port() const override { return port_; }
    asio::awaitable<void> stop(Duration grace) override {
        close_intake();
        return drain(core_, grace);
    }

private:
    void close_intake() {
        core_->context->stopping = true;
        boost::system::error_code ignored;
        core_->acceptor.close(ignored);
        for (const auto& session : core_->sessions) {
            if (!session->busy()) session->close();
        }
    }

    static asio::awaitable<void> drain(std::shared_ptr<ServerCore> core, Duration grace) {
        bool empty = co_await core->tasks.wait(grace);
        if (empty) co_return;
        core->tasks.cancel();
        const auto sessions = core->sessions;
        for (const auto& session : sessions) session->close();
        constexpr Duration while_it_lasts{1000};
        while (!empty) empty = co_await core->tasks.wait(while_it_lasts);
    }

    std::shared_ptr<ServerCore> core_;
    std::uint16_t port_;
};

std::vector<std::string> allowed_hosts(const ServerSettings& settings, const std::string& listen_host) {
    std::vector<std::string> out{"localhost", lowered(listen_host)};
    for (const auto& host : settings.allowed_hosts) {
        if (auto plain = host_of_authority(host)) out.push_back(std::move(*plain));
    }
    return out;
}

}  // namespace

Result<std::unique_ptr<HttpServer>> start_http_server(asio::any_io_executor executor, const Clock& clock, ServerSettings settings,
                                                      Handler handler) {
    auto listen = parse_listen(settings.listen);
    if (!listen) return std::move(listen).error();
    auto core = std::make_shared<ServerCore>(std::move(executor), clock, std::move(settings), std::move(handler));
    core->context->hosts = allowed_hosts(core->context->settings, listen->host);
    if (auto opened = open(core->acceptor, listen.value()); !opened) return std::move(opened).error();
    boost::system::error_code error;
    const auto port = core->acceptor.local_endpoint(error).port();
    core->tasks.spawn("accept", [core] { return accept_loop(core); });
    return std::unique_ptr<HttpServer>(std::make_unique<BeastServer>(std::move(core), port));
}

}  // namespace vigie::net
