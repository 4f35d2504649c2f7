// What the evaluation of a rule yields: one sample for each brand and each `by` group, with the reason why it holds or not.
// Thread-safety: values.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vigie/core/labels.hpp"
#include "vigie/core/mention.hpp"
#include "vigie/core/time.hpp"

namespace vigie::rules {

/// What binds a rule to its alerts over reloads and restarts.
struct RuleId {
    std::string file;  ///< as the configuration names it, without the folder
    std::string group;
    std::string name;
    friend auto operator<=>(const RuleId&, const RuleId&) = default;
};

enum class NoDataAction : std::uint8_t { hold, resolve, alert };

/// The part of a rule that the state machine of its alerts obeys.
struct AlertPolicy {
    Duration for_{0};             ///< must hold this long before it fires
    Duration keep_firing_for{0};  ///< goes on firing this long after it last held
    NoDataAction no_data = NoDataAction::hold;
    Duration no_data_for{std::chrono::minutes{15}};
    std::size_t limit = 100;              ///< at most this many alerts of the rule at once
    std::vector<std::string> severities;  ///< of `levels`, lowest first; empty without levels
    friend bool operator==(const AlertPolicy&, const AlertPolicy&) = default;
};

enum class Unit : std::uint8_t { number, duration, percent };

struct NamedValue {
    std::string name;             ///< as the rule names it, or as its expression writes it
    std::optional<double> value;  ///< durations in seconds
    Unit unit = Unit::number;
    friend bool operator==(const NamedValue&, const NamedValue&) = default;
};

/// A node of the explanation: a part of the expression as written, its value or truth, and its own parts.
struct Explanation {
    std::string text;
    std::optional<double> value;  ///< of a number or a duration (seconds)
    std::optional<bool> truth;    ///< of a condition
    std::string note;             ///< "no value: division by zero", ...; empty if there is nothing to say
    std::vector<Explanation> parts;
    friend bool operator==(const Explanation&, const Explanation&) = default;
};

struct Sample {
    BrandIndex brand = 0;
    Labels labels;                  ///< the rule's, the brand's, `by`, and alertname and brand; severity too where known
    std::uint64_t fingerprint = 0;  ///< of the labels without severity: the alert's identity
    bool holds = false;
    bool clear = true;     ///< whether a firing alert may end: `clear`, or not `holds` where the rule has none
    bool has_data = true;  ///< false: no part of the condition had a value
    std::vector<NamedValue> values;
    Explanation why;
    std::map<std::string, std::string> annotations;  ///< rendered, not escaped for any receiver: may hold strangers' words
    friend bool operator==(const Sample&, const Sample&) = default;
};

}  // namespace vigie::rules
