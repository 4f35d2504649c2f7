#include <doctest/doctest.h>

#include <ctime>
#include <string>

#include "vigie/sources/feed.hpp"

using namespace vigie::sources;

namespace {

std::string text(std::string_view html) {
    return html_to_text(html, "https://site.example/a/b").text;
}

}  // namespace

TEST_CASE("HTML as people read it") {
    CHECK(text("<p>One</p><p>Two <b>bold</b></p>") == "One\nTwo bold");
    CHECK(text("a<br>b<br/>c") == "a\nb\nc");
    CHECK(text("<ul><li>x<li>y</ul>z") == "x\ny\nz");
    CHECK(text("  a \n\t b  ") == "a b");
    CHECK(text("Caf&eacute;&nbsp;&amp; th&#233; &#x2014; &euro;5") ==
          "Caf\xC3\xA9 & th\xC3\xA9 \xE2\x80\x94 \xE2\x82\xAC"
          "5");
    CHECK(text("&#151;&#128;") == "\xE2\x80\x94\xE2\x82\xAC");  // windows-1252, as browsers read it
    CHECK(text("AT&T &unknown; &amp;lt;") == "AT&T &unknown; &lt;");
    CHECK(text("a &lt;b&gt; c") == "a <b> c");
    CHECK(text("1 < 2 and 3 <3") == "1 < 2 and 3 <3");
    CHECK(text("<script>evil()</script>ok<style>p{}</style><!-- no -->!") == "ok!");
    CHECK(text("<SCRIPT src='x'>a</script >b") == "b");
    CHECK(text("a<![CDATA[<b>]]>c") == "a<b>c");
    CHECK(text("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>") == "a b\nc");
    CHECK(text("smile <img class=\"emoji\" alt=\"\xF0\x9F\x98\x80\" src=x> and <img alt=\"picture\" src=y>") ==
          "smile \xF0\x9F\x98\x80 and");
    CHECK(text("") == "");
    CHECK(text("<p></p>") == "");
    CHECK(text("<a href=\"x>y\">in</a>") == "in");
    CHECK(text("unclosed <b") == "unclosed");
    CHECK(text("unclosed <a href=\"x") == "unclosed");
    CHECK(text("<script>never closed") == "");
    CHECK(text("&#0;&#xD800;&#x110000;&#1;x") == "x");
}

TEST_CASE("links are absolute, of the web, and each there once") {
    const PlainText out = html_to_text(
        "<a href='/c'>1</a><a href=\"https://other.example/?a=1&amp;b=2\">2</a><a href=/c>3</a><a href='javascript:x()'>4</a>"
        "<a href='data:text/html,x'>5</a><a href='mailto:a@b'>6</a><a>7</a><a href=''>8</a>",
        "https://site.example/a/b");
    CHECK(out.links == std::vector<std::string>{"https://site.example/c", "https://other.example/?a=1&b=2", "https://site.example/a/b"});
    std::string many;
    for (int i = 0; i < 500; ++i) many += "<a href='/" + std::to_string(i) + "'>x</a>";
    CHECK(html_to_text(many, "https://site.example/").links.size() == max_entry_links);
}

TEST_CASE("hostile HTML takes linear time") {
    const std::string parts[] = {"<b a=1><p>", "<div>", "<!--", "<script>", "</script", "<a href=\"",
                                 "&amp",       "&#x",   "<",    "<a b=",    "<![CDATA["};
    for (const auto& part : parts) {
        CAPTURE(part);
        std::string html;
        while (html.size() < (1u << 20)) html += part;
        const std::clock_t start = std::clock();
        const PlainText out = html_to_text(html, "https://site.example/");
        CHECK(out.text.size() <= html.size());
        CHECK(std::clock() - start < 5 * CLOCKS_PER_SEC);
    }
}

TEST_CASE("references resolve as RFC 3986, 5.4 lists them") {
    const std::string base = "http://a/b/c/d;p?q";
    const std::pair<const char*, const char*> cases[] = {
        {"g:h", "g:h"},
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q#s"},
        {"g#s", "http://a/b/c/g#s"},
        {"g?y#s", "http://a/b/c/g?y#s"},
        {";x", "http://a/b/c/;x"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
    };
    for (const auto& [reference, expected] : cases) {
        CAPTURE(reference);
        CHECK(resolve_reference(base, reference) == expected);
    }
    CHECK(resolve_reference("", "relative") == "relative");
    CHECK(resolve_reference("http://host", "x") == "http://host/x");
    CHECK(resolve_reference(base, "  http://x/y \n") == "http://x/y");
}
