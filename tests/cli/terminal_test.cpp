#include "cli/terminal.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "vigie/core/untrusted.hpp"

using namespace vigie;
using namespace vigie::cli;

TEST_CASE("columns are aligned, and nothing trails") {
    CHECK(table({"A", "LONG"}, {{"one", "x"}, {"longer", "y"}}) == "A       LONG\none     x\nlonger  y\n");
    CHECK(table({"A", "B"}, {}) == "A  B\n");
}

TEST_CASE("a column that is empty everywhere is left out") {
    CHECK(table({"A", "B", "C"}, {{"1", "", "3"}, {"2", "", "4"}}) == "A  C\n1  3\n2  4\n");
    CHECK(table({"A", "B"}, {{"1", ""}, {"2", "x"}}) == "A  B\n1\n2  x\n");
}

TEST_CASE("alignment goes by what people see") {
    CHECK(table({"A", "B"}, {{"\xC3\xA9\xC3\xA9", "x"}, {"ab", "y"}}) == "A   B\n\xC3\xA9\xC3\xA9  x\nab  y\n");
    // Wide characters and emoji take two cells, a combining accent none.
    CHECK(table({"A", "B"}, {{"\xE6\x97\xA5\xE6\x9C\xAC", "x"}, {"abcd", "y"}}) == "A     B\n\xE6\x97\xA5\xE6\x9C\xAC  x\nabcd  y\n");
    CHECK(table({"A", "B"}, {{"e\xCC\x81", "x"}, {"\xF0\x9F\x98\x80", "y"}}) == "A   B\ne\xCC\x81   x\n\xF0\x9F\x98\x80  y\n");
}

TEST_CASE("strangers' words stay on their line and send the terminal no commands") {
    const std::string out = table({"A", "B"}, {{"x\ny\x1b[2J\x07", "\xE2\x80\xAE reversed"}, {"\xff\xfe", std::string(5000, 'x')}});
    CHECK(is_utf8(out));
    CHECK(std::count(out.begin(), out.end(), '\n') == 3);
    CHECK(out.find('\x1b') == std::string::npos);
    CHECK(out.find("\xE2\x80\xAE") == std::string::npos);
    CHECK(out.size() < 2000);
}

TEST_CASE("how long ago") {
    CHECK(relative("2026-03-01T09:00:00Z", "2026-03-01T09:03:00Z") == "3 min ago");
    CHECK(relative("2026-03-01T09:00:12Z", "2026-03-01T09:00:00Z") == "in 12 s");
    CHECK(relative("", "2026-03-01T09:00:00Z") == "-");
    CHECK(relative("2026-03-01T09:00:00Z", "now") == "-");
}

TEST_CASE("sizes") {
    CHECK(bytes_text(0) == "0 B");
    CHECK(bytes_text(999) == "999 B");
    CHECK(bytes_text(1000) == "1.0 kB");
    CHECK(bytes_text(123456789) == "123.5 MB");
    CHECK(bytes_text(5e15) == "5000.0 TB");
}
