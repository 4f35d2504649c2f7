#include "api/items.hpp"

#include <doctest/doctest.h>

#include "api/support.hpp"

using namespace vigie;
using namespace vigie::api;
using namespace vigie::api::test;

namespace {

const std::string item = R"({"type":"item","id":"x/1","platform":"x","published":"2026-03-01T09:00:00Z","text":"a"})";

net::ServerRequest body(const std::string& type, const std::string& text) {
    auto out = request("POST", "/api/v1/items");
    if (!type.empty()) REQUIRE(out.headers.set("Content-Type", type).ok());
    out.body = text;
    return out;
}

sources::SourceSettings push(const std::string& name, const std::string& token = "") {
    sources::SourceSettings out;
    out.name = name;
    out.kind = sources::SourceKind::push;
    if (!token.empty()) out.token = Secret(token);
    return out;
}

engine::Settings with(std::vector<sources::SourceSettings> sources) {
    engine::Settings out;
    out.sources = std::move(sources);
    out.tokens = tokens();
    return out;
}

}  // namespace

TEST_CASE("the content type says how a body is read") {
    for (const char* type :
         {"application/x-ndjson", "application/ndjson", "Application/X-NDJSON; charset=utf-8", "application/x-ndjson ;q=1"}) {
        CAPTURE(type);
        const auto parsed = parse_items(body(type, item + "\n" + item + "\r\n\n"));
        REQUIRE(parsed.ok());
        CHECK(parsed->records.size() == 2);
        CHECK(parsed->rejected.empty());
    }
    const auto array = parse_items(body("application/json", "[" + item + "," + item + "]"));
    REQUIRE(array.ok());
    CHECK(array->records.size() == 2);
    CHECK(parse_items(body("application/json; charset=utf-8", item))->records.size() == 1);
    for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx"}) {
        CAPTURE(type);
        const auto refused = parse_items(body(type, item));
        REQUIRE_FALSE(refused.ok());
        CHECK(refused.error().code() == Errc::unsupported);
        CHECK(refused.error().message().find("expected application/x-ndjson or application/json") != std::string::npos);
    }
}

TEST_CASE("bad records are named by line and field, and the good ones kept") {
    const auto lines = parse_items(body("application/x-ndjson", item + "\n{\"type\":\"item\"}\nno\n" + item + "\n"));
    REQUIRE(lines.ok());
    CHECK(lines->records.size() == 2);
    REQUIRE(lines->rejected.size() == 2);
    CHECK(lines->rejected[0].line == 2);
    CHECK_FALSE(lines->rejected[0].field.empty());
    CHECK(lines->rejected[1].line == 3);
    const auto array = parse_items(body("application/json", "[" + item + ",{\"type\":\"nothing\"}]"));
    REQUIRE(array.ok());
    CHECK(array->records.size() == 1);
    REQUIRE(array->rejected.size() == 1);
    CHECK(array->rejected[0].line == 2);
    const auto unknown = parse_items(body("application/json", R"({"type":"delete","id":"x/1","at":"2026-03-01T09:00:00Z","more":1})"));
    CHECK(unknown->unknown_fields == 1);
    CHECK(parse_items(body("application/x-ndjson", ""))->records.empty());
}

TEST_CASE("who may push, and as which source") {
    const auto settings = with({push("first", "one"), push("second", "two")});
    CHECK(push_source(request("POST", "/", "one", false), settings).value() == "first");
    CHECK(push_source(request("POST", "/", "two", false), settings).value() == "second");
    CHECK(push_source(request("POST", "/", "pusher-token", false), settings).value() == "first");
    CHECK(push_source(request("POST", "/", "boss-token", false), settings).value() == "first");
    for (const char* bearer : {"", "three", "reader-token"}) {
        for (const bool loopback : {true, false}) {
            CAPTURE(bearer);
            const auto refused = push_source(request("POST", "/", bearer, loopback), settings);
            REQUIRE_FALSE(refused.ok());
            CHECK(refused.error().code() == Errc::refused);
        }
    }
}

TEST_CASE("a source without a token takes from this machine alone") {
    const auto settings = with({push("open")});
    CHECK(push_source(request("POST", "/"), settings).value() == "open");
    CHECK_FALSE(push_source(request("POST", "/", "", false), settings).ok());
    auto passed_on = request("POST", "/");
    REQUIRE(passed_on.headers.set("X-Forwarded-For", "203.0.113.9").ok());
    CHECK_FALSE(push_source(passed_on, settings).ok());
}

TEST_CASE("a token names its source, even where another one would take the request without") {
    const auto settings = with({push("open"), push("own", "two")});
    CHECK(push_source(request("POST", "/", "two"), settings).value() == "own");
    CHECK(push_source(request("POST", "/"), settings).value() == "open");
}

TEST_CASE("without a push source nobody may push") {
    sources::SourceSettings feed;
    feed.name = "feed";
    const auto refused = push_source(request("POST", "/", "boss-token"), with({feed}));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message() == "no source of kind push is configured");
}

TEST_CASE("counts and takedowns of a brand that nobody configured are refused with their line") {
    net::ServerRequest request;
    REQUIRE(request.headers.set("Content-Type", "application/x-ndjson").ok());
    request.body =
        "{\"type\":\"count\",\"series\":\"views\",\"brand\":\"aurora-air\",\"start\":\"2026-03-01T09:00:00Z\",\"span\":\"1h\",\"value\":1}"
        "\n"
        "{\"type\":\"count\",\"series\":\"views\",\"brand\":\"aurora-ar\",\"start\":\"2026-03-01T09:00:00Z\",\"span\":\"1h\",\"value\":1}\n"
        "{\"type\":\"takedown\",\"brand\":\"nobody\",\"at\":\"2026-03-01T08:00:00Z\",\"target\":\"@x\"}\n";
    auto parsed = parse_items(request);
    REQUIRE(parsed.ok());
    Brand brand;
    brand.name = "aurora-air";
    reject_unknown_brands(*parsed, {brand});
    CHECK(parsed->records.size() == 1);
    CHECK(parsed->lines == std::vector<std::int64_t>{1});
    REQUIRE(parsed->rejected.size() == 2);
    CHECK(parsed->rejected[0] == Rejection{2, "brand", "aurora-ar", "a configured brand, such as aurora-air"});
    CHECK(parsed->rejected[1] == Rejection{3, "brand", "nobody", "a configured brand"});
}
