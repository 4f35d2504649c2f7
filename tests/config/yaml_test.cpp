#include "vigie/config/yaml.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "vigie/core/untrusted.hpp"

using namespace vigie;
using namespace vigie::config;
using doc::Node;
using doc::NodeKind;

namespace {

using Texts = std::vector<std::string>;

Node good(std::string_view text) {
    doc::Diagnostics diagnostics("f.yaml");
    auto node = read_yaml(text, diagnostics);
    REQUIRE_MESSAGE(diagnostics.all().empty(), (diagnostics.all().empty() ? "" : diagnostics.all()[0].text()));
    REQUIRE(node.has_value());
    return std::move(*node);
}

Texts problems(std::string_view text) {
    doc::Diagnostics diagnostics("f.yaml");
    const auto node = read_yaml(text, diagnostics);
    Texts out;
    for (const auto& d : diagnostics.all()) out.push_back(d.text());
    CHECK_FALSE(diagnostics.ok());
    return out;
}

Texts problems_of_file(const std::string& name) {
    const char* root = std::getenv("VIGIE_SOURCE_DIR");
    const std::string folder = std::string(root != nullptr ? root : ".") + "/tests/config/fixtures/";
    doc::Diagnostics diagnostics(name);
    const auto node = read_yaml_file(folder + name, system_environment(), diagnostics);
    CHECK_FALSE(diagnostics.ok());
    Texts out;
    for (const auto& d : diagnostics.all()) out.push_back(d.text());
    return out;
}

}  // namespace

TEST_CASE("a document becomes a located tree") {
    const Node root = good("listen: 127.0.0.1:8480\nrules:\n  - a.yaml\n  - \"b.yaml\"\nbrands: [{name: x}]\nempty:\nnothing: ~\n");
    REQUIRE(root.kind == NodeKind::map);
    CHECK(root.mark == doc::Mark{1, 1});
    REQUIRE(root.entries.size() == 5);
    CHECK(root.entries[0].first.text == "listen");
    CHECK(root.entries[0].second.text == "127.0.0.1:8480");
    CHECK(root.entries[0].second.mark == doc::Mark{1, 9});
    const Node* rules = root.find("rules");
    REQUIRE(rules != nullptr);
    REQUIRE(rules->items.size() == 2);
    CHECK(rules->items[0].mark == doc::Mark{3, 5});
    CHECK_FALSE(rules->items[0].quoted);
    CHECK(rules->items[1].quoted);
    CHECK(root.find("brands")->items[0].find("name")->mark == doc::Mark{5, 17});
    CHECK(root.find("empty")->kind == NodeKind::null);
    CHECK(root.find("nothing")->kind == NodeKind::null);
}

TEST_CASE("scalars keep their text: nothing is guessed") {
    const Node root = good("a: yes\nb: 010\nc: 12:30\nd: 1e400\ne: 0x1F\nf: 'yes'\ng: 2026-03-01\nh: '~'\ni: \"\\u00e9\"\n");
    for (const auto& [key, text] : std::vector<std::pair<const char*, const char*>>{{"a", "yes"},
                                                                                    {"b", "010"},
                                                                                    {"c", "12:30"},
                                                                                    {"d", "1e400"},
                                                                                    {"e", "0x1F"},
                                                                                    {"f", "yes"},
                                                                                    {"g", "2026-03-01"},
                                                                                    {"h", "~"},
                                                                                    {"i", "é"}}) {
        REQUIRE(root.find(key) != nullptr);
        CHECK(root.find(key)->kind == NodeKind::scalar);
        CHECK(root.find(key)->text == text);
    }
    CHECK(root.find("f")->quoted);
    CHECK_FALSE(root.find("a")->quoted);
}

TEST_CASE("block scalars, comments, line ends and marks of byte order are read") {
    CHECK(good("a: |\n  one\n  \ttwo\nb: >\n  x\n  y\n").find("a")->text == "one\n\ttwo\n");
    CHECK(good("a: >-\n  x\n  y\n").find("a")->text == "x y");
    CHECK(good("a: |\n  x\n").find("a")->quoted);
    CHECK(good("# only a comment\n").kind == NodeKind::null);
    CHECK(good("").kind == NodeKind::null);
    CHECK(good("a: 1\r\nb: 2\r\n").find("b")->mark == doc::Mark{2, 4});
    CHECK(good("\xEF\xBB\xBF"
               "a: 1\n")
              .find("a")
              ->mark == doc::Mark{1, 4});
    CHECK(good("---\na: 1\n...\n").find("a")->text == "1");
    CHECK(good("a: 1 # note\n").find("a")->text == "1");
    CHECK(good("a: 'b\n  c'\n").find("a")->text == "b c");
}

TEST_CASE("an empty value stands where its key does") {
    const Node root = good("a:\n\nb: {c: , \"d\": }\ne: ~\nf: null\n");
    CHECK(root.find("a")->mark == doc::Mark{1, 1});
    CHECK(root.find("b")->find("c")->mark == doc::Mark{3, 5});
    CHECK(root.find("b")->find("d")->mark == doc::Mark{3, 10});
    CHECK(root.find("e")->mark == doc::Mark{4, 4});
    CHECK(root.find("f")->mark == doc::Mark{5, 4});
    CHECK(problems("{a, b: 1}") == Texts{"f.yaml:1:2: found \"a\" alone, expected a key, ':' and a value"});
}

TEST_CASE("columns count characters") {
    CHECK(good("é日😀: x\n").entries[0].second.mark == doc::Mark{1, 6});
    CHECK(problems("é日😀: &a x\n").front().starts_with("f.yaml:1:6: found an anchor"));
}

TEST_CASE("what nests as deep as allowed is read") {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    good(nested(max_yaml_depth));
    CHECK(problems(nested(max_yaml_depth + 1)) == Texts{"f.yaml:1:21: found lists and maps nested deeper than 20"});
    CHECK(problems(std::string(500'000, '[')).size() == 1);
    CHECK(problems(std::string(500'000, '{')).size() == 1);
    std::string block;
    for (int i = 0; i < 1000; ++i) block += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
    CHECK(problems(block).size() == 1);
}

TEST_CASE("size is bounded") {
    const std::string line = "# filler\n";
    std::string text;
    while (text.size() + line.size() <= max_yaml_bytes) text += line;
    text.resize(max_yaml_bytes, '#');
    good(text);
    CHECK(problems(text + "x") == Texts{"f.yaml: found 4194305 bytes, expected at most 4194304"});
}

TEST_CASE("each mistake is told with its place") {
    const std::vector<std::pair<std::string, Texts>> cases{
        {"alias.yaml",
         {"alias.yaml:2:13: found an anchor (&name), expected a plain value: anchors are not used here",
          "alias.yaml:3:8: found an alias (*name), expected the value itself: aliases are not used here"}},
        {"merge-key.yaml", {"merge-key.yaml:4:3: found a merge key (<<), expected the keys themselves: merging is not done here"}},
        {"duplicate-key.yaml",
         {"duplicate-key.yaml:4:5: found the key \"name\" again, expected each key once (first at 3:5)",
          "duplicate-key.yaml:5:1: found the key \"listen\" again, expected each key once (first at 1:1)"}},
        {"second-document.yaml", {"second-document.yaml:2:1: found a second document, expected one in each file"}},
        {"tab-indentation.yaml", {"tab-indentation.yaml:2:1: found a tab in the indentation, expected blanks"}},
        {"tab-in-list.yaml", {"tab-in-list.yaml:3:1: found a tab in the indentation, expected blanks"}},
        {"missing-colon.yaml", {"missing-colon.yaml:2:1: found \"rules\" alone, expected a key, ':' and a value"}},
        {"unclosed-quote.yaml", {"unclosed-quote.yaml:1:9: found a quote that is never closed"}},
        {"text-after-list.yaml", {"text-after-list.yaml:2:1: found \"b: c\\n\", expected the end: the document ended before"}},
        {"list-as-key.yaml", {"list-as-key.yaml:1:3: found a list, expected a key, which is a word"}},
        {"invalid-utf8.yaml", {"invalid-utf8.yaml:2:7: found bytes that are not UTF-8, expected UTF-8"}},
        {"nul.yaml", {"nul.yaml:2:5: found the control character \\u0000, expected text"}},
        {"end-of-transmission.yaml", {"end-of-transmission.yaml:2:1: found the control character \\u0004, expected text"}},
        {"utf-16.yaml", {"utf-16.yaml:1:1: found bytes that are not UTF-8, expected UTF-8"}},
        {"too-deep.yaml", {"too-deep.yaml:1:23: found lists and maps nested deeper than 20"}},
        {"tag.yaml",
         {"tag.yaml:1:9: found the tag tag:yaml.org,2002:str, expected a plain value: tags are not used here",
          "tag.yaml:2:9: found the tag !brand, expected a plain value: tags are not used here",
          "tag.yaml:3:8: found the tag tag:yaml.org,2002:seq, expected a plain value: tags are not used here"}},
        {"several-mistakes.yaml",
         {"several-mistakes.yaml:1:4: found an anchor (&name), expected a plain value: anchors are not used here",
          "several-mistakes.yaml:2:4: found the tag !t, expected a plain value: tags are not used here",
          "several-mistakes.yaml:3:1: found the key \"a\" again, expected each key once (first at 1:1)",
          "several-mistakes.yaml:4:4: found an alias (*name), expected the value itself: aliases are not used here"}},
    };
    for (const auto& [file, expected] : cases) {
        CAPTURE(file);
        CHECK(problems_of_file(file) == expected);
    }
}

TEST_CASE("what is no YAML is told with its line") {
    for (const auto& [file, place] : std::vector<std::pair<std::string, std::string>>{{"unclosed-list.yaml", ":2:"},

                                                                                      {"bad-indentation.yaml", ":3:"},
                                                                                      {"undefined-alias.yaml", ":1:4"},
                                                                                      {"no-key.yaml", ":1:1"},
                                                                                      {"self-alias.yaml", ":1:4"},
                                                                                      {"alias-bomb.yaml", ":1:4"}}) {
        CAPTURE(file);
        const auto found = problems_of_file(file);
        REQUIRE_FALSE(found.empty());
        CHECK_MESSAGE(found[0].starts_with(file + place), found[0]);
    }
}

TEST_CASE("an escape that the library turns into no UTF-8 is an error, and the text readable all the same") {
    for (const char* text : {"name: \"\\N\"", "name: \"\\_\""}) {
        vigie::doc::Diagnostics diagnostics("x.yaml");
        const auto node = vigie::config::read_yaml(text, diagnostics);
        REQUIRE(diagnostics.all().size() == 1);
        CHECK(diagnostics.all()[0].text() ==
              "x.yaml:1:7: found an escape that gives no UTF-8, expected the character itself, or its \\u escape");
        REQUIRE(node);
        CHECK(is_utf8(node->find("name")->text));
    }
    vigie::doc::Diagnostics diagnostics("x.yaml");
    const auto node = config::read_yaml("name: \"\\u0085\\u00a0\"", diagnostics);
    CHECK(diagnostics.ok());
    REQUIRE(node);
    CHECK(node->find("name")->text == "\xc2\x85\xc2\xa0");
}

TEST_CASE("files that cannot be read") {
    CHECK(problems_of_file("absent.yaml")[0].find("there is no such file") != std::string::npos);
    CHECK(problems_of_file(".")[0].find("it is a folder") != std::string::npos);
    doc::Diagnostics diagnostics("f.yaml");
    Environment environment;
    environment.read_file = [](const std::string&, std::size_t max) -> Result<FileContent> {
        CHECK(max == max_yaml_bytes);
        return Error(Errc::refused, "permission to read it is denied");
    };
    CHECK_FALSE(read_yaml_file("conf/f.yaml", environment, diagnostics));
    CHECK(diagnostics.all()[0].text() == "f.yaml: cannot read conf/f.yaml: permission to read it is denied");
}

TEST_CASE("paths stand beside the file that names them") {
    CHECK(beside("/etc/vigie/vigie.yaml", "rules/a.yaml") == "/etc/vigie/rules/a.yaml");
    CHECK(beside("/etc/vigie/vigie.yaml", "../a") == "/etc/a");
    CHECK(beside("/etc/vigie/vigie.yaml", "/run/a") == "/run/a");
    CHECK(beside("vigie.yaml", "a") == "a");
}
