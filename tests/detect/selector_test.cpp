#include "vigie/detect/selector.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace vigie;
using namespace vigie::detect;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

Selector selector(Metric metric, Duration window, std::vector<LabelMatcher> matchers = {}, Duration offset = Duration{0}) {
    Selector made;
    made.metric = metric;
    made.window = window;
    made.matchers = std::move(matchers);
    made.offset = offset;
    return made;
}

void refused(const Selector& wrong, Errc code, std::string_view part) {
    const auto checked = check_selector(wrong);
    REQUIRE_FALSE(checked.ok());
    CHECK(to_string(checked.error().code()) == to_string(code));
    CAPTURE(checked.error().message());
    CHECK(checked.error().message().find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("a selector is written as a rule writes it") {
    CHECK(format_selector(selector(Metric::mentions, hours{1})) == "mentions[1h]");
    CHECK(format_selector(selector(Metric::negative, days{7}, {}, days{1})) == "negative[7d] offset 1d");
    CHECK(format_selector(selector(Metric::max_reach, hours{1}, {{"platform", MatchOp::equal, "x"}})) == "max(reach{platform=\"x\"}[1h])");
    CHECK(format_selector(selector(Metric::max_reach, hours{1}, {}, hours{2})) == "max(reach[1h] offset 2h)");
    CHECK(format_selector(selector(
              Metric::reposts, minutes{90},
              {{"source", MatchOp::not_regex, "a|b"}, {"kind", MatchOp::not_equal, "reply"}, {"language", MatchOp::regex, "f."}})) ==
          "reposts{kind!=\"reply\", language=~\"f.\", source!~\"a|b\"}[1h30m]");
    CHECK(format_selector(selector(Metric::mentions, hours{1}, {{"source", MatchOp::equal, "a\"b\\c\nd"}})) ==
          "mentions{source=\"a\\\"b\\\\c\\nd\"}[1h]");
}

TEST_CASE("copies have no offset, as authors have none") {
    Selector shifted = selector(Metric::copies, hours{1});
    CHECK(check_selector(shifted).ok());
    shifted.offset = hours{24};
    CHECK(check_selector(shifted).error().code() == Errc::unsupported);
}

TEST_CASE("every metric has a name of its own") {
    std::vector<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(Metric::copies); ++i) {
        const auto name = to_string(static_cast<Metric>(i));
        CHECK(name != "unknown");
        CHECK(std::find(names.begin(), names.end(), name) == names.end());
        names.push_back(name);
    }
}

TEST_CASE("good selectors pass") {
    CHECK(check_selector(selector(Metric::mentions, minutes{1})).ok());
    CHECK(check_selector(selector(Metric::mentions, days{90})).ok());
    CHECK(check_selector(selector(Metric::mentions, days{60}, {}, days{30})).ok());
    CHECK(check_selector(selector(Metric::authors, days{90})).ok());
    CHECK(check_selector(selector(Metric::counts, hours{1}, {{"series", MatchOp::equal, "pageviews"}, {"source", MatchOp::regex, "w.*"}}))
              .ok());
    CHECK(check_selector(selector(Metric::mentions, hours{1}, {{"kind", MatchOp::equal, "repost"}, {"function", MatchOp::regex, "hr|x"}}))
              .ok());
    Selector split = selector(Metric::mentions, hours{1});
    split.by = {"function", "platform"};
    CHECK(check_selector(split).ok());
}

TEST_CASE("windows and offsets keep their limits") {
    refused(selector(Metric::mentions, Duration{0}), Errc::limit, "1m to 90d");
    refused(selector(Metric::mentions, Duration{-60'000}), Errc::limit, "1m to 90d");
    refused(selector(Metric::mentions, seconds{59}), Errc::limit, "59s");
    refused(selector(Metric::mentions, seconds{90}), Errc::invalid, "whole minutes");
    refused(selector(Metric::mentions, days{90} + minutes{1}), Errc::limit, "90d");
    refused(selector(Metric::mentions, days{60}, {}, days{31}), Errc::limit, "together");
    refused(selector(Metric::mentions, hours{1}, {}, seconds{-60}), Errc::limit, "offset");
    refused(selector(Metric::mentions, hours{1}, {}, seconds{30}), Errc::invalid, "whole minutes");
    refused(selector(Metric::mentions, hours{1}, {}, Duration::max()), Errc::limit, "90d");
}

TEST_CASE("distinct authors have no offset, and the error says why") {
    refused(selector(Metric::authors, hours{1}, {}, days{1}), Errc::unsupported, "cannot be shifted");
}

TEST_CASE("labels that a metric does not have are refused by name") {
    refused(selector(Metric::mentions, hours{1}, {{"country", MatchOp::equal, "fr"}}), Errc::invalid, "country");
    refused(selector(Metric::mentions, hours{1}, {{"series", MatchOp::equal, "views"}}), Errc::invalid, "series");
    refused(selector(Metric::counts, hours{1}, {{"platform", MatchOp::equal, "x"}}), Errc::invalid, "series or source");
    refused(selector(Metric::mentions, hours{1}, {{"kind", MatchOp::equal, "tweet"}}), Errc::invalid, "tweet");
    Selector split = selector(Metric::mentions, hours{1});
    split.by = {"brand"};
    refused(split, Errc::invalid, "brand");
    split.by = {"platform", "platform"};
    refused(split, Errc::invalid, "twice");
    split.by = {"platform", "language"};
    refused(split, Errc::invalid, "sorted");
}

TEST_CASE("regular expressions are RE2 of bounded size") {
    refused(selector(Metric::mentions, hours{1}, {{"platform", MatchOp::regex, "(x"}}), Errc::invalid, "does not compile");
    refused(selector(Metric::mentions, hours{1}, {{"platform", MatchOp::not_regex, "(x)\\1"}}), Errc::invalid, "does not compile");
    refused(selector(Metric::mentions, hours{1}, {{"platform", MatchOp::regex, "((((x{90}){9}){9}){9})"}}), Errc::invalid,
            "does not compile");
    refused(selector(Metric::mentions, hours{1}, {{"platform", MatchOp::regex, "(?:\\pL{30}){30}"}}), Errc::limit, "does not compile");
    refused(selector(Metric::mentions, hours{1}, {{"platform", MatchOp::regex, std::string(1025, 'x')}}), Errc::limit, "1025");
    refused(selector(Metric::mentions, hours{1}, std::vector<LabelMatcher>(17, {"platform", MatchOp::equal, "x"})), Errc::limit, "17");
}
