// Cuts a query into lexemes, each with its column.
// Thread-safety: Lexer belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vigie/core/result.hpp"
#include "vigie/text/query.hpp"

namespace vigie::text {

struct Lexeme {
    enum class Kind : std::uint8_t { term, field, op_and, op_or, op_near, op_not, minus, in_title, open, close, end };
    Kind kind = Kind::end;
    Term term;                   ///< where kind is term
    Field field;                 ///< where kind is field
    std::uint32_t distance = 0;  ///< where kind is op_near
    bool ordered = false;        ///< the same
    std::size_t column = 1;      ///< of its first character, from 1
    std::string_view source;     ///< as written
};

/// An error at a column of the query.
Error error_at(std::size_t column, std::string message, Errc code = Errc::parse);
/// A piece of a query as messages quote it.
std::string quoted(std::string_view text);

class Lexer {
public:
    explicit Lexer(std::string_view text) : text_(text) {}
    /// The next lexeme; kind end again and again at the end.
    Result<Lexeme> next();

private:
    Lexeme begin(Lexeme::Kind kind) const;
    Lexeme punctuation(Lexeme::Kind kind);
    Result<Lexeme> plus();
    Result<Lexeme> phrase(Term::Form form, std::size_t mark_bytes);
    Result<std::optional<std::uint32_t>> slack(std::size_t& end);
    Result<Lexeme> word();
    Result<Lexeme> exact();
    Result<Lexeme> field(Field::Name name, std::string_view written);
    Result<Lexeme> bare_term(Lexeme lexeme, std::string_view written);
    Result<Lexeme> term(Lexeme lexeme, std::string_view written);
    Lexeme taken(Lexeme lexeme);
    std::string_view word_at(std::size_t at) const noexcept;
    void advance(std::size_t bytes);

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t column_ = 1;
};

}  // namespace vigie::text
