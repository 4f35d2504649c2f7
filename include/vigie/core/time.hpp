// Time as values: UTC instants and spans, both in milliseconds. Nothing here reads a clock (see clock.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "vigie/core/result.hpp"

namespace vigie {

/// A span in milliseconds. May be negative.
using Duration = std::chrono::milliseconds;
/// An instant in UTC, milliseconds since 1970-01-01T00:00:00Z.
using Time = std::chrono::sys_time<Duration>;

/// A minute of event time, named by its END: minute m holds the instants in (60(m-1) s, 60m s]. So a window (now - w, now]
/// that ends on a full minute is exactly a run of whole minutes. Hours are named in the same way.
using Minute = std::int32_t;
using Hour = std::int32_t;

/// The minute (hour) whose half-open span holds t.
Minute minute_of(Time t) noexcept;
Hour hour_of(Time t) noexcept;
/// The last instant of a minute (hour).
Time end_of_minute(Minute m) noexcept;
Time end_of_hour(Hour h) noexcept;
/// The hour that holds a minute.
Hour hour_of_minute(Minute m) noexcept;

/// Milliseconds since the epoch, and back.
inline std::int64_t to_millis(Time t) noexcept {
    return t.time_since_epoch().count();
}
inline Time from_millis(std::int64_t ms) noexcept {
    return Time{Duration{ms}};
}

/// "2026-03-01T09:30:00.000Z". Years outside 0000..9999 are clamped to that range.
std::string format_time(Time t);
/// RFC 3339 with `Z` or a numeric offset, `T`, `t` or a blank between; fractions beyond milliseconds are cut; leap second 60
/// counts as 59.999. Errors: parse, with what was found.
Result<Time> parse_time(std::string_view text);

/// A duration as configuration, rules and the command line write it: whole numbers with `ms s m h d w y` (a year
/// is 365 days), each unit once, largest first ("1h30m"), or "0s".
/// Errors: parse ("expected a duration such as 30s, 5m, 6h, 14d or 2w, found ..."), limit (over 100 years).
Result<Duration> parse_duration(std::string_view text);
/// A short text that parse_duration reads back: "1h30m", "14d" up to and including 13 weeks and weeks and days beyond, "3y" for whole
/// years, "0s". A negative span begins with '-', which parse_duration refuses.
std::string format_duration(Duration d);

}  // namespace vigie
