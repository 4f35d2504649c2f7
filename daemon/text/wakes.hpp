// Which queries are worth evaluating for a text: from what it meets to brands.
// Thread-safety: add() and freeze() on one thread; the rest, after freeze(), on any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "text/hits.hpp"
#include "text/program.hpp"
#include "vigie/core/mention.hpp"

namespace vigie::text {

class Wakes {
public:
    /// Memory that a thread keeps between texts.
    struct Scratch {
        std::vector<std::uint32_t> at_position;  // the last hit that begins at each position, from 1; 0: none
        std::vector<std::uint32_t> earlier;      // by hit: the one before that begins at the same position
        std::vector<std::uint32_t> met;          // literals, and behind them pairs, that wake brands
    };

    /// A brand that a text touches, and whether what touched it proves what Programs::required() said.
    struct Touched {
        BrandIndex brand;
        bool proved;
    };

    void add(const Wake& wake, BrandIndex brand) { wakes_.push_back({wake, brand}); }
    /// `literals`: how many there are.
    void freeze(std::size_t literals);

    /// Puts the brands into `brands`, each once, sorted. Sorts the hits if there are any. Linear in the hits (but for sorting) and in what
    /// they wake.
    void touched(Hits& hits, const Programs& programs, Scratch& scratch, std::vector<Touched>& brands) const;

private:
    // Where the brands of one wake lie in woken_.
    struct Range {
        std::uint32_t begin = 0, end = 0;
    };
    struct Literal {
        Range alone;
        bool first = false, second = false;  // of two in a row
    };
    struct Pair {
        std::uint64_t key = 0;  // both literals; 0: no pair (two equal literals with number 0 are numbered from 1 here)
        Range brands;
    };

    static std::uint64_t key_of(LiteralId first, LiteralId second) noexcept {
        return (std::uint64_t{first} + 1) << 32 | (std::uint64_t{second} + 1);
    }
    std::size_t slot_of(std::uint64_t key) const noexcept { return (key * 0x9E3779B97F4A7C15U) >> shift_; }
    bool may_be_pair(std::uint64_t key) const noexcept { return (pair_bits_[bit_of(key) >> 6] >> (bit_of(key) & 63) & 1) != 0; }
    std::size_t bit_of(std::uint64_t key) const noexcept { return (key * 0xD6E8FEB86659FD93U) >> bit_shift_; }
    void meet_pair(std::uint64_t key, std::vector<std::uint32_t>& met) const;
    void meet_pairs(const Hits& hits, Scratch& scratch) const;

    struct Woken {
        Wake wake;
        BrandIndex brand;
    };
    std::vector<Woken> wakes_;  // while building
    std::vector<Woken> woken_;  // the same, in the order of what wakes them
    std::vector<Literal> literals_;
    std::vector<Pair> pairs_{2};
    unsigned shift_ = 63;
    std::vector<std::uint64_t> pair_bits_{0};  // most neighbours are no pair: this turns them away
    unsigned bit_shift_ = 58;
    bool any_pairs_ = false;
};

}  // namespace vigie::text
