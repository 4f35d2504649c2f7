// What is remembered of an author on one brand, so that a mention can be weighed by who makes it: numbers that fade, and no word of theirs.
// Thread-safety: values and pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include "vigie/core/time.hpp"

namespace vigie {

/// Every number but the last two rows halves in `half_life`: what somebody did a year ago says little of them today.
struct AuthorHistory {
    static constexpr Duration half_life = std::chrono::days{30};
    static constexpr Duration pace_half_life = std::chrono::days{1};
    /// 128 bits of distinct accounts: linear counting (Whang, Vander-Zanden and Taylor 1990). Good to about 10 % up to 300 accounts, full
    /// at 710.
    using Repeaters = std::array<std::uint64_t, 2>;

    Time at;                 ///< event time of the latest mention: what the fading numbers belong to
    float mentions = 0;      ///< on this brand
    float days = 0;          ///< distinct days (UTC) with a mention
    float copies = 0;        ///< mentions that were near copies of somebody else's
    float links = 0;         ///< mentions that were nothing but a link
    float pace = 0;          ///< mentions, halved every `pace_half_life`: at r a day it comes to 1.44 r
    std::int32_t month = 0;  ///< which run of 30 days since 1970 `repeaters` belongs to
    Repeaters repeaters{};   ///< others who repeated a mention of theirs, in that month
    Repeaters before{};      ///< and in the month before it
    friend bool operator==(const AuthorHistory&, const AuthorHistory&) = default;
};

/// One mention as the history counts it.
struct Posting {
    Time at;  ///< event time
    bool copy = false;
    bool bare_link = false;
};

/// Counts a mention. One that comes late (before history.at) counts faded, so that the sums do not depend on the order.
void note_posting(AuthorHistory& history, const Posting& posting);
/// Counts an account (hash64 of its key, not the author's own) that repeated a mention at `at`; the same one again changes nothing.
void note_repeat(AuthorHistory& history, std::uint64_t by, Time at);
/// How many distinct others repeated them of late: this month's, and half of those that only the month before knew. 0..710.
double repeaters_of(const AuthorHistory& history, Time at);
/// The fading numbers as they are at `at`; at an earlier time than history.at they stay as they are.
AuthorHistory faded(const AuthorHistory& history, Time at);

/// All that an author's weight may depend on. What somebody thinks of the brand is not in it.
struct AuthorFacts {
    Time at;                                ///< event time of the mention to weigh
    std::optional<std::int64_t> followers;  ///< as last known
    std::optional<Time> created;
    std::optional<bool> verified;
    AuthorHistory history;  ///< with the mention to weigh; empty for an item without an author
};

/// The weight of an ordinary author of whom nothing is known.
inline constexpr std::int64_t ordinary_weight = 1000;
/// Who weighs less than this lends no weight by repeating: else a swarm of empty accounts would make itself a voice.
inline constexpr std::int64_t least_weight_to_repeat = 500;
/// From the facts to a weight in thousandths, >= 0: pure, the same for the same facts.
using WeighAuthor = std::function<std::int64_t(const AuthorFacts&)>;

}  // namespace vigie
