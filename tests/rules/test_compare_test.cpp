#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "vigie/rules/test_file.hpp"

using namespace vigie;
using namespace vigie::rules;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;

ActualAlert alert(std::string name, std::string state, Labels labels = {}, std::map<std::string, std::string> annotations = {}) {
    labels["alertname"] = name;
    return {std::move(name), std::move(state), std::move(labels), std::move(annotations)};
}

ExpectedAlert wanted(std::string name, std::string state = "firing", Labels labels = {},
                     std::map<std::string, std::string> annotations = {}) {
    return {{9, 3}, std::move(name), std::move(state), std::move(labels), std::move(annotations)};
}

Lines differ(std::vector<ExpectedAlert> expected, std::vector<ActualAlert> actual) {
    Expectation e;
    e.mark = {8, 1};
    e.at = 2h;
    e.alerts = std::move(expected);
    return compare(e, {std::move(actual), {}});
}

Lines notified(std::vector<ExpectedNotification> expected, std::vector<ActualNotification> actual) {
    Expectation e;
    e.mark = {8, 1};
    e.at = 3h;
    e.notifications = std::move(expected);
    return compare(e, {{}, std::move(actual)});
}

}  // namespace

TEST_CASE("alerts as expected, in any order, with labels that do not matter left out") {
    CHECK(differ({wanted("A")}, {alert("A", "firing", {{"brand", "x"}})}).empty());
    CHECK(differ({wanted("A", "firing", {{"brand", "x"}}), wanted("A", "pending", {{"brand", "y"}})},
                 {alert("A", "pending", {{"brand", "y"}}), alert("A", "firing", {{"brand", "x"}})})
              .empty());
    CHECK(differ({wanted("A")}, {alert("A", "firing"), alert("B", "firing")}).empty());
    CHECK(differ({wanted("A")}, {alert("A", "firing"), alert("A", "resolved", {{"brand", "x"}})}).empty());
    CHECK(differ({wanted("A", "resolved")}, {alert("A", "resolved")}).empty());
    CHECK(differ({wanted("A", "firing", {{"severity", ""}})}, {alert("A", "firing")}).empty());
    CHECK(differ({}, {}).empty());
    CHECK(differ({}, {alert("A", "resolved")}).empty());
}

TEST_CASE("an alert that fits two expectations goes where the other cannot") {
    const auto x = alert("A", "firing", {{"brand", "x"}});
    const auto y = alert("A", "firing", {{"brand", "y"}});
    CHECK(differ({wanted("A"), wanted("A", "firing", {{"brand", "x"}})}, {x, y}).empty());
    CHECK(differ({wanted("A"), wanted("A", "firing", {{"brand", "y"}})}, {y, x}).empty());
}

TEST_CASE("differences of alerts") {
    CHECK(differ({wanted("A")}, {}) == Lines{"9:3: at 2h: A is not firing, expected it to be"});
    CHECK(differ({wanted("A", "firing", {{"brand", "x"}})}, {}) ==
          Lines{"9:3: at 2h: A is not firing with {brand=\"x\"}, expected it to be"});
    CHECK(differ({wanted("A")}, {alert("A", "pending")}) == Lines{"9:3: at 2h: A {alertname=\"A\"} is pending, expected firing"});
    CHECK(differ({wanted("A")}, {alert("A", "firing"), alert("A", "pending", {{"brand", "x"}})}) ==
          Lines{"8:1: at 2h: A {alertname=\"A\", brand=\"x\"} is pending, which was not expected"});
    CHECK(differ({wanted("A", "firing", {{"severity", "page"}}, {{"s", "12 mentions"}})},
                 {alert("A", "firing", {{"severity", "low"}}, {{"s", "11 mentions"}})}) ==
          Lines{"9:3: at 2h: A {alertname=\"A\", severity=\"low\"} has the label severity \"low\", expected \"page\"",
                "9:3: at 2h: A {alertname=\"A\", severity=\"low\"} has the annotation s \"11 mentions\", expected \"12 mentions\""});
    CHECK(differ({wanted("A", "firing", {{"severity", "page"}})}, {alert("A", "firing")}) ==
          Lines{"9:3: at 2h: A {alertname=\"A\"} has no label severity, expected \"page\""});
    CHECK(differ({wanted("A", "firing", {{"severity", ""}})}, {alert("A", "firing", {{"severity", "x"}})}) ==
          Lines{"9:3: at 2h: A {alertname=\"A\", severity=\"x\"} has the label severity \"x\", expected none"});
    CHECK(differ({}, {alert("A", "pending")}) == Lines{"8:1: at 2h: A {alertname=\"A\"} is pending, expected none"});
}

TEST_CASE("none") {
    Expectation e;
    e.mark = {8, 1};
    e.at = 1h;
    e.none = {"A"};
    CHECK(compare(e, {{alert("B", "firing"), alert("A", "resolved")}, {}}).empty());
    CHECK(compare(e, {{alert("A", "firing")}, {}}) == Lines{"8:1: at 1h: A {alertname=\"A\"} is firing, expected none"});
}

TEST_CASE("notifications are compared in order") {
    const ExpectedNotification firing{{9, 3}, "comms", "firing", {"A", "B"}}, resolved{{10, 3}, "comms", "resolved", {"A"}};
    const ActualNotification sent{"comms", "firing", {"A", "B"}}, ended{"comms", "resolved", {"A"}};
    CHECK(notified({firing, resolved}, {sent, ended}).empty());
    CHECK(notified({}, {}).empty());
    CHECK(notified({firing}, {}) == Lines{"9:3: at 3h: notification 1 was not sent, expected to comms: firing [A, B]"});
    CHECK(notified({firing}, {sent, ended}) == Lines{"8:1: at 3h: notification 2 was sent to comms: resolved [A], expected no more"});
    CHECK(notified({firing}, {ended}) ==
          Lines{"9:3: at 3h: notification 1 was sent to comms: resolved [A], expected to comms: firing [A, B]"});
    CHECK(notified({}, {sent}).size() == 1);
}
