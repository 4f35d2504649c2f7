#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "vigie/rules/rule.hpp"

namespace vigie::rules {
namespace {

/// Three significant digits, never an exponent, no trailing zeros.
std::string three_digits(double v) {
    if (v == 0) return "0";
    const int digits_before = static_cast<int>(std::floor(std::log10(std::fabs(v)))) + 1;
    const int after = std::clamp(3 - digits_before, 0, 9);
    std::string text = fmt::format("{:.{}f}", v, after);
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') text.pop_back();
    }
    return text == "-0" ? "0" : text;
}

std::string number(double v) {
    constexpr double in_full = 1e5;
    const double size = std::fabs(v);
    if (size < in_full) return v == std::round(v) ? fmt::format("{:.0f}", v == 0 ? 0.0 : v) : three_digits(v);
    // 999 500 and more would round up to "1000k".
    if (size < 999'500) return three_digits(std::round(v / 1e3)) + "k";
    if (size < 999'500'000) return three_digits(v / 1e6) + "M";
    if (size < 1e15) return fmt::format("{:.0f}M", v / 1e6);
    return fmt::format("{:.3g}", v);
}

std::string span(double seconds) {
    using namespace std::chrono;
    const double largest = duration<double>(days{36500}).count();
    const double s = std::clamp(seconds, -largest, largest);
    const auto whole = static_cast<std::int64_t>(std::llround(std::fabs(s)));
    Duration d = std::chrono::seconds{whole};
    if (d >= days{2})
        d = round<hours>(d);
    else if (d >= hours{1})
        d = round<minutes>(d);
    if (whole == 0 && s != 0) d = milliseconds{std::llround(std::fabs(s) * 1000)};
    return (s < 0 && d > Duration{0} ? "-" : "") + format_duration(d);
}

}  // namespace

std::string format_value(const std::optional<double>& value, Unit unit) {
    if (!value || !std::isfinite(*value)) return "no value";
    switch (unit) {
        case Unit::number:
            return number(*value);
        case Unit::percent:
            return three_digits(*value * 100) + "%";
        case Unit::duration:
            return span(*value);
    }
    return {};
}

}  // namespace vigie::rules
