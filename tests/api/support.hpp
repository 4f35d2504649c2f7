// Requests and settings as the tests of the API need them.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "vigie/engine/settings.hpp"
#include "vigie/net/server.hpp"

namespace vigie::api::test {

inline net::ServerRequest request(const std::string& method, const std::string& path, const std::string& token = "", bool loopback = true) {
    net::ServerRequest out;
    out.method = method;
    out.path = path;
    out.peer = loopback ? "127.0.0.1" : "203.0.113.9";
    out.peer_is_loopback = loopback;
    if (!token.empty()) REQUIRE(out.headers.set("Authorization", "Bearer " + token).ok());
    return out;
}

inline engine::ApiToken token(const std::string& name, engine::Role role) {
    engine::ApiToken out;
    out.name = name;
    out.role = role;
    out.token = Secret(name + "-token");
    return out;
}

inline std::vector<engine::ApiToken> tokens() {
    return {token("reader", engine::Role::read), token("pusher", engine::Role::push), token("boss", engine::Role::admin)};
}

}  // namespace vigie::api::test
