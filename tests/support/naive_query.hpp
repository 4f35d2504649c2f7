// What a query means, spelt out without any index: the yardstick of the matcher.
// Thread-safety: free functions.
#pragma once

#include <algorithm>
#include <string_view>

#include "text/terms.hpp"
#include "vigie/text/normalise.hpp"
#include "vigie/text/query.hpp"

namespace vigie::test {

inline bool meets(const text::TokenStream& stream, const text::Token& token, const text::Wanted& wanted) {
    if (token.kind != wanted.kind) return false;
    const std::string_view folded = stream.folded(token);
    return wanted.prefix ? folded.starts_with(wanted.folded) : folded == wanted.folded;
}

inline bool follows(const text::TokenStream& stream, const text::Sequence& sequence, std::size_t from, std::uint32_t position) {
    if (from == sequence.size()) return true;
    return std::any_of(stream.tokens().begin(), stream.tokens().end(), [&](const text::Token& token) {
        return token.first == position && meets(stream, token, sequence[from]) && follows(stream, sequence, from + 1, token.last + 1);
    });
}

inline bool naive_holds(const text::Node& node, const text::TokenStream& stream) {
    if (const auto* term = std::get_if<text::Term>(&node.value)) {
        for (const text::Sequence& sequence : text::readings(*term))
            for (const text::Token& token : stream.tokens())
                if (meets(stream, token, sequence.front()) && follows(stream, sequence, 1, token.last + 1)) return true;
        return false;
    }
    const auto holds = [&](const text::Node& operand) { return naive_holds(operand, stream); };
    if (const auto* all = std::get_if<text::And>(&node.value)) return std::all_of(all->operands.begin(), all->operands.end(), holds);
    if (const auto* any = std::get_if<text::Or>(&node.value)) return std::any_of(any->operands.begin(), any->operands.end(), holds);
    return !holds(std::get<text::Not>(node.value).operand.front());
}

}  // namespace vigie::test
