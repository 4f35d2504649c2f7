// Numbers, spans and instants as people read them.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "delivery/words.hpp"

namespace vigie::delivery {
namespace {

/// Three significant digits, all digits of larger whole numbers, thousands parted.
std::string number_text(double value, const Words& words) {
    if (!std::isfinite(value)) return std::string(words.no_value);
    const double size = std::abs(value);
    std::string digits;
    if (size >= 1e15) return fmt::format("{:.3g}", value);
    if (size >= 100 || std::trunc(size) == size) {
        digits = fmt::format("{:.0f}", size);
    } else {
        digits = fmt::format("{:.3g}", size);
        if (digits.find('e') != std::string::npos) digits = fmt::format("{:.6f}", size);
        while (digits.find('.') != std::string::npos && (digits.back() == '0' || digits.back() == '.')) {
            const bool point = digits.back() == '.';
            digits.pop_back();
            if (point) break;
        }
    }
    const auto point = std::min(digits.find('.'), digits.size());
    std::string out = value < 0 && digits != "0" ? "-" : "";
    for (std::size_t i = 0; i < point; ++i) {
        if (i > 0 && (point - i) % 3 == 0) out += words.thousands;
        out += digits[i];
    }
    if (point < digits.size()) {
        out += words.decimal;
        out += digits.substr(point + 1);
    }
    return out;
}

}  // namespace

std::optional<Language> parse_language(std::string_view tag) noexcept {
    const auto primary = tag.substr(0, tag.find_first_of("-_"));
    const auto is = [&](char a, char b) { return primary.size() == 2 && (primary[0] | 0x20) == a && (primary[1] | 0x20) == b; };
    if (is('e', 'n')) return Language::en;
    if (is('f', 'r')) return Language::fr;
    return {};
}

std::string human_duration(Duration d, Language language) {
    const std::int64_t seconds = std::max<std::int64_t>(std::chrono::floor<std::chrono::seconds>(d).count(), 0);
    struct Unit {
        std::int64_t seconds;
        std::string_view name;
    };
    const std::array<Unit, 4> units = {Unit{86400, words_of(language).day}, Unit{3600, "h"}, Unit{60, "min"}, Unit{1, "s"}};
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (seconds < units[i].seconds) continue;
        std::string out = fmt::format("{} {}", seconds / units[i].seconds, units[i].name);
        if (i + 1 < units.size()) {
            const auto rest = seconds % units[i].seconds / units[i + 1].seconds;
            if (rest > 0) out += fmt::format(" {} {}", rest, units[i + 1].name);
        }
        return out;
    }
    return "0 s";
}

std::string human_time(Time t) {
    const std::string text = format_time(t);
    return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

std::string human_value(const rules::NamedValue& value, Language language) {
    const Words& words = words_of(language);
    if (!value.value || !std::isfinite(*value.value)) return std::string(words.no_value);
    switch (value.unit) {
        case rules::Unit::number:
            return number_text(*value.value, words);
        case rules::Unit::percent:
            return number_text(*value.value * 100, words) + std::string(words.percent);
        case rules::Unit::duration: {
            const double seconds = std::min(std::abs(*value.value), 1e11);
            const std::string text = human_duration(Duration{std::llround(seconds * 1000)}, language);
            return *value.value < 0 ? "-" + text : text;
        }
    }
    return std::string(words.no_value);
}

}  // namespace vigie::delivery
