#include <doctest/doctest.h>

#include <limits>
#include <random>

#include "detect/bytes.hpp"
#include "vigie/detect/bucket.hpp"

using namespace vigie;
using namespace vigie::detect;

namespace {

std::int64_t random_number(std::mt19937_64& random) {
    const auto raw = static_cast<std::int64_t>(random());
    switch (random() % 4) {
        case 0:
            return 0;
        case 1:
            return raw;
        case 2:
            return raw % 200;
        default:
            return raw % 100'000;
    }
}

Bucket random_bucket(std::mt19937_64& random) {
    Bucket bucket;
    for (auto n = random() % 6; n > 0; --n) {
        Contribution made;
        made.key.platform = std::string(random() % 4, 'p');
        made.key.language = random() % 2 == 0 ? "fr" : "";
        made.key.source = std::string("s\0\xff", 3);
        made.key.kind = static_cast<Kind>(random() % 8);
        if (random() % 2 == 0) made.key.functions = {"a", "fr", "z"};
        made.author = random() % 3 == 0 ? 0 : random();
        made.cluster = random() % 2 == 0 ? 0 : random() % 5 + 1;
        Counters& s = made.sums;
        for (std::int64_t* field : {&s.mentions, &s.negative, &s.positive, &s.neutral, &s.polarity, &s.reach, &s.max_reach, &s.engagement,
                                    &s.reposts, &s.new_authors, &s.ratings, &s.rating_sum, &s.low_ratings, &s.weighted}) {
            *field = random_number(random);
        }
        bucket.add(made);
    }
    for (auto n = random() % 4; n > 0; --n) {
        const Bucket::CountKey key{random() % 2 == 0 ? "views" : "fr", "s", random_number(random), random_number(random)};
        bucket.set_count(key, static_cast<double>(random_number(random)) / 7);
    }
    return bucket;
}

bool is_corrupt(std::string_view bytes) {
    const auto decoded = decode_bucket(bytes);
    return !decoded.ok() && decoded.error().code() == Errc::corrupt;
}

}  // namespace

TEST_CASE("what is written reads back, and no prefix of it does") {
    std::mt19937_64 random(11);
    for (int round = 0; round < 2000; ++round) {
        const Bucket bucket = random_bucket(random);
        const std::string bytes = encode_bucket(bucket);
        const auto decoded = decode_bucket(bytes);
        REQUIRE(decoded.ok());
        CHECK(*decoded == bucket);
        if (round % 20 == 0) {
            for (std::size_t n = 0; n < bytes.size(); ++n) CHECK(is_corrupt(std::string_view(bytes).substr(0, n)));
        }
        CHECK(is_corrupt(bytes + '\0'));
    }
}

TEST_CASE("changed bytes give corrupt, or a bucket with just these bytes") {
    std::mt19937_64 random(12);
    int refused = 0, read = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes = encode_bucket(random_bucket(random));
        for (auto n = random() % 3 + 1; n > 0; --n) bytes[random() % bytes.size()] = static_cast<char>(random());
        if (const auto decoded = decode_bucket(bytes); decoded.ok()) {
            // Version 1 is read, but never written again.
            REQUIRE((encode_bucket(*decoded) == bytes || bytes[0] == 1));
            ++read;
        } else {
            CHECK(decoded.error().code() == Errc::corrupt);
            ++refused;
        }
    }
    CHECK(refused > 1000);
    CHECK(read > 1000);
}

TEST_CASE("another version is refused, and named") {
    std::string bytes = encode_bucket(Bucket{});
    bytes[0] = 9;
    const auto decoded = decode_bucket(bytes);
    REQUIRE_FALSE(decoded.ok());
    CHECK(decoded.error().message().find("version 9") != std::string::npos);
}

TEST_CASE("a bucket from before standing is read, and its mentions are ordinary") {
    Bucket bucket;
    Contribution made;
    made.key = CellKey{"x", "fr", "push", Kind::post, {}};
    made.author = 5;
    made.sums.mentions = 3;
    made.sums.reach = 40;
    bucket.add(made);
    std::string bytes = encode_bucket(bucket);
    bytes[0] = 1;
    bytes.erase(bytes.size() - 2, 1);  // nor had it a number of copies
    const auto decoded = decode_bucket(bytes);
    REQUIRE(decoded.ok());
    REQUIRE(decoded->cells().size() == 1);
    Counters expected = made.sums;
    expected.weighted = 3000;
    CHECK(decoded->cells().begin()->second.sums == expected);
    CHECK(decode_bucket(encode_bucket(*decoded)).ok());
    // It had no bit for weights.
    made.sums.weighted = 1;
    Bucket weighted;
    weighted.add(made);
    bytes = encode_bucket(weighted);
    REQUIRE(decode_bucket(bytes).ok());
    bytes[0] = 1;
    bytes.erase(bytes.size() - 2, 1);
    CHECK(is_corrupt(bytes));
}

TEST_CASE("an element count larger than the bytes can hold takes no memory") {
    ByteWriter out;
    out.byte(1);
    out.varint(std::numeric_limits<std::uint64_t>::max());
    CHECK(is_corrupt(out.bytes()));
}

TEST_CASE("a largest reach below nothing is no bucket") {
    Bucket bucket;
    Contribution made;
    made.sums.max_reach = 1;
    bucket.add(made);
    std::string bytes = encode_bucket(bucket);
    const std::size_t at = bytes.size() - 4;  // then no authors, no copies, no counts
    REQUIRE(bytes[at] == 2);
    bytes[at] = 1;
    CHECK(is_corrupt(bytes));
}

TEST_CASE("one mention takes about fifty bytes") {
    Bucket bucket;
    Contribution made;
    made.key = CellKey{"mastodon", "fr", "mas-search", Kind::post, {}};
    made.author = 0x123456789ABCDEF0U;
    made.sums.mentions = made.sums.neutral = 1;
    made.sums.polarity = -1200;
    made.sums.reach = made.sums.max_reach = 1500;
    made.sums.weighted = 1000;
    bucket.add(made);
    CHECK(encode_bucket(bucket).size() < 60);
}

TEST_CASE("varints come back over their whole range, padded ones are refused") {
    for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{63}, std::int64_t{-65}, std::int64_t{1} << 40,
                                     std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
        ByteWriter out;
        out.zigzag(value);
        out.varint(static_cast<std::uint64_t>(value));
        out.fixed64(static_cast<std::uint64_t>(value));
        ByteReader in(out.bytes());
        CHECK(in.zigzag() == value);
        CHECK(in.varint() == static_cast<std::uint64_t>(value));
        CHECK(in.fixed64() == static_cast<std::uint64_t>(value));
        CHECK(in.ok());
        CHECK(in.at_end());
    }
    for (const std::string_view bad :
         {std::string_view("\x80\x00", 2), std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
          std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), std::string_view("\x80"), std::string_view()}) {
        ByteReader in(bad);
        CHECK(in.varint() == 0);
        CHECK_FALSE(in.ok());
        CHECK(in.byte() == 0);
    }
}
