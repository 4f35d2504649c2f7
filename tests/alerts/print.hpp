// How alerts read in a failing test. Included by every test of this folder, so that all agree.
#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "vigie/alerts/alert.hpp"
#include "vigie/core/time.hpp"

namespace doctest {

template <>
struct StringMaker<vigie::alerts::State> {
    static String convert(vigie::alerts::State state) { return std::string(vigie::alerts::to_string(state)).c_str(); }
};
template <>
struct StringMaker<vigie::alerts::Alert> {
    static String convert(const vigie::alerts::Alert& alert) { return vigie::alerts::describe(alert).c_str(); }
};
template <>
struct StringMaker<vigie::alerts::Transition> {
    static String convert(const vigie::alerts::Transition& transition) { return vigie::alerts::describe(transition).c_str(); }
};
template <>
struct StringMaker<vigie::alerts::Notification> {
    static String convert(const vigie::alerts::Notification& notification) { return vigie::alerts::describe(notification).c_str(); }
};
template <>
struct StringMaker<vigie::Time> {
    static String convert(vigie::Time time) { return vigie::format_time(time).c_str(); }
};
template <class T>
struct StringMaker<std::optional<T>> {
    static String convert(const std::optional<T>& value) { return value ? StringMaker<T>::convert(*value) : String("nothing"); }
};
template <class T>
struct StringMaker<std::vector<T>> {
    static String convert(const std::vector<T>& values) {
        String out = "[";
        for (const auto& value : values) out += StringMaker<T>::convert(value) + "; ";
        return out + "]";
    }
};

}  // namespace doctest
