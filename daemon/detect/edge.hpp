// Where the edges of windows stand. A window is the minutes between two edges, each a distance back from the end of all windows.
// Thread-safety: pure functions.
#pragma once

#include <cstdint>

#include "vigie/core/time.hpp"
#include "vigie/detect/selector.hpp"

namespace vigie::detect {

inline constexpr std::int32_t exact_minutes = std::chrono::duration_cast<std::chrono::minutes>(minute_exact).count();
inline constexpr std::int32_t max_minutes = std::chrono::duration_cast<std::chrono::minutes>(max_window).count();

/// The end of all windows before the first advance(): so early that every real minute is still to come, so late that no edge overflows.
inline constexpr Minute before_time = -(1 << 30);

/// The last minute of the latest hour that ends at or before m.
inline constexpr Minute floor_hour(Minute m) noexcept {
    const Minute rest = m % 60;
    return rest < 0 ? m - rest - 60 : m - rest;
}
/// The last minute of the hour that holds m.
inline constexpr Minute ceil_hour(Minute m) noexcept {
    return floor_hour(m) == m ? m : floor_hour(m) + 60;
}

/// The edge `back` minutes (0..max_minutes) behind `end`: minutes up to and including it lie before the edge. Beyond 48 h it is moved back
/// to a full hour, so the window keeps the whole hour until that hour is entirely outside.
inline constexpr Minute edge_of(Minute end, std::int32_t back) noexcept {
    return back <= exact_minutes ? end - back : floor_hour(end - back);
}

/// Minutes up to and including this one are kept as hours: no exact edge can fall among them any more.
inline constexpr Minute folded_until(Minute end) noexcept {
    return floor_hour(end - exact_minutes);
}

}  // namespace vigie::detect
