#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "vigie/doc/decode.hpp"

using namespace vigie;
using namespace vigie::doc;
using namespace std::chrono_literals;

namespace {

Node scalar(std::string text, int line = 1, int column = 1, bool quoted = false) {
    return Node{NodeKind::scalar, std::move(text), quoted, {line, column}, {}, {}};
}

Node list(std::vector<Node> items) {
    return Node{NodeKind::sequence, {}, false, {1, 1}, std::move(items), {}};
}

Node map(std::vector<std::pair<Node, Node>> entries) {
    return Node{NodeKind::map, {}, false, {1, 1}, {}, std::move(entries)};
}

/// A map with one entry `key` at line 4.
Node with(Node value) {
    value.mark = {4, 8};
    return map({{scalar("key", 4, 3), std::move(value)}});
}

/// Reads `key` with f and gives the messages.
template <class F>
std::vector<std::string> messages(const Node& node, F f) {
    Diagnostics diagnostics("vigie.yaml");
    Fields fields(node, "a thing", diagnostics);
    f(fields);
    fields.finish();
    std::vector<std::string> out;
    for (const auto& d : diagnostics.all()) out.push_back(d.text());
    return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a node finds its entries") {
    const Node node = map({{scalar("a"), scalar("1")}, {scalar("b"), list({})}});
    REQUIRE(node.find("a") != nullptr);
    CHECK(node.find("a")->text == "1");
    CHECK(node.find("c") == nullptr);
    CHECK(scalar("a").find("a") == nullptr);
}

TEST_CASE("values of the right type are read") {
    const Node node = map({{scalar("s"), scalar("12")},
                           {scalar("b"), scalar("true")},
                           {scalar("i"), scalar("-7")},
                           {scalar("n"), scalar("0.5")},
                           {scalar("d"), scalar("1h30m")},
                           {scalar("w"), scalar("json")},
                           {scalar("l"), list({scalar("x"), scalar("y")})},
                           {scalar("lone"), scalar("z")},
                           {scalar("m"), map({{scalar("k2"), scalar("v2")}, {scalar("k1"), scalar("v1")}})},
                           {scalar("null"), Node{}}});
    Diagnostics diagnostics("f");
    Fields fields(node, "a thing", diagnostics);
    CHECK(fields.string("s") == "12");
    CHECK(fields.required_string("s") == "12");
    CHECK(fields.boolean("b") == true);
    CHECK(fields.integer("i", -10, 10) == -7);
    CHECK(fields.number("n", 0, 1) == 0.5);
    CHECK(fields.number("i", -10, 1) == -7);
    CHECK(fields.duration("d", 1s, 24h) == 90min);
    CHECK(fields.word("w", {"json", "text"}) == "json");
    CHECK(fields.strings("l") == Texts{"x", "y"});
    CHECK(fields.strings("lone", true) == Texts{"z"});
    const auto pairs = fields.string_map("m");
    REQUIRE(pairs.size() == 2);
    CHECK(pairs[0].first == "k2");
    CHECK_FALSE(fields.string("null"));
    CHECK_FALSE(fields.string("absent"));
    CHECK_FALSE(fields.boolean("absent"));
    CHECK_FALSE(fields.strings("absent"));
    int seen = 0;
    fields.each("l", [&](const Node&) { ++seen; });
    fields.each("absent", [&](const Node&) { ++seen; });
    CHECK(seen == 2);
    fields.finish();
    CHECK(diagnostics.ok());
    CHECK(diagnostics.all().empty());
}

TEST_CASE("booleans are true and false, and nothing else") {
    const auto read = [](Fields& fields) { CHECK_FALSE(fields.boolean("key")); };
    CHECK(messages(with(scalar("maybe")), read) == Texts{"vigie.yaml:4:8: found \"maybe\", expected true or false"});
    for (const char* text : {"yes", "on", "1", "True", "NO"}) {
        CHECK(messages(with(scalar(text)), read) ==
              Texts{std::string("vigie.yaml:4:8: found \"") + text + "\", expected true or false, spelt so and without quotes"});
    }
    Node quoted = scalar("true");
    quoted.quoted = true;
    CHECK(messages(with(quoted), read).size() == 1);
    CHECK(messages(with(list({})), read) == Texts{"vigie.yaml:4:8: found a list, expected true or false"});
}

TEST_CASE("numbers are plain and within their range") {
    const auto integer = [](Fields& fields) { CHECK_FALSE(fields.integer("key", 1, 100)); };
    for (const char* text : {"0", "101", "010", "0x10", "1e2", "1.0", "+5", " 5", "", "-", "5a", "99999999999999999999", "1_000"}) {
        CAPTURE(text);
        CHECK(messages(with(scalar(text)), integer) ==
              Texts{std::string("vigie.yaml:4:8: found \"") + text + "\", expected a whole number from 1 to 100"});
    }
    const auto number = [](Fields& fields) { CHECK_FALSE(fields.number("key", 0, 2.5)); };
    for (const char* text : {"-1", "2.51", ".5", "01.5", ".inf", "inf", "nan", "1e400", "0x1p2", "1,5", "", "-"}) {
        CAPTURE(text);
        CHECK(messages(with(scalar(text)), number) ==
              Texts{std::string("vigie.yaml:4:8: found \"") + text + "\", expected a number from 0 to 2.5"});
    }
    Node quoted = scalar("5");
    quoted.quoted = true;
    CHECK(messages(with(quoted), integer).size() == 1);
}

TEST_CASE("durations, words and lists say what they expect") {
    CHECK(messages(with(scalar("5min")), [](Fields& f) { CHECK_FALSE(f.duration("key", 10s, 24h)); }) ==
          Texts{"vigie.yaml:4:8: found \"5min\", expected a duration such as 30s, 5m, 6h, 14d or 2w"});
    CHECK(messages(with(scalar("5s")), [](Fields& f) { CHECK_FALSE(f.duration("key", 10s, 24h)); }) ==
          Texts{"vigie.yaml:4:8: found \"5s\", expected a duration from 10s to 1d"});
    CHECK(messages(with(scalar("500y")), [](Fields& f) { CHECK_FALSE(f.duration("key", 10s, 24h)); }) ==
          Texts{"vigie.yaml:4:8: found \"500y\", expected a duration from 10s to 1d"});
    CHECK(messages(with(scalar("jsno")), [](Fields& f) {
              CHECK_FALSE(f.word("key", {"json", "logfmt", "text"}));
          }) == Texts{"vigie.yaml:4:8: found \"jsno\", expected one of json, logfmt, text; did you mean json?"});
    CHECK(messages(with(scalar("x")), [](Fields& f) { CHECK_FALSE(f.strings("key")); }) ==
          Texts{"vigie.yaml:4:8: found \"x\", expected a list of strings"});
    CHECK(messages(with(map({})), [](Fields& f) { CHECK_FALSE(f.strings("key", true)); }) ==
          Texts{"vigie.yaml:4:8: found a map, expected a string or a list of strings"});
    CHECK(messages(with(list({scalar("a"), list({})})), [](Fields& f) { CHECK_FALSE(f.strings("key")); }) ==
          Texts{"vigie.yaml:1:1: found a list, expected a string"});
    CHECK(messages(with(scalar("x")), [](Fields& f) { CHECK(f.string_map("key").empty()); }) ==
          Texts{"vigie.yaml:4:8: found \"x\", expected a map of strings"});
    CHECK(messages(with(scalar("x")), [](Fields& f) { f.each("key", [](const Node&) { FAIL("called"); }); }) ==
          Texts{"vigie.yaml:4:8: found \"x\", expected a list"});
    CHECK(messages(with(list({})), [](Fields& f) { CHECK_FALSE(f.string("key")); }) ==
          Texts{"vigie.yaml:4:8: found a list, expected a string"});
}

TEST_CASE("missing keys are told at the place of the map") {
    CHECK(messages(with(scalar("x")), [](Fields& f) {
              f.allow("key");
              CHECK_FALSE(f.required_string("name"));
          }) == Texts{"vigie.yaml:1:1: a thing needs the key name"});
    CHECK(messages(with(Node{}), [](Fields& f) { CHECK_FALSE(f.required_string("key")); }) ==
          Texts{"vigie.yaml:4:8: found nothing, expected a value for key of a thing"});
}

TEST_CASE("unknown keys get the nearest known one, or all of them") {
    const Node node = map({{scalar("nmae", 2, 3), scalar("x")}, {scalar("colour", 3, 3), scalar("x")}});
    CHECK(messages(node,
                   [](Fields& f) {
                       f.string("name");
                       f.string("url");
                   }) == Texts{"vigie.yaml:2:3: a thing has no key \"nmae\"; did you mean name?",
                               "vigie.yaml:3:3: a thing has no key \"colour\", expected one of name, url"});
}

TEST_CASE("what is no map is told once") {
    CHECK(messages(scalar("x", 3, 5), [](Fields& f) {
              CHECK_FALSE(f.required_string("name"));
              CHECK_FALSE(f.string("url"));
          }) == Texts{"vigie.yaml:3:5: found \"x\", expected a thing, which is a map"});
    CHECK(messages(Node{}, [](Fields&) {}).size() == 1);
}

TEST_CASE("all errors are gathered, warnings are none") {
    Diagnostics diagnostics("a");
    diagnostics.warning({1, 2}, "careful");
    CHECK(diagnostics.ok());
    Diagnostics other("b");
    other.error({0, 0}, "bad");
    diagnostics.append(other);
    CHECK_FALSE(diagnostics.ok());
    REQUIRE(diagnostics.all().size() == 2);
    CHECK(diagnostics.all()[0].text() == "a:1:2: warning: careful");
    CHECK(diagnostics.all()[1].text() == "b: bad");
    for (int i = 0; i < 10'000; ++i) other.error({i, 1}, "bad");
    CHECK(other.all().size() < 300);
    CHECK(other.all().back().message == "too many errors: the rest is left out");
}

TEST_CASE("the nearest word") {
    const std::vector<std::string> words{"group_by", "group_wait", "group_interval", "receiver", "url"};
    CHECK(nearest("group_wiat", words) == "group_wait");
    CHECK(nearest("group-by", words) == "group_by");
    CHECK(nearest("reciever", words) == "receiver");
    CHECK(nearest("uri", words) == "url");
    CHECK(nearest("banana", words).empty());
    CHECK(nearest("", words).empty());
    CHECK(nearest("x", words).empty());
    CHECK(nearest(std::string(1'000'000, 'x'), words).empty());
    CHECK(nearest("ulr", {}).empty());
}

TEST_CASE("descriptions stay short and on one line") {
    CHECK(describe(scalar("a\nb")) == "\"a\\nb\"");
    CHECK(describe(scalar("")) == "\"\"");
    CHECK(describe(scalar(std::string(1000, 'x'))).size() <= 60);
    CHECK(describe(scalar("\xFF\xFE")).size() <= 60);
    CHECK(describe(list({})) == "a list");
    CHECK(describe(map({})) == "a map");
    CHECK(describe(Node{}) == "nothing");
}
