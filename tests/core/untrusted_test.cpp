#include "vigie/core/untrusted.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <ostream>
#include <random>
#include <string>

using namespace vigie;

namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
    out << value;
};

const std::string fffd = "\xEF\xBF\xBD";

std::string repeat(const std::string& what, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += what;
    return out;
}

}  // namespace

TEST_CASE("untrusted text cannot be printed by accident") {
    CHECK_FALSE(Printable<Untrusted>);
    CHECK_FALSE(fmt::is_formattable<Untrusted>::value);
    CHECK_FALSE(std::is_convertible_v<Untrusted, std::string>);
    CHECK_FALSE(std::is_convertible_v<std::string, Untrusted>);
}

TEST_CASE("well-formed text stays as it is") {
    for (const char* text :
         {"", "plain", "Société Générale", "日本語", "👩‍👩‍👧", "\U0010FFFF", "\u0080", "\uFFFD", "tab\tline\nend"}) {
        CAPTURE(text);
        CHECK(clean_utf8(text) == text);
        CHECK(is_utf8(text));
    }
}

TEST_CASE("each maximal ill-formed part becomes one U+FFFD") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"\xFF\xFE", fffd + fffd},                                // never in UTF-8
        {"\xC0\xAF", fffd + fffd},                                // overlong
        {"\xE0\x80\xAF", fffd + fffd + fffd},                     // overlong, three bytes
        {"\xF0\x80\x80\xAF", fffd + fffd + fffd + fffd},          // overlong, four bytes
        {"\xED\xA0\x80", fffd + fffd + fffd},                     // a surrogate
        {"\xF4\x90\x80\x80", fffd + fffd + fffd + fffd},          // beyond U+10FFFF
        {"a\xE2\x82", "a" + fffd},                                // cut in the middle
        {"a\xF0\x9F\x98", "a" + fffd},                            // cut after three of four
        {"\xF0\x9F\x98z", fffd + "z"},                            // interrupted
        {"\xE2\x82\xE2\x82\xAC", fffd + "\xE2\x82\xAC"},          // interrupted by a whole one
        {"\x80\x80", fffd + fffd},                                // continuation alone
        {"\xF0\x80\x80\x41", fffd + fffd + fffd + "A"},           // the Unicode Standard's own example, part
        {"x\xF8\x88\x80\x80\x80y", "x" + repeat(fffd, 5) + "y"},  // five-byte form
    };
    for (const auto& [bytes, expected] : cases) {
        CAPTURE(bytes);
        CHECK_FALSE(is_utf8(bytes));
        CHECK(clean_utf8(bytes) == expected);
    }
}

TEST_CASE("NUL goes, the rest stays") {
    CHECK(clean_utf8(std::string_view("a\0b\0", 4)) == "ab");
    CHECK(clean_utf8(std::string_view("\0\0\0", 3)).empty());
}

TEST_CASE("at most eight marks stay on a base") {
    const std::string mark = "\u0301";
    CHECK(clean_utf8("e" + repeat(mark, 8)) == "e" + repeat(mark, 8));
    CHECK(clean_utf8("e" + repeat(mark, 9)) == "e" + repeat(mark, 8));
    CHECK(clean_utf8("e" + repeat(mark, 100'000) + "x" + mark) == "e" + repeat(mark, 8) + "x" + mark);
    CHECK(clean_utf8(repeat(mark, 20)) == repeat(mark, 8));
    // A joiner or an enclosing mark is no way around it.
    CHECK(clean_utf8("e" + repeat(mark + "\u200D", 20)) == "e" + repeat(mark + "\u200D", 8) + repeat("\u200D", 12));
    CHECK(clean_utf8("e" + repeat("\u20DD", 20)) == "e" + repeat("\u20DD", 8));
    CHECK(clean_utf8("é" + repeat(mark, 9) + "日" + repeat(mark, 9)) == "é" + repeat(mark, 8) + "日" + repeat(mark, 8));
}

TEST_CASE("a cut falls before a character that does not fit whole") {
    CHECK(clean_utf8("abc", 2) == "ab");
    CHECK(clean_utf8("aé", 2) == "a");
    CHECK(clean_utf8("aé", 3) == "aé");
    CHECK(clean_utf8("a\xFF", 3) == "a");
    CHECK(clean_utf8("日本", 5) == "日");
    CHECK(clean_utf8("abc", 0).empty());
    CHECK(clean_utf8(std::string(1 << 20, 'x')).size() == max_text_bytes);
}

TEST_CASE("cleaning gives valid UTF-8, and cleaning twice changes nothing") {
    std::mt19937 random(3);
    for (int i = 0; i < 3000; ++i) {
        std::string bytes(random() % 40, ' ');
        for (char& c : bytes) {
            constexpr std::string_view likely("\x00\x41\x80\xBF\xC2\xCC\x81\xE2\x80\x8D\xED\xA0\xF0\x9F\xF4\x90\xFF", 17);
            c = random() % 3 == 0 ? static_cast<char>(random()) : likely[random() % likely.size()];
        }
        const auto clean = clean_utf8(bytes, 30);
        CHECK(is_utf8(clean));
        CHECK(clean.find('\0') == std::string::npos);
        CHECK(clean.size() <= 30);
        CHECK(clean_utf8(clean, 30) == clean);
        if (is_utf8(bytes) && bytes.find('\0') == std::string::npos && bytes.size() <= 8) CHECK(clean == bytes);
    }
}

TEST_CASE("cleaning is linear: hostile megabytes take no longer than plain ones should") {
    const auto start = std::chrono::steady_clock::now();
    for (const std::string& bytes : {std::string(8 << 20, '\xFF'), repeat("\xCC\x81", 4 << 20), std::string(8 << 20, '\0')}) {
        CHECK(clean_utf8(bytes).size() <= max_text_bytes);
    }
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
}

TEST_CASE("an excerpt stands on one line and shows what is invisible") {
    CHECK(excerpt("plain é") == "plain é");
    CHECK(excerpt("a\r\n\t\x1b[2J") == "a\\r\\n\\t\\u001b[2J");
    CHECK(excerpt("\u202Egpj.exe\u2028\u200B") == "\\u202egpj.exe\\u2028\\u200b");
    CHECK(excerpt("\xFF") == fffd);
    CHECK(excerpt(std::string_view("\0", 1)) == "\\u0000");
    CHECK(excerpt("\U000E0041") == "\\U000e0041");
    CHECK(excerpt(std::string(60, 'x')) == std::string(60, 'x'));
    CHECK(excerpt(std::string(61, 'x')) == std::string(57, 'x') + "...");
    CHECK(excerpt(repeat("é", 40)).size() <= 60);
    CHECK(excerpt("abcdef", 2).size() <= 2);
    CHECK(excerpt(repeat("\x01", 100)).size() <= 60);
    CHECK(is_utf8(excerpt(repeat("日", 100))));
}
