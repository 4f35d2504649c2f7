// Why a query matches an item, or why it does not: each part of it with the pieces of text that it found.
// Thread-safety: an Explainer is immutable; explain() may run on any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/record.hpp"
#include "vigie/core/result.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/text/matcher.hpp"
#include "vigie/text/query.hpp"

namespace vigie::text {

inline constexpr std::size_t max_places = 5;  ///< told of one part

/// A piece of the title or the text.
struct Place {
    bool in_title = false;
    std::size_t begin = 0, end = 0;  ///< bytes [begin, end)
    std::size_t from = 0, to = 0;    ///< characters, from 1, both included
    Untrusted text;                  ///< what stands there
    friend bool operator==(const Place&, const Place&) = default;
};

/// One part of a query, as it went with one item.
struct ExplainedPart {
    enum class Kind : std::uint8_t { term, field, all, any, none, near, in_title };
    Kind kind = Kind::term;
    std::string query;  ///< the part as format_query prints it
    bool holds = false;
    std::vector<Place> places;         ///< of a term, where it stands: the first max_places; elsewhere empty
    std::size_t found = 0;             ///< of a term, how often it stands there, also beyond max_places
    Untrusted actual;                  ///< of a field, what the item has there; empty where it has nothing
    std::optional<std::size_t> gap;    ///< of a NEAR of which both sides are there: the fewest words between, in the order asked for
    std::vector<ExplainedPart> parts;  ///< of an operator
};

class Explainer {
public:
    /// Errors: as parse_query().
    static Result<Explainer> make(std::string_view query, QueryUse use = QueryUse::brand);

    Explainer(Explainer&&) noexcept;
    Explainer& operator=(Explainer&&) noexcept;
    ~Explainer();

    /// The root of the query and, in it, all its parts. Its `holds` is what a Matcher says of the item.
    ExplainedPart explain(const Item& item, const LanguageOf& language = {}) const;
    /// The root with its parts, where there is no item yet: nothing holds but what NOT says.
    ExplainedPart outline() const;
    const Query& query() const noexcept;

private:
    struct Impl;
    explicit Explainer(std::unique_ptr<const Impl> impl);
    std::unique_ptr<const Impl> impl_;
};

}  // namespace vigie::text
