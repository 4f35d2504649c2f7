#include "sources/charset.hpp"

#include <doctest/doctest.h>

#include "vigie/core/untrusted.hpp"

using namespace vigie;
using namespace vigie::sources;
using namespace std::string_literals;

namespace {

std::string wide(std::string_view ascii, bool big, std::size_t unit) {
    std::string out;
    for (const char c : ascii) {
        const std::string zeros(unit - 1, '\0');
        out += big ? zeros + c : c + zeros;
    }
    return out;
}

}  // namespace

TEST_CASE("the charset is the mark's, the header's, the declaration's, UTF-8's, in this order") {
    CHECK(decode_to_utf8("\xEF\xBB\xBF<r>\xC3\xA9</r>", "text/xml; charset=iso-8859-1").text == "<r>\xC3\xA9</r>");
    CHECK(decode_to_utf8("<?xml version='1.0' encoding='utf-8'?><r>\xE9</r>", "text/xml; charset=iso-8859-1").text.find("\xC3\xA9") !=
          std::string::npos);
    CHECK(decode_to_utf8("<?xml version='1.0' encoding='iso-8859-15'?><r>\xA4</r>", "text/xml").text.find("\xE2\x82\xAC") !=
          std::string::npos);
    CHECK(decode_to_utf8("<r>\xC3\xA9</r>", "text/xml").text == "<r>\xC3\xA9</r>");
    CHECK(decode_to_utf8("<r>\x93hi\x94</r>", "text/xml; charset=\"ISO-8859-1\"").text == "<r>\xE2\x80\x9Chi\xE2\x80\x9D</r>");
    CHECK(decode_to_utf8("<r>\xB8\xE3</r>", "text/xml; charset=gb2312").text == "<r>\xE6\x90\x9E</r>");
    CHECK(decode_to_utf8("<r>\xC7\xD1</r>", "text/xml; charset=euc-kr").text == "<r>\xED\x95\x9C</r>");
    CHECK(decode_to_utf8("<r>\xA4\xA4</r>", "text/xml; charset=Big5").text == "<r>\xE4\xB8\xAD</r>");
    CHECK(decode_to_utf8("<r>\xCF\xF0</r>", "text/xml; charset=windows-1251").text == "<r>\xD0\x9F\xD1\x80</r>");
}

TEST_CASE("sixteen and thirty-two bits, with and without a mark") {
    CHECK(decode_to_utf8("\xFF\xFE" + wide("<r>a</r>", false, 2), "").text == "<r>a</r>");
    CHECK(decode_to_utf8("\xFE\xFF" + wide("<r>a</r>", true, 2), "").text == "<r>a</r>");
    CHECK(decode_to_utf8("\xFF\xFE\0\0"s + wide("<r>a</r>", false, 4), "").text == "<r>a</r>");
    CHECK(decode_to_utf8("\0\0\xFE\xFF"s + wide("<r>a</r>", true, 4), "").text == "<r>a</r>");
    CHECK(decode_to_utf8(wide("<r>a</r>", false, 2), "").text == "<r>a</r>");
    CHECK(decode_to_utf8(wide("<r>a</r>", true, 2), "").text == "<r>a</r>");
    CHECK(decode_to_utf8(wide("<r>a</r>", false, 4), "").text == "<r>a</r>");
    CHECK(decode_to_utf8("<?xml version='1.0' encoding='utf-16'?><r>\xC3\xA9</r>", "").text.find("\xC3\xA9") != std::string::npos);
}

TEST_CASE("a wrong declaration is seen through, and said") {
    const Decoded latin = decode_to_utf8("<?xml version='1.0' encoding='utf-8'?><r>\xE9t\xE9 \x80</r>", "text/xml; charset=utf-8");
    CHECK(latin.text.find("\xC3\xA9t\xC3\xA9 \xE2\x82\xAC") != std::string::npos);
    CHECK(latin.guessed);
    CHECK(latin.charset == "windows-1252");
    const Decoded damaged = decode_to_utf8("<r>\xC3\xA9\xC3\xA9\xC3\xA9 \xFF</r>", "");
    CHECK(damaged.text == "<r>\xC3\xA9\xC3\xA9\xC3\xA9 \xEF\xBF\xBD</r>");
    CHECK(damaged.guessed);
    for (const char* type :
         {"text/xml; charset=nonsense-9", "text/xml; charset=../../etc/passwd", "text/xml; charset=", "text/xml;charset", ";;;"})
        CHECK(decode_to_utf8("<r>\xC3\xA9</r>", type).text == "<r>\xC3\xA9</r>");
}

TEST_CASE("whatever comes in, UTF-8 comes out") {
    for (const char* charset : {"utf-8", "utf-16", "utf-32", "utf-7", "iso-2022-jp", "shift_jis", "euc-jp", "gb18030", "hz-gb-2312",
                                "ibm037", "scsu", "koi8-r"}) {
        std::string bytes;
        for (int i = 0; i < 4096; ++i) bytes += static_cast<char>(static_cast<unsigned char>((i * 7919) & 0xFF));
        CAPTURE(charset);
        CHECK(is_utf8(decode_to_utf8(bytes, "text/xml; charset="s + charset).text));
    }
    CHECK(charset_of("text/xml; Charset = \"UTF-8\" ; x=y") == "utf-8");
    CHECK(charset_of("text/xml; charset='latin1'") == "latin1");
    CHECK(charset_of("text/xml").empty());
}
