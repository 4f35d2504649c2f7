#include "vigie/net/http.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using namespace vigie::net;

TEST_CASE("header names compare without case and keep their order") {
    Headers headers;
    CHECK(headers.set("Content-Type", " text/plain ").ok());
    CHECK(headers.add("X-A", "1").ok());
    CHECK(headers.add("x-a", "2").ok());
    CHECK(headers.get("CONTENT-TYPE") == "text/plain");
    CHECK(headers.count("X-a") == 2);
    CHECK(headers.get("x-A") == "1");
    CHECK(headers.get("absent") == "");
    CHECK_FALSE(headers.has("absent"));
    CHECK(headers.set("X-A", "3").ok());
    CHECK(headers.count("x-a") == 1);
    CHECK(headers.all().size() == 2);
    headers.remove("x-A");
    CHECK(headers.all().size() == 1);
}

TEST_CASE("header setters refuse what could end a line or a header") {
    Headers headers;
    const std::string nul("a\0b", 3);
    for (const std::string& value :
         {std::string("a\r\nBcc: x"), std::string("a\nb"), std::string("a\rb"), nul, std::string("\x1b[2J"), std::string("a\x7f")}) {
        CHECK(headers.set("X", value).ok() == false);
        CHECK(headers.add("X", value).ok() == false);
    }
    for (const std::string name : {"", "a b", "a:b", "a\r\nb", "\xc3\xa9", "(x)", "a\"b"}) {
        REQUIRE_FALSE(headers.set(name, "v").ok());
        CHECK(headers.set(name, "v").error().code() == Errc::invalid);
    }
    CHECK(headers.all().empty());
    CHECK(headers.set("X", "tab\tand caf\xc3\xa9").ok());
}

TEST_CASE("a refused value leaves the header as it was") {
    Headers headers;
    REQUIRE(headers.set("X", "before").ok());
    CHECK_FALSE(headers.set("X", "a\nb").ok());
    CHECK(headers.get("X") == "before");
}

TEST_CASE("HTTP dates in their three forms") {
    const auto expected = parse_time("1994-11-06T08:49:37Z").value();
    for (const std::string_view text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                                        "Sun Nov 06 08:49:37 1994", "  Sun, 06 Nov 1994 08:49:37 GMT "}) {
        const auto parsed = parse_http_date(text);
        REQUIRE_MESSAGE(parsed.ok(), text);
        CHECK(parsed.value() == expected);
    }
    CHECK(format_http_date(expected) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(parse_http_date("Tuesday, 03-Feb-26 00:00:00 GMT").value() == parse_time("2026-02-03T00:00:00Z").value());
    CHECK(parse_http_date("Fri, 30 Jun 2017 23:59:60 GMT").value() == parse_time("2017-06-30T23:59:59Z").value());
}

TEST_CASE("what is no HTTP date") {
    for (const std::string_view text :
         {"", "hier", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 31 Feb 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:61:37 GMT", "Xyz, 06 Nov 1994 08:49:37 GMT",
          "Sun, 06 Brr 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT!", "1994-11-06T08:49:37Z",
          "Sun, 06 Nov 19x4 08:49:37 GMT", "Sun Nov  6 08:49:37"}) {
        CHECK_MESSAGE(!parse_http_date(text).ok(), text);
    }
}

TEST_CASE("dates are written as they are read") {
    for (std::int64_t s = 0; s < 4'000'000'000; s += 86'399'111) {
        const auto time = from_millis(s * 1000);
        CHECK(parse_http_date(format_http_date(time)).value() == time);
    }
}

TEST_CASE("Retry-After is clamped to one second and one hour, or ignored") {
    const auto now = parse_time("2026-03-01T09:00:00Z").value();
    using namespace std::chrono;
    CHECK(parse_retry_after("7", now).value() == seconds{7});
    CHECK(parse_retry_after("0", now).value() == seconds{1});
    CHECK(parse_retry_after("000000000000000007", now).value() == seconds{7});
    CHECK(parse_retry_after("3601", now).value() == hours{1});
    CHECK(parse_retry_after("99999999999999999999999999", now).value() == hours{1});
    CHECK(parse_retry_after("Sun, 01 Mar 2026 09:02:00 GMT", now).value() == minutes{2});
    CHECK(parse_retry_after("Sun, 01 Mar 2020 09:02:00 GMT", now).value() == seconds{1});
    CHECK(parse_retry_after("Thu, 01 Jan 2099 00:00:00 GMT", now).value() == hours{1});
    for (const std::string_view text : {"", "-1", "1e9", "NaN", "7s", "1.5", "soon", "+7"})
        CHECK_FALSE(parse_retry_after(text, now).has_value());
}
