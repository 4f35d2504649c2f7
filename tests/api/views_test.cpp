#include "api/views.hpp"

#include <doctest/doctest.h>

#include "delivery/notification.hpp"

using namespace vigie;
using namespace vigie::api;
namespace json = boost::json;

TEST_CASE("status") {
    engine::StatusView status;
    status.now = at(0);
    status.started = at(-60);
    status.version = "1.0";
    status.queues = {{"comms/slack/0", 2, at(-30), "closed", 1}, {"comms/log/0", 0, std::nullopt, "open", 0}};
    const json::object out = status_json(status);
    CHECK(out.at("now") == "2026-03-01T09:30:00.000Z");
    CHECK(out.at("started") == "2026-03-01T09:29:00.000Z");
    CHECK(out.at("queues").at(0).at("oldest") == "2026-03-01T09:29:30.000Z");
    CHECK(out.at("queues").at(1).at("oldest").is_null());
    CHECK_FALSE(out.contains("last_reload_error"));
    status.last_reload_error = "vigie.yaml:1:1: no";
    CHECK(status_json(status).at("last_reload_error") == "vigie.yaml:1:1: no");
}

TEST_CASE("alerts: labels, annotations, values and evidence, without the store's own fields") {
    auto pending = surge();
    pending.state = alerts::State::pending;
    pending.fired_at.reset();
    const json::array out = alerts_json({surge(alerts::State::resolved), pending});
    REQUIRE(out.size() == 2);
    const json::object& over = out[0].as_object();
    CHECK(over.at("fingerprint") == "0123456789abcdef");
    CHECK(over.at("state") == "resolved");
    CHECK(over.at("labels").at("brand") == "aurora-air");
    CHECK(over.at("annotations").at("summary") == "84 mentions <!channel> in an hour");
    CHECK(over.at("values").at("share").to_number<double>() == 0.625);
    CHECK(over.at("values").at("lift").is_null());
    CHECK(over.at("evidence").as_array().size() == 5);
    CHECK(over.at("resolved_because") == "the condition has cleared");
    CHECK(over.at("fired_at") == "2026-03-01T09:31:00.000Z");
    CHECK(out[1].at("fired_at").is_null());
    CHECK_FALSE(over.contains("v"));
    CHECK(alerts_json({}).empty());
}

TEST_CASE("sources") {
    engine::SourceView source;
    source.name = "wire";
    source.state = "failing";
    source.last_error = std::string(600, 'x') + "\xff";
    source.next_poll = at(60);
    const json::array out = sources_json({source});
    CHECK(out.at(0).at("last_success").is_null());
    CHECK(out.at(0).at("next_poll") == "2026-03-01T09:31:00.000Z");
    CHECK(out.at(0).at("last_error").as_string().size() <= 500);
    engine::SourceView well;
    CHECK_FALSE(sources_json({well}).at(0).as_object().contains("last_error"));
}

TEST_CASE("mentions are items with what intake made of them") {
    store::StoredMention mention;
    mention.analysed.item.id = "x/1";
    mention.analysed.item.platform = "x";
    mention.analysed.item.text = Untrusted("line\n\"quoted\" \xE2\x80\xAE");
    mention.analysed.item.published = at(0);
    mention.analysed.item.language = "fr-CA";
    mention.analysed.language = "fr";
    mention.analysed.sentiment = {SentimentLabel::negative, {0.5F, 0.25F, 0.25F}};
    mention.functions = {"safety"};
    mention.new_author = true;
    const json::array out = mentions_json({mention});
    CHECK(out.at(0).at("id") == "x/1");
    CHECK(out.at(0).at("language") == "fr");
    CHECK(out.at(0).at("sentiment").at("label") == "negative");
    CHECK(out.at(0).at("sentiment").at("polarity").to_number<double>() == -0.25);
    CHECK(out.at(0).at("functions").at(0) == "safety");
    CHECK(out.at(0).at("text") == "line\n\"quoted\" \xE2\x80\xAE");
}

TEST_CASE("errors and reloads") {
    CHECK(error_json(Error(Errc::not_found, "there is no \"x\"", "f:1:2")) ==
          R"({"error":{"code":"not_found","message":"f:1:2: there is no \"x\""}})");
    CHECK(json::parse(error_json(Error(Errc::io, std::string(100'000, 'x') + "\xff"))).at("error").at("message").as_string().size() <=
          20'000);
    engine::ReloadReport report;
    report.brands_gained = {"aurora"};
    CHECK(reload_json(report).at("changes").at(0) == "brand gained: aurora");
    CHECK(reload_json({}).at("changes").at(0) == "nothing changed");
}
