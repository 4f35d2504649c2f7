#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "rules/template.hpp"
#include "vigie/rules/rule.hpp"

using namespace vigie;
using namespace vigie::rules;

namespace {

std::string render(std::string_view text, const std::vector<TemplateValue>& values) {
    const TemplateRead read = read_template(text);
    REQUIRE(read.errors.empty());
    REQUIRE(read.result.names().size() == values.size());
    return read.result.render(values);
}

}  // namespace

TEST_CASE("variables, sections and comments") {
    CHECK(render("{{a}} of {{ b.c }}", {{"1"}, {"x"}}) == "1 of x");
    CHECK(render("{{a}}{{a}}", {{"1"}}) == "11");
    CHECK(render("{{#a}}on {{a}}{{/a}}", {{"x"}}) == "on x");
    CHECK(render("{{#a}}on {{a}}{{/a}}", {{"", false}}) == "");
    CHECK(render("{{^a}}none{{/a}}", {{"0", false}}) == "none");
    CHECK(render("{{^a}}none{{/a}}", {{"1"}}) == "");
    CHECK(render("a{{! nothing }}b", {}) == "ab");
    CHECK(render("no tags", {}) == "no tags");
    CHECK(render("", {}) == "");
}

TEST_CASE("nothing is escaped, and a value is never read as a template") {
    CHECK(render("{{a}}", {{"<b>&\"'"}}) == "<b>&\"'");
    CHECK(render("{{{a}}} {{&a}}", {{"<b>"}}) == "<b> <b>");
    CHECK(render("{{a}}{{b}}", {{"{{b}}"}, {"x"}}) == "{{b}}x");
}

TEST_CASE("uses are told with their place") {
    const TemplateRead read = read_template("{{a}} {{#long.name}}{{  a  }}{{/long.name}}");
    REQUIRE(read.uses.size() == 3);
    CHECK(read.uses[0].name == "a");
    CHECK(read.uses[0].at == 2);
    CHECK(read.uses[1].name == "long.name");
    CHECK(read.uses[1].at == 9);
    CHECK(read.uses[2].at == 24);
    CHECK(read.result.names() == std::vector<std::string>{"a", "long.name"});
}

TEST_CASE("a mistake is told at its byte") {
    struct Case {
        std::string_view text;
        std::size_t at;
        std::string_view words;
    };
    const std::vector<Case> cases{
        {"ab {{a", 3, "does not end"},  {"{{{a}}", 0, "does not end"},    {"{{}}", 2, "empty tag"},
        {"{{#a}}", 3, "does not end"},  {"{{/a}}", 3, "never begun"},     {"{{#a}}{{#b}}{{/a}}{{/b}}", 15, "expected that of `b`"},
        {"{{> part}}", 4, "a partial"}, {"{{=<% %>=}}", 3, "delimiters"}, {"{{# }}", 2, "empty tag"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const TemplateRead read = read_template(c.text);
        REQUIRE(!read.errors.empty());
        CHECK(read.errors[0].at == c.at);
        CAPTURE(read.errors[0].message);
        CHECK(read.errors[0].message.find(c.words) != std::string::npos);
    }
}

TEST_CASE("templates and what they render to are bounded") {
    CHECK_FALSE(read_template(std::string(max_annotation_bytes + 1, 'x')).errors.empty());
    std::string deep;
    for (int i = 0; i < 11; ++i) deep += "{{#a}}";
    for (int i = 0; i < 11; ++i) deep += "{{/a}}";
    CHECK(read_template(deep).errors.at(0).message.find("nested deeper") != std::string::npos);

    const std::string out = render("{{a}}", {{std::string(5000, 'x')}});
    CHECK(out.size() == max_annotation_bytes);
    CHECK(out.ends_with("x\u2026"));
}

TEST_CASE("numbers for people") {
    const auto plain = [](double v) { return format_value(v, Unit::number); };
    CHECK(plain(0) == "0");
    CHECK(plain(-0.0) == "0");
    CHECK(plain(84) == "84");
    CHECK(plain(12345) == "12345");
    CHECK(plain(9.1) == "9.1");
    CHECK(plain(11.23) == "11.2");
    CHECK(plain(0.123456) == "0.123");
    CHECK(plain(1234.5) == "1234");
    CHECK(plain(-3.25) == "-3.25");
    CHECK(plain(123456) == "123k");
    CHECK(plain(999'700) == "1M");
    CHECK(plain(2'543'210) == "2.54M");
    CHECK(format_value(0.45, Unit::percent) == "45%");
    CHECK(format_value(0.6251, Unit::percent) == "62.5%");
    CHECK(format_value(7200, Unit::duration) == "2h");
    CHECK(format_value(5400, Unit::duration) == "1h30m");
    CHECK(format_value(45, Unit::duration) == "45s");
    CHECK(format_value(3601, Unit::duration) == "1h");
    CHECK(format_value(-7200, Unit::duration) == "-2h");
    CHECK(format_value(std::nullopt, Unit::number) == "no value");
}
