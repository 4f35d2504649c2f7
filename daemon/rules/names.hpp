// The words of the rule language: metrics, functions, labels, and those that only a later version knows.
// Thread-safety: free functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/detect/selector.hpp"

namespace vigie::rules {

/// The metric of a name as rules write it. max_reach has no name: it is max(reach[w]).
std::optional<detect::Metric> metric_named(std::string_view name) noexcept;

enum class Function : std::uint8_t { share, share_of, delta, slope, min, max, abs, hour, weekday };

struct FunctionInfo {
    std::string_view name;
    Function function;
    std::size_t fewest, most;   ///< arguments
    std::string_view expected;  ///< what its arguments are, for messages
};
const FunctionInfo* function_named(std::string_view name) noexcept;

/// Metrics and functions that the language has but this version cannot compute yet.
bool is_later_metric(std::string_view name) noexcept;
bool is_later_function(std::string_view name) noexcept;

const std::vector<std::string>& metric_names();
const std::vector<std::string>& function_names();
/// platform, language, function, source, kind.
const std::vector<std::string>& by_labels();

/// Whether a threshold or value may have this name: a word, at most 64 bytes, no metric and no reserved word. If not, why ("" if so). The
/// name of a function is fine, since a function is always followed by a parenthesis: `hour` may be a value.
std::string why_not_a_name(std::string_view name);

}  // namespace vigie::rules
