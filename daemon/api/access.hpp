// Who may do what: by the peer's address and its bearer token.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "vigie/engine/settings.hpp"
#include "vigie/net/server.hpp"

namespace vigie::api {

/// The token of "Authorization: Bearer TOKEN", or "".
std::string_view bearer_token(const net::ServerRequest& request);
/// The role of the request's token; none without a token that is known.
std::optional<engine::Role> role_of(const net::ServerRequest& request, const std::vector<engine::ApiToken>& tokens);
/// Whether the request comes from this machine itself. One that a proxy passed on does not, wherever the proxy runs: it says so by the
/// header Forwarded, X-Forwarded-For or X-Real-IP.
bool is_local(const net::ServerRequest& request);
/// Requests from this machine may do everything; others what the role of their token allows (admin: everything; read: reading).
bool may(const net::ServerRequest& request, const std::vector<engine::ApiToken>& tokens, engine::Role wanted);

}  // namespace vigie::api
