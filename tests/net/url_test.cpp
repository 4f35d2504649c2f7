#include <doctest/doctest.h>

#include "vigie/net/address.hpp"

using namespace vigie;
using namespace vigie::net;

namespace {

struct Case {
    std::string_view text, host, target;
    int port;
};

}  // namespace

TEST_CASE("URLs are taken apart") {
    const Case cases[] = {
        {"http://example.org", "example.org", "/", 80},
        {"https://example.org", "example.org", "/", 443},
        {"HTTPS://Example.ORG/A", "example.org", "/A", 443},
        {"http://example.org:8080/a?b=c#d", "example.org", "/a?b=c", 8080},
        {"http://example.org?q", "example.org", "/?q", 80},
        {"http://example.org:/x", "example.org", "/x", 80},
        {"http://example.org./x", "example.org", "/x", 80},
        {"http://[2001:DB8::1]:81/", "2001:db8::1", "/", 81},
        {"http://[::ffff:7f00:1]/", "::ffff:7f00:1", "/", 80},
        {"http://127.1/", "127.1", "/", 80},
        {"http://0x7f.1/", "0x7f.1", "/", 80},
        {"http://2130706433/", "2130706433", "/", 80},
        {"http://0177.0.0.1/", "0177.0.0.1", "/", 80},
        {"http://evil#@good/", "evil", "/", 80},
        {"http://evil/@good/", "evil", "/@good/", 80},
        {"http://a_b.example/%7Ex", "a_b.example", "/%7Ex", 80},
        {"http://h/a b", "h", "/a%20b", 80},
        {"http://h/caf\xc3\xa9?q=\xc3\xa9", "h", "/caf%C3%A9?q=%C3%A9", 80},
        {"http://h/?f[x]={1}|2", "h", "/?f%5Bx%5D=%7B1%7D%7C2", 80},
        {"http://xn--socit-esab.example/", "xn--socit-esab.example", "/", 80},
        {"http://h:65535/", "h", "/", 65535},
        {"http://h//double//slash", "h", "//double//slash", 80},
    };
    for (const auto& c : cases) {
        const auto url = parse_url(c.text);
        REQUIRE_MESSAGE(url.ok(), c.text);
        CHECK(url.value().host == c.host);
        CHECK(url.value().target == c.target);
        CHECK(url.value().port == c.port);
        const auto again = parse_url(format_url(url.value()));
        REQUIRE(again.ok());
        CHECK(format_url(again.value()) == format_url(url.value()));
    }
}

TEST_CASE("URLs that are refused") {
    const std::string nul("http://h/\0", 10);
    for (const std::string& text : {std::string(""),
                                    std::string("example.org"),
                                    std::string("/path"),
                                    std::string("//h/"),
                                    std::string("ftp://h/"),
                                    std::string("file:///etc/passwd"),
                                    std::string("javascript:alert(1)"),
                                    std::string("http:"),
                                    std::string("http://"),
                                    std::string("http:///x"),
                                    std::string("http:h/x"),
                                    std::string("http://user@h/"),
                                    std::string("http://user:pw@h/"),
                                    std::string("http://@h/"),
                                    std::string("http://good\\@evil/"),
                                    std::string("http://h/\r\nX: y"),
                                    std::string("http://h\n/"),
                                    std::string("http://h/\x7f"),
                                    nul,
                                    std::string("http://h:0/"),
                                    std::string("http://h:65536/"),
                                    std::string("http://h:99999/"),
                                    std::string("http://h:-1/"),
                                    std::string("http://h:80x/"),
                                    std::string("http://soci\xc3\xa9t\xc3\xa9.example/"),
                                    std::string("http://a..b/"),
                                    std::string("http://.a/"),
                                    std::string("http://a%2fb/"),
                                    std::string("http://h%00.evil/"),
                                    std::string("http://[::1/"),
                                    std::string("http://[fe80::1%25eth0]/"),
                                    std::string("http://[nope]/"),
                                    std::string("http://[v1.x]/"),
                                    std::string("http:// h/"),
                                    std::string("http://h /"),
                                    std::string("http://h/%zz"),
                                    std::string("http://h/%"),
                                    "http://" + std::string(64, 'a') + "/",
                                    "http://h/" + std::string(8192, 'a'),
                                    "http://h/" + std::string(4000, ' ')}) {
        const auto url = parse_url(text);
        REQUIRE_MESSAGE(!url.ok(), text);
        CHECK(url.error().code() == Errc::invalid);
    }
}

TEST_CASE("references resolve as RFC 3986 says") {
    const auto base = parse_url("http://a/b/c/d;p?q").value();
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g/"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q"},
        {"g#s", "http://a/b/c/g"},
        {";x", "http://a/b/c/;x"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"https://x:444/y", "https://x:444/y"},
        {" /g ", "http://a/g"},
        {"/a b", "http://a/a%20b"},
        {"/\xc3\xa9", "http://a/%C3%A9"},
        {"//127.0.0.1:81/x", "http://127.0.0.1:81/x"},
    };
    for (const auto& [reference, expected] : cases) {
        const auto url = resolve_url(base, reference);
        REQUIRE_MESSAGE(url.ok(), reference);
        CHECK(format_url(url.value()) == expected);
    }
}

TEST_CASE("references that lead nowhere") {
    const auto base = parse_url("https://a:8443/b").value();
    for (const std::string_view text : {"ftp://x/", "javascript:alert(1)", "data:text/html,x", "//user@x/", "/x\r\nSet-Cookie: a", "//x:0/",
                                        "\\\\evil\\x", "/%zz", "http://"}) {
        CHECK_MESSAGE(!resolve_url(base, text).ok(), text);
    }
    CHECK(format_url(resolve_url(base, "/c").value()) == "https://a:8443/c");
}

TEST_CASE("authority and encoding") {
    CHECK(parse_url("http://h:80/").value().authority() == "h");
    CHECK(parse_url("http://h:443/").value().authority() == "h:443");
    CHECK(parse_url("https://[::1]:443/").value().authority() == "[::1]");
    CHECK(url_encode("a-b_c.d~e") == "a-b_c.d~e");
    CHECK(url_encode("\"aurora air\" OR #x&y=z/\xc3\xa9") == "%22aurora%20air%22%20OR%20%23x%26y%3Dz%2F%C3%A9");
    CHECK(url_encode(std::string("\0", 1)) == "%00");
}
