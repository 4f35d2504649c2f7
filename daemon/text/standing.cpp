#include "vigie/text/standing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace vigie::text {
namespace {

/// 0 for nothing, 1/2 at `half`, towards 1 beyond.
double rise(double x, double half) {
    return x <= 0 ? 0 : x / (x + half);
}
double rise(double x, double half, double steepness) {
    return x <= 0 ? 0 : rise(std::pow(x / half, steepness), 1);
}

constexpr double audience_floor = 0.4, audience_span = 2.8, audience_steepness = 0.4;
/// rise(150, half, steepness) = (1 - floor) / span, solved for half: an account that talks to friends has about 150 followers.
constexpr double audience_half = 3861.6;

constexpr double days_old_enough = 180;
constexpr double young_days = 30;
constexpr double nobody = 5;  // followers that every new account finds
constexpr double bad_share = 0.5;
constexpr double flood_pace = 12;

double days_old(const AuthorFacts& facts) {
    const double days = std::chrono::duration<double, std::chrono::days::period>(facts.at - *facts.created).count();
    return std::max(0.0, days);
}

double age_factor(const AuthorFacts& facts) {
    if (!facts.created) return 1;
    const double days = days_old(facts);
    if (days >= days_old_enough) return 1;
    // The curve is stretched so that it ends in 1 without a step.
    return 0.5 + 0.5 * rise(days, 20) / rise(days_old_enough, 20);
}

double audience_factor(const AuthorFacts& facts) {
    if (!facts.followers) return 1;
    const auto followers = static_cast<double>(std::max<std::int64_t>(0, *facts.followers));
    return audience_floor + audience_span * rise(followers, audience_half, audience_steepness);
}

/// One mention more in the divisor: a single copy or link is no habit yet.
double share(double part, double mentions) {
    return part <= 0 ? 0 : std::min(1.0, part / (mentions + 1));
}

}  // namespace

Standing standing_of(const AuthorFacts& facts) {
    using enum StandingFactor;
    const AuthorHistory past = faded(facts.history, facts.at);
    Standing standing;
    standing.factors.fill(1);
    const auto set = [&](StandingFactor factor, double value) { standing.factors[static_cast<std::size_t>(factor)] = value; };

    set(age, age_factor(facts));
    set(audience, audience_factor(facts));
    if (facts.verified.value_or(false)) set(verified, 1.25);

    const double copied = share(past.copies, past.mentions);
    const double linked = share(past.links, past.mentions);
    set(regular, 1 + 0.25 * rise(past.days - 1, 5));
    set(copies, 1 - 0.9 * copied);
    set(links, 1 - 0.7 * linked);
    // Three mentions a day are nobody's fault.
    set(pace, 1 - 0.85 * rise(past.pace - 3, 12, 2));
    const double others = repeaters_of(facts.history, facts.at);
    set(repeated, 1 + 2 * rise(others, 10));
    if (facts.followers) set(unheeded, 1 - 0.7 * rise(past.mentions - 10, 30) * (1 - rise(others, 3)));

    const bool young = facts.created && days_old(facts) < young_days;
    const bool unfollowed = facts.followers && static_cast<double>(*facts.followers) <= nobody;
    if (young && unfollowed && (copied >= bad_share || linked >= bad_share || past.pace >= flood_pace)) set(spam, 0.2);

    for (const double factor : standing.factors) standing.weight *= factor;
    standing.weight = std::clamp(standing.weight, least_standing, greatest_standing);
    return standing;
}

std::int64_t standing_thousandths(const AuthorFacts& facts) {
    return std::llround(standing_of(facts).weight * 1000);
}

namespace {

std::string words_for(StandingFactor factor, const AuthorFacts& facts) {
    const AuthorHistory past = faded(facts.history, facts.at);
    const auto percent = [&](float part) { return std::lround(100 * std::min(1.0F, part / std::max(past.mentions, 1e-6F))); };
    switch (factor) {
        case StandingFactor::age:
            return fmt::format("the account is {} days old", static_cast<std::int64_t>(days_old(facts)));
        case StandingFactor::audience:
            return *facts.followers <= 0 ? "nobody follows it" : fmt::format("{} followers", *facts.followers);
        case StandingFactor::verified:
            return "verified by its platform";
        case StandingFactor::regular:
            return fmt::format("spoke of the brand on about {} days of late", std::lround(past.days));
        case StandingFactor::repeated:
            return fmt::format("repeated by about {} others of late", std::lround(repeaters_of(facts.history, facts.at)));
        case StandingFactor::copies:
            return fmt::format("{} % of its mentions copy somebody else's words", percent(past.copies));
        case StandingFactor::links:
            return fmt::format("{} % of its mentions are nothing but a link", percent(past.links));
        case StandingFactor::pace:
            return fmt::format("about {} mentions in the last day", std::lround(past.pace));
        case StandingFactor::unheeded:
            return fmt::format("about {} mentions of late that hardly anybody repeated", std::lround(past.mentions));
        case StandingFactor::spam:
            return "new, followed by nobody, and it copies, links or floods: the marks of spam";
    }
    return {};
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_link(std::string_view word) {
    return word.find("://") != std::string_view::npos || word.starts_with("www.");
}

}  // namespace

std::vector<std::string> explain_standing(const AuthorFacts& facts) {
    const Standing standing = standing_of(facts);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < standing_factors; ++i) {
        if (std::abs(standing.factors[i] - 1) >= 0.005) order.push_back(i);
    }
    const auto strength = [&](std::size_t i) { return std::abs(std::log(standing.factors[i])); };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return strength(a) > strength(b); });
    std::vector<std::string> lines;
    for (const std::size_t i : order)
        lines.push_back(fmt::format("x {:.2f} {}", standing.factors[i], words_for(static_cast<StandingFactor>(i), facts)));
    return lines;
}

bool is_bare_link(const Item& item) {
    if (!item.title.empty() || item.kind == Kind::repost) return false;
    const std::string_view text = item.text.bytes();
    bool link = !item.links.empty() && text.empty();
    std::size_t at = 0;
    while (at < text.size()) {
        while (at < text.size() && is_blank(text[at])) ++at;
        std::size_t end = at;
        while (end < text.size() && !is_blank(text[end])) ++end;
        const std::string_view word = text.substr(at, end - at);
        at = end;
        if (word.empty()) break;
        if (is_link(word))
            link = true;
        else if (word.front() != '@' && word.front() != '#')
            return false;
    }
    return link;
}

}  // namespace vigie::text
