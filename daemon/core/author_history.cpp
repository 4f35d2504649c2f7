#include "vigie/core/author_history.hpp"

#include <bit>
#include <cmath>

namespace vigie {
namespace {

constexpr std::int32_t days_of_month = 30;
constexpr double repeater_bits = 128;

std::int64_t day_of(Time at) {
    return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
}

std::int32_t month_of(Time at) {
    const std::int64_t day = day_of(at);
    return static_cast<std::int32_t>((day >= 0 ? day : day - days_of_month + 1) / days_of_month);
}

double left_after(Duration passed, Duration half_life) {
    return std::exp2(-static_cast<double>(passed.count()) / static_cast<double>(half_life.count()));
}

void fade(AuthorHistory& history, Time at) {
    if (at <= history.at) return;
    const Duration passed = at - history.at;
    history.at = at;
    if (history.mentions == 0) return;
    const auto left = static_cast<float>(left_after(passed, AuthorHistory::half_life));
    history.mentions *= left;
    history.days *= left;
    history.copies *= left;
    history.links *= left;
    history.pace *= static_cast<float>(left_after(passed, AuthorHistory::pace_half_life));
}

void move_to(AuthorHistory& history, std::int32_t month) {
    if (month <= history.month) return;
    history.before = month == history.month + 1 ? history.repeaters : AuthorHistory::Repeaters{};
    history.repeaters = {};
    history.month = month;
}

double distinct(const AuthorHistory::Repeaters& bits) {
    const int set = std::popcount(bits[0]) + std::popcount(bits[1]);
    if (set == 0) return 0;
    // All bits set say no more than all but one of them would and half of another.
    const double empty = set >= 128 ? 0.5 : repeater_bits - set;
    return repeater_bits * std::log(repeater_bits / empty);
}

}  // namespace

void note_posting(AuthorHistory& history, const Posting& posting) {
    const bool first = history.mentions == 0;
    const bool late = !first && posting.at < history.at;
    const bool new_day = first || (!late && day_of(posting.at) != day_of(history.at));
    if (first) history.at = posting.at;
    fade(history, posting.at);
    const auto counted = late ? static_cast<float>(left_after(history.at - posting.at, AuthorHistory::half_life)) : 1.0F;
    history.mentions += counted;
    if (new_day) history.days += 1;
    if (posting.copy) history.copies += counted;
    if (posting.bare_link) history.links += counted;
    history.pace += late ? static_cast<float>(left_after(history.at - posting.at, AuthorHistory::pace_half_life)) : 1.0F;
}

void note_repeat(AuthorHistory& history, std::uint64_t by, Time at) {
    const std::int32_t month = month_of(at);
    const AuthorHistory::Repeaters none{};
    if (history.repeaters == none && history.before == none) history.month = month;
    move_to(history, month);
    if (month + 1 < history.month) return;
    AuthorHistory::Repeaters& bits = month == history.month ? history.repeaters : history.before;
    // The top bits of a hash times Knuth's 2^64 / golden ratio: names are chosen by strangers.
    const std::uint64_t bit = (by * 0x9E3779B97F4A7C15U) >> 57;
    bits[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

double repeaters_of(const AuthorHistory& history, Time at) {
    if (history.repeaters == AuthorHistory::Repeaters{} && history.before == AuthorHistory::Repeaters{}) return 0;
    AuthorHistory seen = history;
    move_to(seen, month_of(at));
    const double now = distinct(seen.repeaters);
    const double both = distinct({seen.repeaters[0] | seen.before[0], seen.repeaters[1] | seen.before[1]});
    return now + (both - now) / 2;
}

AuthorHistory faded(const AuthorHistory& history, Time at) {
    AuthorHistory later = history;
    fade(later, at);
    return later;
}

}  // namespace vigie
