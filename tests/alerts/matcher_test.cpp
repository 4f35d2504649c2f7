#include "vigie/alerts/matcher.hpp"

#include <doctest/doctest.h>

#include "alerts/print.hpp"

using namespace vigie;
using namespace vigie::alerts;

namespace {

bool holds(const std::string& text, const Labels& labels) {
    const auto matcher = parse_matcher(text);
    REQUIRE(matcher.ok());
    return matcher->matches(labels);
}

}  // namespace

TEST_CASE("the four relations, and a missing label as an empty one") {
    const Labels labels{{"severity", "critical"}, {"team", "comms\nEU"}};
    CHECK(holds("severity=\"critical\"", labels));
    CHECK_FALSE(holds("severity=\"crit\"", labels));
    CHECK(holds("severity!=\"crit\"", labels));
    CHECK(holds("severity=~\"crit.*\"", labels));
    CHECK_FALSE(holds("severity=~\"crit\"", labels));
    CHECK_FALSE(holds("severity=~\"ritical\"", labels));
    CHECK(holds("severity!~\"crit\"", labels));
    CHECK(holds("none!=\"x\"", labels));
    CHECK(holds("none=\"\"", labels));
    CHECK(holds("none=~\".*\"", labels));
    CHECK_FALSE(holds("none=~\".+\"", labels));
    CHECK(holds("team=~\"comms.EU\"", labels));
    CHECK(holds("severity=~\"a|critical|b\"", labels));
    CHECK_FALSE(holds("severity=~\"crit|ical\"", labels));
}

TEST_CASE("matchers are written in several ways and print in one") {
    for (const char* text : {"a=\"b\"", " a = \"b\" ", "a=b", "a = b "}) {
        CAPTURE(text);
        const auto matcher = parse_matcher(text);
        REQUIRE(matcher.ok());
        CHECK(matcher->text() == "a=\"b\"");
    }
    CHECK(parse_matcher("a=\"q\\\"u\\\\o\\n\"")->value() == "q\"u\\o\n");
    CHECK(parse_matcher("a=~\"\\d+\"")->matches({{"a", "42"}}));
    const auto odd = parse_matcher("a=\"x\\\"y\\\\z\\n\"");
    CHECK(parse_matcher(odd->text())->value() == odd->value());
    CHECK(format_matchers(*parse_matchers("{a=\"b\", c=~\"d\"}")) == "{a=\"b\",c=~\"d\"}");
    CHECK(parse_matchers("a=b,c!=d")->size() == 2);
    CHECK(parse_matchers("{a=b,}")->size() == 1);
    CHECK(parse_matchers("{}")->empty());
    CHECK(parse_matchers("")->empty());
}

TEST_CASE("what is no matcher is refused with its column") {
    for (const char* text :
         {"", "a", "a=\"b", "=b", "1a=b", "a=\"b\"c", "a~b", "a!b", "a=b\"c\"", "a=~\"(\"", "{a=b", "a b=c", "a=~\"*\""}) {
        CAPTURE(text);
        CHECK_FALSE(parse_matcher(text).ok());
    }
    CHECK(parse_matcher("a b=c").error().message() == "column 3: expected =, !=, =~ or !~");
    CHECK_FALSE(parse_matchers("{a=b").ok());
    CHECK_FALSE(parse_matchers("{a=b}}").ok());
    CHECK_FALSE(parse_matchers("a=\"b\" c=\"d\"").ok());
    CHECK_FALSE(parse_matcher("a=\"" + std::string(1025, 'x') + "\"").ok());
    std::string many;
    for (int i = 0; i < 65; ++i) many += "a=b,";
    CHECK(parse_matchers(many).error().code() == Errc::limit);
}

TEST_CASE("which matchers match the empty value") {
    CHECK(parse_matcher("a!=b")->matches_empty());
    CHECK(parse_matcher("a=~\".*\"")->matches_empty());
    CHECK_FALSE(parse_matcher("a=b")->matches_empty());
}
