// Queries compiled to literal numbers, and evaluated over what a text holds.
// Thread-safety: Programs are immutable once built; Hits belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "text/literal_table.hpp"
#include "vigie/text/query.hpp"

namespace vigie::text {

/// Where the literals of a text stand.
class Hits {
public:
    struct Hit {
        LiteralId literal;
        std::uint32_t first, last;
        friend auto operator<=>(const Hit&, const Hit&) = default;
    };

    void clear() noexcept { hits_.clear(); }
    bool empty() const noexcept { return hits_.empty(); }
    void add(LiteralId literal, const Token& token) { hits_.push_back({literal, token.first, token.last}); }
    /// Puts the hits of each literal together. Call between the last add() and the first of().
    void sort();
    /// All hits of a literal, by position.
    std::span<const Hit> of(LiteralId literal) const noexcept;

private:
    std::vector<Hit> hits_;
};

/// Many queries in one array of operations: handles to them are their roots.
class Programs {
public:
    using Root = std::uint32_t;

    /// Compiles a query and numbers its literals.
    Root compile(const Query& query, LiteralTable& table);
    /// Of a compiled query, literals of which at least one is met whenever it holds, chosen to be rare.
    std::vector<LiteralId> required(Root root) const;
    /// Whether the query holds over the hits of a text.
    bool holds(Root root, const Hits& hits) const;

private:
    enum class Op : std::uint8_t { sequence, all, any, none };
    // `begin`, `count`: for a sequence into literals_, else into children_.
    struct Code {
        Op op;
        std::uint32_t begin, count;
    };
    struct Required {
        std::vector<LiteralId> literals;
        double cost = 0;  // how often they are expected, on no particular scale
    };

    std::uint32_t add_node(const Node& node, LiteralTable& table);
    std::uint32_t add_term(const Term& term, LiteralTable& table);
    std::uint32_t add_group(Op op, const std::vector<std::uint32_t>& children);
    std::span<const std::uint32_t> children(const Code& code) const noexcept;
    Required required_of(std::uint32_t node) const;
    bool sequence_holds(std::span<const LiteralId> literals, const Hits& hits) const;

    std::vector<Code> code_;
    std::vector<std::uint32_t> children_;
    std::vector<LiteralId> literals_;
    std::vector<double> cost_;  // by literal
};

}  // namespace vigie::text
