// A rule as its file gives it: read, typed and compiled, but not yet bound to the brands of a configuration.
// Thread-safety: values; the compiled parts are shared and never change.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vigie/core/labels.hpp"
#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"
#include "vigie/doc/decode.hpp"
#include "vigie/doc/node.hpp"
#include "vigie/rules/sample.hpp"

namespace vigie::rules {

/// The compiled conditions, values and annotations; private to this module.
struct Program;

/// A number that stands beside the rule, to be tuned.
struct Threshold {
    std::string name;
    double value = 0;  ///< durations in seconds, percentages as fractions (60% is 0.6)
    Unit unit = Unit::number;
    friend bool operator==(const Threshold&, const Threshold&) = default;
};

/// A part of the rule as the file writes it: a named value, a level with its severity, or `expr` (name empty).
struct NamedText {
    std::string name;
    std::string text;
    friend bool operator==(const NamedText&, const NamedText&) = default;
};

struct Rule {
    RuleId id;
    doc::Mark mark;                               ///< of the rule in its file
    Duration interval{std::chrono::seconds{30}};  ///< of its group: evaluated at least this often; >= 1s
    std::vector<std::string> brands;              ///< names or glob patterns (* and ?); empty: every brand
    std::vector<std::string> by;                  ///< label names, sorted; empty: one alert for each brand
    std::vector<Threshold> thresholds;            ///< in the order of the file
    std::vector<NamedText> values;                ///< in the order of the file
    std::vector<NamedText> conditions;            ///< `expr` alone, or the levels, lowest severity first
    std::string clear;                            ///< empty: the alert may end when no condition holds
    AlertPolicy policy;
    Labels labels;                                                 ///< without alertname and brand
    std::vector<std::pair<std::string, std::string>> annotations;  ///< name and template, in the order of the file
    std::shared_ptr<const Program> program;
};

/// Whether two readings of a rule behave alike (comments, spacing and the place in the file do not count). For what a reload changed.
bool same_rule(const Rule& a, const Rule& b);

/// Bounds of a rule file.
inline constexpr std::size_t max_rules_in_file = 1000;
inline constexpr std::size_t max_expression_bytes = 4096;
inline constexpr int max_expression_depth = 50;
inline constexpr std::size_t max_annotation_bytes = 4096;  ///< of a template, and of what it renders to

/// Reads a whole rule file (`groups:`). `file_name` is the name without its folder, for RuleId. All errors go into `diagnostics` with line
/// and column; lint findings are warnings. nullopt if there was any error.
std::optional<std::vector<Rule>> decode_rules(const doc::Node& root, std::string file_name, doc::Diagnostics& diagnostics);

/// A threshold's text ("5", "10k", "45%", "14d") as a value with its unit. Errors: parse, with what was found and expected.
Result<Threshold> parse_threshold(std::string_view name, std::string_view text);

/// A number as messages show it: whole ones below 100 000 in full, others with three significant digits and no trailing zeros ("9.1",
/// "123k", "2.54M"), percentages as "45%", durations as "2h"; "no value" where there is none.
std::string format_value(const std::optional<double>& value, Unit unit);

}  // namespace vigie::rules
