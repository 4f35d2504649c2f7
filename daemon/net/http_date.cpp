// RFC 9110, sections 5.6.7 (dates) and 10.2.3 (Retry-After).
#include <algorithm>
#include <array>
#include <chrono>

#include "net/ascii.hpp"
#include "vigie/net/http.hpp"

namespace vigie::net {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> day_names{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

/// Reads a fixed layout from the front; the first mismatch makes all later reads fail.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    void literal(std::string_view expected) {
        if (rest_.substr(0, expected.size()) != expected) {
            failed_ = true;
            return;
        }
        rest_.remove_prefix(expected.size());
    }

    int digits(std::size_t n) {
        int value = 0;
        for (std::size_t i = 0; i < n; ++i) {
            if (i >= rest_.size() || !is_digit(rest_[i])) {
                failed_ = true;
                return 0;
            }
            value = value * 10 + (rest_[i] - '0');
        }
        rest_.remove_prefix(n);
        return value;
    }

    /// asctime's day: two digits, or a blank and one.
    int padded_day() {
        if (!rest_.empty() && rest_.front() == ' ') {
            rest_.remove_prefix(1);
            return digits(1);
        }
        return digits(2);
    }

    unsigned month() {
        const auto found = std::find(month_names.begin(), month_names.end(), rest_.substr(0, 3));
        if (found == month_names.end()) {
            failed_ = true;
            return 1;
        }
        rest_.remove_prefix(3);
        return static_cast<unsigned>(found - month_names.begin()) + 1;
    }

    /// Whether the text goes on with a day's name, long or cut to three letters, and then `end`; takes both.
    bool weekday(bool whole, std::string_view end) {
        for (const auto name : day_names) {
            const auto spelling = whole ? name : name.substr(0, 3);
            if (rest_.substr(0, spelling.size()) == spelling && rest_.substr(spelling.size(), end.size()) == end) {
                rest_.remove_prefix(spelling.size() + end.size());
                return true;
            }
        }
        return false;
    }

    seconds time_of_day() {
        const int h = digits(2);
        literal(":");
        const int m = digits(2);
        literal(":");
        const int s = digits(2);
        if (h > 23 || m > 59 || s > 60) failed_ = true;
        return hours{h} + minutes{m} + seconds{std::min(s, 59)};  // a leap second is not in our time scale
    }

    bool complete() const { return !failed_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool failed_ = false;
};

std::optional<Time> assemble(const Reader& reader, int y, unsigned m, int d, seconds time) {
    const year_month_day date{year{y}, month{m}, day{static_cast<unsigned>(d)}};
    if (!reader.complete() || !date.ok()) return std::nullopt;
    return Time{sys_days{date} + time};
}

std::optional<Time> parse_imf_fixdate(std::string_view text) {
    Reader reader(text);
    if (!reader.weekday(false, ", ")) return std::nullopt;
    const int d = reader.digits(2);
    reader.literal(" ");
    const unsigned m = reader.month();
    reader.literal(" ");
    const int y = reader.digits(4);
    reader.literal(" ");
    const auto time = reader.time_of_day();
    reader.literal(" GMT");
    return assemble(reader, y, m, d, time);
}

std::optional<Time> parse_rfc850(std::string_view text) {
    Reader reader(text);
    if (!reader.weekday(true, ", ")) return std::nullopt;
    const int d = reader.digits(2);
    reader.literal("-");
    const unsigned m = reader.month();
    reader.literal("-");
    const int yy = reader.digits(2);
    reader.literal(" ");
    const auto time = reader.time_of_day();
    reader.literal(" GMT");
    return assemble(reader, yy < 70 ? 2000 + yy : 1900 + yy, m, d, time);
}

std::optional<Time> parse_asctime(std::string_view text) {
    Reader reader(text);
    if (!reader.weekday(false, " ")) return std::nullopt;
    const unsigned m = reader.month();
    reader.literal(" ");
    const int d = reader.padded_day();
    reader.literal(" ");
    const auto time = reader.time_of_day();
    reader.literal(" ");
    const int y = reader.digits(4);
    return assemble(reader, y, m, d, time);
}

void append_two(std::string& out, unsigned value) {
    out += static_cast<char>('0' + value / 10 % 10);
    out += static_cast<char>('0' + value % 10);
}

}  // namespace

Result<Time> parse_http_date(std::string_view value) {
    const auto text = trim(value);
    if (const auto imf = parse_imf_fixdate(text)) return *imf;
    if (const auto old = parse_rfc850(text)) return *old;
    if (const auto c = parse_asctime(text)) return *c;
    return Error(Errc::parse, "expected an HTTP date such as \"Sun, 06 Nov 1994 08:49:37 GMT\"");
}

std::string format_http_date(Time time) {
    const auto days = floor<std::chrono::days>(time);
    const year_month_day date{days};
    const hh_mm_ss clock{floor<seconds>(time - days)};
    std::string out(day_names[weekday{days}.c_encoding()].substr(0, 3));
    out += ", ";
    append_two(out, static_cast<unsigned>(date.day()));
    out += ' ';
    out += month_names[static_cast<unsigned>(date.month()) - 1];
    out += ' ';
    const auto y = static_cast<unsigned>(std::clamp(static_cast<int>(date.year()), 0, 9999));
    append_two(out, y / 100);
    append_two(out, y % 100);
    out += ' ';
    append_two(out, static_cast<unsigned>(clock.hours().count()));
    out += ':';
    append_two(out, static_cast<unsigned>(clock.minutes().count()));
    out += ':';
    append_two(out, static_cast<unsigned>(clock.seconds().count()));
    return out + " GMT";
}

std::optional<Duration> parse_retry_after(std::string_view value, Time now) {
    constexpr Duration shortest = seconds{1}, longest = hours{1};
    const auto text = trim(value);
    if (text.empty()) return std::nullopt;
    if (std::all_of(text.begin(), text.end(), is_digit)) {
        // Nine digits hold any number below the clamp; more are above it, unless they are zeros.
        const auto significant = text.substr(std::min(text.find_first_not_of('0'), text.size()));
        if (significant.size() > 9) return longest;
        std::int64_t count = 0;
        for (const char c : significant) count = count * 10 + (c - '0');
        return std::clamp<Duration>(seconds{count}, shortest, longest);
    }
    const auto date = parse_http_date(text);
    if (!date) return std::nullopt;
    return std::clamp<Duration>(date.value() - now, shortest, longest);
}

}  // namespace vigie::net
