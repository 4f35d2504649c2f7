// Dates as feeds write them.
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sources/ascii.hpp"
#include "vigie/sources/feed.hpp"

namespace vigie::sources {
namespace {

struct Parts {
    int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, millis = 0;
    int offset_minutes = 0;
};

std::optional<Time> assemble(const Parts& p) {
    using namespace std::chrono;
    if (p.year < 1 || p.year > 9999 || p.hour > 24 || p.minute > 59 || p.second > 60) return std::nullopt;
    if (p.hour == 24 && (p.minute > 0 || p.second > 0)) return std::nullopt;
    const year_month_day date{year{p.year}, month{static_cast<unsigned>(p.month)}, day{static_cast<unsigned>(p.day)}};
    if (!date.ok()) return std::nullopt;
    // Leap seconds count as the last instant of their minute.
    const bool leap = p.second == 60;
    const auto of_day = hours{p.hour} + minutes{p.minute} + seconds{leap ? 59 : p.second} + milliseconds{leap ? 999 : p.millis};
    const Time time = time_point_cast<Duration>(sys_days{date}) + duration_cast<Duration>(of_day) - minutes{p.offset_minutes};
    if (time < time_point_cast<Duration>(sys_days{year{1} / 1 / 1}) || time > time_point_cast<Duration>(sys_days{year{9999} / 12 / 31}))
        return std::nullopt;
    return time;
}

/// Takes `least` to `most` digits from the front.
std::optional<int> take_number(std::string_view& text, std::size_t least, std::size_t most) {
    std::size_t n = 0;
    int value = 0;
    while (n < text.size() && n < most && is_digit(text[n])) value = value * 10 + (text[n++] - '0');
    if (n < least) return std::nullopt;
    text.remove_prefix(n);
    return value;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

/// Fraction of a second after its mark; digits beyond milliseconds are cut.
int take_fraction(std::string_view& text) {
    int value = 0, scale = 100;
    while (!text.empty() && is_digit(text.front())) {
        value += (text.front() - '0') * scale;
        scale /= 10;
        text.remove_prefix(1);
    }
    return value;
}

/// "+02:00", "-0330", "+2", "+5.30"; false where it is no offset.
bool parse_offset(std::string_view text, int& minutes) {
    if (text.empty() || (text.front() != '+' && text.front() != '-')) return false;
    const bool negative = text.front() == '-';
    text.remove_prefix(1);
    std::size_t digits = 0;
    while (digits < text.size() && is_digit(text[digits])) ++digits;
    const auto hour = take_number(text, 1, digits == 3 ? 1 : 2);
    if (!hour) return false;
    int minute = 0;
    if (!text.empty() && (text.front() == ':' || text.front() == '.')) text.remove_prefix(1);
    if (!text.empty() && is_digit(text.front())) {
        const auto value = take_number(text, 1, 2);
        if (!value) return false;
        minute = *value;
    }
    if (*hour > 24 || minute > 59) return false;
    minutes = (*hour * 60 + minute) * (negative ? -1 : 1);
    return true;
}

struct Zone {
    std::string_view name;
    int minutes;
};
constexpr std::array<Zone, 46> zones{
    {{"ut", 0},      {"utc", 0},    {"gmt", 0},    {"z", 0},      {"wet", 0},    {"est", -300},  {"edt", -240},  {"cst", -360},
     {"cdt", -300},  {"mst", -420}, {"mdt", -360}, {"pst", -480}, {"pdt", -420}, {"akst", -540}, {"akdt", -480}, {"hst", -600},
     {"hast", -600}, {"ast", -240}, {"adt", -180}, {"nst", -210}, {"ndt", -150}, {"et", -300},   {"ct", -360},   {"mt", -420},
     {"pt", -480},   {"bst", 60},   {"west", 60},  {"cet", 60},   {"met", 60},   {"mez", 60},    {"cest", 120},  {"mest", 120},
     {"mesz", 120},  {"eet", 120},  {"sast", 120}, {"eest", 180}, {"msk", 180},  {"msd", 240},   {"ist", 330},   {"hkt", 480},
     {"sgt", 480},   {"awst", 480}, {"jst", 540},  {"kst", 540},  {"aest", 600}, {"nzst", 720}}};

/// A zone's name, perhaps with an offset after it ("GMT+2"). Single military letters are UTC: RFC 822 had their signs wrong.
bool parse_zone(std::string_view text, int& minutes) {
    if (parse_offset(text, minutes)) return true;
    std::size_t letters = 0;
    while (letters < text.size() && is_alpha(text[letters])) ++letters;
    if (letters == 0) return false;
    const std::string_view name = text.substr(0, letters);
    if (letters < text.size()) return parse_offset(text.substr(letters), minutes);
    minutes = 0;
    for (const auto& zone : zones)
        if (equal_nocase(zone.name, name)) minutes = zone.minutes;
    if (equal_nocase(name, "aedt")) minutes = 660;
    if (equal_nocase(name, "nzdt")) minutes = 780;
    return true;
}

struct MonthName {
    std::string_view prefix;
    int month;
};
// English first; French, German, Spanish, Italian, Portuguese where their prefixes are unambiguous.
constexpr std::array<MonthName, 37> months{{{"jan", 1},
                                            {"feb", 2},
                                            {"mar", 3},
                                            {"apr", 4},
                                            {"may", 5},
                                            {"jun", 6},
                                            {"jul", 7},
                                            {"aug", 8},
                                            {"sep", 9},
                                            {"oct", 10},
                                            {"nov", 11},
                                            {"dec", 12},
                                            {"fev", 2},
                                            {"f\xC3\xA9v", 2},
                                            {"m\xC3\xA4r", 3},
                                            {"avr", 4},
                                            {"abr", 4},
                                            {"mai", 5},
                                            {"mag", 5},
                                            {"juin", 6},
                                            {"giu", 6},
                                            {"juil", 7},
                                            {"lug", 7},
                                            {"ao\xC3\xBB", 8},
                                            {"aou", 8},
                                            {"ago", 8},
                                            {"set", 9},
                                            {"okt", 10},
                                            {"out", 10},
                                            {"ott", 10},
                                            {"d\xC3\xA9"
                                             "c",
                                             12},
                                            {"dez", 12},
                                            {"dic", 12},
                                            {"ene", 1},
                                            {"gen", 1},
                                            {"j\xC3\xA4n", 1},
                                            {"maj", 5}}};

int month_of(std::string_view word) {
    const std::string lower = lower_ascii(word);
    int found = 0;
    std::size_t longest = 0;
    for (const auto& month : months)
        if (lower.starts_with(month.prefix) && month.prefix.size() > longest) {
            found = month.month;
            longest = month.prefix.size();
        }
    return found;
}

int full_year(int year, std::size_t digits) {
    if (digits >= 3) return digits == 3 ? year + 1900 : year;
    return year < 70 ? 2000 + year : 1900 + year;
}

/// "09:30", "9:30:05.250", "09.30.05"; false where it is no time of day.
bool parse_clock(std::string_view text, Parts& p) {
    const auto hour = take_number(text, 1, 2);
    if (!hour || text.empty()) return false;
    const char mark = text.front();
    if (mark != ':' && mark != '.') return false;
    text.remove_prefix(1);
    const auto minute = take_number(text, 1, 2);
    if (!minute) return false;
    p.hour = *hour;
    p.minute = *minute;
    if (!text.empty() && text.front() == mark) {
        text.remove_prefix(1);
        const auto second = take_number(text, 1, 2);
        if (!second) return false;
        p.second = *second;
        if (take(text, '.') || take(text, ',')) p.millis = take_fraction(text);
    }
    return text.empty() || parse_zone(text, p.offset_minutes);
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    std::size_t i = 0;
    while (i < text.size() && words.size() < 16) {
        while (i < text.size() && (is_blank(text[i]) || text[i] == ',')) ++i;
        std::size_t end = i;
        while (end < text.size() && !is_blank(text[end]) && text[end] != ',') ++end;
        if (end > i) words.push_back(text.substr(i, end - i));
        i = end;
    }
    return words;
}

bool all_digits(std::string_view text) {
    return !text.empty() && text.size() <= 4 && std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c); });
}

/// "02-Jan-2006" becomes three words.
std::vector<std::string_view> split_dashed(const std::vector<std::string_view>& words) {
    std::vector<std::string_view> out;
    for (std::string_view word : words) {
        const std::size_t first = word.find('-');
        const std::size_t second = first == std::string_view::npos ? first : word.find('-', first + 1);
        const bool dashed =
            second != std::string_view::npos && first > 0 && first <= 2 && is_digit(word[0]) && month_of(word.substr(first + 1)) > 0;
        if (!dashed) {
            out.push_back(word);
            continue;
        }
        out.push_back(word.substr(0, first));
        out.push_back(word.substr(first + 1, second - first - 1));
        out.push_back(word.substr(second + 1));
    }
    return out;
}

struct Found {
    int month = 0, day = 0, year = 0;
    bool clock = false, year_seen = false;
};

void use_number(std::string_view word, Found& found) {
    int value = 0;
    for (char c : word) value = value * 10 + (c - '0');
    if (found.day == 0 && word.size() <= 2 && value >= 1 && value <= 31) {
        found.day = value;
    } else if (!found.year_seen) {
        found.year = full_year(value, word.size());
        found.year_seen = true;
    }
}

/// Words in any order: the month by its name, the day before the year, the time by its colons, the zone after the time.
std::optional<Time> parse_worded(std::string_view text) {
    Parts p;
    Found found;
    for (std::string_view word : split_dashed(words_of(text))) {
        if (word.ends_with('.')) word.remove_suffix(1);
        if (all_digits(word) && !(found.day != 0 && found.year_seen)) {
            use_number(word, found);
        } else if (!found.clock && !word.empty() && is_digit(word[0]) && word.find_first_of(":.") != std::string_view::npos) {
            if (!parse_clock(word, p)) return std::nullopt;
            found.clock = true;
        } else if (found.clock && equal_nocase(word, "pm")) {
            if (p.hour < 12) p.hour += 12;
        } else if (found.clock && equal_nocase(word, "am")) {
            if (p.hour == 12) p.hour = 0;
        } else if (month_of(word) > 0 && (found.month == 0 || !found.clock)) {
            // The last name counts: the weekdays "mar." and "mardi" of French and Spanish begin like March.
            found.month = month_of(word);
        } else if (found.clock) {
            int minutes = 0;
            if (parse_zone(word, minutes)) p.offset_minutes = minutes;
        }
    }
    if (found.month == 0 || found.day == 0 || !found.year_seen) return std::nullopt;
    p.year = found.year;
    p.month = found.month;
    p.day = found.day;
    return assemble(p);
}

/// ISO 8601: YYYY, YYYY-MM, YYYY-MM-DD, YYYYMMDD, YYYY-DDD, with or without a time and a zone.
std::optional<Time> parse_iso(std::string_view text) {
    Parts p;
    std::size_t digits = 0;
    while (digits < text.size() && is_digit(text[digits])) ++digits;
    if (digits != 4 && digits != 6 && digits != 8) return std::nullopt;
    p.year = *take_number(text, 4, 4);
    const auto day_of_year = [&p](int ordinal) {
        if (ordinal < 1 || ordinal > 366) return false;
        const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::year{p.year} / 1 / 1} + std::chrono::days{ordinal - 1}};
        p.month = static_cast<int>(static_cast<unsigned>(date.month()));
        p.day = static_cast<int>(static_cast<unsigned>(date.day()));
        return static_cast<int>(date.year()) == p.year;
    };
    if (digits >= 6) {
        p.month = *take_number(text, 2, 2);
        if (digits == 8) p.day = *take_number(text, 2, 2);
    } else if (take(text, '-') || take(text, '/')) {
        std::size_t next = 0;
        while (next < text.size() && is_digit(text[next])) ++next;
        if (next == 3) {
            if (!day_of_year(*take_number(text, 3, 3))) return std::nullopt;
        } else {
            const auto month = take_number(text, 1, 2);
            if (!month) return std::nullopt;
            p.month = *month;
            if (take(text, '-') || take(text, '/')) {
                const auto day = take_number(text, 1, 2);
                if (!day) return std::nullopt;
                p.day = *day;
            }
        }
    }
    text = trim(text);
    if (!text.empty() && (text.front() == 'T' || text.front() == 't')) text = trim(text.substr(1));
    if (text.empty()) return assemble(p);
    if (text == "Z" || text == "z") return assemble(p);
    const std::size_t end = text.find_first_of("Zz+- ABCDEFGHIJKLMNOPQRSTUVWXYabcdefghijklmnopqrstuvwxy");
    std::string_view clock = text.substr(0, end);
    const std::string_view zone = end == std::string_view::npos ? std::string_view() : trim(text.substr(end));
    if (clock.find(':') == std::string_view::npos && clock.size() >= 4 && is_digit(clock[0])) {  // 0930, 093005
        const auto hour = take_number(clock, 2, 2);
        const auto minute = take_number(clock, 2, 2);
        if (!hour || !minute) return std::nullopt;
        p.hour = *hour;
        p.minute = *minute;
        if (const auto second = take_number(clock, 2, 2)) p.second = *second;
        if (take(clock, '.') || take(clock, ',')) p.millis = take_fraction(clock);
    } else if (clock.size() == 2 && is_digit(clock[0]) && is_digit(clock[1])) {
        p.hour = *take_number(clock, 2, 2);
    } else if (!parse_clock(clock, p)) {
        return std::nullopt;
    }
    if (!zone.empty() && !parse_zone(zone, p.offset_minutes)) return std::nullopt;
    return assemble(p);
}

/// "01/31/2006 10:00" as Americans and "31.01.2006 10:00" as Germans write it.
std::optional<Time> parse_numeric(std::string_view text) {
    Parts p;
    const auto first = take_number(text, 1, 2);
    if (!first || text.empty()) return std::nullopt;
    const char mark = text.front();
    if (mark != '/' && mark != '.') return std::nullopt;
    text.remove_prefix(1);
    const auto second = take_number(text, 1, 2);
    if (!second || !take(text, mark)) return std::nullopt;
    const std::size_t before = text.size();
    const auto year = take_number(text, 2, 4);
    if (!year) return std::nullopt;
    p.year = full_year(*year, before - text.size());
    const bool day_first = mark == '.' || *first > 12;
    p.day = day_first ? *first : *second;
    p.month = day_first ? *second : *first;
    text = trim(text);
    if (text.empty()) return assemble(p);
    const std::size_t blank = text.find(' ');
    if (!parse_clock(text.substr(0, blank), p)) return std::nullopt;
    if (blank != std::string_view::npos) {
        const std::string_view rest = trim(text.substr(blank));
        if (equal_nocase(rest, "pm") || equal_nocase(rest, "am")) {
            p.hour = p.hour % 12 + (equal_nocase(rest, "pm") ? 12 : 0);
        } else if (!parse_zone(rest, p.offset_minutes)) {
            return std::nullopt;
        }
    }
    return assemble(p);
}

}  // namespace

std::optional<Time> parse_feed_date(std::string_view text) {
    text = trim(text);
    if (text.size() < 4 || text.size() > 100) return std::nullopt;
    if (is_digit(text[0]) && is_digit(text[1]) && is_digit(text[2]) && is_digit(text[3])) return parse_iso(text);
    if (is_digit(text[0]))
        if (auto time = parse_numeric(text)) return time;
    return parse_worded(text);
}

}  // namespace vigie::sources
