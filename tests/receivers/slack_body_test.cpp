#include "receivers/slack_body.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "receivers/messages.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/delivery/escape.hpp"

using namespace vigie;
using namespace vigie::receivers;
using namespace vigie::receivers::test;
namespace json = boost::json;

namespace {

std::size_t length(const std::string& text) {
    return delivery::length_in(text, delivery::LimitUnit::utf16);
}

std::string text_of(const json::value& object) {
    return std::string(object.at("text").as_string());
}

/// No "<" but those of our own links, and these whole: <https://...|words>.
void check_links(const std::string& text) {
    for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
        const std::size_t end = text.find('>', at);
        REQUIRE(end != std::string::npos);
        const std::string inside = text.substr(at + 1, end - at - 1);
        CHECK((inside.starts_with("https://") || inside.starts_with("http://")));
        CHECK(std::count(inside.begin(), inside.end(), '|') == 1);
        CHECK(inside.find('<') == std::string::npos);
        CHECK(inside.find("\xE2\x80\xA6|") == std::string::npos);  // a cut link leads nowhere
    }
}

/// A text that Slack would take for a ping: an @ with a letter behind it, or one of its commands.
void check_pings(const std::string& text) {
    for (std::size_t at = text.find('@'); at != std::string::npos; at = text.find('@', at + 1)) {
        // A word joiner parts it from what follows.
        CHECK((at + 1 == text.size() || text.compare(at + 1, 3, "\xE2\x81\xA0") == 0 || text[at + 1] == ' ' || text[at + 1] == '\n'));
    }
    CHECK(text.find("<!") == std::string::npos);
    CHECK(text.find("<@") == std::string::npos);
    CHECK(text.find("<#") == std::string::npos);
}

void check_mrkdwn(const json::value& text) {
    CHECK(text.at("type") == "mrkdwn");
    CHECK(text.at("verbatim").as_bool());
    CHECK_FALSE(text_of(text).empty());
    check_links(text_of(text));
    check_pings(text_of(text));
}

void check_body(const std::string& body) {
    CHECK(is_utf8(body));
    boost::system::error_code problem;
    const json::value parsed = json::parse(body, problem);
    REQUIRE(!problem);
    CHECK(length(text_of(parsed)) <= 1000);
    CHECK(text_of(parsed).find('<') == std::string::npos);
    const json::array& blocks = parsed.at("blocks").as_array();
    CHECK(blocks.size() <= 50);
    CHECK(blocks.size() >= 3);
    for (const json::value& block : blocks) {
        const json::object& object = block.as_object();
        const std::string type(object.at("type").as_string());
        if (type == "header") {
            CHECK(object.at("text").at("type") == "plain_text");
            CHECK(length(text_of(object.at("text"))) <= 150);
            CHECK(text_of(object.at("text")).find('<') == std::string::npos);
        } else if (type == "section") {
            if (const json::value* text = object.if_contains("text")) {
                check_mrkdwn(*text);
                CHECK(length(text_of(*text)) <= 3000);
            }
            if (const json::value* fields = object.if_contains("fields")) {
                CHECK(fields->as_array().size() <= 10);
                CHECK(fields->as_array().size() >= 1);
                for (const json::value& field : fields->as_array()) {
                    check_mrkdwn(field);
                    CHECK(length(text_of(field)) <= 2000);
                }
            }
            CHECK((object.contains("text") || object.contains("fields")));
        } else {
            CHECK(type == "context");
            CHECK(object.at("elements").as_array().size() <= 10);
            for (const json::value& element : object.at("elements").as_array()) {
                check_mrkdwn(element);
                CHECK(length(text_of(element)) <= 3000);
            }
        }
    }
}

delivery::Message message(const alerts::Alert& alert = surge()) {
    return delivery::build_message(notification({alert}), delivery::Language::en, "https://vigie.example", at(80));
}

}  // namespace

TEST_CASE("a body has the title, what happened, how it is, who says so and what to do") {
    const std::string body = slack_body(message(), false);
    check_body(body);
    for (const char* part : {"VolumeSurge", "aurora-air", "84 mentions", "1,284", "Call the duty officer.", "https://wiki.example/surge",
                             "https://mas.to/0", "0123456789abcdef0123456789abcdef"}) {
        CAPTURE(part);
        CHECK(body.find(part) != std::string::npos);
    }
    CHECK(body.find("javascript") == std::string::npos);
    CHECK(body.find("\"unfurl_links\":false") != std::string::npos);
    CHECK(body.find("\"link_names\":false") != std::string::npos);
}

TEST_CASE("the smaller body keeps the title and the summaries") {
    const std::string small = slack_body(message(), true);
    check_body(small);
    CHECK(small.size() < slack_body(message(), false).size() / 2);
    CHECK(small.find("84 mentions") != std::string::npos);
    CHECK(small.find("https://mas.to/0") == std::string::npos);
}

TEST_CASE("whatever strangers write, the limits of Block Kit hold, links are ours and nobody is pinged") {
    for (unsigned seed = 0; seed < 60; ++seed) {
        CAPTURE(seed);
        const delivery::Message hostile = hostile_message(seed);
        check_body(slack_body(hostile, false));
        check_body(slack_body(hostile, true));
    }
}

TEST_CASE("long links do not push the mentions out") {
    alerts::Alert alert = surge();
    alert.annotations["runbook"] = Untrusted("https://wiki.example/" + std::string(1900, 'r'));
    for (std::size_t i = 0; i < alert.evidence.size(); ++i) {
        alert.evidence[i].text = Untrusted("words of " + std::to_string(i));
        alert.evidence[i].url = Untrusted("https://mas.to/" + std::string(1400, 'a') + std::to_string(i));
    }
    const std::string body = slack_body(message(alert), false);
    check_body(body);
    for (int i = 0; i < 3; ++i) CHECK(body.find("words of " + std::to_string(i)) != std::string::npos);
    // A link that had to be cut is left out; its text stands in its place.
    CHECK(body.find("<https://wiki.example") == std::string::npos);
    CHECK(body.find("https://wiki.example/rrr") != std::string::npos);
}

TEST_CASE("a line feed in an author or a post ends no quotation") {
    alerts::Alert alert = surge();
    alert.evidence.resize(1);
    alert.evidence[0].author = Untrusted("ana\nforged");
    alert.evidence[0].text = Untrusted("first\nsecond\r\n\r\nthird");
    const json::value parsed = json::parse(slack_body(message(alert), false));
    bool found = false;
    for (const json::value& block : parsed.at("blocks").as_array()) {
        const json::value* text = block.as_object().if_contains("text");
        if (text == nullptr || text_of(*text).find("first") == std::string::npos) continue;
        found = true;
        const std::string quote = text_of(*text);
        for (std::size_t at = quote.find('\n'); at != std::string::npos; at = quote.find('\n', at + 1))
            CHECK(quote.compare(at + 1, 2, "> ") == 0);
        CHECK(quote.find("first second third") != std::string::npos);
    }
    CHECK(found);
}

TEST_CASE("the colour tells how grave it is") {
    CHECK(slack_body(message(surge(alerts::State::resolved)), false).find("\xF0\x9F\x9F\xA2") != std::string::npos);
    CHECK(slack_body(message(), false).find("\xF0\x9F\x94\xB4") != std::string::npos);
    alerts::Alert mild = surge();
    mild.labels["severity"] = "warning";
    CHECK(slack_body(message(mild), false).find("\xF0\x9F\x9F\xA0") != std::string::npos);
}
