// An author's standing: how much a mention weighs by who makes it, and why. docs/standing.md tells it in words, with a worked table.
//
// The weight is a product of factors. Each is bounded and moves by a Hill curve x^n / (x^n + half^n) (A. V. Hill 1910), which is a logistic
// curve in the logarithm of x: ten times the audience counts one step more, not ten times more. An ordinary author of whom nothing is
// known weighs 1. What the author thinks of the brand plays no part: it is not among the facts.
// Thread-safety: pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "vigie/core/author_history.hpp"
#include "vigie/core/record.hpp"

namespace vigie::text {

inline constexpr double least_standing = 0.02, greatest_standing = 5;

enum class StandingFactor : std::uint8_t {
    age,       ///< of the account: 0.5 on its first day, 1 from half a year on; unknown: 1
    audience,  ///< followers: 0.4 for none, 1 for 150, at most 3.2; unknown: 1
    verified,  ///< 1.25 where the platform says so
    regular,   ///< days on which they spoke of the brand: 1 to 1.25
    repeated,  ///< by distinct others: 1 to 3
    copies,    ///< share of near copies among what they posted: 1 down to 0.1
    links,     ///< share of mentions that are nothing but a link: 1 down to 0.3
    pace,      ///< mentions a day: 1 down to 0.15
    unheeded,  ///< much said over weeks that hardly anybody repeats: 1 down to 0.3
    spam,      ///< a young account that nobody follows, and one of copies, links and pace: 0.2
};
inline constexpr std::size_t standing_factors = 10;

struct Standing {
    double weight = 1;                               ///< least_standing..greatest_standing
    std::array<double, standing_factors> factors{};  ///< by StandingFactor; 1: it changes nothing
    double operator[](StandingFactor factor) const noexcept { return factors[static_cast<std::size_t>(factor)]; }
};

Standing standing_of(const AuthorFacts& facts);
/// standing_of(facts).weight in thousandths, rounded to nearest: a WeighAuthor.
std::int64_t standing_thousandths(const AuthorFacts& facts);
/// One line for each factor that changes something, the strongest first: "x 0.52 the account is 2 days old". No line: an ordinary author.
std::vector<std::string> explain_standing(const AuthorFacts& facts);

/// Whether a post says nothing but links, handles and hashtags: no title, no word of its own, at least one link; a repost has
/// no words to judge. Reads no more than what
/// comes before the first word.
bool is_bare_link(const Item& item);

}  // namespace vigie::text
