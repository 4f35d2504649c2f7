// The language of brand queries and business functions:
//     ("aurora air" OR auroraair OR @auroraair OR #auroraair) AND NOT "aurora airport"
// Words, "phrases", @handles, #tags, word* (at least 3 letters before the star), AND, OR, NOT in capitals, -word for NOT, parentheses.
// AND is implied before NOT and -word only. AND beside OR needs parentheses, because no precedence surprises nobody.
// Thread-safety: values; the functions are pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "vigie/core/result.hpp"

namespace vigie::text {

inline constexpr std::size_t max_query_bytes = 64 * 1024;
inline constexpr std::size_t max_query_terms = 1000;
inline constexpr std::size_t max_query_depth = 50;
inline constexpr std::size_t max_phrase_words = 20;
inline constexpr std::size_t min_prefix_letters = 3;

/// One thing to look for. Compared and found without regard to accents, case and the rest of text/normalise.hpp.
struct Term {
    enum class Kind : std::uint8_t { word, phrase, handle, tag };
    Kind kind = Kind::word;
    std::string text;     ///< as written, without quotes, '@', '#' and '*'
    bool prefix = false;  ///< written with '*' at its end: finds whatever begins so
    friend bool operator==(const Term&, const Term&) = default;
};

struct Node;

struct And {
    std::vector<Node> operands;  ///< at least two
    friend bool operator==(const And&, const And&);
};
struct Or {
    std::vector<Node> operands;  ///< at least two
    friend bool operator==(const Or&, const Or&);
};
struct Not {
    std::vector<Node> operand;  ///< exactly one
    friend bool operator==(const Not&, const Not&);
};

/// An expression. Later operators (nearness, fields) become further alternatives.
struct Node {
    std::variant<Term, And, Or, Not> value;
    friend bool operator==(const Node&, const Node&);
};

/// A query that has passed every check of parse_query: whatever it accepts holds at least one of its positive terms.
struct Query {
    Node root;
    friend bool operator==(const Query&, const Query&) = default;
};

/// Errors: parse or limit; Error::where() is "column N" (from 1, in characters), the message says what is wrong and what to write.
Result<Query> parse_query(std::string_view text);

/// The query in its plainest spelling: parse_query(format_query(q)) == q.
std::string format_query(const Query& query);

/// The names that the query looks for, in order and once each, without those under NOT and without '@', '#' and '*': for a search URL.
std::vector<std::string> positive_terms(const Query& query);

}  // namespace vigie::text
