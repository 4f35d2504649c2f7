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
        {"org?ni?ation OR colo?r*", "org?ni?ation OR colo?r*"},
        {"+\"Orange\" OR exact:Orange OR exact:\"Le Monde\" OR exact:@Ana OR exact:#AirFrance",
         "+\"Orange\" OR exact:Orange OR exact:\"Le Monde\" OR exact:@Ana OR exact:#AirFrance"},
        {"\"aurora air\"~3 OR +\"Aurora Air\"~0 OR exact:\"Aurora Air\"~100",
         "\"aurora air\"~3 OR +\"Aurora Air\"~0 OR exact:\"Aurora Air\"~100"},
        {"aurora NEAR strike", "aurora NEAR/4 strike"},
        {"aurora ONEAR \"on strike\"", "aurora ONEAR/4 \"on strike\""},
        {"(aurora OR \"aurora air\") NEAR/0 (strike OR (walkout OR pilot*))",
         "(aurora OR \"aurora air\") NEAR/0 (strike OR (walkout OR pilot*))"},
        {"(a NEAR/7 b) AND NOT (c ONEAR/100 d)", "(a NEAR/7 b) AND NOT (c ONEAR/100 d)"},
        {"near AND \"NEAR/4\" AND onear", "near AND \"NEAR/4\" AND onear"},
        {"in:title aurora", "in:title aurora"},
        {"in:title\"aurora air\"", "in:title \"aurora air\""},
        {"in:title ((aurora OR air) AND strike) AND NOT in:title airport",
         "in:title ((aurora OR air) AND strike) AND NOT in:title airport"},
        {"aurora AND in:title (NOT (a NEAR/2 b))", "aurora AND in:title (NOT (a NEAR/2 b))"},
        {"from:@Ana OR from:ana@mas.to OR from:\"@ana.bsky.social\"", "from:@ana OR from:@ana@mas.to OR from:@ana.bsky.social"},
        {"site:lemonde.fr OR site:\"http://www.Wort.lu/\"", "site:lemonde.fr OR site:wort.lu"},
        {"aurora AND (lang:FR OR platform:X OR kind:Review)", "aurora AND (lang:fr OR platform:x OR kind:review)"},
        {"aurora -from:@auroraair -kind:repost", "aurora AND NOT from:@auroraair AND NOT kind:repost"},
        {"re:invent OR \"lang:fr\" OR 24:00", "re:invent OR \"lang:fr\" OR 24:00"},
        {"exact:AND AND exact:-x", "exact:AND AND exact:-x"},
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
        {"* OR a", "column 1", "alone"},
        {"ai* OR a", "column 1", "at least 4"},
        {"air* OR a", "column 1", "(airs OR aired)"},
        {"@air*", "column 1", "at least 4"},
        {"aurora AND #ab*", "column 12", "at least 4"},
        {"東京*", "column 1", "needs no '*'"},
        {"*", "column 1", "alone would match everything"},
        {"a OR *", "column 6", "alone would match everything"},
        {"*aurora", "column 1", "end of a word"},
        {"aurora?", "column 1", "at its end"},
        {"a?rora", "column 1", "at least 2 letters before"},
        {"?aurora", "column 1", "at least 2 letters before"},
        {"l'or?al", "column 1", "single word"},
        {"@au?ora", "column 1", "works in words only"},
        {"\"wom?n power\"", "column 1", "ONEAR/0"},
        {"exact:Pilot*", "column 1", "takes no '*'"},
        {"exact:org?nisation", "column 1", "takes no '*'"},
        {"exact: Orange", "column 1", "right before"},
        {"exact:exact:Orange", "column 1", "right before"},
        {"exact:lang:fr", "column 1", "right before"},
        {"+Orange", "column 1", "+\"Orange\""},
        {"a OR +", "column 6", "plus alone"},
        {"!\"Orange\"", "column 1", "+\"...\""},
        {"\"aurora\"~3", "column 1", "two words or more"},
        {"a OR \"b c\"~", "column 11", "from 0 to 100"},
        {"\"b c\"~101", "column 6", "from 0 to 100"},
        {"\"b c\"~x", "column 6", "from 0 to 100"},
        {"aurora ~3", "column 8", "right behind a phrase"},
        {"a near/4 b", "column 3", "capitals: NEAR/4"},
        {"a near b", "column 3", "capitals: NEAR"},
        {"a NEAR/4f b", "column 3", "ONEAR/4"},
        {"a NEAR/ b", "column 3", "NEAR/4"},
        {"a ONEAR/101 b", "column 3", "from 0 to 100"},
        {"NEAR/4 b", "column 1", "needs something before"},
        {"a NEAR/4", "column 9", "ends where"},
        {"a NEAR/4 b NEAR/4 c", "column 12", "joins two"},
        {"a NEAR/4 b AND c", "column 12", "NEAR and AND"},
        {"a OR b NEAR/4 c", "column 8", "(a OR b) NEAR/4 c"},
        {"a NEAR/4 b -c", "column 12", "NEAR and AND"},
        {"a NEAR/4 (b AND c)", "column 10", "beside NEAR"},
        {"(a NEAR/4 b) NEAR/4 c", "column 1", "beside NEAR"},
        {"a NEAR/4 \"b c\"~2", "column 10", "beside NEAR"},
        {"NOT a NEAR/4 b", "column 1", "NOT (a NEAR/4 b)"},
        {"a NEAR/4 -b", "column 10", "NOT has no place"},
        {"a NEAR/4 lang:fr", "column 10", "beside NEAR"},
        {"in:title a NEAR/4 b", "column 1", "in:title (a NEAR/4 b)"},
        {"in:title", "column 1", "behind in:title"},
        {"in:title NOT a", "column 1", "behind in:title"},
        {"in:title (in:title a)", "column 11", "twice"},
        {"in:title (a AND lang:fr)", "column 17", "no place in in:title"},
        {"in:title:a", "column 1", "blank behind"},
        {"in:text a", "column 1", "only in:title"},
        {"lang:fr", "column 1", "name AND lang:fr"},
        {"aurora OR lang:fr", "column 11", "alone would match"},
        {"platform:x AND kind:review", "column 1", "alone would match"},
        {"NOT a AND kind:post", "column 1", "NOT alone"},
        {"in:title (NOT a)", "column 11", "NOT alone"},
        {"a AND lang:french", "column 7", "two letters"},
        {"a AND lang:fr-CA", "column 7", "write lang:fr"},
        {"a AND kind:reviews", "column 7", "did you mean kind:review?"},
        {"a AND kind:blog", "column 7", "one of post"},
        {"a AND platform:", "column 7", "platform:x"},
        {"site:lemonde", "column 1", "whole host"},
        {"site:lemonde.fr/sport", "column 1", "write site:lemonde.fr"},
        {"site:société.example", "column 1", "xn--"},
        {"site:", "column 1", "takes a host"},
        {"from:", "column 1", "takes a handle"},
        {"from:a!b", "column 1", "takes a handle"},
        {"form:@ana", "column 1", "did you mean from:"},
        {"a AND lagn:fr", "column 7", "did you mean lang:"},
        {"a AND plattform:x", "column 7", "did you mean platform:"},
        {"exat:Orange", "column 1", "did you mean exact:"},
        {"author:ana", "column 1", "write from:@name"},
        {"a AND language:fr", "column 7", "write lang:fr"},
        {"title:aurora", "column 1", "write in:title name"},
        {"url:lemonde.fr", "column 1", "write site:example.org"},
        {"pi*lot", "column 1", "end of a word"},
        {"\"pilot* strike\"", "column 1", "inside quotation marks"},
        {"“aurora air”", "column 1", "straight"},
        {"«aurora»", "column 1", "straight"},
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
    CHECK(names("aurora AND (site:lemonde.fr OR from:@ana)") == std::vector<std::string>{"aurora"});
    CHECK(names("from:@ana OR from:@bob") == std::vector<std::string>{"ana", "bob"});
    CHECK(names("site:lemonde.fr").empty());
    CHECK(names("in:title (org?nisation NEAR/3 exact:Orange)") == std::vector<std::string>{"org", "Orange"});
    CHECK(names("😡 OR 😀 OR 😡") == std::vector<std::string>{"😡", "😀"});
}

TEST_CASE("a NOT within a NOT is printed so that it can be read") {
    const auto query = parse_query("aurora -( -(air))");
    REQUIRE(query.ok());
    CHECK(format_query(*query) == "aurora AND NOT (NOT air)");
    CHECK(parse_query(format_query(*query)).value() == *query);
}

TEST_CASE("a function may select by what a brand's query may not") {
    for (const char* text : {"kind:review", "NOT strike", "lang:fr OR platform:x", "platform:news AND NOT in:title video"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_query(text).ok());
        const Result<Query> query = parse_query(text, QueryUse::function);
        REQUIRE(query.ok());
        CHECK(parse_query(format_query(*query), QueryUse::function).value() == *query);
    }
    CHECK_FALSE(parse_query("", QueryUse::function).ok());
}

TEST_CASE("a brand without a query is looked for by its names and handles") {
    CHECK(query_of_names({"Aurora Air", "AuroraAir", "ARA"}, {"@AuroraAir", "auroraair", "@auroraair@mas.to"}) ==
          "\"Aurora Air\" OR \"auroraair\" OR \"ARA\" OR @AuroraAir OR @auroraair@mas.to");
    CHECK(query_of_names({"L'Oréal"}, {}) == "\"L'Oréal\" OR \"loreal\"");
    CHECK(query_of_names({"La Une"}, {}) == "\"La Une\"");  // "laune" is short
    CHECK(query_of_names({"Say \"Hi\"*", "...", ""}, {"Aurora Page", "@"}) == "\"Say  Hi  \" OR \"Aurora Page\"");
    CHECK(query_of_names({"..."}, {}).empty());
    const std::string query = query_of_names({"Who?", "東京ガス", "\xFF", "NOT (x"}, {"a(b", "@a-b.example"});
    CHECK_MESSAGE(parse_query(query).ok(), query);
    std::vector<std::string> many;
    for (int i = 0; i < 2000; ++i) many.push_back("name " + std::to_string(i));
    CHECK(parse_query(query_of_names(many, {})).ok());
}
