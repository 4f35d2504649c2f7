#include <doctest/doctest.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "vigie/rules/test_file.hpp"

using namespace vigie;
using namespace vigie::rules;
using namespace std::chrono_literals;

namespace {

using Values = std::vector<std::optional<double>>;

Test test_from(std::string_view start) {
    Test out;
    out.start = parse_time(start).value();
    return out;
}

}  // namespace

TEST_CASE("promtool's notation") {
    const auto read = [](std::string_view text) { return parse_series(text).value(); };
    CHECK(read("4") == Values{4});
    CHECK(read("4x2") == Values{4, 4, 4});
    CHECK(read("4x0") == Values{4});
    CHECK(read("1+2x3") == Values{1, 3, 5, 7});
    CHECK(read("9-3x2") == Values{9, 6, 3});
    CHECK(read("-2+1x2") == Values{-2, -1, 0});
    CHECK(read("1.5 _ 2") == Values{1.5, std::nullopt, 2});
    CHECK(read("_x3") == Values{std::nullopt, std::nullopt, std::nullopt});
    CHECK(read("  4x1\t9 \n 25  ") == Values{4, 4, 9, 25});
    CHECK(read("4x60 9 25 60x10").size() == 61 + 1 + 1 + 11);
}

TEST_CASE("a mistake in the notation is told at its byte") {
    const auto refused = [](std::string_view text) {
        const auto got = parse_series(text);
        REQUIRE_FALSE(got.ok());
        return got.error().where();
    };
    CHECK(refused("") == "0");
    CHECK(refused("   ") == "0");
    CHECK(refused("4 many") == "2");
    CHECK(refused("4 9 4y3") == "4");
    CHECK(refused("4x") == "0");
    CHECK(refused("4x-1") == "0");
    CHECK(refused("4x2x3") == "0");
    CHECK(refused("1+2") == "0");
    CHECK(refused("1+x3") == "0");
    CHECK(refused("_3") == "0");
    CHECK(refused("4 __") == "2");
    CHECK(refused("1e3") == "0");
    CHECK(refused("nan") == "0");
    CHECK(refused("1 9999999999999999999") == "2");
    CHECK(parse_series("1x100000").error().code() == Errc::limit);
    CHECK(parse_series("1x99999999999999").error().code() == Errc::limit);
    CHECK(parse_series("_x99999999999999").error().code() == Errc::limit);
    CHECK(parse_series("1x99999").ok());
}

TEST_CASE("mentions lie evenly in their interval, the last one at its end") {
    Test test = test_from("2026-03-02T00:00:00Z");
    TestSeries series;
    series.values = {2, std::nullopt, 0, 3};
    series.sentiment = SentimentLabel::negative;
    series.followers = 100;
    series.functions = {"hr"};
    Brand brand;
    brand.functions = {{"safety", ""}, {"hr", ""}};
    const auto all = mentions_of(test, series, 7, brand);
    REQUIRE(all.size() == 5);
    const std::vector<Duration> at{30s, 60s, 200s, 220s, 240s};
    std::set<std::string> ids, authors;
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(all[i].item.published == test.start + at[i]);
        CHECK(all[i].item.observed == all[i].item.published);
        CHECK(all[i].sentiment.label == SentimentLabel::negative);
        CHECK(all[i].sentiment.polarity() == -1);
        CHECK(all[i].item.author.followers == 100);
        CHECK(all[i].matches == std::vector<BrandMatch>{{7, 2}});
        ids.insert(all[i].item.id);
        authors.insert(std::string(all[i].item.author.handle.bytes()));
    }
    CHECK(ids.size() == 5);
    CHECK(authors.size() == 5);
    CHECK(counts_of(test, series).empty());

    const auto accounts = [&](std::int64_t n) {
        series.authors = n;
        std::set<std::string> out;
        for (const auto& m : mentions_of(test, series, 0, brand)) out.insert(std::string(m.item.author.handle.bytes()));
        return out.size();
    };
    CHECK(accounts(1) == 1);
    CHECK(accounts(3) == 3);
}

TEST_CASE("a count series gives counts, none for a gap") {
    Test test = test_from("2026-03-02T00:00:00Z");
    test.interval = 1h;
    TestSeries series;
    series.brand = "acme";
    series.count = "pageviews";
    series.source = "wiki";
    series.values = {512.5, std::nullopt, 0};
    const auto all = counts_of(test, series);
    REQUIRE(all.size() == 2);
    CHECK(all[0] == Count{"pageviews", "acme", test.start, 1h, 512.5, "wiki"});
    CHECK(all[1].start == test.start + 2h);
    CHECK(mentions_of(test, series, 0, {}).empty());
}
