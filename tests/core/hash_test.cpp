#include "vigie/core/hash.hpp"

#include <doctest/doctest.h>

#include "vigie/core/brand.hpp"
#include "vigie/core/labels.hpp"

using namespace vigie;

// XXH3 with seed 0, as published in xxHash's own reference: the store's keys must never change.
TEST_CASE("hashes are XXH3 with seed 0") {
    CHECK(to_hex(hash64("")) == "2d06800538d394c2");
    CHECK(to_hex(hash128("")) == "99aa06d3014798d86001c324468d497f");
    CHECK(hash64("aurora-air") != hash64("aurora-aim"));
    CHECK(hash128("a") < Hash128{{0xFF, 0xFF, 0xFF, 0xFF}});
    CHECK(hash64(std::string_view("a\0b", 3)) != hash64("a"));
}

TEST_CASE("hexadecimal keeps leading zeros") {
    CHECK(to_hex(std::uint64_t{0}) == "0000000000000000");
    CHECK(to_hex(std::uint64_t{0xABC}) == "0000000000000abc");
    CHECK(to_hex(~std::uint64_t{0}) == "ffffffffffffffff");
    CHECK(to_hex(Hash128{}) == std::string(32, '0'));
}

TEST_CASE("a brand's key is the hash of its name") {
    CHECK(brand_key("aurora-air") == hash64("aurora-air"));
}

TEST_CASE("fingerprints tell label sets apart") {
    CHECK(fingerprint({}) == hash64(""));
    CHECK(fingerprint({{"a", "x"}, {"b", "y"}}) == hash64("a\xFFx\xFF"
                                                          "b\xFFy\xFF"));
    CHECK(fingerprint({{"a", "xb"}}) != fingerprint({{"ax", "b"}}));
    CHECK(fingerprint({{"a", ""}, {"b", ""}}) != fingerprint({{"a", "b"}}));
}

TEST_CASE("label sets print on one line") {
    CHECK(format_labels({}) == "{}");
    CHECK(format_labels({{"b", "y"}, {"a", "x"}}) == R"({a="x", b="y"})");
    CHECK(format_labels({{"a", "say \"hi\"\\\n\x1b"}}) == R"({a="say \"hi\"\\\n\x1b"})");
    CHECK(format_labels({{"ville", "Orléans"}}) == R"({ville="Orléans"})");
}
