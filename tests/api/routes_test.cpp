#include "api/routes.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "api/support.hpp"
#include "net/loop.hpp"
#include "vigie/core/untrusted.hpp"

using namespace vigie;
using namespace vigie::api;
using namespace vigie::api::test;

namespace {

/// A daemon that is opened, but does not run: enough for whatever does not ask its ledger.
struct House {
    House() {
        REQUIRE(::mkdtemp(folder.data()) != nullptr);
        std::ofstream(folder + "/vigie.yaml") << "brands: [{name: aurora, query: aurora}]\ndata_dir: data\n"
                                                 "sources: [{name: push, kind: push}]\nlog: {level: error}\n";
        engine::DaemonOptions options;
        options.config = folder + "/vigie.yaml";
        auto made = engine::Daemon::create(options);
        REQUIRE_MESSAGE(made.ok(), (made ? "" : made.error().text()));
        daemon = std::move(*made);
    }
    ~House() {
        daemon.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    net::ServerReply ask(net::ServerRequest what) { return net::test::run(io, serve(*daemon, std::move(what))); }

    std::string folder = (std::filesystem::temp_directory_path() / "vigie-api-XXXXXX").string();
    std::unique_ptr<engine::Daemon> daemon;
    boost::asio::io_context io;
};

std::string code_of(const net::ServerReply& reply) {
    return std::string(boost::json::parse(reply.body).at("error").at("code").as_string());
}

}  // namespace

TEST_CASE("query parameters are percent-decoded") {
    CHECK(query_parameter("a=1&b=2", "b") == "2");
    CHECK(query_parameter("a=1&b=2", "c") == "");
    CHECK(query_parameter("", "a") == "");
    CHECK(query_parameter("a", "a") == "");
    CHECK(query_parameter("a=", "a") == "");
    CHECK(query_parameter("&&a=1&&", "a") == "1");
    CHECK(query_parameter("a=1&a=2", "a") == "1");
    CHECK(query_parameter("ab=1&a=2", "a") == "2");
    CHECK(query_parameter("a=b=c", "a") == "b=c");
    CHECK(query_parameter("a=x+y%2Bz%20w", "a") == "x y+z w");
    CHECK(query_parameter("a=%41%4a%4A", "a") == "AJJ");
    CHECK(query_parameter("a=%C3%A9", "a") == "\xC3\xA9");
    for (const char* broken : {"a=%", "a=%4", "a=%zz", "a=100%"}) {
        CAPTURE(broken);
        CHECK(query_parameter(broken, "a") == std::string(broken).substr(2));
    }
    CHECK(is_utf8(query_parameter("a=%FF%00%C3", "a")));
    CHECK(query_parameter("a=x%00y", "a") == "xy");
}

TEST_CASE("what is not there, and what is asked in the wrong way") {
    House house;
    for (const char* path : {"/nothing", "/api/v1", "/api/v1/items/", "/metrics/x"}) {
        const auto reply = house.ask(request("GET", path));
        CHECK(reply.status == 404);
        CHECK(code_of(reply) == "not_found");
    }
    const auto items = house.ask(request("GET", "/api/v1/items"));
    CHECK(items.status == 405);
    CHECK(items.headers.get("Allow") == "POST");
    const auto metrics = house.ask(request("POST", "/metrics"));
    CHECK(metrics.status == 405);
    CHECK(metrics.headers.get("Allow") == "GET, HEAD");
    CHECK(house.ask(request("DELETE", "/-/reload")).status == 405);
}

TEST_CASE("health needs no token, the rest does from another machine") {
    House house;
    CHECK(house.ask(request("GET", "/-/ready", "", false)).status == 503);  // it does not run yet
    CHECK(house.ask(request("HEAD", "/-/ready", "", false)).status == 503);
    for (const char* path : {"/", "/metrics", "/api/v1/status", "/api/v1/alerts", "/api/v1/sources", "/api/v1/top"}) {
        CAPTURE(path);
        const auto reply = house.ask(request("GET", path, "", false));
        CHECK(reply.status == 401);
        CHECK(reply.headers.get("WWW-Authenticate") == "Bearer");
        CHECK(code_of(reply) == "refused");
    }
    for (const char* path : {"/-/reload", "/api/v1/backup", "/api/v1/items"}) {
        CAPTURE(path);
        CHECK(house.ask(request("POST", path, "wrong", false)).status == 401);
    }
    CHECK(house.ask(request("GET", "/")).status == 200);
    CHECK(house.ask(request("GET", "/api/v1/sources")).status == 200);
}

TEST_CASE("a page of another site does nothing here") {
    House house;
    for (const char* origin : {"https://evil.example", "null", "http://127.0.0.1:8480.evil.example", "http://127.0.0.1:9999"}) {
        CAPTURE(origin);
        auto foreign = request("POST", "/api/v1/items");
        REQUIRE(foreign.headers.set("Host", "127.0.0.1:8480").ok());
        REQUIRE(foreign.headers.set("Origin", origin).ok());
        CHECK(house.ask(std::move(foreign)).status == 403);
    }
    auto own = request("POST", "/api/v1/items");
    REQUIRE(own.headers.set("Host", "127.0.0.1:8480").ok());
    REQUIRE(own.headers.set("Origin", "http://127.0.0.1:8480").ok());
    CHECK(house.ask(std::move(own)).status == 415);  // let in, and refused for its content type alone
}

TEST_CASE("parameters that are wrong say what was expected") {
    House house;
    const auto top = [&](const std::string& query) {
        auto what = request("GET", "/api/v1/top");
        what.query = query;
        return house.ask(std::move(what));
    };
    CHECK(top("brand=aurora&span=soon").status == 400);
    for (const char* limit : {"0", "-1", "1001", "x", "1x"}) CHECK(top(std::string("brand=aurora&limit=") + limit).status == 400);
    const auto near = top("brand=aurroa");
    CHECK(near.status == 404);
    CHECK(near.body.find("did you mean \\\"aurora\\\"?") != std::string::npos);
    auto backup = request("POST", "/api/v1/backup");
    for (const char* body : {"", "[]", "{\"directory\": 1}", "{", "{\"directory\": \"relative\"}"}) {
        CAPTURE(body);
        backup.body = body;
        CHECK(house.ask(backup).status == 400);
    }
}
