#include "vigie/delivery/webhook_body.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include "delivery/notification.hpp"
#include "delivery/print.hpp"

using namespace vigie;
using namespace vigie::delivery;
namespace json = boost::json;

namespace {

json::object body(const alerts::Notification& n, WebhookOptions options = {"https://vigie.example", 0, false}) {
    return json::parse(webhook_body(n, options)).as_object();
}

std::vector<std::string> keys(const json::object& object) {
    std::vector<std::string> found;
    for (const auto& [key, value] : object) found.emplace_back(key.data(), key.size());
    return found;
}

}  // namespace

TEST_CASE("the fields of Alertmanager's version 4, and vigie beside them") {
    const auto out = body(notification({surge()}));
    CHECK(keys(out) == std::vector<std::string>{"version", "groupKey", "truncatedAlerts", "status", "receiver", "groupLabels",
                                                "commonLabels", "commonAnnotations", "externalURL", "alerts", "vigie"});
    CHECK(out.at("version") == "4");
    CHECK(out.at("status") == "firing");
    CHECK(out.at("truncatedAlerts") == 0);
    CHECK(out.at("groupKey") == "{}:{alertname=\"VolumeSurge\"}");
    CHECK(out.at("externalURL") == "https://vigie.example");
    const auto& alert = out.at("alerts").as_array().at(0).as_object();
    CHECK(keys(alert) == std::vector<std::string>{"status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint"});
    CHECK(alert.at("startsAt") == "2026-03-01T09:31:00.000Z");
    CHECK(alert.at("endsAt") == "0001-01-01T00:00:00Z");
    CHECK(alert.at("fingerprint") == "0123456789abcdef");
    CHECK(alert.at("annotations").at("summary") == "84 mentions <!channel> in an hour");
    const auto& vigie = out.at("vigie").as_object();
    CHECK(vigie.at("key") == "0123456789abcdef0123456789abcdef");
    CHECK(vigie.at("level") == "crisis");
    CHECK(vigie.at("brand") == "aurora-air");
    const auto& detail = vigie.at("alerts").as_array().at(0).as_object();
    CHECK(detail.at("values").at("mentions[1h]") == 1284);
    CHECK(detail.at("values").at("lift").is_null());
    CHECK(detail.at("units").at("share") == "fraction");
    CHECK(detail.at("why").at("truth") == true);
    CHECK(detail.at("evidence").as_array().size() == 5);
}

TEST_CASE("a resolved alert has its end, and what they share is common") {
    auto other = surge();
    other.labels["platform"] = "x";
    other.annotations["summary"] = Untrusted("other");
    const auto out = body(notification({other, surge(alerts::State::resolved)}));
    CHECK(out.at("status") == "firing");
    CHECK(out.at("alerts").at(1).at("status") == "resolved");
    CHECK(out.at("alerts").at(1).at("endsAt") == "2026-03-01T11:35:00.000Z");
    CHECK_FALSE(out.at("commonLabels").as_object().contains("platform"));
    CHECK(out.at("commonLabels").at("brand") == "aurora-air");
    CHECK_FALSE(out.at("commonAnnotations").as_object().contains("summary"));
    CHECK(out.at("commonAnnotations").as_object().contains("runbook"));
}

TEST_CASE("limits: max_alerts, and the smaller body") {
    auto n = notification(std::vector<alerts::Alert>(12, surge()));
    n.truncated = 5;
    CHECK(body(n, {"", 3, false}).at("alerts").as_array().size() == 3);
    CHECK(body(n, {"", 3, false}).at("truncatedAlerts") == 14);
    const auto small = body(n, {"", 0, true});
    CHECK(small.at("alerts").as_array().size() == 10);
    CHECK_FALSE(small.at("vigie").at("alerts").at(0).as_object().contains("evidence"));
    CHECK(webhook_body(n, {"", 0, true}).size() < webhook_body(n, {"", 0, false}).size() / 2);
}

TEST_CASE("the body is valid JSON whatever is in it, and the same each time") {
    auto hostile = surge();
    hostile.labels["quote\"\\"] = "\x01\n\xFF";
    hostile.annotations["summary"] = Untrusted("\xED\xA0\x80 \u2028 </script>");
    hostile.values = {{"nan", 0.0 / 0.0, rules::Unit::number}, {"third", 1.0 / 3.0, rules::Unit::number}};
    const auto n = notification({hostile});
    const auto out = body(n);
    CHECK(out.at("vigie").at("alerts").at(0).at("values").at("nan").is_null());
    CHECK(webhook_body(n, {}) == webhook_body(n, {}));
    CHECK_NOTHROW(json::parse(webhook_body(notification({}), {})));
}
