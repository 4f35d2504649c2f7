#include "vigie/api/frontend.hpp"

#include "api/routes.hpp"
#include "vigie/net/address.hpp"
#include "vigie/net/server.hpp"

namespace vigie::api {
namespace {

class HttpFrontend final : public engine::Daemon::Frontend {
public:
    explicit HttpFrontend(std::unique_ptr<net::HttpServer> server) : server_(std::move(server)) {}
    std::uint16_t port() const override { return server_->port(); }
    boost::asio::awaitable<void> stop(Duration grace) override { co_await server_->stop(grace); }

private:
    std::unique_ptr<net::HttpServer> server_;
};

}  // namespace

Result<std::unique_ptr<engine::Daemon::Frontend>> make_frontend(engine::Daemon& daemon) {
    net::ServerSettings settings;
    settings.listen = daemon.configuration().settings.listen;
    if (const auto url = net::parse_url(daemon.configuration().settings.external_url)) settings.allowed_hosts.push_back(url->host);
    auto server = net::start_http_server(daemon.executor(), daemon.clock(), std::move(settings),
                                         [&daemon](net::ServerRequest request) { return serve(daemon, std::move(request)); });
    if (!server) return server.error();
    return std::unique_ptr<engine::Daemon::Frontend>(std::make_unique<HttpFrontend>(std::move(*server)));
}

}  // namespace vigie::api
