#include "vigie/core/time.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

Time at(const char* text) {
    const auto time = parse_time(text);
    REQUIRE_MESSAGE(time.ok(), text);
    return *time;
}

}  // namespace

TEST_CASE("a minute holds the instants up to and including its end") {
    const auto m = minute_of(at("2026-03-01T09:30:00Z"));
    CHECK(end_of_minute(m) == at("2026-03-01T09:30:00Z"));
    CHECK(minute_of(at("2026-03-01T09:30:00.001Z")) == m + 1);
    CHECK(minute_of(at("2026-03-01T09:29:00.001Z")) == m);
    CHECK(minute_of(at("2026-03-01T09:29:00Z")) == m - 1);
    CHECK(minute_of(from_millis(0)) == 0);
    CHECK(minute_of(from_millis(1)) == 1);
    CHECK(minute_of(from_millis(-1)) == 0);
    CHECK(minute_of(from_millis(-60'000)) == -1);
    CHECK(minute_of(from_millis(INT64_MAX)) == INT32_MAX);
    CHECK(minute_of(from_millis(INT64_MIN)) == INT32_MIN);
}

TEST_CASE("hours are made of minutes") {
    for (const std::int64_t ms : {-7'200'001LL, -3'600'000LL, -1LL, 0LL, 1LL, 3'599'999LL, 3'600'000LL, 3'600'001LL, 1'772'357'400'000LL}) {
        const Time t = from_millis(ms);
        CHECK(hour_of_minute(minute_of(t)) == hour_of(t));
        CHECK(t <= end_of_hour(hour_of(t)));
        CHECK(t > end_of_hour(hour_of(t) - 1));
        CHECK(t <= end_of_minute(minute_of(t)));
        CHECK(t > end_of_minute(minute_of(t) - 1));
    }
}

TEST_CASE("times are written in UTC with milliseconds") {
    CHECK(format_time(from_millis(0)) == "1970-01-01T00:00:00.000Z");
    CHECK(format_time(from_millis(-1)) == "1969-12-31T23:59:59.999Z");
    CHECK(format_time(at("2024-02-29T23:59:59.5Z")) == "2024-02-29T23:59:59.500Z");
    CHECK(format_time(from_millis(INT64_MAX)) == "9999-12-31T23:59:59.999Z");
    CHECK(format_time(from_millis(INT64_MIN)) == "0000-01-01T00:00:00.000Z");
}

TEST_CASE("RFC 3339 is read in all its spellings") {
    const auto nine_thirty = at("2026-03-01T09:30:00Z");
    for (const char* text :
         {"2026-03-01T09:30:00.000Z", "2026-03-01t09:30:00z", "2026-03-01 09:30:00Z", "2026-03-01T10:30:00+01:00",
          "2026-03-01T04:00:00-05:30", "2026-03-01T09:30:00.0009999999Z", "2026-03-01T09:30:00+00:00", "2026-03-01T09:30:00-00:00"}) {
        CAPTURE(text);
        CHECK(at(text) == nine_thirty);
    }
    CHECK(at("2026-03-01T09:30:00.12Z") - nine_thirty == 120ms);
    CHECK(at("2016-12-31T23:59:60Z") == at("2016-12-31T23:59:59.999Z"));
    CHECK(at("0000-01-01T00:00:00Z") < at("9999-12-31T23:59:59.999Z"));
}

TEST_CASE("what is no time is refused with what was found") {
    for (const char* text : {"",
                             "hier",
                             "2026",
                             "2026-03-01",
                             "2026-03-01T09:30",
                             "2026-03-01T09:30:00",
                             "2026-02-29T00:00:00Z",
                             "2026-13-01T00:00:00Z",
                             "2026-00-01T00:00:00Z",
                             "2026-01-00T00:00:00Z",
                             "2026-01-32T00:00:00Z",
                             "2026-03-01T24:00:00Z",
                             "2026-03-01T25:61:00Z",
                             "2026-03-01T09:60:00Z",
                             "2026-03-01T09:30:61Z",
                             "2026-03-01T09:30:00.Z",
                             "2026-03-01T09:30:00+24:00",
                             "2026-03-01T09:30:00+01:60",
                             "2026-03-01T09:30:00+0100",
                             "2026-03-01T09:30:00Z ",
                             " 2026-03-01T09:30:00Z",
                             "-001-03-01T09:30:00Z",
                             "12026-03-01T09:30:00Z",
                             "2026-3-1T09:30:00Z",
                             "2026-03-01T09:30:00,5Z",
                             "+026-03-01T09:30:00Z"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_time(text).ok());
    }
    CHECK(parse_time("hier").error().text() == "expected a time such as 2026-03-01T09:30:00Z, found \"hier\"");
    CHECK(parse_time("hier").error().code() == Errc::parse);
    CHECK(parse_time(std::string(1'000'000, '9')).error().message().size() < 200);
    CHECK(parse_time("\x1b[2J\n").error().message().find('\n') == std::string::npos);
}

TEST_CASE("a written time reads back") {
    std::mt19937_64 random(7);
    std::uniform_int_distribution<std::int64_t> any(0, to_millis(at("9999-12-31T23:59:59.999Z")));
    for (int i = 0; i < 5000; ++i) {
        const Time t = from_millis(any(random));
        CHECK(at(format_time(t).c_str()) == t);
    }
}

TEST_CASE("durations") {
    const std::vector<std::pair<const char*, Duration>> good{{"0s", 0ms},
                                                             {"30s", 30s},
                                                             {"5m", 5min},
                                                             {"6h", 6h},
                                                             {"14d", 14 * 24h},
                                                             {"2w", 14 * 24h},
                                                             {"250ms", 250ms},
                                                             {"1h30m", 90min},
                                                             {"1d12h", 36h},
                                                             {"1w2d", 9 * 24h},
                                                             {"1s500ms", 1500ms},
                                                             {"3y", 3 * 365 * 24h},
                                                             {"100y", 100 * 365 * 24h},
                                                             {"90m", 90min},
                                                             {"0m", 0ms},
                                                             {"007s", 7s}};
    for (const auto& [text, expected] : good) {
        CAPTURE(text);
        const auto duration = parse_duration(text);
        REQUIRE(duration.ok());
        CHECK(*duration == expected);
    }
    for (const char* text : {"",     "5",    "s",    "-5m",  "+5m",  "5 m", " 5m", "5m ", "5min",  "5M",
                             "1.5h", "1m1h", "1m1m", "1h30", "1e3s", "5µs", "h1",  "0",   "1ms1s", "1h-30m"}) {
        CAPTURE(text);
        const auto duration = parse_duration(text);
        REQUIRE_FALSE(duration.ok());
        CHECK(duration.error().code() == Errc::parse);
    }
    for (const char* text :
         {"101y", "36501d", "99999999999999999999999999w", "100y1ms", "9223372036854775807ms", "9223372036854775808ms"}) {
        CAPTURE(text);
        const auto duration = parse_duration(text);
        REQUIRE_FALSE(duration.ok());
        CHECK(duration.error().code() == Errc::limit);
    }
    CHECK(parse_duration("5min").error().text() == "expected a duration such as 30s, 5m, 6h, 14d or 2w, found \"5min\"");
}

TEST_CASE("durations are written short") {
    CHECK(format_duration(0ms) == "0s");
    CHECK(format_duration(90min) == "1h30m");
    CHECK(format_duration(14 * 24h) == "14d");
    CHECK(format_duration(91 * 24h) == "91d");
    CHECK(format_duration(98 * 24h) == "14w");
    CHECK(format_duration(100 * 24h) == "14w2d");
    CHECK(format_duration(365 * 24h) == "1y");
    CHECK(format_duration(3 * 365 * 24h) == "3y");
    CHECK(format_duration(36h) == "1d12h");
    CHECK(format_duration(1500ms) == "1s500ms");
    CHECK(format_duration(-5min) == "-5m");
    CHECK(format_duration(Duration::min()).starts_with("-"));
}

TEST_CASE("a written duration reads back") {
    std::mt19937_64 random(11);
    for (int i = 0; i < 5000; ++i) {
        const auto d = Duration{static_cast<std::int64_t>(random() % (1ULL << (random() % 41 + 1)))};
        CAPTURE(d.count());
        const auto back = parse_duration(format_duration(d));
        REQUIRE(back.ok());
        CHECK(*back == d);
    }
}
