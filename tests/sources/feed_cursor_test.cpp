#include "sources/feed_cursor.hpp"

#include <doctest/doctest.h>

using namespace vigie::sources;

namespace {

std::vector<std::uint64_t> range(std::uint64_t from, std::uint64_t to) {
    std::vector<std::uint64_t> out;
    for (std::uint64_t i = from; i < to; ++i) out.push_back(i);
    return out;
}

}  // namespace

TEST_CASE("a feed's cursor reads back as it was written") {
    FeedCursor cursor;
    CHECK(decode_cursor("") == cursor);
    cursor.next = 3;
    FeedMemory memory;
    memory.url = 0xFFFFFFFFFFFFFFFF;
    memory.etag = "W/\"a b\"";
    memory.last_modified = "Tue, 03 Mar 2026 00:00:00 GMT";
    memory.moved_to = 5;
    memory.moved_count = 2;
    memory.polled = true;
    memory.seen = {1, 0, 0xABCDEF0123456789};
    cursor.memories = {memory, FeedMemory()};
    CHECK(decode_cursor(encode_cursor(cursor)) == cursor);
    cursor.memories[0].etag = "a\nu 1 2 3 4";  // no header can hold it, and no line of the cursor may come of it
    const auto back = decode_cursor(encode_cursor(cursor));
    REQUIRE(back.has_value());
    CHECK(back->memories.size() == 2);
    CHECK(back->memories[0].etag.empty());
}

TEST_CASE("text that is no cursor is refused") {
    for (const char* text :
         {"x", "vigie-feed 1 ", "vigie-feed 1 0", "vigie-feed 1 0\nq 1\n", "vigie-feed 1 0\nu 1 2\n", "vigie-feed 1 0\ne x\n",
          "vigie-feed 1 0\nu 1 2 3 1\ns 123\n", "vigie-feed 1 0\nu 1 2 3 1\ns zzzzzzzzzzzzzzzz\n", "vigie-feed 1 0\nu 1 2 3 1",
          "vigie-feed 1 99999999999999999999\n"})
        CHECK_FALSE(decode_cursor(text).has_value());
}

TEST_CASE("at least twice the feed's length is remembered, and no more than 4000 beyond it") {
    FeedMemory memory;
    remember(memory, range(0, 100));
    CHECK(memory.seen.size() == 100);
    remember(memory, range(50, 150));
    CHECK(memory.seen.size() == 150);
    CHECK(memory.seen.front() == 50);
    for (std::uint64_t i = 0; i < 20; ++i) remember(memory, range(i * 100, i * 100 + 100));
    CHECK(memory.seen.size() == 200);
    remember(memory, range(0, 3000));
    remember(memory, range(10000, 13000));
    CHECK(memory.seen.size() == 4000);
    remember(memory, range(20000, 25000));
    CHECK(memory.seen.size() == 5000);
    remember(memory, {7});
    CHECK(memory.seen.size() == 200);
    CHECK(memory.seen.front() == 7);
}
