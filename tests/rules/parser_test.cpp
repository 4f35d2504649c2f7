#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "rules/syntax.hpp"
#include "vigie/rules/rule.hpp"

using namespace vigie;
using namespace vigie::rules;

namespace {

std::string canonical(std::string_view text) {
    const Parsed parsed = parse_expression(text);
    if (!parsed.tree) return std::to_string(parsed.error.at) + ": " + parsed.error.message;
    const std::string out = format_expression(*parsed.tree);
    const Parsed again = parse_expression(out);
    if (!again.tree) return "not read back: " + out;
    if (!same_syntax(*parsed.tree, *again.tree)) return "read back as another tree: " + out;
    return out;
}

std::size_t wrong_at(std::string_view text) {
    const Parsed parsed = parse_expression(text);
    REQUIRE_MESSAGE(!parsed.tree, text);
    CHECK(!parsed.error.message.empty());
    return parsed.error.at;
}

}  // namespace

TEST_CASE("expressions are read and written in one canonical form") {
    struct Case {
        std::string_view text, out;
    };
    const std::vector<Case> cases{
        {"mentions[1h]>50", "mentions[1h] > 50"},
        {"mentions[60m] >= 10k", "mentions[1h] >= 10k"},
        {"1.5+2M", "1.5 + 2M"},
        {"share( negative[1h] )>45%", "share(negative[1h]) > 45%"},
        {"a and b and c", "a and b and c"},
        {"(a and b) or c", "(a and b) or c"},
        {"a or (b and c)", "a or (b and c)"},
        {"a and (b and c)", "a and (b and c)"},
        {"not a > 1", "not a > 1"},
        {"not (a > 1 and b > 2)", "not (a > 1 and b > 2)"},
        {"1 - (2 - 3)", "1 - (2 - 3)"},
        {"(1 - 2) - 3", "1 - 2 - 3"},
        {"1 + 2 * 3", "1 + 2 * 3"},
        {"(1 + 2) * 3", "(1 + 2) * 3"},
        {"2 / (3 * 4)", "2 / (3 * 4)"},
        {"-a * -(b + 1)", "-a * -(b + 1)"},
        {"--3", "--3"},
        {"((((a))))", "a"},
        {"mentions{platform=\"x\",language!='fr'}[1h] offset 1d", "mentions{platform=\"x\", language!=\"fr\"}[1h] offset 1d"},
        {"mentions{source=~\"news-.*\", kind!~\"repost|quote\"}[2w]", "mentions{source=~\"news-.*\", kind!~\"repost|quote\"}[14d]"},
        {"mentions{}[1h]", "mentions[1h]"},
        {"max(reach[1h]) > 100k", "max(reach[1h]) > 100k"},
        {"hour() >= 8 and weekday()<6", "hour() >= 8 and weekday() < 6"},
        {"delta(mentions[1h], 1d) == 0", "delta(mentions[1h], 1d) == 0"},
        {"x != 1h30m", "x != 1h30m"},
        {".5 < x", ".5 < x"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(canonical(c.text) == c.out);
    }
}

TEST_CASE("literals carry their value") {
    const auto number = [](std::string_view text) { return parse_expression(text).tree.value().number; };
    CHECK(number("3") == 3);
    CHECK(number("10k") == 10'000);
    CHECK(number("2M") == 2'000'000);
    CHECK(number("45%") == doctest::Approx(0.45));
    CHECK(number("0.5%") == doctest::Approx(0.005));
    CHECK(number("30s") == 30);
    CHECK(number("14d") == 14 * 86400);
    CHECK(number("1h30m") == 5400);
}

TEST_CASE("a backslash in a matcher escapes only itself and quotes") {
    const auto value = [](std::string_view text) { return parse_expression(text).tree.value().selector.matchers.at(0).value; };
    CHECK(value(R"(mentions{source=~"a\d+"}[1h])") == R"(a\d+)");
    CHECK(value(R"(mentions{source=~"a\\d+"}[1h])") == R"(a\d+)");
    CHECK(value(R"(mentions{source="a\"b"}[1h])") == "a\"b");
    CHECK(value(R"(mentions{source='it"s'}[1h])") == "it\"s");
}

TEST_CASE("a mistake is told at its byte") {
    struct Case {
        std::string_view text;
        std::size_t at;
        std::string_view words;
    };
    const std::vector<Case> cases{
        {"", 0, "found nothing"},
        {"   ", 0, "found nothing"},
        {"a and b or c", 8, "parentheses"},
        {"a or b and c", 7, "parentheses"},
        {"a > 1 > 2", 6, "second comparison"},
        {"a = 1", 2, "expected `==`"},
        {"a >", 3, "the end of the expression"},
        {"a > > 1", 4, "found `>`"},
        {"(a > 1", 6, "close the parenthesis"},
        {"a > 1)", 5, "found `)`"},
        {"mentions[1h", 11, "close the window"},
        {"mentions[] > 1", 9, "a window such as 1h"},
        {"mentions[5] > 1", 9, "a window such as 1h"},
        {"mentions{platform}[1h] > 1", 17, "expected =, !=, =~ or !~"},
        {"mentions{platform=x}[1h] > 1", 18, "in quotes"},
        {"mentions{platform=\"x\" kind=\"y\"}[1h]", 22, "or `}`"},
        {"mentions{platform=\"x\"} > 1", 23, "a window such as [1h]"},
        {"mentions{platform=\"x", 18, "does not end"},
        {"mentions[1h] offset > 1", 20, "after `offset`"},
        {"10q > 1", 0, "found `10q`"},
        {"1e6 > 1", 0, "found `1e6`"},
        {"1.2.3 > 1", 0, "found `1.2.3`"},
        {"a && b", 2, "the words `and`"},
        {"a || b", 2, "the words `and`"},
        {"!a", 0, "the words `and`"},
        {"a > 5 %", 6, "right after a number"},
        {"a ; b", 2, "found `;`"},
        {"a > 1 b", 6, "found `b`"},
        {"and > 1", 0, "found `and`"},
        {"share(negative[1h], ) > 1", 20, "found `)`"},
        {"share(negative[1h] > 1", 22, "end the arguments"},
        {"a > 99999999999999999999", 4, "10^15"},
        {"a > \xc3\xa9", 4, "a character that no expression uses"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(wrong_at(c.text) == c.at);
        const std::string message = parse_expression(c.text).error.message;
        CAPTURE(message);
        CHECK(message.find(c.words) != std::string::npos);
    }
}

TEST_CASE("depth and length are bounded") {
    const auto nested = [](int n) {
        return std::string(static_cast<std::size_t>(n), '(') + "a > 1" + std::string(static_cast<std::size_t>(n), ')');
    };
    CHECK(parse_expression(nested(45)).tree.has_value());
    CHECK(parse_expression(nested(51)).error.message.find("nested deeper") != std::string::npos);
    CHECK_FALSE(parse_expression(std::string(2000, '(')).tree.has_value());
    CHECK_FALSE(parse_expression(std::string(2000, '-') + "1").tree.has_value());

    std::string sum = "1";
    for (int i = 0; i < 48; ++i) sum += "+1";
    CHECK(parse_expression(sum).tree.has_value());
    CHECK_FALSE(parse_expression(sum + "+1+1").tree.has_value());

    std::string chain = "a > 1";
    while (chain.size() < 4000) chain += " and a > 1";
    CHECK(parse_expression(chain).tree.has_value());

    CHECK(parse_expression(std::string(4095, ' ') + "1").tree.has_value());
    CHECK(parse_expression(std::string(4096, ' ') + "1").error.message.find("at most 4096") != std::string::npos);
}
