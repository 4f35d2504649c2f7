// A notification as tests of messages and bodies need it.
#pragma once

#include "vigie/alerts/alert.hpp"
#include "vigie/core/labels.hpp"

inline vigie::Time at(std::int64_t seconds) {
    return *vigie::parse_time("2026-03-01T09:30:00Z") + std::chrono::seconds{seconds};
}

inline vigie::alerts::Alert surge(vigie::alerts::State state = vigie::alerts::State::firing) {
    using namespace vigie;
    alerts::Alert alert;
    alert.rule = {"streisand.yaml", "surges", "VolumeSurge"};
    alert.labels = {{"alertname", "VolumeSurge"}, {"brand", "aurora-air"}, {"platform", "mastodon"}, {"severity", "crisis"}};
    alert.fingerprint = 0x0123456789ABCDEFULL;
    alert.state = state;
    alert.active_since = at(0);
    alert.fired_at = at(60);
    if (state == alerts::State::resolved) {
        alert.resolved_at = at(7500);
        alert.resolved_because = "the condition has cleared";
    }
    alert.annotations = {{"summary", Untrusted("84 mentions <!channel> in an hour")},
                         {"summary_fr", Untrusted("84 mentions en une heure")},
                         {"runbook", Untrusted("https://wiki.example/surge")},
                         {"action", Untrusted("Call the duty officer.")}};
    alert.values = {{"mentions[1h]", 1284.0, rules::Unit::number},
                    {"share", 0.625, rules::Unit::percent},
                    {"age", 12000.0, rules::Unit::duration},
                    {"lift", std::nullopt, rules::Unit::number}};
    alert.why = {"mentions[1h] > 10", 1284.0, true, "", {}};
    for (int i = 0; i < 5; ++i) {
        alerts::Evidence evidence;
        evidence.id = "mastodon/" + std::to_string(i);
        evidence.platform = "mastodon";
        evidence.author = Untrusted("@ana\x1b[2J");
        evidence.text = Untrusted("smoke\r\nBcc: x");
        evidence.url = Untrusted(i == 1 ? "javascript:alert(1)" : "https://mas.to/" + std::to_string(i));
        evidence.published = at(-60);
        evidence.reach = 12000;
        evidence.sentiment = SentimentLabel::negative;
        alert.evidence.push_back(evidence);
    }
    return alert;
}

inline vigie::alerts::Notification notification(std::vector<vigie::alerts::Alert> alerts) {
    vigie::alerts::Notification n;
    n.key = "0123456789abcdef0123456789abcdef";
    n.receiver = "comms";
    n.group = {{"alertname", "VolumeSurge"}};
    n.group_key = "{}:{alertname=\"VolumeSurge\"}";
    n.status = alerts.empty() ? vigie::alerts::State::firing : alerts.front().state;
    n.reason = n.status == vigie::alerts::State::firing ? "first" : "resolved";
    n.created = at(70);
    n.alerts = std::move(alerts);
    return n;
}
