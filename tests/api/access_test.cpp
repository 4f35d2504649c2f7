#include "api/access.hpp"

#include <doctest/doctest.h>

#include "api/support.hpp"

using namespace vigie;
using namespace vigie::api;
using namespace vigie::api::test;
using engine::Role;

namespace {

net::ServerRequest with(const std::string& name, const std::string& value, bool loopback = true) {
    auto out = request("GET", "/", "", loopback);
    REQUIRE(out.headers.set(name, value).ok());
    return out;
}

}  // namespace

TEST_CASE("the bearer token of a request") {
    CHECK(bearer_token(request("GET", "/", "abc")) == "abc");
    CHECK(bearer_token(with("authorization", "bearer abc")) == "abc");
    for (const char* other : {"Basic abc", "Bearer", "Bearer ", "abc", ""}) CHECK(bearer_token(with("Authorization", other)).empty());
    CHECK(bearer_token(request("GET", "/")).empty());
}

TEST_CASE("the role of a token") {
    CHECK(role_of(request("GET", "/", "reader-token"), tokens()) == Role::read);
    CHECK(role_of(request("GET", "/", "pusher-token"), tokens()) == Role::push);
    CHECK(role_of(request("GET", "/", "boss-token"), tokens()) == Role::admin);
    CHECK_FALSE(role_of(request("GET", "/", "reader-toke"), tokens()).has_value());
    CHECK_FALSE(role_of(request("GET", "/"), tokens()).has_value());
    engine::ApiToken empty;
    CHECK_FALSE(role_of(with("Authorization", "Bearer "), {empty}).has_value());
}

TEST_CASE("who may do what from another machine") {
    const auto allowed = [](const std::string& bearer) {
        std::string out;
        for (const Role role : {Role::push, Role::read, Role::admin})
            out += may(request("GET", "/", bearer, false), tokens(), role) ? '1' : '0';
        return out;
    };
    CHECK(allowed("") == "000");
    CHECK(allowed("wrong") == "000");
    CHECK(allowed("pusher-token") == "100");
    CHECK(allowed("reader-token") == "010");
    CHECK(allowed("boss-token") == "111");
}

TEST_CASE("a peer on this machine may do everything, but not one that a proxy here speaks for") {
    CHECK(is_local(request("GET", "/")));
    CHECK(may(request("GET", "/"), tokens(), Role::admin));
    CHECK(may(request("GET", "/"), {}, Role::admin));
    for (const char* header : {"X-Forwarded-For", "x-forwarded-for", "Forwarded", "X-Real-IP"}) {
        CAPTURE(header);
        CHECK_FALSE(is_local(with(header, "127.0.0.1")));
        CHECK_FALSE(may(with(header, "127.0.0.1"), tokens(), Role::read));
    }
    CHECK_FALSE(is_local(request("GET", "/", "", false)));
}
