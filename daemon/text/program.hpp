// Queries compiled to literal numbers, and evaluated over what a text holds.
// Thread-safety: Programs are immutable once built; the functions that take Hits may run on any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "text/hits.hpp"
#include "text/literal_table.hpp"
#include "vigie/core/record.hpp"
#include "vigie/text/matcher.hpp"
#include "vigie/text/query.hpp"

namespace vigie::text {

/// An item as the queries see it.
struct Subject {
    const Hits& hits;
    std::uint32_t title_end;  ///< positions before it are the title's
    std::string_view platform;
    Kind kind;
    const LanguageOf* language;  ///< asked when a query needs it, at most once; none: undetermined
    mutable std::optional<std::string> told = std::nullopt;

    std::string_view language_told() const;
};

/// What must be met for a query to be worth evaluating: a literal, or two that stand in a row. `second` is none for one alone.
struct Wake {
    static constexpr LiteralId none = 0xFFFFFFFF;
    static constexpr std::uint32_t nothing = 0xFFFFFFFF;
    LiteralId first = none, second = none;
    bool proves = false;             ///< where it is met, and `verify` holds, Required::proved holds
    std::uint32_t verify = nothing;  ///< the phrase that it belongs to, if that has more words
};

/// Many queries in one array of operations: handles to them are their roots.
class Programs {
public:
    using Root = std::uint32_t;

    /// Compiles a query and numbers its literals.
    Root compile(const Node& node, LiteralTable& table);
    /// Of a compiled query, what of which at least one is met whenever it holds, chosen to be rare.
    struct Required {
        std::vector<Wake> wakes;  ///< none where nothing is required
        Root proved = 0;          ///< the query, or the operand of its AND, that some of them prove
    };
    Required required(Root root) const;
    /// Whether the query holds; with `title_only`, of the title alone. The time is that of sorting the hits of its literals, whatever the
    /// text.
    bool holds(Root root, const Subject& subject, bool title_only = false) const;
    /// The same where `proved`, which required() named, is known to hold.
    bool rest_holds(Root root, Root proved, const Subject& subject) const;

    /// Whether a phrase, which a Wake named, stands anywhere.
    bool in_row(std::uint32_t phrase, const Hits& hits) const;

    /// Where the occurrences of a term begin or end: positions, ascending, each once.
    std::vector<std::uint32_t> firsts(Root term, const Subject& subject, bool title_only = false) const;
    std::vector<std::uint32_t> lasts(Root term, const Subject& subject, bool title_only = false) const;
    /// The tokens of one occurrence of a term that begins at a position; for a phrase with slack, of the first one. Empty if none does.
    std::vector<std::uint32_t> tokens_at(Root term, std::uint32_t first, const Subject& subject, bool title_only = false) const;

private:
    enum class Op : std::uint8_t { sequence, slack, all, any, none, near, onear, title, platform, kind, language };
    // `begin`, `count`: for sequence and slack into literals_; for platform, kind and language `begin` is a place in values_; else into
    // children_.
    struct Code {
        Op op;
        std::uint32_t begin, count;
        std::uint32_t distance = 0;  // of slack, near, onear
    };
    std::uint32_t add_term(const Term& term, LiteralTable& table);
    std::uint32_t add_sequence(const Sequence& sequence, const std::optional<std::uint32_t>& slack, LiteralTable& table);
    std::uint32_t add_field(const Field& field, LiteralTable& table);
    std::uint32_t add_group(Op op, const std::vector<std::uint32_t>& children, std::uint32_t distance = 0);
    std::uint32_t add_code(Op op, std::size_t begin, std::size_t count, std::uint32_t distance = 0);
    std::span<const std::uint32_t> children(const Code& code) const noexcept;
    std::span<const LiteralId> literals(const Code& code) const noexcept;
    // How often what is required of it is expected, on no particular scale; appended to `wakes`.
    double require(std::uint32_t node, std::vector<Wake>& wakes) const;
    double require_row(std::uint32_t node, std::vector<Wake>& wakes) const;
    double require_rarest(const Code& code, std::vector<Wake>& wakes, Root& chosen) const;

    bool holds_before(Root root, const Subject& subject, std::uint32_t limit) const;
    bool near_holds(const Code& code, const Subject& subject, std::uint32_t limit) const;
    enum class Edge : std::uint8_t { first, last };
    void collect(Root root, Edge edge, const Subject& subject, std::uint32_t limit, std::vector<std::uint32_t>& out) const;
    std::vector<std::uint32_t> edges(Root root, Edge edge, const Subject& subject, std::uint32_t limit) const;

    std::vector<Code> code_;
    std::vector<std::uint32_t> children_;
    std::vector<LiteralId> literals_;
    std::vector<std::string> values_;
    std::vector<float> cost_;  // by literal
};

}  // namespace vigie::text
