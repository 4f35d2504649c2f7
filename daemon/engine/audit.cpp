#include "engine/audit.hpp"

#include <boost/json.hpp>

#include "vigie/core/hash.hpp"
#include "vigie/core/json_text.hpp"

namespace vigie::engine {
namespace {

namespace json = boost::json;

json::object labels_json(const Labels& labels) {
    json::object out;
    for (const auto& [name, value] : labels) out[name] = value;
    return out;
}

}  // namespace

std::string audit_transition(const alerts::Transition& transition) {
    json::object line;
    line["what"] = transition.severity_rose ? "severity" : "alert";
    if (transition.from) line["from"] = std::string(alerts::to_string(*transition.from));
    line["to"] = std::string(alerts::to_string(transition.alert.state));
    line["fingerprint"] = to_hex(transition.alert.fingerprint);
    line["labels"] = labels_json(transition.alert.labels);
    if (!transition.alert.resolved_because.empty()) line["because"] = transition.alert.resolved_because;
    return json_text(line);
}

std::string audit_notification(const alerts::Notification& notification) {
    json::object line;
    line["what"] = "notification";
    line["key"] = notification.key;
    line["receiver"] = notification.receiver;
    line["status"] = std::string(alerts::to_string(notification.status));
    line["reason"] = notification.reason;
    line["group"] = labels_json(notification.group);
    return json_text(line);
}

std::string audit_delivery(const delivery::OutboxRow& row, const delivery::Outcome& outcome, const delivery::Next& next) {
    json::object line;
    line["what"] = "delivery";
    line["key"] = row.notification.key;
    line["integration"] = row.integration;
    line["attempt"] = row.attempts;
    line["outcome"] = std::string(delivery::to_string(outcome.kind));
    line["next"] = std::string(delivery::to_string(next.action));
    if (!outcome.detail.empty()) line["detail"] = outcome.detail;
    return json_text(line);
}

std::string audit_reload(const std::vector<std::string>& changes) {
    json::object line;
    line["what"] = "reload";
    json::array list;
    for (const std::string& change : changes) list.emplace_back(change);
    line["changes"] = std::move(list);
    return json_text(line);
}

}  // namespace vigie::engine
