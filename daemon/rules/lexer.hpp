// Cuts an expression into tokens.
// Thread-safety: values and free functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/syntax.hpp"

namespace vigie::rules {

enum class TokenKind : std::uint8_t { end, number, percent, duration, word, string, symbol };

struct Token {
    TokenKind kind = TokenKind::end;
    std::size_t begin = 0, end = 0;
    std::string text;   ///< as written; of a string: its content
    double number = 0;  ///< durations in seconds, percentages as fractions
};

/// All tokens, the last one of kind `end`; or the first error.
struct Tokens {
    std::vector<Token> tokens;
    bool ok = true;
    SyntaxError error;
};
Tokens tokenize(std::string_view text);

/// How a token reads in a message: `">="`, "the end".
std::string describe(const Token& token);

}  // namespace vigie::rules
