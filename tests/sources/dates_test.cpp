#include <doctest/doctest.h>

#include <string>

#include "vigie/sources/feed.hpp"

using namespace vigie;
using namespace vigie::sources;

namespace {

std::string read(std::string_view text) {
    const auto time = parse_feed_date(text);
    return time ? format_time(*time) : "none";
}

}  // namespace

TEST_CASE("RFC 822 dates and their abuses") {
    CHECK(read("Thu, 01 Jan 2004 19:48:21 GMT") == "2004-01-01T19:48:21.000Z");
    CHECK(read("Thu, 01 Jan 04 19:48:21 GMT") == "2004-01-01T19:48:21.000Z");
    CHECK(read("01 Jan 99 19:48 EST") == "1999-01-02T00:48:00.000Z");
    CHECK(read("1 Jan 2004 19:48:21") == "2004-01-01T19:48:21.000Z");
    CHECK(read("Mon, 01 Jan 2004 19:48:21 +0200") == "2004-01-01T17:48:21.000Z");  // it was a Thursday
    CHECK(read("Thu, 1 January 2004 19:48:21 -08:00") == "2004-01-02T03:48:21.000Z");
    CHECK(read("Thu,01 Jan 2004 9:8:1 Z") == "2004-01-01T09:08:01.000Z");
    CHECK(read("Thu, 01 Jan 2004 19:48:21 PDT") == "2004-01-02T02:48:21.000Z");
    CHECK(read("Thu, 01 Jan 2004 19:48:21 GMT+1") == "2004-01-01T18:48:21.000Z");
    CHECK(read("Thu, 01 Jan 2004 24:00:00 GMT") == "2004-01-02T00:00:00.000Z");
    CHECK(read("Thu, 31 Dec 2016 23:59:60 GMT") == "2016-12-31T23:59:59.999Z");
    CHECK(read("01-Jan-2004 19:48:21 GMT") == "2004-01-01T19:48:21.000Z");
    CHECK(read("Jan 1, 2004 7:48:21 PM") == "2004-01-01T19:48:21.000Z");
    CHECK(read("Jan 1, 2004 12:05 am") == "2004-01-01T00:05:00.000Z");
    CHECK(read("Thu Jan  1 19:48:21 2004") == "2004-01-01T19:48:21.000Z");  // asctime
    CHECK(read("Thu Jan 01 19:48:21 EST 2004") == "2004-01-02T00:48:21.000Z");
    CHECK(read("  Thu, 01 Jan 2004 19:48:21 GMT\n") == "2004-01-01T19:48:21.000Z");
    CHECK(read("Thu, 01 Jan 2004") == "2004-01-01T00:00:00.000Z");
}

TEST_CASE("dates in other languages") {
    CHECK(read("mar., 03 f\xC3\xA9vr. 2004 10:00:00 +0100") == "2004-02-03T09:00:00.000Z");
    CHECK(read("mardi 2 mai 2006 10:00") == "2006-05-02T10:00:00.000Z");
    CHECK(read("15 ao\xC3\xBBt 2006") == "2006-08-15T00:00:00.000Z");
    CHECK(read("Di, 03 Okt 2006 10:00:00 +0200") == "2006-10-03T08:00:00.000Z");
    CHECK(read("3 juillet 2006") == "2006-07-03T00:00:00.000Z");
    CHECK(read("3 juin 2006") == "2006-06-03T00:00:00.000Z");
}

TEST_CASE("RFC 3339 and ISO 8601, whole and in part") {
    CHECK(read("2004-01-01T19:48:21Z") == "2004-01-01T19:48:21.000Z");
    CHECK(read("2004-01-01T19:48:21.1234+01:00") == "2004-01-01T18:48:21.123Z");
    CHECK(read("2004-01-01 19:48:21") == "2004-01-01T19:48:21.000Z");
    CHECK(read("2004-01-01T19:48-0300") == "2004-01-01T22:48:00.000Z");
    CHECK(read("2004-01-01 19:48:21 UTC") == "2004-01-01T19:48:21.000Z");
    CHECK(read("2004-01-01T19Z") == "2004-01-01T19:00:00.000Z");
    CHECK(read("20040101T194821Z") == "2004-01-01T19:48:21.000Z");
    CHECK(read("2004") == "2004-01-01T00:00:00.000Z");
    CHECK(read("2004-05") == "2004-05-01T00:00:00.000Z");
    CHECK(read("2004-1-5") == "2004-01-05T00:00:00.000Z");
    CHECK(read("2004-060") == "2004-02-29T00:00:00.000Z");
    CHECK(read("2004/01/05 10:00") == "2004-01-05T10:00:00.000Z");
}

TEST_CASE("numeric dates") {
    CHECK(read("01/31/2006 10:00") == "2006-01-31T10:00:00.000Z");
    CHECK(read("31/01/2006") == "2006-01-31T00:00:00.000Z");
    CHECK(read("31.01.2006 10:00") == "2006-01-31T10:00:00.000Z");
    CHECK(read("1/2/2006 1:30:00 PM") == "2006-01-02T13:30:00.000Z");
}

TEST_CASE("what is no date is none") {
    for (const char* text : {"",
                             "hier",
                             "yesterday",
                             "25:61",
                             "0",
                             "-1",
                             "Thu, 32 Jan 2004 00:00:00 GMT",
                             "2004-13-01",
                             "2004-02-30",
                             "2003-366",
                             "Thu, 01 Foo 2004 00:00:00 GMT",
                             "2004-01-01T25:00:00Z",
                             "2004-01-01T10:61:00Z",
                             "0000-01-01T00:00:00Z",
                             "Jan",
                             "2004-01-01T10:00:00+99:00",
                             "99999999999999999999",
                             "::::",
                             "1 2 3 4 5",
                             "Jan Jan Jan",
                             "01 Jan"}) {
        CAPTURE(text);
        CHECK(read(text) == "none");
    }
    CHECK(read(std::string(200, '1')) == "none");
}
