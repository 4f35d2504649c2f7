#include "net/request_check.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using namespace vigie::net;

namespace {

int target_status(std::string_view target, std::string_view host = "localhost") {
    std::optional<Refusal> refusal;
    parse_target(target, host, refusal);
    return refusal ? refusal->status : 0;
}

int framing_status(const std::vector<std::pair<std::string, std::string>>& fields, int version = 11) {
    Headers headers;
    for (const auto& [name, value] : fields) REQUIRE(headers.add(name, value).ok());
    const auto refusal = check_framing("GET / HTTP/1.1\r\n\r\n", headers, version);
    return refusal ? refusal->status : 0;
}

}  // namespace

TEST_CASE("targets are decoded") {
    std::optional<Refusal> refusal;
    const auto target = parse_target("/api/v1/caf%C3%A9%20x?q=a%20b&c=%zz", "h", refusal);
    REQUIRE_FALSE(refusal.has_value());
    CHECK(target.path == "/api/v1/caf\xc3\xa9 x");
    CHECK(target.query == "q=a%20b&c=%zz");
    CHECK(parse_target("http://H:80/x?y", "h:80", refusal).path == "/x");
    CHECK(parse_target("http://h", "h", refusal).path == "/");
    CHECK(parse_target("/a...b/..c/d..", "h", refusal).path == "/a...b/..c/d..");
    CHECK_FALSE(refusal.has_value());
}

TEST_CASE("targets that are refused") {
    for (const std::string_view target : {"",
                                          "*",
                                          "x",
                                          "localhost:80",
                                          "http://evil/",
                                          "http://localhost.evil/",
                                          "https://localhost/",
                                          "/..",
                                          "/../x",
                                          "/a/../b",
                                          "/.",
                                          "/a/.",
                                          "/./a",
                                          "/%2e%2e/x",
                                          "/..%2f",
                                          "/%2e%2E%2fetc",
                                          "/a%00",
                                          "/%0a",
                                          "/%",
                                          "/%2",
                                          "/%zz",
                                          "/a%5cb",
                                          "/a\\b",
                                          "/x#y",
                                          "/%ff",
                                          "/%c0%af",
                                          "/%7f"}) {
        CHECK_MESSAGE(target_status(target) == 400, target);
    }
    CHECK(target_status("/%252e%252e/") == 0);  // decoded once: a name with percent signs
    CHECK(target_status("//host") == 0);        // a path like any other
}

TEST_CASE("hosts of authorities") {
    CHECK(host_of_authority("LocalHost:8480") == "localhost");
    CHECK(host_of_authority("[::1]:80") == "::1");
    CHECK(host_of_authority("[::1]") == "::1");
    CHECK(host_of_authority("127.0.0.1:") == "127.0.0.1");
    for (const std::string_view bad :
         {"", ":80", "a b", "a:b", "a:1:2", "[::1", "[x]", "[::1]x", "a/b", "a@b", "h:123456", "a,b", "\xc3\xa9"}) {
        CHECK_MESSAGE(!host_of_authority(bad).has_value(), bad);
    }
}

TEST_CASE("framing that could be read in two ways") {
    CHECK(framing_status({{"Host", "h"}}) == 0);
    CHECK(framing_status({{"Host", "h"}, {"Content-Length", "4"}}) == 0);
    CHECK(framing_status({{"Host", "h"}, {"Transfer-Encoding", "Chunked"}}) == 0);
    CHECK(framing_status({{"Host", "h"}, {"Expect", "100-Continue"}}) == 0);
    CHECK(framing_status({{"Host", "h"}, {"Content-Encoding", "GZIP"}}) == 0);
    CHECK(framing_status({}) == 400);
    CHECK(framing_status({{"Host", "h"}, {"Host", "h"}}) == 400);
    CHECK(framing_status({{"Host", ""}}) == 400);
    CHECK(framing_status({{"Host", "h, g"}}) == 400);
    CHECK(framing_status({{"Host", "h"}, {"Content-Length", "4, 4"}}) == 400);
    CHECK(framing_status({{"Host", "h"}, {"Content-Length", "4"}, {"Content-Length", "4"}}) == 400);
    CHECK(framing_status({{"Host", "h"}, {"Content-Length", "+4"}}) == 400);
    CHECK(framing_status({{"Host", "h"}, {"Content-Length", "-1"}}) == 400);
    CHECK(framing_status({{"Host", "h"}, {"Content-Length", ""}}) == 400);
    CHECK(framing_status({{"Host", "h"}, {"Content-Length", "4"}, {"Transfer-Encoding", "chunked"}}) == 400);
    CHECK(framing_status({{"Host", "h"}, {"Transfer-Encoding", "xchunked"}}) == 400);
    CHECK(framing_status({{"Host", "h"}, {"Transfer-Encoding", "gzip, chunked"}}) == 400);
    CHECK(framing_status({{"Host", "h"}, {"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}) == 400);
    CHECK(framing_status({{"Host", "h"}, {"Transfer-Encoding", "identity"}}) == 400);
    CHECK(framing_status({{"Host", "h"}, {"Transfer-Encoding", "chunked"}}, 10) == 400);
    CHECK(framing_status({{"Host", "h"}, {"Expect", "wonders"}}) == 417);
    CHECK(framing_status({{"Host", "h"}, {"Content-Encoding", "br"}}) == 415);
    CHECK(framing_status({{"Host", "h"}, {"Content-Encoding", "gzip, gzip"}}) == 415);
    CHECK(framing_status({{"Host", "h"}}, 20) == 505);
    Headers headers;
    REQUIRE(headers.set("Host", "h").ok());
    CHECK(check_framing("GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n", headers, 11)->status == 400);
    CHECK(check_framing("GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n\tb\r\n\r\n", headers, 11)->status == 400);
}
