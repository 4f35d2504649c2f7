#include "vigie/text/query.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace vigie;
using namespace vigie::text;

namespace {

std::string formatted(std::string_view text) {
    const Result<Query> query = parse_query(text);
    if (!query) return query.error().text();
    const std::string out = format_query(*query);
    const Result<Query> again = parse_query(out);
    REQUIRE(again.ok());
    CHECK(*again == *query);
    return out;
}

Error error_of(std::string_view text) {
    const Result<Query> query = parse_query(text);
    REQUIRE_MESSAGE(!query.ok(), text);
    return query.error();
}

}  // namespace

TEST_CASE("queries keep their meaning when they are printed and read again") {
    struct {
        const char* text;
        const char* plain;
    } cases[] = {
        {"aurora", "aurora"},
        {"  ( ( aurora ) )\n", "aurora"},
        {"\"aurora air\" OR auroraair OR @auroraair OR #auroraair", "\"aurora air\" OR auroraair OR @auroraair OR #auroraair"},
        {"(\"aurora air\" OR @auroraair) AND NOT \"aurora airport\"", "(\"aurora air\" OR @auroraair) AND NOT \"aurora airport\""},
        {"aurora -airport", "aurora AND NOT airport"},
        {"aurora NOT airport -\"air port\" -(a OR b)", "aurora AND NOT airport AND NOT \"air port\" AND NOT (a OR b)"},
        {"-airport aurora", "column 10: no operator before this; write \"in quotes\" for a phrase, or AND or OR between"},
        {"-airport AND aurora", "NOT airport AND aurora"},
        {"(a AND b) AND c", "(a AND b) AND c"},
        {"pilot* OR strike OR union", "pilot* OR strike OR union"},
        {"aurora-air", "aurora-air"},
        {"L'Oréal OR AT&T OR 😡", "L'Oréal OR AT&T OR 😡"},
        {"@ana@mas.to OR @ana.bsky.social OR @aurora* OR #aurora*", "@ana@mas.to OR @ana.bsky.social OR @aurora* OR #aurora*"},
        {"\"AND\" AND \"OR\"", "\"AND\" AND \"OR\""},
        {"a(b)", "column 2: no operator before this; write \"in quotes\" for a phrase, or AND or OR between"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.text);
        CHECK(formatted(c.text) == c.plain);
    }
}

TEST_CASE("what is wrong is told with its column, in characters, and with what to write") {
    struct {
        const char* text;
        const char* where;
        const char* says;
    } cases[] = {
        {"", "column 1", "empty"},
        {" \t\n", "column 1", "empty"},
        {"aurora air", "column 8", "in quotes"},
        {"été air", "column 5", "in quotes"},
        {"aurora and air", "column 8", "capitals: AND"},
        {"aurora or air", "column 8", "capitals: OR"},
        {"not aurora", "column 1", "capitals: NOT"},
        {"a AND b OR c", "column 9", "parentheses"},
        {"a OR b -c", "column 8", "parentheses"},
        {"NOT aurora", "column 1", "NOT alone"},
        {"-aurora", "column 1", "NOT alone"},
        {"a OR NOT b", "column 6", "NOT alone"},
        {"NOT (a OR b)", "column 1", "NOT alone"},
        {"a AND NOT NOT b", "column 11", "twice"},
        {"a AND -NOT b", "column 8", "twice"},
        {"a AND", "column 6", "ends where"},
        {"a AND NOT", "column 10", "ends where"},
        {"OR a", "column 1", "needs something before"},
        {"a AND OR b", "column 7", "needs something before"},
        {"(a OR b", "column 1", "never closed"},
        {"a OR (b AND (c OR d)", "column 6", "never closed"},
        {"a OR b)", "column 7", "closes nothing"},
        {"()", "column 2", "missing"},
        {"a AND ()", "column 8", "missing"},
        {"a OR \"b c", "column 6", "never closed"},
        {"\"\"", "column 1", "no letter"},
        {"a OR ... OR b", "column 6", "no letter"},
        {"a OR https://x.example/y", "column 6", "no letter"},
        {"a - b", "column 3", "dash"},
        {"* OR a", "column 1", "no letter"},
        {"ai* OR a", "column 1", "at least 3"},
        {"pi*lot", "column 1", "end of a word"},
        {"\"pilot* strike\"", "column 1", "inside quotation marks"},
        {"“aurora air”", "column 1", "straight"},
        {"«aurora»", "column 1", "straight"},
        {"lang:fr", "column 1", "fields"},
        {"a NEAR/4 b", "column 3", "not part"},
        {"@", "column 1", "no letter"},
        {"@@x", "column 1", "not a handle"},
        {"@a!b", "column 1", "not a handle"},
        {"#a-b", "column 1", "not a tag"},
        {"a \xFF", "column 1", "UTF-8"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.text);
        const Error error = error_of(c.text);
        CHECK(error.code() == Errc::parse);
        CHECK(error.where() == c.where);
        CHECK_MESSAGE(error.message().find(c.says) != std::string::npos, error.message());
    }
}

TEST_CASE("size, depth and length are bounded") {
    const auto joined = [](std::size_t terms) {
        std::string s = "t0";
        for (std::size_t i = 1; i < terms; ++i) s += " OR t" + std::to_string(i);
        return s;
    };
    CHECK(parse_query(joined(max_query_terms)).ok());
    CHECK(error_of(joined(max_query_terms + 1)).code() == Errc::limit);
    CHECK(error_of(joined(10'000)).where().starts_with("column "));

    const auto nested = [](std::size_t depth) { return std::string(depth, '(') + "a" + std::string(depth, ')'); };
    CHECK(parse_query(nested(max_query_depth)).ok());
    CHECK(error_of(nested(max_query_depth + 1)).where() == "column 51");
    CHECK(error_of(nested(1000)).code() == Errc::limit);
    CHECK(error_of(std::string(max_query_bytes + 1, 'a')).code() == Errc::limit);

    std::string phrase = "\"";
    for (std::size_t i = 0; i <= max_phrase_words; ++i) phrase += "w ";
    CHECK(error_of(phrase + "\"").code() == Errc::limit);
}

TEST_CASE("the names for a search are those that the query looks for") {
    const auto names = [](std::string_view text) { return positive_terms(parse_query(text).value()); };
    CHECK(names("(\"aurora air\" OR auroraair OR @auroraair OR #AuroraAir) AND NOT \"aurora airport\"") ==
          std::vector<std::string>{"aurora air", "auroraair"});
    CHECK(names("pilot* AND (strike -union)") == std::vector<std::string>{"pilot", "strike"});
    CHECK(names("😡 OR 😀 OR 😡") == std::vector<std::string>{"😡", "😀"});
}

TEST_CASE("a NOT within a NOT is printed so that it can be read") {
    const auto query = parse_query("aurora -( -(air))");
    REQUIRE(query.ok());
    CHECK(format_query(*query) == "aurora AND NOT (NOT air)");
    CHECK(parse_query(format_query(*query)).value() == *query);
}
