#include "vigie/alerts/alert.hpp"

#include <boost/json/serialize.hpp>

#include "alerts/json.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::alerts {
namespace json = boost::json;
namespace {

json::object versioned(json::object fields) {
    json::object out;
    out["v"] = json_version;
    for (auto& [key, value] : fields) out[key] = std::move(value);
    return out;
}

template <class F>
auto guarded(std::string_view what, F&& decode) -> Result<decltype(decode())> {
    try {
        return decode();
    } catch (const std::exception& error) {
        return Error(Errc::corrupt, error.what(), std::string(what));
    }
}

Notification notification_from(const json::object& object) {
    const JsonObject in(object);
    Notification notification;
    notification.key = in.text("key");
    notification.receiver = in.text("receiver");
    notification.group = labels_from_json(in.at("group"));
    notification.group_key = in.text("group_key");
    notification.status = in.text("status") == to_string(State::firing) ? State::firing : State::resolved;
    if (in.text("status") != to_string(notification.status)) throw BadJson("unknown status");
    notification.reason = in.text("reason");
    notification.created = in.time("created");
    for (const auto& alert : in.array("alerts")) notification.alerts.push_back(alert_from_json(alert));
    const auto truncated = in.integer("truncated");
    if (truncated < 0) throw BadJson("truncated is negative");
    notification.truncated = static_cast<std::size_t>(truncated);
    return notification;
}

}  // namespace

std::string_view to_string(State state) noexcept {
    switch (state) {
        case State::pending:
            return "pending";
        case State::firing:
            return "firing";
        case State::resolved:
            return "resolved";
    }
    return "unknown";
}

std::string describe(const Alert& alert) {
    std::string out(to_string(alert.state));
    out += ' ';
    out += format_labels(alert.labels);
    out += " since " + format_time(alert.active_since);
    if (alert.fired_at) out += " fired " + format_time(*alert.fired_at);
    if (alert.resolved_at) out += " resolved " + format_time(*alert.resolved_at);
    if (!alert.resolved_because.empty()) out += " because " + alert.resolved_because;
    if (alert.no_data_since) out += " no data since " + format_time(*alert.no_data_since);
    out += " held " + format_time(alert.last_held);
    return out;
}

std::string describe(const Transition& transition) {
    std::string out = "at " + format_time(transition.at) + " ";
    out += transition.from ? std::string(to_string(*transition.from)) : std::string("new");
    out += transition.severity_rose ? " -> graver: " : " -> ";
    return out + describe(transition.alert);
}

std::string describe(const Notification& notification) {
    std::string out = notification.receiver + " " + std::string(to_string(notification.status)) + " (" + notification.reason + ") at " +
                      format_time(notification.created) + " group " + notification.group_key + ":";
    for (const auto& alert : notification.alerts) out += "\n    " + describe(alert);
    if (notification.truncated > 0) out += "\n    and " + std::to_string(notification.truncated) + " more";
    return out;
}

std::string encode_alert(const Alert& alert) {
    return json::serialize(versioned(alert_to_json(alert)));
}

Result<Alert> decode_alert(std::string_view text) {
    return guarded("alert", [&] { return alert_from_json(json::value(parse_object(text))); });
}

std::string encode_notification(const Notification& notification) {
    json::object out;
    out["v"] = json_version;
    out["key"] = notification.key;
    out["receiver"] = notification.receiver;
    out["group"] = labels_to_json(notification.group);
    out["group_key"] = notification.group_key;
    out["status"] = std::string(to_string(notification.status));
    out["reason"] = notification.reason;
    out["created"] = to_millis(notification.created);
    json::array alerts;
    for (const auto& alert : notification.alerts) alerts.push_back(alert_to_json(alert));
    out["alerts"] = std::move(alerts);
    out["truncated"] = notification.truncated;
    return json::serialize(out);
}

Result<Notification> decode_notification(std::string_view text) {
    return guarded("notification", [&] { return notification_from(parse_object(text)); });
}

}  // namespace vigie::alerts
