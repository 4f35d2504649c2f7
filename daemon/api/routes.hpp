// Which request goes where, and who may ask.
#pragma once

#include "vigie/engine/daemon.hpp"
#include "vigie/net/server.hpp"

namespace vigie::api {

boost::asio::awaitable<net::ServerReply> serve(engine::Daemon& daemon, net::ServerRequest request);

/// The value of a query parameter, percent-decoded; "" if it is absent.
std::string query_parameter(std::string_view query, std::string_view name);

}  // namespace vigie::api
