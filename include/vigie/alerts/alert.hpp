// An alert: a rule that is pending, firing or resolved for one label set.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/labels.hpp"
#include "vigie/core/mention.hpp"
#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/rules/sample.hpp"

namespace vigie::alerts {

enum class State : std::uint8_t { pending, firing, resolved };
std::string_view to_string(State state) noexcept;

/// A mention that weighed on the alert, as far as a message shows it.
struct Evidence {
    std::string id;
    std::string platform;
    Untrusted author;
    Untrusted text;  ///< the first 300 bytes or so, cut on a character
    Untrusted url;
    Time published;
    std::int64_t reach = 0;
    std::int64_t engagement = 0;
    SentimentLabel sentiment = SentimentLabel::neutral;
    friend bool operator==(const Evidence&, const Evidence&) = default;
};

struct Alert {
    rules::RuleId rule;
    Labels labels;                  ///< severity included: the highest level that holds, kept to the end
    std::uint64_t fingerprint = 0;  ///< of the labels without severity
    State state = State::pending;
    Time active_since;  ///< when the condition first held
    std::optional<Time> fired_at;
    std::optional<Time> resolved_at;
    std::string resolved_because;  ///< "the condition has cleared", "the rule was removed", ...
    Time last_held;
    std::optional<Time> no_data_since;
    std::map<std::string, Untrusted> annotations;
    std::vector<rules::NamedValue> values;  ///< as of the last evaluation in which it held
    rules::Explanation why;
    std::vector<Evidence> evidence;
    friend bool operator==(const Alert&, const Alert&) = default;
};

/// A change of state, or a rise of severity while firing, at an instant.
struct Transition {
    std::optional<State> from;  ///< none: the alert is new
    Alert alert;                ///< after the change
    Time at;
    bool severity_rose = false;
    friend bool operator==(const Transition&, const Transition&) = default;
};

/// One message about the alerts of a group to one receiver.
struct Notification {
    std::string key;  ///< idempotency key: the same on every try and after every restart; [A-Za-z0-9_-]
    std::string receiver;
    Labels group;                  ///< the values of group_by
    std::string group_key;         ///< the route's path and the group's labels, as Alertmanager writes it
    State status = State::firing;  ///< firing while any alert in it fires, else resolved
    std::string reason;            ///< first, new_alerts, severity, repeat, some_resolved, resolved
    Time created;
    std::vector<Alert> alerts;  ///< firing first, by severity; then those resolved since the last one told
    std::size_t truncated = 0;  ///< alerts left out beyond the bound
    friend bool operator==(const Notification&, const Notification&) = default;
};

/// One line for logs and tests: `firing {alertname="X"} since ... fired ...`.
std::string describe(const Alert& alert);
std::string describe(const Transition& transition);
std::string describe(const Notification& notification);

/// JSON, versioned, for the store and the API. decode(encode(x)) == x. Errors: corrupt.
std::string encode_alert(const Alert& alert);
Result<Alert> decode_alert(std::string_view json);
std::string encode_notification(const Notification& notification);
Result<Notification> decode_notification(std::string_view json);

}  // namespace vigie::alerts
