#include "detect/copy_table.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

using namespace vigie;
using namespace vigie::detect;

TEST_CASE("the largest cluster is the one with most authors since") {
    CopyTable table;
    CHECK(table.largest(-100) == 0);
    table.add(7, 1, 10, 0);
    CHECK(table.largest(0) == 0);  // one author is nobody's copy
    table.add(7, 2, 12, 0);
    CHECK(table.largest(0) == 2);
    CHECK(table.largest(9) == 2);
    CHECK(table.largest(10) == 0);
    table.add(7, 1, 11, 0);  // seen again
    CHECK(table.largest(10) == 2);
    table.add(7, 1, 5, 0);  // late: the last minute counts
    CHECK(table.largest(10) == 2);
    for (std::uint64_t author = 1; author <= 5; ++author) table.add(3, author, 11, 0);
    CHECK(table.largest(0) == 5);
    CHECK(table.largest(11) == 0);
    table.drop(11);
    CHECK(table.size() == 1);
    CHECK(table.largest(0) == 2);
    table.drop(12);
    CHECK(table.empty());
    CHECK(table.memory() == 0);
    table.add(1, 1, 3, 3);  // expired already
    CHECK(table.empty());
}

TEST_CASE("random copies: the table counts as a map of maps does") {
    std::mt19937_64 random(8);
    CopyTable table;
    std::map<std::uint64_t, std::map<std::uint64_t, Minute>> truth;
    for (int i = 0; i < 20'000; ++i) {
        const Minute now = i / 10;
        const Minute expired = now - 300;
        const std::uint64_t cluster = (random() % 40 + 1) << (i % 3 * 20), author = random() % 60 + 1;
        const Minute minute = now - static_cast<Minute>(random() % 40);
        table.add(cluster, author, minute, expired);
        Minute& last = truth[cluster].try_emplace(author, minute).first->second;
        last = std::max(last, minute);
        if (i % 100 == 0) table.drop(expired);
        if (i % 17 != 0) continue;
        const Minute after = now - static_cast<Minute>(random() % 300);
        std::int64_t most = 0;
        for (const auto& [id, authors] : truth) {
            std::int64_t living = 0;
            for (const auto& [a, m] : authors) living += m > after ? 1 : 0;
            most = std::max(most, living);
        }
        REQUIRE(table.largest(after) == (most < 2 ? 0 : most));
    }
}

TEST_CASE("of too many clusters the one that is longest silent goes") {
    CopyTable table;
    for (std::uint64_t cluster = 1; cluster <= CopyTable::max_clusters; ++cluster) {
        table.add(cluster, 1, static_cast<Minute>(100 + cluster), 0);
        table.add(cluster, 2, static_cast<Minute>(100 + cluster), 0);
    }
    CHECK(table.size() == CopyTable::max_clusters);
    table.add(999'999, 1, 50, 0);  // older than all of them
    CHECK(table.size() == CopyTable::max_clusters);
    CHECK(table.largest(49) == 2);
    for (std::uint64_t author = 1; author <= 3; ++author) table.add(0xFFFFFFFFFFU, author, 5000, 0);
    CHECK(table.size() == CopyTable::max_clusters);
    CHECK(table.largest(0) == 3);
    bool first_is_gone = true;
    table.for_each([&](std::uint64_t cluster, const AuthorTable&) { first_is_gone = first_is_gone && cluster != 1; });
    CHECK(first_is_gone);
    // A new lowest number takes its place in order too.
    table.add(1, 9, 6000, 0);
    std::uint64_t last = 0;
    table.for_each([&](std::uint64_t cluster, const AuthorTable&) {
        CHECK(cluster > last);
        last = cluster;
    });
}
