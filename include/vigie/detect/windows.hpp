// Sliding windows of every brand, in memory: constant time for each read, exact to the minute to 48 h, exact in total to 90 d.
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
    /// lies outside every window is ignored. Minutes after now() wait until advance() reaches them.
    void add(BrandIndex brand, Minute minute, const Bucket& delta);
    /// Adds a stored hour (sums over a whole hour that is older than 48 h) at a rebuild.
    void add_hour(BrandIndex brand, Hour hour, const Bucket& hour_sums);
    /// A replaced count: the value that (brand, minute, key) had before, taken out.
    void remove_count(BrandIndex brand, Minute minute, const Bucket::CountKey& key, double old_value);
    /// Moves the end of all windows to now. Never back: an earlier now is ignored.
    void advance(Time now);
    Time now() const noexcept;

    /// The value over (now - window - offset, now - offset]. No value: a mean of nothing, counts never seen. `group`: values of the
    /// selector's `by` labels.
    std::optional<double> read(BrandIndex brand, SelectorId selector, const GroupValues& group = {}) const;
    /// The `by` values that have a non-zero value in that selector's window now, sorted.
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
