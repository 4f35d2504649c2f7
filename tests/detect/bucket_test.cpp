#include "vigie/detect/bucket.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <random>

using namespace vigie;
using namespace vigie::detect;

namespace {

Contribution mention(const std::string& platform, std::uint64_t author, std::int64_t reach) {
    Contribution made;
    made.key.platform = platform;
    made.key.language = "fr";
    made.key.source = "push";
    made.author = author;
    made.sums.mentions = 1;
    made.sums.negative = 1;
    made.sums.polarity = -4321;
    made.sums.reach = reach;
    made.sums.max_reach = reach;
    return made;
}

}  // namespace

TEST_CASE("mentions of one cell add up, authors are distinct and sorted") {
    Bucket bucket;
    CHECK(bucket.empty());
    for (const std::uint64_t author : {7U, 3U, 7U, 0U, 9U}) bucket.add(mention("x", author, 100 * static_cast<std::int64_t>(author)));
    REQUIRE(bucket.cells().size() == 1);
    const Cell& cell = bucket.cells().begin()->second;
    CHECK(cell.sums.mentions == 5);
    CHECK(cell.sums.negative == 5);
    CHECK(cell.sums.polarity == -5 * 4321);
    CHECK(cell.sums.reach == 2600);
    CHECK(cell.sums.max_reach == 900);
    CHECK(cell.authors == std::vector<std::uint64_t>{3, 7, 9});
    bucket.add(mention("y", 1, 1));
    CHECK(bucket.cells().size() == 2);
}

TEST_CASE("copies are pairs of cluster and author, distinct and sorted, whatever else is counted") {
    Bucket bucket;
    Contribution copy = mention("x", 4, 0);
    copy.cluster = 9;
    bucket.add(copy);
    bucket.add(copy);
    Contribution first;  // a first member is told when the second comes: no mention more
    first.key = copy.key;
    first.author = 2;
    first.cluster = 9;
    bucket.add(first);
    first.author = 0;
    bucket.add(first);
    REQUIRE(bucket.cells().size() == 1);
    const Cell& cell = bucket.cells().begin()->second;
    CHECK(cell.sums.mentions == 2);
    CHECK(cell.authors == std::vector<std::uint64_t>{4});
    CHECK((cell.copies == std::vector<CopyMember>{{9, 2}, {9, 4}}));

    Bucket other;
    copy.author = 3;
    other.add(copy);
    copy.cluster = 1;
    other.add(copy);
    other.merge(bucket);
    bucket.merge(other);
    CHECK((bucket.cells().begin()->second.copies == std::vector<CopyMember>{{1, 3}, {9, 2}, {9, 3}, {9, 4}}));

    Bucket alone;
    first.author = 2;
    alone.add(first);
    CHECK_FALSE(alone.empty());
    CHECK(decode_bucket(encode_bucket(alone)).value() == alone);
}

TEST_CASE("what is taken out leaves nothing, and authors only grow") {
    Bucket bucket;
    Contribution nobody = mention("x", 0, 0);
    bucket.add(nobody);
    nobody.sums.mentions = -1;
    nobody.sums.negative = -1;
    nobody.sums.polarity = 4321;
    bucket.add(nobody);
    CHECK(bucket.empty());
    Contribution correction;
    correction.key.platform = "x";
    correction.author = 5;
    correction.sums.engagement = 3;
    bucket.add(correction);
    CHECK(bucket.cells().begin()->second.authors.empty());
    CHECK(bucket.cells().begin()->second.sums.engagement == 3);
}

TEST_CASE("sums wrap and come back, without undefined behaviour") {
    Bucket bucket;
    Contribution huge = mention("x", 0, 0);
    huge.sums.engagement = std::numeric_limits<std::int64_t>::max();
    bucket.add(huge);
    bucket.add(huge);
    huge.sums.engagement = -std::numeric_limits<std::int64_t>::max();
    bucket.add(huge);
    bucket.add(huge);
    CHECK(bucket.cells().begin()->second.sums.engagement == 0);
}

TEST_CASE("the order of adding and merging does not show in the bytes") {
    std::mt19937 random(4);
    std::vector<Contribution> list;
    for (int i = 0; i < 60; ++i) {
        Contribution made = mention(std::string(1, static_cast<char>('a' + i % 4)), static_cast<std::uint64_t>(i % 11), i * 17 % 1000);
        made.key.kind = static_cast<Kind>(i % 8);
        if (i % 3 == 0) made.key.functions = {"hr", "safety"};
        list.push_back(made);
    }
    Bucket reference;
    for (const Contribution& made : list) reference.add(made);
    for (int round = 0; round < 50; ++round) {
        std::shuffle(list.begin(), list.end(), random);
        Bucket left, right;
        for (std::size_t i = 0; i < list.size(); ++i) (i % 3 == 0 ? left : right).add(list[i]);
        left.merge(right);
        CHECK(left == reference);
        CHECK(encode_bucket(left) == encode_bucket(reference));
    }
}

TEST_CASE("a count with the same key replaces, one that is no number is ignored") {
    Bucket bucket;
    const Bucket::CountKey key{"views", "wikipedia", 1'000, 3'600'000};
    bucket.set_count(key, 5);
    bucket.set_count(key, 7.5);
    bucket.set_count(key, std::numeric_limits<double>::quiet_NaN());
    bucket.set_count(key, std::numeric_limits<double>::infinity());
    CHECK(bucket.counts().at(key) == 7.5);
    Bucket newer;
    newer.set_count(key, -0.0);
    bucket.merge(newer);
    CHECK(bucket.counts().size() == 1);
    CHECK(bucket.counts().at(key) == 0);
    CHECK(encode_bucket(bucket).size() > 0);
    CHECK(decode_bucket(encode_bucket(bucket)).value() == bucket);
    bucket.erase_count(key);
    CHECK(bucket.empty());
}
