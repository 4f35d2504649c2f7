// Where the literals of a text stand.
// Thread-safety: belongs to one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "text/literal_table.hpp"

namespace vigie::text {

class Hits {
public:
    struct Hit {
        LiteralId literal;
        std::uint32_t first, last;  ///< positions
        std::uint32_t token;        ///< its number in the stream; beside_text for an author or a site
        std::uint64_t key() const noexcept { return std::uint64_t{literal} << 32 | first; }
    };
    static constexpr std::uint32_t beside_text = 0xFFFFFFFF;

    void clear() noexcept {
        hits_.clear();
        present_ = {};
    }
    bool empty() const noexcept { return hits_.empty(); }
    void add(LiteralId literal, std::uint32_t first, std::uint32_t last, std::uint32_t token) {
        hits_.push_back({literal, first, last, token});
        present_[(literal >> 6) & 7] |= std::uint64_t{1} << (literal & 63);
    }
    /// In the order of add(), until sort().
    std::span<const Hit> all() const noexcept { return hits_; }
    /// Puts the hits of each literal together. Call between the last add() and the first of().
    void sort();
    /// All hits of a literal that begin before `limit`, by position.
    std::span<const Hit> of(LiteralId literal, std::uint32_t limit) const noexcept {
        // Most literals of a query that is evaluated are not in the text.
        if ((present_[(literal >> 6) & 7] >> (literal & 63) & 1) == 0) return {};
        return find(literal, limit);
    }

private:
    std::span<const Hit> find(LiteralId literal, std::uint32_t limit) const noexcept;

    std::vector<Hit> hits_;
    std::array<std::uint64_t, 8> present_{};  // a bit for the last bits of each literal's number
};

}  // namespace vigie::text
