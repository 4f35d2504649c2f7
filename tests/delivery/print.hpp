// How delivery's values read in a failing test. Included by every test of this folder, so that all agree.
#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "alerts/print.hpp"
#include "vigie/delivery/breaker.hpp"
#include "vigie/delivery/outcome.hpp"
#include "vigie/delivery/queue.hpp"
#include "vigie/delivery/schedule.hpp"

namespace doctest {

template <>
struct StringMaker<vigie::delivery::NextAction> {
    static String convert(vigie::delivery::NextAction action) { return std::string(vigie::delivery::to_string(action)).c_str(); }
};
template <>
struct StringMaker<vigie::delivery::BreakerState> {
    static String convert(vigie::delivery::BreakerState state) { return std::string(vigie::delivery::to_string(state)).c_str(); }
};
template <>
struct StringMaker<vigie::delivery::Next> {
    static String convert(const vigie::delivery::Next& next) {
        return (std::string(vigie::delivery::to_string(next.action)) + " at " + vigie::format_time(next.at) + ": " + next.reason).c_str();
    }
};
template <>
struct StringMaker<vigie::delivery::OutboxRow> {
    static String convert(const vigie::delivery::OutboxRow& row) { return vigie::delivery::encode_outbox_row(row).c_str(); }
};
template <>
struct StringMaker<vigie::Duration> {
    static String convert(vigie::Duration d) { return (std::to_string(d.count()) + " ms").c_str(); }
};

}  // namespace doctest
