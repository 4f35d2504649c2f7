// The language of brand queries and business functions (docs/queries.md):
//     ("aurora air" OR auroraair OR @auroraair OR #auroraair) AND NOT "aurora airport"
// Words, "phrases", @handles, #tags, pilot* (at least 4 letters before the star), organi?ation, +"As Written", exact:Written, "any
// order"~3, a NEAR/4 b, a ONEAR/4 b, in:title, from: site: lang: platform: kind:, AND, OR, NOT in capitals, -word for NOT, parentheses. AND
// is implied before NOT and -word only. Where two operators meet, parentheses say which is first, so that no precedence surprises anybody.
// Thread-safety: values; the functions are pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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
inline constexpr std::size_t min_prefix_letters = 4;        ///< before a '*'
inline constexpr std::size_t min_letters_before_blank = 2;  ///< before the first '?'
inline constexpr std::uint32_t max_distance = 100;          ///< of NEAR/n, ONEAR/n and "..."~n
inline constexpr std::uint32_t default_distance = 4;        ///< of NEAR and ONEAR alone

/// One thing to look for.
struct Term {
    enum class Kind : std::uint8_t { word, phrase, handle, tag };
    enum class Form : std::uint8_t {
        folded,  ///< whatever the accents, the case, and the rest of text/normalise.hpp
        cased,   ///< +"...": capitals and accents as written; invisible characters, widths and ligatures still make no difference
        exact,   ///< exact: in front: every character as written, save that composed and decomposed accents are one
    };
    Kind kind = Kind::word;
    std::string text;     ///< as written, without quotes, '@', '#' and the '*' at its end; in a word, '?' stands for one letter
    bool prefix = false;  ///< written with '*' at its end: finds whatever begins so
    Form form = Form::folded;
    std::optional<std::uint32_t> slack;  ///< "..."~n: its words in any order, with at most n others among them
    friend bool operator==(const Term&, const Term&) = default;
};

/// What is known of an item beside its text.
struct Field {
    enum class Name : std::uint8_t {
        from,      ///< the author's handle; the short one finds it on every server
        site,      ///< the host of the item's URL, or one above it
        language,  ///< as intake tells it
        platform,
        kind,
    };
    Name name = Name::from;
    std::string value;  ///< in lower case; a handle without '@', a host without "www."
    friend bool operator==(const Field&, const Field&) = default;
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
/// Both stand in one text, apart, with at most `distance` words between them.
struct Near {
    std::vector<Node> operands;  ///< exactly two: terms without slack, or Or of such
    std::uint32_t distance = default_distance;
    bool ordered = false;  ///< ONEAR: the first before the second
    friend bool operator==(const Near&, const Near&);
};
/// in:title: of the title alone.
struct InTitle {
    std::vector<Node> operand;  ///< exactly one, which holds no Field and no InTitle
    friend bool operator==(const InTitle&, const InTitle&);
};

/// An expression.
struct Node {
    std::variant<Term, Field, And, Or, Not, Near, InTitle> value;
    friend bool operator==(const Node&, const Node&);
};

/// A query that has passed every check of parse_query.
struct Query {
    Node root;
    friend bool operator==(const Query&, const Query&) = default;
};

enum class QueryUse : std::uint8_t {
    brand,     ///< selects among all items: whatever it accepts must hold one of its terms, or come from an author or a site that it names
    function,  ///< divides what a brand's query has selected: kind:review or NOT strike alone will do
};

/// Errors: parse or limit; Error::where() is "column N" (from 1, in characters), the message says what is wrong and what to write.
Result<Query> parse_query(std::string_view text, QueryUse use = QueryUse::brand);

/// The query in its plainest spelling: parse_query(format_query(q)) == q.
std::string format_query(const Query& query);
std::string format_query(const Node& node);

/// The names that the query looks for, in order and once each, without those under NOT and without '@', '#' and '*': for a search URL.
/// Fields give none, save that a handle of from: stands in where there is nothing else.
std::vector<std::string> positive_terms(const Query& query);

/// A query for a brand that states none: any of the names as phrases, those of several words also written as one (where that has at least
/// 6 letters), and the handles. Names without a letter are left out; empty where nothing is left.
std::string query_of_names(const std::vector<std::string>& names, const std::vector<std::string>& handles);

}  // namespace vigie::text
