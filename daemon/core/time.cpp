#include "vigie/core/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "vigie/core/untrusted.hpp"

namespace vigie {
namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t hour_ms = 3'600'000;

std::int64_t ceil_div(std::int64_t a, std::int64_t b) noexcept {
    return a / b + (a % b > 0 ? 1 : 0);
}

std::int32_t clamp32(std::int64_t value) noexcept {
    return static_cast<std::int32_t>(
        std::clamp<std::int64_t>(value, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()));
}

/// Reads a fixed grammar from left to right; once something did not fit, all later reads fail.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    int digits(std::size_t count) {
        if (text_.size() < count) return fail();
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (text_[i] < '0' || text_[i] > '9') return fail();
            value = value * 10 + (text_[i] - '0');
        }
        text_.remove_prefix(count);
        return value;
    }
    /// The character, if it is one of those; 0 otherwise, which is no failure.
    char maybe(std::string_view any) {
        if (text_.empty() || any.find(text_.front()) == std::string_view::npos) return 0;
        const char c = text_.front();
        text_.remove_prefix(1);
        return c;
    }
    char one(std::string_view any) {
        const char c = maybe(any);
        if (c == 0) fail();
        return c;
    }
    /// A fraction of a second as milliseconds; further digits are dropped.
    int fraction() {
        std::size_t count = 0;
        int value = 0;
        for (; count < text_.size() && text_[count] >= '0' && text_[count] <= '9'; ++count) {
            if (count < 3) value = value * 10 + (text_[count] - '0');
        }
        if (count == 0) return fail();
        for (std::size_t i = count; i < 3; ++i) value *= 10;
        text_.remove_prefix(count);
        return value;
    }
    bool done() const { return ok_ && text_.empty(); }

private:
    int fail() {
        ok_ = false;
        text_ = {};
        return 0;
    }
    std::string_view text_;
    bool ok_ = true;
};

struct Unit {
    std::string_view name;
    std::int64_t ms;
};
constexpr std::int64_t day_ms = 24 * hour_ms;
constexpr std::array<Unit, 7> units{
    {{"y", 365 * day_ms}, {"w", 7 * day_ms}, {"d", day_ms}, {"h", hour_ms}, {"m", minute_ms}, {"s", 1000}, {"ms", 1}}};
constexpr std::int64_t max_duration_ms = 100 * 365 * day_ms;

Error bad_time(std::string_view text) {
    return Error(Errc::parse, fmt::format("expected a time such as 2026-03-01T09:30:00Z, found \"{}\"", excerpt(text)));
}

Error bad_duration(std::string_view text) {
    return Error(Errc::parse, fmt::format("expected a duration such as 30s, 5m, 6h, 14d or 2w, found \"{}\"", excerpt(text)));
}

}  // namespace

Minute minute_of(Time t) noexcept {
    return clamp32(ceil_div(to_millis(t), minute_ms));
}

Hour hour_of(Time t) noexcept {
    return clamp32(ceil_div(to_millis(t), hour_ms));
}

Time end_of_minute(Minute m) noexcept {
    return from_millis(m * minute_ms);
}

Time end_of_hour(Hour h) noexcept {
    return from_millis(h * hour_ms);
}

Hour hour_of_minute(Minute m) noexcept {
    return static_cast<Hour>(ceil_div(m, 60));
}

std::string format_time(Time t) {
    using namespace std::chrono;
    constexpr sys_days first = year{0} / January / 1;
    constexpr sys_days end = year{10000} / January / 1;
    t = std::clamp<Time>(t, first, Time{end} - Duration{1});
    const auto day = floor<days>(t);
    const year_month_day date{day};
    const hh_mm_ss<Duration> clock{t - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

Result<Time> parse_time(std::string_view text) {
    using namespace std::chrono;
    Scanner in(text);
    const int y = in.digits(4);
    in.one("-");
    const int mo = in.digits(2);
    in.one("-");
    const int d = in.digits(2);
    in.one("Tt ");
    const int h = in.digits(2);
    in.one(":");
    const int mi = in.digits(2);
    in.one(":");
    int s = in.digits(2);
    int ms = in.maybe(".") != 0 ? in.fraction() : 0;
    const char zone = in.one("Zz+-");
    int offset = 0;
    if (zone == '+' || zone == '-') {
        const int oh = in.digits(2);
        in.one(":");
        const int om = in.digits(2);
        if (oh > 23 || om > 59) return bad_time(text);
        offset = (oh * 60 + om) * (zone == '-' ? -1 : 1);
    }
    const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    if (!in.done() || !date.ok() || h > 23 || mi > 59 || s > 60) return bad_time(text);
    if (s == 60) {
        s = 59;
        ms = 999;
    }
    return Time{sys_days{date}} + hours{h} + minutes{mi - offset} + seconds{s} + milliseconds{ms};
}

Result<Duration> parse_duration(std::string_view text) {
    auto rest = text;
    std::int64_t total = 0;
    std::size_t next_unit = 0;  // units must come in order, each once
    if (rest.empty() || rest.size() > 64) return bad_duration(text);
    while (!rest.empty()) {
        std::int64_t number = 0;
        std::size_t count = 0;
        for (; count < rest.size() && rest[count] >= '0' && rest[count] <= '9'; ++count) {
            number = std::min(number * 10 + (rest[count] - '0'), max_duration_ms + 1);
        }
        if (count == 0) return bad_duration(text);
        rest.remove_prefix(count);
        const auto name = rest.substr(0, std::min(rest.find_first_of("0123456789"), rest.size()));
        rest.remove_prefix(name.size());
        while (next_unit < units.size() && units[next_unit].name != name) ++next_unit;
        if (next_unit == units.size()) return bad_duration(text);
        const std::int64_t unit = units[next_unit++].ms;
        if (number > (max_duration_ms - total) / unit) {
            return Error(Errc::limit, fmt::format("expected a duration of at most 100 years, found \"{}\"", excerpt(text)));
        }
        total += number * unit;
    }
    return Duration{total};
}

std::string format_duration(Duration d) {
    if (d.count() == 0) return "0s";
    std::string out;
    auto rest = d.count() < 0 ? 0 - static_cast<std::uint64_t>(d.count()) : static_cast<std::uint64_t>(d.count());
    if (d.count() < 0) out += '-';
    const bool whole_years = rest % static_cast<std::uint64_t>(units[0].ms) == 0;
    const bool in_days = rest < static_cast<std::uint64_t>(92 * day_ms);
    for (const auto& unit : units) {
        if (unit.name == "y" && !whole_years) continue;
        if (unit.name == "w" && in_days) continue;
        const auto size = static_cast<std::uint64_t>(unit.ms);
        if (rest >= size) out += fmt::format("{}{}", rest / size, unit.name);
        rest %= size;
    }
    return out;
}

}  // namespace vigie
