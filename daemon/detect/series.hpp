// The numbers of one series of one brand (and group): minutes for 48 h, hours up to the oldest edge, and a running sum for each edge.
// The sum of a window is the sum behind its far edge minus the sum behind its near one: two reads, whatever its length.
// Thread-safety: one owner.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "detect/author_table.hpp"
#include "detect/copy_table.hpp"
#include "detect/plan.hpp"
#include "detect/track.hpp"

namespace vigie::detect {

/// Every call takes the same `def`, and as `end` the minute it was last rolled to (the first call sets it).
class Series {
public:
    /// m <= end. What lies at or before the oldest edge is ignored. max_reach keeps the larger, every other column adds.
    void add(const SeriesDef& def, Minute end, Minute m, std::int64_t value);
    /// Distinct authors: a minute's number is how many authors were LAST seen in it, so any run of minutes up to the end adds up to the
    /// number of distinct authors in it, and an author who comes again moves from the old minute to the new.
    void add_author(const SeriesDef& def, Minute end, Minute m, std::uint64_t author);
    /// The author posted one of a cluster of near copies.
    void add_copy(const SeriesDef& def, Minute end, Minute m, const CopyMember& member);
    /// Moves the end from `from` to `to` (later): takes what expired out of the sums, folds minutes into hours, forgets what is too old.
    void roll(const SeriesDef& def, Minute from, Minute to);

    /// Over the minutes in (edge(trail), edge(lead)].
    std::int64_t sum(const SeriesDef& def, std::int32_t lead, std::int32_t trail) const noexcept;
    /// The same for max_reach. Scans two partial hours and the whole hours between: at most 120 + 2160 entries.
    std::int64_t largest(Minute end, std::int32_t lead, std::int32_t trail) const noexcept;
    /// Authors of the largest cluster of copies in the minutes after edge(trail). Linear in the clusters that have more authors than those
    /// before them.
    std::int64_t most_copied(Minute end, std::int32_t trail) const noexcept;
    bool empty() const noexcept { return minutes_.empty() && (!hours_ || hours_->empty()) && (!known_ || known_->copies.empty()); }
    /// Bytes beside the object itself.
    std::size_t memory(const SeriesDef& def) const noexcept;

    const Track& minutes() const noexcept { return minutes_; }
    /// Keyed by an hour's last minute; null while there are none. Of max_reach, all hours; of the rest, those older than 48 h.
    const Track* hours() const noexcept { return hours_.get(); }
    const AuthorTable* authors() const noexcept { return known_ ? &known_->authors : nullptr; }
    const CopyTable* copies() const noexcept { return known_ ? &known_->copies : nullptr; }

private:
    std::int64_t& sum_at(const SeriesDef& def, std::size_t i);
    Track& hours_made();
    void fold(const SeriesDef& def, Minute end);

    Track minutes_;
    std::unique_ptr<Track> hours_;
    std::unique_ptr<std::int64_t[]> sums_;  // one for each edge; null while all are zero
    // Only of the columns that tell people apart: one pointer in all others.
    struct Known {
        AuthorTable authors;
        CopyTable copies;
    };
    std::unique_ptr<Known> known_;
};

}  // namespace vigie::detect
