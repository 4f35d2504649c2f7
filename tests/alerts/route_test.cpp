#include "vigie/alerts/route.hpp"

#include <doctest/doctest.h>

#include "alerts/nodes.hpp"
#include "alerts/print.hpp"

using namespace vigie;
using namespace vigie::alerts;
using namespace std::chrono_literals;

namespace {

doc::Node matchers(const std::string& text) {
    return sequence({scalar(text)});
}

/// comms; below it crisis -> pager (and on), hr -> hr with a child in french, anything of team x -> x.
doc::Node tree() {
    return map(
        {{"receiver", scalar("comms")},
         {"group_by", sequence({scalar("brand"), scalar("alertname")})},
         {"group_wait", scalar("10s")},
         {"routes", sequence({map({{"receiver", scalar("pager")},
                                   {"matchers", matchers("severity=\"crisis\"")},
                                   {"continue", scalar("true")},
                                   {"group_wait", scalar("0s")}}),
                              map({{"receiver", scalar("hr")},
                                   {"matchers", matchers("function=\"hr\"")},
                                   {"routes", sequence({map({{"receiver", scalar("hr-fr")}, {"matchers", matchers("language=fr")}})})}}),
                              map({{"matchers", matchers("team=~\"x.*\"")}, {"group_by", sequence({scalar("...")})}})})}});
}

Route decoded() {
    doc::Diagnostics diagnostics("vigie.yaml");
    auto route = decode_route(tree(), diagnostics);
    for (const auto& diagnostic : diagnostics.all()) MESSAGE(diagnostic.text());
    REQUIRE(route.has_value());
    return *route;
}

std::vector<std::string> receivers(const Route& root, const Labels& labels) {
    std::vector<std::string> names;
    for (const Route* route : root.match(labels)) names.push_back(route->receiver);
    return names;
}

std::string errors(const doc::Node& node) {
    doc::Diagnostics diagnostics("vigie.yaml");
    CHECK_FALSE(decode_route(node, diagnostics).has_value());
    std::string out;
    for (const auto& diagnostic : diagnostics.all()) out += diagnostic.text() + "\n";
    return out;
}

}  // namespace

TEST_CASE("the deepest first match wins, unless `continue`") {
    const auto root = decoded();
    using Names = std::vector<std::string>;
    CHECK(receivers(root, {}) == Names{"comms"});
    CHECK(receivers(root, {{"severity", "crisis"}}) == Names{"pager"});
    CHECK(receivers(root, {{"severity", "crisis"}, {"function", "hr"}}) == Names{"pager", "hr"});
    CHECK(receivers(root, {{"function", "hr"}, {"language", "fr"}}) == Names{"hr-fr"});
    CHECK(receivers(root, {{"function", "hr"}, {"team", "x1"}}) == Names{"hr"});
    CHECK(receivers(root, {{"team", "x1"}}) == Names{"comms"});
}

TEST_CASE("children inherit what they do not say, but not the matchers") {
    const auto root = decoded();
    CHECK(root.group_wait == 10s);
    CHECK(root.group_interval == 5min);
    CHECK(root.repeat_interval == 4h);
    CHECK(root.routes[0].group_wait == 0s);
    CHECK(root.routes[0].group_by == std::vector<std::string>{"alertname", "brand"});
    CHECK(root.routes[1].routes[0].group_wait == 10s);
    CHECK(root.routes[1].routes[0].key == "{}/{function=\"hr\"}/{language=\"fr\"}");
    CHECK(root.routes[2].receiver == "comms");
    CHECK(root.routes[2].group_by_all);
}

TEST_CASE("group labels are those of group_by that the alert has") {
    const auto root = decoded();
    const Labels labels{{"alertname", "A"}, {"team", "x"}};
    CHECK(root.group_labels(labels) == Labels{{"alertname", "A"}});
    CHECK(root.routes[2].group_labels(labels) == labels);
}

TEST_CASE("the old spelling of matchers is read too") {
    doc::Diagnostics diagnostics("vigie.yaml");
    const auto node =
        map({{"receiver", scalar("a")},
             {"routes",
              sequence({map(
                  {{"receiver", scalar("b")}, {"match", map({{"team", scalar("x")}})}, {"match_re", map({{"brand", scalar("a|b")}})}})})}});
    const auto root = decode_route(node, diagnostics);
    REQUIRE(root.has_value());
    CHECK(receivers(*root, {{"team", "x"}, {"brand", "b"}}) == std::vector<std::string>{"b"});
    CHECK(receivers(*root, {{"team", "x"}, {"brand", "c"}}) == std::vector<std::string>{"a"});
}

TEST_CASE("mistakes are named") {
    CHECK(errors(map({})).find("receiver") != std::string::npos);
    CHECK(errors(scalar("x")).find("expected") != std::string::npos);
    CHECK(errors(map({{"receiver", scalar("a")}, {"grup_by", sequence({})}})).find("group_by") != std::string::npos);
    CHECK(errors(map({{"receiver", scalar("a")}, {"matchers", matchers("x=y")}})).find("root route") != std::string::npos);
    CHECK(errors(map({{"receiver", scalar("a")}, {"continue", scalar("true")}})).find("siblings") != std::string::npos);
    CHECK(errors(map({{"receiver", scalar("a")}, {"group_by", sequence({scalar("..."), scalar("b")})}})).find("alone") !=
          std::string::npos);
    CHECK(errors(map({{"receiver", scalar("a")}, {"group_by", sequence({scalar("b"), scalar("b")})}})).find("twice") != std::string::npos);
    CHECK(errors(map({{"receiver", scalar("a")}, {"group_by", sequence({scalar("b-c")})}})).find("label names") != std::string::npos);
    CHECK(errors(map({{"receiver", scalar("a")}, {"group_interval", scalar("0s")}})).find("vigie.yaml:1:1") != std::string::npos);
    const auto bad = sequence({map({{"matchers", matchers("severity=~\"(\"")}})});
    CHECK(errors(map({{"receiver", scalar("a")}, {"routes", bad}})).find("regular expression") != std::string::npos);
    doc::Node deep = map({{"receiver", scalar("a")}});
    for (int i = 0; i < 40; ++i) deep = map({{"receiver", scalar("a")}, {"routes", sequence({deep})}});
    CHECK(errors(deep).find("deeper than 32") != std::string::npos);
    std::vector<doc::Node> many(1500, map({{"receiver", scalar("a")}}));
    CHECK(errors(map({{"receiver", scalar("a")}, {"routes", sequence(many)}})).find("more than 1000") != std::string::npos);
}

TEST_CASE("unknown receivers and intervals are reported once, with the nearest name") {
    auto root = decoded();
    root.routes[1].mute_time_intervals = {"nights"};
    doc::Diagnostics diagnostics("vigie.yaml");
    check_route_names(root, {"comms", "pagerr", "hr", "hr-fr"}, {}, diagnostics);
    REQUIRE(diagnostics.all().size() == 2);
    CHECK(diagnostics.all()[0].text().find("receiver \"pager\" is not defined; did you mean \"pagerr\"?") != std::string::npos);
    CHECK(diagnostics.all()[1].text().find("time interval \"nights\" is not defined") != std::string::npos);
    doc::Diagnostics none("vigie.yaml");
    check_route_names(root, {"comms", "pager", "hr", "hr-fr"}, {"nights"}, none);
    CHECK(none.all().empty());
}
