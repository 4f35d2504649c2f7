#include <doctest/doctest.h>

#include "delivery/print.hpp"
#include "vigie/delivery/escape.hpp"

using namespace vigie;
using namespace vigie::delivery;

TEST_CASE("what may be a link, and how it comes out") {
    const std::vector<std::pair<std::string, std::string>> good = {
        {"https://mas.to/@ana/110", "https://mas.to/@ana/110"},
        {"HTTPS://Mas.TO/A?b=c&d=e#f", "https://mas.to/A?b=c&d=e#f"},
        {" http://a.example \n", "http://a.example"},
        {"https://a.example:8443/x", "https://a.example:8443/x"},
        {"https://[2001:db8::1]:80/", "https://[2001:db8::1]:80/"},
        {"https://a.example/a b", "https://a.example/a%20b"},
        {"https://a.example/\"'<>|`(x)[y]{z}\\^*", "https://a.example/%22%27%3C%3E%7C%60%28x%29%5By%5D%7Bz%7D%5C%5E%2A"},
        {"https://a.example/%41%zz", "https://a.example/%41%25zz"},
        {"https://a.example/\u00E9\u202E", "https://a.example/%C3%A9%E2%80%AE"},
        {"https://b\u00FCcher.example/", "https://xn--bcher-kva.example/"},
        {"https://\u0430pple.example/", "https://xn--pple-43d.example/"},
        {"https://a.example?x", "https://a.example?x"},
    };
    for (const auto& [in, out] : good) {
        CAPTURE(in);
        CHECK(safe_link(Untrusted(in)).value_or("nothing") == out);
    }
}

TEST_CASE("what may not") {
    const std::vector<std::string> bad = {"",
                                          "javascript:alert(1)",
                                          "JaVaScRiPt://a.example/%0aalert(1)",
                                          "data:text/html,x",
                                          "file:///etc/passwd",
                                          "ftp://a.example",
                                          "//a.example",
                                          "a.example",
                                          "https:a.example",
                                          "https:///a",
                                          "https://",
                                          "https://bank.fr@evil.example/",
                                          "https://evil.example\\@bank.fr/",
                                          "https://a.example:0/",
                                          "https://a.example:99999/",
                                          "https://a.example:x/",
                                          "https://a b.example/",
                                          "https://a%2eexample/",
                                          "https://a..example/",
                                          "https://.a.example/",
                                          "https://a\"b.example/",
                                          "https://[::1/",
                                          "https://[zz]/",
                                          "https://a.example/\r\nX: y",
                                          "https://a.example/\x01",
                                          "https://a.example/\xFF",
                                          "java\tscript:alert(1)",
                                          "https://a.example/" + std::string(2000, 'x'),
                                          "https://a.example/" + std::string(900, ' ') + "x" + std::string(900, ' ') + "y"};
    for (const auto& url : bad) {
        CAPTURE(for_log(url));
        CHECK_FALSE(safe_link(Untrusted(url)).has_value());
    }
}
