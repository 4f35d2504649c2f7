#include "detect/author_table.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

using namespace vigie;
using namespace vigie::detect;

TEST_CASE("the table remembers every author that has not expired") {
    std::mt19937_64 random(3);
    AuthorTable table;
    std::map<std::uint64_t, Minute> truth;
    for (int i = 0; i < 20'000; ++i) {
        const std::uint64_t author = (random() % 700 + 1) << (i % 2 == 0 ? 40 : 0);
        const Minute expired = i - 500;
        table.set(author, i, expired);
        truth[author] = i;
        const std::uint64_t asked = (random() % 700 + 1) << 40;
        const auto found = table.last(asked);
        const auto expected = truth.find(asked);
        if (expected != truth.end() && expected->second > expired) {
            REQUIRE(found == expected->second);
        } else if (found) {
            REQUIRE(*found <= expired);
        }
    }
}

TEST_CASE("expired authors make room: a steady stream of new ones takes bounded memory") {
    AuthorTable table;
    for (int i = 1; i < 200'000; ++i) table.set(static_cast<std::uint64_t>(i), i, i - 1000);
    CHECK(table.memory() <= 4096 * 12);
    int living = 0;
    table.for_each([&](std::uint64_t, Minute minute) { living += minute >= 199'000 ? 1 : 0; });
    CHECK(living == 1000);
}

TEST_CASE("an empty table knows nobody") {
    const AuthorTable table;
    CHECK_FALSE(table.last(1).has_value());
    CHECK(table.memory() == 0);
}
