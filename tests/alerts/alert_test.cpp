#include "vigie/alerts/alert.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "alerts/print.hpp"

using namespace vigie;
using namespace vigie::alerts;

namespace {

Time at(std::int64_t seconds) {
    return from_millis(1'772'000'000'000 + seconds * 1000);
}

Alert full_alert() {
    Alert alert;
    alert.rule = {"streisand.yaml", "surges", "VolumeSurge"};
    alert.labels = {{"alertname", "VolumeSurge"}, {"brand", "aurora-air"}, {"platform", "x \"y\" \\ \n"}, {"severity", "crisis"}};
    alert.fingerprint = 0xFEDCBA9876543210ULL;
    alert.state = State::resolved;
    alert.active_since = at(-100);
    alert.fired_at = at(1);
    alert.resolved_at = at(2);
    alert.resolved_because = "the condition has cleared";
    alert.last_held = at(3);
    alert.no_data_since = at(4);
    alert.annotations = {{"summary", Untrusted("<!channel> \u202E été \x01")}, {"empty", Untrusted("")}};
    alert.values = {{"mentions[1h]", 84.0, rules::Unit::number},
                    {"tenth", 0.1, rules::Unit::percent},
                    {"none", std::nullopt, rules::Unit::number},
                    {"age", 1209600.0, rules::Unit::duration},
                    {"tiny", 5e-324, rules::Unit::number},
                    {"huge", 1.7976931348623157e308, rules::Unit::number},
                    {"odd", 123456.78901234567, rules::Unit::number},
                    {"neg", -1.0 / 3.0, rules::Unit::number},
                    {"inf", std::numeric_limits<double>::infinity(), rules::Unit::number}};
    alert.why = {
        "a and b", std::nullopt, true, "", {{"a", 1.5, false, "no value: division by zero", {}}, {"b", 11.2, std::nullopt, "", {}}}};
    Evidence evidence;
    evidence.id = "mastodon/110";
    evidence.platform = "mastodon";
    evidence.author = Untrusted("@ana@mas.to");
    evidence.text = Untrusted("l'avion \xF0\x9F\x94\xA5");
    evidence.url = Untrusted("https://mas.to/110");
    evidence.published = at(-7);
    evidence.reach = std::numeric_limits<std::int64_t>::max();
    evidence.engagement = 12;
    evidence.sentiment = SentimentLabel::negative;
    alert.evidence = {evidence};
    return alert;
}

}  // namespace

TEST_CASE("an alert comes back from JSON as it was") {
    const auto alert = full_alert();
    const auto back = decode_alert(encode_alert(alert));
    REQUIRE(back.ok());
    CHECK(*back == alert);
    Alert empty;
    const auto empty_back = decode_alert(encode_alert(empty));
    REQUIRE(empty_back.ok());
    CHECK(*empty_back == empty);
}

TEST_CASE("every double survives") {
    std::uint64_t seed = 42;
    for (int i = 0; i < 2000; ++i) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        const double value = std::ldexp(static_cast<double>(seed >> 11), static_cast<int>(seed % 120) - 110);
        Alert alert;
        alert.values = {{"v", value, rules::Unit::number}};
        const auto back = decode_alert(encode_alert(alert));
        REQUIRE(back.ok());
        REQUIRE(back->values.front().value == value);
    }
}

TEST_CASE("a notification comes back from JSON as it was") {
    Notification notification;
    notification.key = "abc-DEF_1";
    notification.receiver = "comms";
    notification.group = {{"alertname", "VolumeSurge"}};
    notification.group_key = "{}:{alertname=\"VolumeSurge\"}";
    notification.status = State::resolved;
    notification.reason = "resolved";
    notification.created = at(0);
    notification.alerts = {full_alert(), Alert{}};
    notification.truncated = 7;
    const auto back = decode_notification(encode_notification(notification));
    REQUIRE(back.ok());
    CHECK(*back == notification);
}

TEST_CASE("damaged documents are errors, never crashes") {
    const auto good = encode_alert(full_alert());
    for (std::size_t length = 0; length < good.size(); length += 3) CHECK_FALSE(decode_alert(good.substr(0, length)).ok());
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto damaged = good;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x11);
        const auto result = decode_alert(damaged);
        if (!result.ok()) CHECK(result.error().code() == Errc::corrupt);
    }
    for (const char* text : {"", "null", "[]", "{}", "{\"v\":1}", "{\"v\":2}", "{\"v\":\"1\"}", "{\"v\":1,\"rule\":3}"}) {
        CAPTURE(text);
        CHECK_FALSE(decode_alert(text).ok());
        CHECK_FALSE(decode_notification(text).ok());
    }
    CHECK_FALSE(decode_alert(std::string(100'000, '[')).ok());
    CHECK_FALSE(decode_alert(std::string(17 << 20, ' ')).ok());
}

TEST_CASE("states have names, and alerts a readable line") {
    CHECK(to_string(State::pending) == "pending");
    CHECK(to_string(State::firing) == "firing");
    CHECK(to_string(State::resolved) == "resolved");
    const auto text = describe(full_alert());
    CHECK(text.find("resolved {alertname=\"VolumeSurge\"") == 0);
    CHECK(text.find("because the condition has cleared") != std::string::npos);
}
