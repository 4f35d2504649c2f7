#include "api/access.hpp"

namespace vigie::api {

std::string_view bearer_token(const net::ServerRequest& request) {
    const std::string_view authorization = request.headers.get("Authorization");
    if (authorization.size() <= 7 || !(authorization.starts_with("Bearer ") || authorization.starts_with("bearer "))) return {};
    return authorization.substr(7);
}

std::optional<engine::Role> role_of(const net::ServerRequest& request, const std::vector<engine::ApiToken>& tokens) {
    const std::string_view offered = bearer_token(request);
    if (offered.empty()) return std::nullopt;
    std::optional<engine::Role> role;
    // All of them are compared, so that the time does not tell which one was near.
    for (const engine::ApiToken& token : tokens) {
        if (token.token.equals(offered)) role = token.role;
    }
    return role;
}

bool is_local(const net::ServerRequest& request) {
    const bool passed_on = request.headers.has("Forwarded") || request.headers.has("X-Forwarded-For") || request.headers.has("X-Real-IP");
    return request.peer_is_loopback && !passed_on;
}

bool may(const net::ServerRequest& request, const std::vector<engine::ApiToken>& tokens, engine::Role wanted) {
    if (is_local(request)) return true;
    const std::optional<engine::Role> role = role_of(request, tokens);
    return role && (*role == wanted || *role == engine::Role::admin);
}

}  // namespace vigie::api
