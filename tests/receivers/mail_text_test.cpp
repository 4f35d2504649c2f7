#include "receivers/mail_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "receivers/messages.hpp"
#include "vigie/core/untrusted.hpp"

using namespace vigie;
using namespace vigie::receivers;
using namespace vigie::receivers::test;

namespace {

const Envelope envelope{"Vigie <vigie@aurora.example>", {"crisis@aurora.example", "\"Ann, Lee\" <ann@aurora.example>"}};

std::string decode_base64(std::string_view text) {
    const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::uint32_t block = 0;
    int bits = 0;
    for (const char c : text) {
        if (c == '=') break;
        const auto digit = digits.find(c);
        REQUIRE(digit != std::string::npos);
        block = block << 6 | static_cast<std::uint32_t>(digit);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out += static_cast<char>(block >> bits & 0xFF);
    }
    return out;
}

/// What a mail reader shows of a header; checks each encoded word and line on the way.
std::string shown(const std::string& header, std::size_t before = 0) {
    if (header.find("=?") == std::string::npos) return header;
    std::string out;
    std::size_t begin = 0;
    while (begin < header.size()) {
        std::size_t end = header.find("\r\n ", begin);
        const std::string word = header.substr(begin, end == std::string::npos ? std::string::npos : end - begin);
        CHECK(word.size() <= 75);
        CHECK(word.size() + (begin == 0 ? before : 1) <= 76);
        REQUIRE(word.starts_with("=?UTF-8?B?"));
        REQUIRE(word.ends_with("?="));
        const std::string bytes = decode_base64(std::string_view(word).substr(10, word.size() - 12));
        CHECK(is_utf8(bytes));  // split between characters
        CHECK_FALSE(bytes.empty());
        out += bytes;
        begin = end == std::string::npos ? header.size() : end + 3;
    }
    return out;
}

std::string header_of(const MailText& mail, const std::string& name) {
    std::string found;
    int count = 0;
    for (const std::string& header : mail.headers) {
        if (!header.starts_with(name + ": ")) continue;
        ++count;
        found = header.substr(name.size() + 2);
    }
    CHECK_MESSAGE(count <= 1, name);
    return found;
}

MailText mail(const delivery::Message& message, const std::string& key = "0123abcd", const std::string& thread = "{}:{a=\"b\"}") {
    return mail_text(message, envelope, key, thread, at(0));
}

delivery::Message titled(const std::string& title) {
    delivery::Message message = delivery::build_message(notification({surge()}), delivery::Language::en, "", at(80));
    message.title = title;
    return message;
}

}  // namespace

TEST_CASE("dates as RFC 5322 writes them") {
    CHECK(mail_date(parse_time("2026-03-02T09:30:00Z").value()) == "Mon, 02 Mar 2026 09:30:00 +0000");
    CHECK(mail_date(parse_time("1999-12-31T23:59:59.999Z").value()) == "Fri, 31 Dec 1999 23:59:59 +0000");
    CHECK(mail_date(Time{}) == "Thu, 01 Jan 1970 00:00:00 +0000");
}

TEST_CASE("addresses: bare, named, and what is none") {
    CHECK(bare_address("vigie@example.com") == "vigie@example.com");
    CHECK(bare_address("Vigie <vigie@example.com>") == "vigie@example.com");
    CHECK(bare_address("\"A, B\" <a@b>") == "a@b");
    for (const char* bad : {"", "vigie", "@example.com", "vigie@", "a b@c", "a@b\r\nBcc: c@d", "<a@b", "<a@b> x", "Name <>", "a@b,c@d",
                            "Name <a@b>\n", "\xC3\xA9@example.com", "<<a@b>>", "a@\"b\""}) {
        CAPTURE(bad);
        CHECK(bare_address(bad).empty());
    }
    CHECK(bare_address(std::string(300, 'a') + "@b").empty());
}

TEST_CASE("a header of printable ASCII stays as it is, another becomes encoded words") {
    CHECK(encode_header("Plain subject 123 ~") == "Plain subject 123 ~");
    CHECK(encode_header("") == "");
    CHECK(encode_header("\xC3\xA9") == "=?UTF-8?B?w6k=?=");
    // What looks like an encoded word is no longer one.
    CHECK(shown(encode_header("=?UTF-8?Q?forged?=")) == "=?UTF-8?Q?forged?=");
    CHECK(encode_header("=?UTF-8?Q?forged?=").find("forged") == std::string::npos);
    CHECK(shown(encode_header("a\x01"
                              "b")) == std::string("a\x01"
                                                   "b"));
    std::string mixed;
    for (int i = 0; i < 60; ++i) mixed += i % 3 == 0 ? "a" : i % 3 == 1 ? "\xE2\x82\xAC" : "\xF0\x9F\x98\x80";
    for (std::size_t cut = 0; cut < 8; ++cut)
        CHECK(shown(encode_header(std::string(cut, 'x') + mixed), 9) == std::string(cut, 'x') + mixed);
    // No UTF-8 at all ends too.
    CHECK_FALSE(encode_header(std::string(200, '\x80')).empty());
}

TEST_CASE("headers of a mail") {
    const MailText one = mail(titled("[CRISIS] aurora-air: VolumeSurge"));
    CHECK(header_of(one, "Subject") == "[CRISIS] aurora-air: VolumeSurge");
    CHECK(header_of(one, "From") == "\"Vigie\" <vigie@aurora.example>");
    CHECK(header_of(one, "To") == "crisis@aurora.example,\r\n \"Ann, Lee\" <ann@aurora.example>");
    CHECK(header_of(one, "Date") == "Sun, 01 Mar 2026 09:30:00 +0000");
    CHECK(header_of(one, "Message-ID") == "<0123abcd@aurora.example>");
    CHECK(header_of(one, "Auto-Submitted") == "auto-generated");
    CHECK(header_of(one, "Importance") == "high");
    CHECK(header_of(one, "In-Reply-To") == header_of(one, "References"));
    // A repeat has the same name; another notification of the group leads to the same root; another group to another.
    CHECK(header_of(mail(titled("x")), "Message-ID") == header_of(one, "Message-ID"));
    CHECK(header_of(mail(titled("x"), "other"), "References") == header_of(one, "References"));
    CHECK(header_of(mail(titled("x"), "0123abcd", "another"), "References") != header_of(one, "References"));
    const auto over = delivery::build_message(notification({surge(alerts::State::resolved)}), delivery::Language::fr, "", at(8000));
    CHECK(header_of(mail(over), "Importance").empty());
    CHECK(header_of(mail(over), "Content-Language") == "fr");
}

TEST_CASE("display names that need quoting or encoding") {
    const auto from = [](const std::string& text) { return header_of(mail_text(titled("x"), {text, {"a@b"}}, "k", "t", at(0)), "From"); };
    CHECK(from("a@b") == "a@b");
    CHECK(from("<a@b>") == "a@b");
    CHECK(from("Ann \"the boss\" Lee <a@b>") == "\"Ann the boss Lee\" <a@b>");
    // A backslash before the closing quote would keep it open.
    CHECK(from("Ann \\ <a@b>") == "\"Ann \" <a@b>");
    CHECK(from("\xC3\x89lodie <a@b>") == "=?UTF-8?B?w4lsb2RpZQ==?= <a@b>");
}

TEST_CASE("whatever strangers write, no header is forged and the page holds text alone") {
    for (unsigned seed = 0; seed < 60; ++seed) {
        CAPTURE(seed);
        delivery::Message message = hostile_message(seed);
        if (seed % 2 == 0) message.title = hostile_texts()[seed % hostile_texts().size()] + " \r\nBcc: victim@example.com\r\n\r\nbody";
        const MailText one = mail(message);
        for (const std::string& header : one.headers) {
            CAPTURE(header);
            CHECK(header.find(": ") != std::string::npos);
            bool one_line = true;
            for (std::size_t i = 0; i < header.size(); ++i) {
                const char c = header[i];
                if (c == '\r') one_line = one_line && header.substr(i, 3) == "\r\n ";
                if (c == '\n') one_line = one_line && i > 0 && header[i - 1] == '\r';
                one_line = one_line && (c == '\r' || c == '\n' || (c >= ' ' && c <= '~'));
            }
            CHECK(one_line);
        }
        const std::string subject = shown(header_of(one, "Subject"), 9);
        CHECK(subject.find('\n') == std::string::npos);
        CHECK(header_of(one, "Bcc").empty());

        CHECK(is_utf8(one.html));
        CHECK(is_utf8(one.plain));
        CHECK(one.html.find("<script") == std::string::npos);
        CHECK(one.html.find("onerror") == std::string::npos);
        for (std::size_t at = one.html.find("href=\""); at != std::string::npos; at = one.html.find("href=\"", at + 1))
            CHECK((one.html.compare(at + 6, 8, "https://") == 0 || one.html.compare(at + 6, 7, "http://") == 0));
        CHECK(std::none_of(one.plain.begin(), one.plain.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; }));
    }
}

TEST_CASE("both parts say what happened") {
    const MailText one = mail(delivery::build_message(notification({surge()}), delivery::Language::en, "https://vigie.example", at(80)));
    for (const std::string& part : {one.plain, one.html}) {
        CHECK(part.find("VolumeSurge") != std::string::npos);
        CHECK(part.find("Call the duty officer.") != std::string::npos);
        CHECK(part.find("1,284") != std::string::npos);
        CHECK(part.find("https://wiki.example/surge") != std::string::npos);
        CHECK(part.find("javascript:") == std::string::npos);
    }
    CHECK(one.html.starts_with("<!DOCTYPE html>"));
    CHECK(one.html.find("84 mentions &lt;!channel&gt;") != std::string::npos);
}
