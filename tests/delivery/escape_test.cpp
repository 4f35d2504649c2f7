#include "vigie/delivery/escape.hpp"

#include <doctest/doctest.h>

#include <array>

#include "delivery/print.hpp"

using namespace vigie;
using namespace vigie::delivery;
using namespace std::string_literals;

namespace {

const std::string wj = "\u2060";

/// One hostile text and what it becomes on each surface. Empty `slack`: as `plain`, and so on.
struct Case {
    std::string in, slack, html, plain, header, log;
};

std::string marked(const std::string& mark) {
    return wj + mark + wj;
}

const std::vector<Case>& cases() {
    static const std::vector<Case> all = {
        {"<!channel>", "&lt;!channel&gt;", "&lt;!channel&gt;", "<!channel>", "<!channel>", "<!channel>"},
        {"<!here>", "&lt;!here&gt;", "&lt;!here&gt;", "<!here>", "<!here>", "<!here>"},
        {"<!subteam^S1>", "&lt;!subteam^S1&gt;", "&lt;!subteam^S1&gt;", "<!subteam^S1>", "<!subteam^S1>", "<!subteam^S1>"},
        {"<@U123>", "&lt;@" + wj + "U123&gt;", "&lt;@U123&gt;", "<@U123>", "<@U123>", "<@U123>"},
        {"@all @channel", "@" + wj + "all @" + wj + "channel", "@all @channel", "@all @channel", "@all @channel", "@all @channel"},
        {"@everyone", "@" + wj + "everyone", "@everyone", "@everyone", "@everyone", "@everyone"},
        {"<users/all>", "&lt;users/all&gt;", "&lt;users/all&gt;", "<users/all>", "<users/all>", "<users/all>"},
        {"<https://evil|https://bank.fr>", "&lt;https://evil|https://bank.fr&gt;", "&lt;https://evil|https://bank.fr&gt;",
         "<https://evil|https://bank.fr>", "<https://evil|https://bank.fr>", "<https://evil|https://bank.fr>"},
        {"&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;", "&amp;lt;!channel&amp;gt;", "&lt;!channel&gt;", "&lt;!channel&gt;",
         "&lt;!channel&gt;"},
        {"*b*", marked("*") + "b" + marked("*"), "*b*", "*b*", "*b*", "*b*"},
        {"_~`", marked("_") + marked("~") + marked("`"), "_~`", "_~`", "_~`", "_~`"},
        {"```x", marked("`") + marked("`") + marked("`") + "x", "```x", "```x", "```x", "```x"},
        {"> quote\n > b", wj + "&gt; quote\n " + wj + "&gt; b", "&gt; quote\n &gt; b", "> quote\n > b", "> quote > b", "> quote\\n > b"},
        {"</td><script>", "&lt;/td&gt;&lt;script&gt;", "&lt;/td&gt;&lt;script&gt;", "</td><script>", "</td><script>", "</td><script>"},
        {"\"><img src=x onerror='a'>", "\"&gt;&lt;img src=x onerror='a'&gt;", "&quot;&gt;&lt;img src=x onerror=&#39;a&#39;&gt;",
         "\"><img src=x onerror='a'>", "\"><img src=x onerror='a'>", "\"><img src=x onerror='a'>"},
        {"a\r\nBcc: x@y", "a\nBcc: x@" + wj + "y", "a\nBcc: x@y", "a\nBcc: x@y", "a Bcc: x@y", "a\\r\\nBcc: x@y"},
        {"a\rb\vc\fd", "a\nb\nc\nd", "a\nb\nc\nd", "a\nb\nc\nd", "a b c d", "a\\rb\\x0bc\\x0cd"},
        {"\n<3>kernel: fake", "\n&lt;3&gt;kernel: fake", "\n&lt;3&gt;kernel: fake", "\n<3>kernel: fake", "<3>kernel: fake",
         "\\n<3>kernel: fake"},
        {"\x1b[2J\x1b]0;t\x07", "[2J]0;t", "[2J]0;t", "[2J]0;t", "[2J]0;t", "\\x1b[2J\\x1b]0;t\\x07"},
        {"\u009b2J", "2J", "2J", "2J", "2J", "\\x9b2J"},
        {"a\u2028b\u2029c", "a\nb\nc", "a\nb\nc", "a\nb\nc", "a b c", "a\\u2028b\\u2029c"},
        {"a\u0085b", "a\nb", "a\nb", "a\nb", "a b", "a\\x85b"},
        {"evil\u202Egnp.exe", "evilgnp.exe", "evilgnp.exe", "evilgnp.exe", "evilgnp.exe", "evil\\u202egnp.exe"},
        {"a\u2066b\u2067c", "abc", "abc", "abc", "abc", "a\\u2066b\\u2067c"},
        {"a\u200Eb\u200Fc\u061Cd", "abcd", "abcd", "abcd", "abcd", "a\\u200eb\\u200fc\\u061cd"},
        {"Au\u200Brora\u2060\uFEFF", "Aurora", "Aurora", "Aurora", "Aurora", "Au\\u200brora\\u2060\\ufeff"},
        {"so\u00ADft", "soft", "soft", "soft", "soft", "so\\u00adft"},
        {"a\u200Db", "ab", "ab", "ab", "ab", "a\\u200db"},
        {"\U000E0041x", "x", "x", "x", "x", "\\U000e0041x"},
        {"a\u3164b", "ab", "ab", "ab", "ab", "a\\u3164b"},
        {"a\0b"s, "ab", "ab", "ab", "ab", "ab"},
        {"\xFF\xFE", "\uFFFD\uFFFD", "\uFFFD\uFFFD", "\uFFFD\uFFFD", "\uFFFD\uFFFD", "\uFFFD\uFFFD"},
        {"\xC0\xAF", "\uFFFD\uFFFD", "\uFFFD\uFFFD", "\uFFFD\uFFFD", "\uFFFD\uFFFD", "\uFFFD\uFFFD"},
        {"a\xE2\x82", "a\uFFFD", "a\uFFFD", "a\uFFFD", "a\uFFFD", "a\uFFFD"},
        {"{{.Secret}} ${HOME} %s%n {0}", "{{.Secret}} ${HOME} %s%n {0}", "{{.Secret}} ${HOME} %s%n {0}", "{{.Secret}} ${HOME} %s%n {0}",
         "{{.Secret}} ${HOME} %s%n {0}", "{{.Secret}} ${HOME} %s%n {0}"},
        {"C:\\x\\n", "C:\\x\\n", "C:\\x\\n", "C:\\x\\n", "C:\\x\\n", "C:\\\\x\\\\n"},
        {"", "", "", "", "", ""},
        {" \t\n ", "  \n ", "  \n ", "  \n ", "", " \\t\\n "},
        {"a\tb", "a b", "a b", "a b", "a b", "a\\tb"},
        {"\u05D0\u05D1", "\u2068\u05D0\u05D1\u2069", "\u2068\u05D0\u05D1\u2069", "\u2068\u05D0\u05D1\u2069", "\u2068\u05D0\u05D1\u2069",
         "\u05D0\u05D1"},
        {"\u05D0\u202E", "\u2068\u05D0\u2069", "\u2068\u05D0\u2069", "\u2068\u05D0\u2069", "\u2068\u05D0\u2069", "\u05D0\\u202e"},
        {"\U0001F468\u200D\U0001F469", "\U0001F468\u200D\U0001F469", "\U0001F468\u200D\U0001F469", "\U0001F468\u200D\U0001F469",
         "\U0001F468\u200D\U0001F469", "\U0001F468\\u200d\U0001F469"},
        {"\u0645\u06CC\u200C\u062E", "\u2068\u0645\u06CC\u200C\u062E\u2069", "\u2068\u0645\u06CC\u200C\u062E\u2069",
         "\u2068\u0645\u06CC\u200C\u062E\u2069", "\u2068\u0645\u06CC\u200C\u062E\u2069", "\u0645\u06CC\\u200c\u062E"},
        {"\u00E9t\u00E9 \u0153uf", "\u00E9t\u00E9 \u0153uf", "\u00E9t\u00E9 \u0153uf", "\u00E9t\u00E9 \u0153uf", "\u00E9t\u00E9 \u0153uf",
         "\u00E9t\u00E9 \u0153uf"},
        {"[bank](https://evil)", "[bank](https://evil)", "[bank](https://evil)", "[bank](https://evil)", "[bank](https://evil)",
         "[bank](https://evil)"},
    };
    return all;
}

}  // namespace

TEST_CASE("hostile texts on every surface") {
    CHECK(cases().size() >= 40);
    for (const auto& c : cases()) {
        CAPTURE(for_log(c.in));
        const Untrusted text(c.in);
        CHECK(for_slack_mrkdwn(text) == c.slack);
        CHECK(for_html(text) == c.html);
        CHECK(for_plain(text) == c.plain);
        CHECK(for_header(text) == c.header);
        CHECK(for_log(text) == c.log);
    }
}

TEST_CASE("whatever comes in, what goes out keeps to its surface and its limit") {
    const std::vector<std::string> pieces = {"<",    "&",      "*",      "@",      "a",      " ",      "\n",
                                             "\r",   "\xFF",   "\u202E", "\u05D0", "\u0301", "\u200D", "\U0001F468",
                                             "\x1b", "\u2028", "\u00E9", "\"",     ">",      "\\",     "\uFE0F"};
    std::uint64_t seed = 7;
    const auto random = [&](std::size_t bound) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>(seed >> 33) % bound;
    };
    for (int i = 0; i < 2000; ++i) {
        std::string text;
        for (std::size_t n = random(40); n > 0; --n) text += pieces[random(pieces.size())];
        const Untrusted untrusted(text);
        const Limit limit{random(30), random(2) == 0 ? LimitUnit::utf16 : LimitUnit::bytes};
        const std::array<std::string, 6> outs = {for_slack_mrkdwn(untrusted, limit), for_slack_plain(untrusted, limit),
                                                 for_html(untrusted, limit),         for_plain(untrusted, limit),
                                                 for_header(untrusted, limit),       for_log(untrusted, limit)};
        for (const auto& out : outs) {
            REQUIRE(is_utf8(out));
            REQUIRE(length_in(out, limit.unit) <= limit.max);
            REQUIRE(out.find('\x1b') == std::string::npos);
            REQUIRE(out.find('\r') == std::string::npos);
            REQUIRE(out.find("\u202E") == std::string::npos);
        }
        for (std::size_t k = 0; k < 3; ++k) {
            REQUIRE(outs[k].find('<') == std::string::npos);
            REQUIRE(outs[k].find('>') == std::string::npos);
        }
        REQUIRE(outs[2].find('"') == std::string::npos);
        REQUIRE(outs[4].find('\n') == std::string::npos);
        REQUIRE(outs[5].find('\n') == std::string::npos);
    }
}

TEST_CASE("cutting: between graphemes, with an ellipsis, escapes whole") {
    CHECK(cut("abcdef", {6}) == "abcdef");
    CHECK(cut("abcdef", {5}) == "abcd\u2026");
    CHECK(cut("abcdef", {1}) == "\u2026");
    CHECK(cut("abcdef", {0}).empty());
    CHECK(cut("abcdef", {3, LimitUnit::bytes}) == "\u2026");
    CHECK(cut("abcdef", {2, LimitUnit::bytes}).empty());
    // An accent stays with its letter, a family together.
    CHECK(cut("ae\u0301xy", {3}) == "a\u2026");
    CHECK(cut("ae\u0301xy", {4}) == "ae\u0301\u2026");
    const std::string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";
    CHECK(cut(family + family, {8}) == "\u2026");
    CHECK(cut(family + family, {9}) == family + "\u2026");
    CHECK(for_html(Untrusted("a<b"), {5}) == "a\u2026");
    CHECK(for_html(Untrusted("<<<"), {9}) == "&lt;&lt;\u2026");
    CHECK(for_html(Untrusted("<<"), {8}) == "&lt;&lt;");
    CHECK(for_plain(Untrusted("\u05D0\u05D1\u05D2\u05D3"), {5}) == "\u2068\u05D0\u05D1\u2026\u2069");
}

TEST_CASE("lengths in both units") {
    CHECK(length_in("a\u00E9\U0001F468", LimitUnit::utf16) == 4);
    CHECK(length_in("a\u00E9\U0001F468", LimitUnit::bytes) == 7);
    CHECK(length_in("\xFF", LimitUnit::bytes) == 3);
}

TEST_CASE("large and combining texts are cut in time and in size") {
    std::string zalgo = "a";
    for (int i = 0; i < 20'000; ++i) zalgo += "\u0301";
    CHECK(length_in(for_plain(Untrusted(zalgo)), LimitUnit::utf16) == 9);
    std::string family;
    for (int i = 0; i < 5'000; ++i) family += "\U0001F468\u200D\U0001F469 ";
    CHECK(length_in(for_slack_mrkdwn(Untrusted(family), {3000}), LimitUnit::utf16) <= 3000);
    CHECK(for_plain(Untrusted(std::string(1 << 20, 'x'))).size() == max_text_bytes);
}
