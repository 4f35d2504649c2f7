#include "cli/lines.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <utility>
#include <vector>

using namespace vigie::cli;
using namespace std::string_literals;

namespace {

using Numbered = std::vector<std::pair<std::int64_t, std::string>>;

Numbered lines_of(const std::string& text, std::size_t keep = 8) {
    std::istringstream in(text);
    LineReader reader(in, keep);
    Numbered out;
    while (reader.next()) out.emplace_back(reader.number(), reader.line());
    return out;
}

}  // namespace

TEST_CASE("lines come with their numbers, empty ones without") {
    CHECK(lines_of("").empty());
    CHECK(lines_of("\n\r\n\n").empty());
    CHECK(lines_of("a") == Numbered{{1, "a"}});
    CHECK(lines_of("a\r\n\nb\n") == Numbered{{1, "a"}, {3, "b"}});
    CHECK(lines_of("\xEF\xBB\xBF"
                   "a\n\xEF\xBB\xBF"
                   "b") == Numbered{{1, "a"},
                                    {2,
                                     "\xEF\xBB\xBF"
                                     "b"}});
    CHECK(lines_of("\xEF\xBB\xBF\n") == Numbered{});
}

TEST_CASE("any byte but a line feed belongs to its line") {
    CHECK(lines_of("a\0b\n\xFF\xFE\n"s) == Numbered{{1, "a\0b"s}, {2, "\xFF\xFE"}});
    CHECK(lines_of("a\rb") == Numbered{{1, "a\rb"}});
}

TEST_CASE("of a line that is too long one byte more than allowed is kept, and the next is whole") {
    CHECK(lines_of("12345678\n123456789\n1234567890123\nb\n") == Numbered{{1, "12345678"}, {2, "123456789"}, {3, "123456789"}, {4, "b"}});
    std::string endless(5'000'000, 'x');
    CHECK(lines_of(endless) == Numbered{{1, "xxxxxxxxx"}});
    CHECK(lines_of(endless + "\nb") == Numbered{{1, "xxxxxxxxx"}, {2, "b"}});
}
