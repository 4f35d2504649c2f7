#include "vigie/text/matcher.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <thread>

#include "support/naive_query.hpp"
#include "vigie/text/query.hpp"

using namespace vigie;
using namespace vigie::text;

namespace {

Brand brand(std::string name, std::string query, std::vector<BrandFunction> functions = {}) {
    Brand b;
    b.name = std::move(name);
    b.query = std::move(query);
    b.functions = std::move(functions);
    return b;
}

Matcher built(const std::vector<Brand>& brands) {
    Result<Matcher> matcher = Matcher::build(brands);
    REQUIRE_MESSAGE(matcher.ok(), (matcher.ok() ? "" : matcher.error().text()));
    return std::move(matcher).value();
}

bool found(const std::string& query, std::string_view text, std::string_view title = "") {
    return !built({brand("b", query)}).match(title, text).empty();
}

}  // namespace

TEST_CASE("names are found however they are written") {
    struct {
        const char* query;
        const char* text;
        bool found;
    } cases[] = {
        {"aurora", "AURORA!", true},
        {"aurora", "auroras", false},
        {"aurora*", "auroras", true},
        {"aurora*", "aurora", true},
        {"aurora*", "auror", false},
        {"\"aurora air\"", "Aurora Air", true},
        {"\"aurora air\"", "aurora-air", true},
        {"\"aurora air\"", "air aurora", false},
        {"\"aurora air\"", "aurora the air", false},
        {"\"aurora air\"", "#AuroraAirStrike", true},
        {"\"aurora air strike\"", "#AuroraAir strike", true},
        {"\"aurora air\"", "@aurora_air", true},
        {"auroraair", "@AuroraAir", true},
        {"auroraair", "#AuroraAir", true},
        {"@auroraair", "thanks @AuroraAir.", true},
        {"@auroraair", "thanks @auroraair@mas.to", true},
        {"@auroraair@mas.to", "thanks @auroraair", false},
        {"@auroraair.bsky.social", "@auroraair.bsky.social hi", true},
        {"@auroraair", "auroraair", false},
        {"@auroraair", "mail@auroraair", false},
        {"#auroraair", "#AuroraAir", true},
        {"#auroraair", "@auroraair", false},
        {"#auroraair", "auroraair", false},
        {"#aurora*", "#AuroraAir", true},
        {"société", "SOCIETE", true},
        {"societe", "Socie\xCC\x81te\xCC\x81", true},
        {"l'oréal", "L'OREAL", true},
        {"loreal", "L’Oréal", true},
        {"l'oreal", "loreal", true},
        {"oreal", "d'Oréal", true},
        {"mcdonald's", "McDonalds", true},
        {"mcdonald's", "McDonald’s", true},
        {"mcdonalds", "McDonald's", true},
        {"shell", "she'll be there", false},
        {"at&t", "AT&T is down", true},
        {"aurora", "Au\u200Bro\u00ADra", true},
        {"aurora", "𝗔𝗨𝗥𝗢𝗥𝗔", true},
        {"ソニー", "新しいソニーの製品", true},
        {"삼성", "삼성이 또", true},
        {"😡", "so 😡😡", true},
        {"👍", "👍🏿", true},
        {"aurora", "see https://aurora.example/", false},
        {"aurora", "", false},
    };
    for (const auto& c : cases) {
        CAPTURE(c.query);
        CAPTURE(c.text);
        CHECK(found(c.query, c.text) == c.found);
    }
}

TEST_CASE("operators mean what they say, and NOT alone wakes nothing") {
    const std::string query = "(\"aurora air\" OR @auroraair) AND NOT (\"aurora airport\" OR game*)";
    CHECK(found(query, "Aurora Air is late"));
    CHECK(found(query, "@auroraair is late"));
    CHECK_FALSE(found(query, "aurora airport"));
    CHECK_FALSE(found(query, "aurora air at aurora airport"));
    CHECK_FALSE(found(query, "aurora air gamers"));
    CHECK(found("a AND (b OR NOT c)", "a"));
    CHECK_FALSE(found("a AND (b OR NOT c)", "a c"));
    CHECK(found("a AND (b OR NOT c)", "a c b"));
    CHECK_FALSE(found("a AND b", "b"));
}

TEST_CASE("title and text are searched, each for itself") {
    CHECK(found("aurora", "", "Aurora"));
    CHECK(found("aurora AND strike", "strike", "aurora"));
    CHECK_FALSE(found("\"aurora strike\"", "strike", "aurora"));
    Item item;
    item.title = Untrusted("x");
    item.links = {Untrusted("https://aurora.example")};
    item.author.handle = Untrusted("@aurora");
    CHECK(built({brand("b", "aurora OR @aurora")}).match(item).empty());
    item.text = Untrusted("hi @aurora");
    CHECK(built({brand("b", "aurora OR @aurora")}).match(item).size() == 1);
}

TEST_CASE("brands come sorted, with the functions whose queries hold") {
    const Matcher matcher =
        built({brand("zeta", "zeta"), brand("aurora", "aurora", {{"safety", "smoke OR fire"}, {"hr", "strike"}, {"all", "aurora"}}),
               brand("other", "nothing"), brand("air", "aurora OR air")});
    CHECK(matcher.brands() == 4);
    CHECK(matcher.match("", "strike at Aurora, smoke above zeta") == std::vector<BrandMatch>{{0, 0}, {1, 0b111}, {3, 0}});
    CHECK(matcher.match("", "strike, smoke and fire") == std::vector<BrandMatch>{});
    CHECK(matcher.match("", "aurora") == std::vector<BrandMatch>{{1, 0b100}, {3, 0}});
}

TEST_CASE("a wrong query is told with its brand, its function and its column") {
    const Result<Matcher> query = Matcher::build({brand("fine", "a"), brand("aurora", "aurora air")});
    REQUIRE(!query.ok());
    CHECK(query.error().message().starts_with("brand 'aurora', query: "));
    CHECK(query.error().where() == "column 8");
    const Result<Matcher> function = Matcher::build({brand("aurora", "aurora", {{"hr", "(strike"}})});
    REQUIRE(!function.ok());
    CHECK(function.error().message().starts_with("brand 'aurora', function 'hr': "));
    CHECK(function.error().where() == "column 1");
    std::vector<BrandFunction> many(max_functions + 1, BrandFunction{"f", "x"});
    CHECK(Matcher::build({brand("aurora", "aurora", many)}).error().code() == Errc::limit);
    many.pop_back();
    CHECK(built({brand("aurora", "aurora", many)}).match("", "aurora x") == std::vector<BrandMatch>{{0, ~std::uint64_t{0}}});
}

TEST_CASE("no brands match nothing") {
    CHECK(built({}).match("aurora", "air").empty());
}

TEST_CASE("the index agrees with the meaning of the query on random texts") {
    const std::vector<std::string> words = {"aurora",   "Air",   "#AuroraAir", "@aurora", "strike",     "l'air",
                                            "d'Aurora", "smoke", "auroral",    "😡",       "#air_strike"};
    const std::vector<std::string> terms = {"aurora", "air", "\"aurora air\"", "@aurora",   "#auroraair", "strike", "auro*",
                                            "l'air",  "😡",   "\"air strike\"", "auroraair", "airstrike"};
    std::mt19937 random(11);
    const auto pick = [&](const std::vector<std::string>& from) { return from[random() % from.size()]; };
    int hits = 0;
    for (int round = 0; round < 2000; ++round) {
        std::string query = pick(terms);
        const char* joint = random() % 2 == 0 ? " AND " : " OR ";
        query += joint + pick(terms);
        if (random() % 2 == 0) query = "(" + query + ") AND NOT " + pick(terms);
        if (random() % 2 == 0) query = "(" + query + ") OR (" + pick(terms) + " AND " + pick(terms) + ")";
        std::string text;
        for (std::size_t i = 0, n = random() % 6; i < n; ++i) text += pick(words) + (random() % 4 == 0 ? ", " : " ");
        TokenStream stream;
        stream.add("");
        stream.add(text);
        const bool expected = test::naive_holds(parse_query(query).value().root, stream);
        hits += expected ? 1 : 0;
        if (found(query, text) != expected) FAIL("query " << query << " on " << text << " should be " << expected);
    }
    CHECK(hits > 300);
    CHECK(hits < 1800);
}

TEST_CASE("one matcher serves many threads") {
    std::vector<Brand> brands;
    for (int i = 0; i < 300; ++i)
        brands.push_back(brand("b" + std::to_string(i), "\"brand n" + std::to_string(i) + "\" OR @n" + std::to_string(i)));
    const Matcher matcher = built(brands);
    std::vector<std::thread> threads;
    std::atomic<int> wrong = 0;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = t; i < 300; i += 4) {
                const std::vector<BrandMatch> matches =
                    matcher.match("", "the brand n" + std::to_string(i) + " and @n" + std::to_string((i + 1) % 300));
                if (matches.size() != 2) ++wrong;
            }
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
}
