#include "net/inflate.hpp"

#include <doctest/doctest.h>

#include "net/body.hpp"
#include "net/compress.hpp"

using namespace vigie;
using namespace vigie::net;
using test::compress;
using test::gzip;

namespace {

InflateLimits roomy() {
    InflateLimits limits;
    limits.bytes = 16u << 20;
    limits.ratio = 200;
    return limits;
}

std::string sample() {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "mention " + std::to_string(i * 7919) + "; ";
    return text;
}

/// Feeds in pieces of n bytes; the error of feed or finish, or the text.
Result<std::string> inflate_in_pieces(Coding coding, std::string_view coded, std::size_t n, InflateLimits limits) {
    Inflater inflater(coding, limits);
    std::string out;
    for (std::size_t i = 0; i < coded.size(); i += n) {
        if (auto fed = inflater.feed(coded.substr(i, n), out); !fed) return std::move(fed).error();
    }
    if (auto whole = inflater.finish(); !whole) return std::move(whole).error();
    return out;
}

}  // namespace

TEST_CASE("every wrapper is read, whatever the pieces") {
    const auto text = sample();
    for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{1000}, std::size_t{1} << 20}) {
        CHECK(inflate_in_pieces(Coding::gzip, compress(text, 31), n, roomy()).value() == text);
        CHECK(inflate_in_pieces(Coding::deflate, compress(text, 15), n, roomy()).value() == text);
        CHECK(inflate_in_pieces(Coding::deflate, compress(text, -15), n, roomy()).value() == text);
        CHECK(inflate_in_pieces(Coding::identity, text, n, roomy()).value() == text);
        CHECK(inflate_in_pieces(Coding::gzip, gzip("one, ") + gzip("two"), n, roomy()).value() == "one, two");
    }
    CHECK(inflate_in_pieces(Coding::gzip, "", 1, roomy()).value() == "");
}

TEST_CASE("broken data is named") {
    const auto coded = gzip(sample());
    auto flipped = coded;
    flipped[flipped.size() - 6] = static_cast<char>(flipped[flipped.size() - 6] ^ 1);  // inside the checksum
    for (const std::string& bad :
         {coded.substr(0, coded.size() - 1), coded.substr(0, 5), flipped, coded + "trailing", std::string("not gzip at all")}) {
        for (const std::size_t n : {std::size_t{1}, std::size_t{100000}}) {
            const auto result = inflate_in_pieces(Coding::gzip, bad, n, roomy());
            REQUIRE_FALSE(result.ok());
            CHECK(result.error().code() == Errc::protocol);
        }
    }
    CHECK_FALSE(inflate_in_pieces(Coding::deflate, "\xff\xff\xff", 1, roomy()).ok());
}

TEST_CASE("a bomb is stopped by its ratio, then by its size") {
    const auto bomb = gzip(std::string(32u << 20, '\0'));
    REQUIRE(bomb.size() < 64u << 10);
    Inflater by_ratio(Coding::gzip, roomy());
    std::string out;
    const auto stopped = by_ratio.feed(bomb, out);
    REQUIRE_FALSE(stopped.ok());
    CHECK(stopped.error().code() == Errc::limit);
    CHECK(out.size() < 16u << 20);

    InflateLimits small = roomy();
    small.bytes = 1000;
    CHECK(inflate_in_pieces(Coding::gzip, gzip(std::string(1000, 'a')), 10, small).ok());
    CHECK(inflate_in_pieces(Coding::gzip, gzip(std::string(1001, 'a')), 10, small).error().code() == Errc::limit);
    CHECK(inflate_in_pieces(Coding::identity, std::string(1001, 'a'), 10, small).error().code() == Errc::limit);
}

TEST_CASE("below one megabyte the ratio does not matter") {
    CHECK(inflate_in_pieces(Coding::gzip, gzip(std::string(1u << 20, 'a')), 1000, roomy()).ok());
    CHECK(inflate_in_pieces(Coding::gzip, gzip(std::string(2u << 20, 'a')), 1u << 20, roomy()).error().code() == Errc::limit);
}

TEST_CASE("a body counts on the wire and after") {
    BodyLimits limits;
    limits.wire_bytes = 100;
    limits.body_bytes = 1000;
    limits.inflate_ratio = 200;
    Body plain(limits);
    CHECK(plain.append(std::string(100, 'x')).ok());
    CHECK(plain.append("x").error().code() == Errc::limit);
    Body declared(limits);
    CHECK(declared.expect(100).ok());
    CHECK(declared.expect(101).error().code() == Errc::limit);
    Body coded(limits);
    REQUIRE(coded.set_coding("GZip").ok());
    CHECK(coded.append(gzip(std::string(900, 'y'))).ok());
    CHECK(coded.finish().ok());
    CHECK(coded.take() == std::string(900, 'y'));
    Body unknown(limits);
    CHECK(unknown.set_coding("br").error().code() == Errc::unsupported);
    CHECK(unknown.set_coding("gzip, gzip").error().code() == Errc::unsupported);
}
