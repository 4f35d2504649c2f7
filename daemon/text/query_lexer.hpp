// Cuts a query into lexemes, each with its column.
// Thread-safety: Lexer belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "vigie/core/result.hpp"
#include "vigie/text/query.hpp"

namespace vigie::text {

struct Lexeme {
    enum class Kind : std::uint8_t { term, op_and, op_or, op_not, minus, open, close, end };
    Kind kind = Kind::end;
    Term term;                ///< where kind is term
    std::size_t column = 1;   ///< of its first character, from 1
    std::string_view source;  ///< as written
};

/// An error at a column of the query.
Error error_at(std::size_t column, std::string message, Errc code = Errc::parse);

class Lexer {
public:
    explicit Lexer(std::string_view text) : text_(text) {}
    /// The next lexeme; kind end again and again at the end.
    Result<Lexeme> next();

private:
    Lexeme punctuation(Lexeme::Kind kind);
    Result<Lexeme> phrase();
    Result<Lexeme> word();
    Result<Lexeme> term(Lexeme lexeme, std::string_view written);
    void advance(std::size_t bytes);

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t column_ = 1;
};

}  // namespace vigie::text
