// Near copies on their way into the ledger: each brand's index of the texts of the last day, and which items of a group are copies of what.
// Thread-safety: one owner, the ledger thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "vigie/core/brand.hpp"
#include "vigie/store/store.hpp"
#include "vigie/text/near_copies.hpp"

namespace vigie::engine {

/// A text is a copy of what was published within this time before now.
inline constexpr Duration copies_remembered = std::chrono::hours{24};
/// Of a brand that says more in a day, only the newest are remembered: about 3 MB for the busiest brands.
inline constexpr std::size_t copies_capacity = 5'000;

class Copies {
public:
    /// Places the items of a group in their brands' indexes, and puts into input.copies which are near copies. Before it, a brand's index
    /// is filled from its stored evidence, in the order in which it once came: so a restart finds the clusters that were there. Errors: as
    /// Store::evidence's, the first; all is placed nevertheless, beside what could be read.
    Result<> place(store::LedgerInput& input, const store::Store& store, const std::vector<Brand>& brands);
    /// What the last place() placed is stored: it is a first member no more, and what was deleted lends its words no longer.
    void committed();
    /// It is not: as if place() had not been called.
    void failed();
    /// Forgets what is too old, and brands that were not spoken of for so long. Call it now and then.
    void tidy(Time now);
    /// Bytes that the indexes hold.
    std::size_t memory() const noexcept;

private:
    struct Texts {
        text::CopyIndex index{text::CopyIndex::Options{copies_capacity, std::chrono::minutes{10}, 0}};
        /// An index that was filled again may name a cluster anew, when its founder is too old to be read: the stored name stays.
        std::unordered_map<std::uint64_t, std::uint64_t> names;
        std::unordered_set<std::uint64_t> told;  ///< clusters whose first member is stored as one
        Time used;                               ///< by the last place()
    };

    Result<> fill(Texts& texts, std::uint64_t brand, const store::Store& store, Time now);
    static std::uint64_t name_of(const Texts& texts, std::uint64_t cluster);

    std::unordered_map<std::uint64_t, Texts> brands_;                 ///< by key
    std::vector<std::pair<std::uint64_t, std::uint64_t>> placed_;     ///< brand, item: by the last place()
    std::vector<std::pair<std::uint64_t, std::uint64_t>> completed_;  ///< brand, cluster
    std::vector<std::uint64_t> deleted_;
};

}  // namespace vigie::engine
