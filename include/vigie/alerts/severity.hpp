// The order of severities. A rule with `levels` brings its own order; this one compares alerts of different rules.
// Thread-safety: free functions without state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vigie/alerts/alert.hpp"

namespace vigie::alerts {

/// 4 crisis, critical, emergency, page; 3 alert, error, major, high; 2 warning, watch, minor, medium; 1 info, notice, low; 0 anything else.
int severity_rank(std::string_view severity) noexcept;
/// The place of `severity` in `order` (lowest first) counted from 1; 0 where it is not there. Without an order, severity_rank.
int severity_rank(std::string_view severity, const std::vector<std::string>& order) noexcept;
/// The value of the label `severity`, or "".
std::string_view severity_of(const Labels& labels) noexcept;
/// Orders alerts for people: firing before resolved, the gravest first, then the oldest, then by labels.
bool more_urgent(const Alert& a, const Alert& b) noexcept;

}  // namespace vigie::alerts
