#include "vigie/detect/season.hpp"

#include <doctest/doctest.h>

#include "detect/bytes.hpp"

using namespace vigie::detect;

namespace {

/// Weeks of a brand that is four times as loud by day as by night.
Season taught(int weeks) {
    Season season;
    for (int w = 0; w < weeks; ++w)
        for (int k = 0; k < week_hours; ++k) season.observe(k, k % 24 >= 8 && k % 24 < 20 ? 16 : 4, 10);
    return season;
}

}  // namespace

TEST_CASE("nothing seen: every hour is average") {
    const Season season;
    for (int k = 0; k < week_hours; ++k) CHECK(season.factor(k) == doctest::Approx(1));
    CHECK(season.integral(100.25, 6) == doctest::Approx(6));
}

TEST_CASE("a whole week integrates to 168 wherever it ends") {
    const Season season = taught(4);
    for (const double end : {0.0, 0.5, 13.7, 167.99, -20.0, 500.0}) CHECK(season.integral(end, 168) == doctest::Approx(168).epsilon(1e-4));
}

TEST_CASE("the day is learnt before the hours of the week are") {
    const Season season = taught(1);
    CHECK(season.factor(12) > 1.4);
    CHECK(season.factor(2) < 0.6);
    // A Sunday that was never different from the other days is not.
    CHECK(season.factor(12) == doctest::Approx(season.factor(6 * 24 + 12)).epsilon(0.05));
}

TEST_CASE("parts of a span add up to it, across the end of the week") {
    const Season season = taught(3);
    const double whole = season.integral(3, 12);
    CHECK(season.integral(3, 3) + season.integral(0, 9) == doctest::Approx(whole));
    CHECK(season.integral(168 + 3, 12) == doctest::Approx(whole));
    CHECK(season.integral(5, 0) == 0);
}

TEST_CASE("it is stored as it is") {
    const Season season = taught(2);
    ByteWriter out;
    season.encode(out);
    ByteReader in(out.bytes());
    CHECK(Season::decode(in) == season);
    CHECK(in.ok());
    CHECK(in.at_end());
    ByteReader cut(std::string_view(out.bytes()).substr(0, out.bytes().size() / 2));
    (void)Season::decode(cut);
    CHECK_FALSE(cut.ok());
}
