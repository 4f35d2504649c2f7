// The aggregate of one brand over one minute (or hour) of event time: what the store keeps under ONE key, and what windows add up.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/record.hpp"
#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"

namespace vigie::detect {

/// The labels by which a selector can narrow a series; every distinct set is one cell of a bucket.
struct CellKey {
    std::string platform;
    std::string language;
    std::string source;
    Kind kind = Kind::post;
    std::vector<std::string> functions;  ///< sorted names
    friend auto operator<=>(const CellKey&, const CellKey&) = default;
};

/// Sums over the mentions of a cell. Integers only, so that any order of adding gives the same bytes.
struct Counters {
    std::int64_t mentions = 0, negative = 0, positive = 0, neutral = 0;
    std::int64_t polarity = 0;  ///< sum of polarity in 1/10000, each rounded to nearest
    std::int64_t reach = 0, max_reach = 0;
    std::int64_t engagement = 0, reposts = 0, new_authors = 0;
    std::int64_t ratings = 0;     ///< how many carried a rating
    std::int64_t rating_sum = 0;  ///< in 1/100 of a star
    std::int64_t low_ratings = 0;
    std::int64_t weighted = 0;  ///< sum of the authors' standings in 1/1000
    friend bool operator==(const Counters&, const Counters&) = default;
};

/// An author who posted one of a cluster of near copies.
struct CopyMember {
    std::uint64_t cluster = 0;
    std::uint64_t author = 0;
    friend auto operator<=>(const CopyMember&, const CopyMember&) = default;
};

struct Cell {
    Counters sums;
    std::vector<std::uint64_t> authors;  ///< sorted distinct hash64(account_key); mentions without a handle have none
    std::vector<CopyMember> copies;      ///< sorted, distinct; only of clusters that have two members or more
    friend bool operator==(const Cell&, const Cell&) = default;
};

/// One mention as a bucket counts it (contribution.hpp makes them). Negative sums take a deleted mention out again; the largest reach,
/// the authors and the copies of a cell only grow, for what they were before is not kept.
struct Contribution {
    CellKey key;
    Counters sums;              ///< of this one mention (mentions = 1), or a correction (mentions = 0, engagement = +3)
    std::uint64_t author = 0;   ///< 0: none; counted where mentions > 0
    std::uint64_t cluster = 0;  ///< of near copies that it belongs to, with its author; 0: none. Counted whatever mentions is
};

class Bucket {
public:
    /// In any order, with the same result. Sums wrap on overflow. A cell that comes back to nothing is gone.
    void add(const Contribution& contribution);
    /// The same for a whole bucket; its counts replace those with the same key.
    void merge(const Bucket& other);
    bool empty() const noexcept { return cells_.empty() && counts_.empty(); }
    const std::map<CellKey, Cell>& cells() const noexcept { return cells_; }

    /// A source's own numbers whose span ends in this minute: (series, source, start, span) -> value. The same key replaces.
    struct CountKey {
        std::string series, source;
        std::int64_t start_ms = 0, span_ms = 0;
        friend auto operator<=>(const CountKey&, const CountKey&) = default;
    };
    /// A value that is not finite is ignored.
    void set_count(const CountKey& key, double value);
    void erase_count(const CountKey& key);
    const std::map<CountKey, double>& counts() const noexcept { return counts_; }
    friend bool operator==(const Bucket&, const Bucket&) = default;

private:
    friend std::string encode_bucket(const Bucket&);
    friend Result<Bucket> decode_bucket(std::string_view);
    std::map<CellKey, Cell> cells_;
    std::map<CountKey, double> counts_;
};

/// Varint, with a version byte and a table of its strings; described in docs/store-format.md. Equal buckets give equal bytes, and
/// decode_bucket accepts no other bytes of this version for them; of version 1 it takes the bytes too.
std::string encode_bucket(const Bucket& bucket);
/// Errors: corrupt (truncated, unknown version, index out of its table); never reads past the end.
Result<Bucket> decode_bucket(std::string_view bytes);

}  // namespace vigie::detect
