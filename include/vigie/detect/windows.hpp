// Sliding windows of every brand, in memory: constant time for each read, exact to the minute to 48 h, exact in total to 90 d.
//
// All windows end with minute_of(now), the minute that runs; so a window of w minutes is that one and the w - 1 before it, and with an
// offset the same shifted back. An edge (window + offset, or the offset alone) of at most 48 h back is exact to the minute. An edge further
// back stands on the full hour at or before it: [7d] at 12:20 holds what came after 12:00 seven days ago, which is 7 d 20 min, and drops
// that hour at 13:00 as a whole. Both ends of neighbouring windows are rounded alike, so [7d] and [7d] offset 7d neither overlap nor leave
// a gap.
//
// Thread-safety: one owner, the ledger thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/mention.hpp"
#include "vigie/core/time.hpp"
#include "vigie/detect/bucket.hpp"
#include "vigie/detect/selector.hpp"

namespace vigie::detect {

/// Position of a selector in the list given to Windows.
using SelectorId = std::uint32_t;
/// Values of a selector's `by` labels, in their order.
using GroupValues = std::vector<std::string>;

class Windows {
public:
    /// `brands` is how many there are; `selectors` all that will ever be read (those of the loaded rules). A brand without mentions costs
    /// next to nothing.
    Windows(std::size_t brands, std::vector<Selector> selectors);
    ~Windows();
    Windows(Windows&&) noexcept;
    Windows& operator=(Windows&&) noexcept;

    /// Adds what came to a brand's minute: at commit, and at a rebuild (a whole stored bucket). Late minutes are as good as new ones; what
    /// lies outside every window is ignored. Minutes after now() wait until advance() reaches them; those more than 90 d ahead are ignored.
    /// Negative sums take a deleted mention out; its author and its reach as the largest one stay until they expire.
    void add(BrandIndex brand, Minute minute, const Bucket& delta);
    /// Adds a stored hour (sums over a whole hour that is older than 48 h) at a rebuild. Call advance() first: it is then added at once.
    /// A younger hour counts as if all of it came in its last minute.
    void add_hour(BrandIndex brand, Hour hour, const Bucket& hour_sums);
    /// A replaced count: the value that (brand, minute, key) had before, taken out. Call it before add() with the new value.
    void remove_count(BrandIndex brand, Minute minute, const Bucket::CountKey& key, double old_value);
    /// Moves the end of all windows to now. Never back: an earlier now is ignored.
    void advance(Time now);
    Time now() const noexcept;

    /// The value over (now - window - offset, now - offset]. No value: a mean of nothing; counts of which none ended in the window (a
    /// silent source is not a zero); a selector that is not there. `group`: values of the selector's `by` labels; a group never seen is 0.
    /// Amortised constant time; the first touch of a brand after the minute has changed also takes out what expired since.
    std::optional<double> read(BrandIndex brand, SelectorId selector, const GroupValues& group = {}) const;
    /// The `by` values that have a non-zero value (for means and counts: any value) in that selector's window now, sorted. A mention is in
    /// the group of each of its functions, and without one in none. At most 1024 groups for each selector and brand; mentions of further
    /// ones are in no group until some run empty.
    std::vector<GroupValues> groups(BrandIndex brand, SelectorId selector) const;
    const std::vector<Selector>& selectors() const noexcept;

    /// Everything, versioned, for a fast start; restore() refuses (corrupt) bytes of another version, brand list hash or selector list.
    std::string snapshot(std::uint64_t brands_hash) const;
    static Result<Windows> restore(std::string_view bytes, std::size_t brands, std::vector<Selector> selectors, std::uint64_t brands_hash);
    /// Bytes in use, for `bench/memory` and /metrics.
    std::size_t memory() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vigie::detect
