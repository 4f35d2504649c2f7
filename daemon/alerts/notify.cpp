#include "alerts/notify.hpp"

#include <algorithm>

#include "vigie/alerts/dispatcher.hpp"
#include "vigie/alerts/severity.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::alerts {
namespace {

std::string reason_of(const Telling& telling) {
    if (telling.firing.empty()) return "resolved";
    if (!telling.last_told) return "first";
    if (telling.rose) return "severity";
    if (telling.fresh) return "new_alerts";
    return telling.ended.empty() ? "repeat" : "some_resolved";
}

void add(std::string& bytes, std::string_view text) {
    bytes.append(text).append(1, '\xFF');
}

void add(std::string& bytes, const std::optional<Time>& time) {
    add(bytes, time ? std::to_string(to_millis(*time)) : std::string("-"));
}

std::string key_of(const Notification& notification, const Telling& telling) {
    std::string bytes;
    add(bytes, notification.receiver);
    add(bytes, notification.group_key);
    add(bytes, notification.reason);
    // With the instant of the last telling, two tellings of the same content differ, and one that is decided twice does not.
    add(bytes, telling.last_told);
    add(bytes, telling.at_once);
    for (const auto& alert : notification.alerts) {
        add(bytes, to_hex(alert.fingerprint));
        add(bytes, to_string(alert.state));
        add(bytes, severity_of(alert.labels));
        add(bytes, alert.fired_at);
        add(bytes, alert.resolved_at);
    }
    return to_hex(hash128(bytes));
}

}  // namespace

Notification make_notification(Telling telling, Time now) {
    std::sort(telling.firing.begin(), telling.firing.end(), more_urgent);
    std::sort(telling.ended.begin(), telling.ended.end(), more_urgent);
    Notification notification;
    notification.receiver = telling.receiver;
    notification.group = telling.group;
    notification.group_key = telling.group_key;
    notification.status = telling.firing.empty() ? State::resolved : State::firing;
    notification.reason = reason_of(telling);
    notification.created = now;
    const auto places = max_notification_alerts;
    const auto ended = std::min(telling.ended.size(), std::max(places / 2, places - std::min(places, telling.firing.size())));
    const auto firing = std::min(telling.firing.size(), places - ended);
    notification.truncated = telling.firing.size() - firing;
    for (std::size_t i = 0; i < firing; ++i) notification.alerts.push_back(std::move(telling.firing[i]));
    for (std::size_t i = 0; i < ended; ++i) notification.alerts.push_back(std::move(telling.ended[i]));
    notification.key = key_of(notification, telling);
    return notification;
}

}  // namespace vigie::alerts
