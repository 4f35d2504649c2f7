// What a query's term looks for in a token stream.
// Thread-safety: free functions.
#pragma once

#include <string>
#include <vector>

#include "vigie/text/normalise.hpp"
#include "vigie/text/query.hpp"

namespace vigie::text {

/// One token that must be met.
struct Wanted {
    TokenKind kind = TokenKind::word;
    std::string folded;
    bool prefix = false;  ///< a token that begins with `folded` will do
    friend bool operator==(const Wanted&, const Wanted&) = default;
};
/// Tokens that follow one another.
using Sequence = std::vector<Wanted>;

/// The readings of a term, any of which finds it ("McDonald's": mcdonalds, or mcdonald + s); none where it holds nothing to look for, or,
/// for a handle or a tag, where it is not one.
std::vector<Sequence> readings(const Term& term);

}  // namespace vigie::text
