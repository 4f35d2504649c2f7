// Text folded and cut into tokens, so that a query finds a name however it is written: accents, case, full width, ligatures, fancy letters,
// zero-width and direction controls make no difference.
// Thread-safety: TokenStream belongs to one thread; fold() and token_hash() may be called from any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::text {

enum class TokenKind : std::uint8_t {
    word,
    handle,  ///< "@ana", folded "ana"; "@ana@mas.to" gives "ana" and "ana@mas.to"
    tag,     ///< "#AirStrike", folded "airstrike"
    emoji,   ///< one picture, joined sequences and flags whole, without skin tone and presentation selectors
};

/// One token of a lattice. Where a piece of text can be read in two ways ("#AirFrance": airfrance, or air + france) both readings are
/// there, and `first`/`last` are the positions that each spans: b follows a when b.first == a.last + 1.
struct Token {
    std::uint64_t hash = 0;          ///< token_hash(kind, folded text)
    std::uint32_t folded_begin = 0;  ///< in the stream's buffer: see TokenStream::folded
    std::uint32_t folded_size = 0;
    std::uint32_t source_begin = 0;  ///< bytes [source_begin, source_end) of the text that was added
    std::uint32_t source_end = 0;
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::uint16_t text = 0;  ///< which call of add() it came from, from 0
    TokenKind kind = TokenKind::word;
};

/// The key under which a token is looked up. Not stable between versions: never store it.
std::uint64_t token_hash(TokenKind kind, std::string_view folded) noexcept;

/// Cuts texts into tokens. Words of scripts without blanks (Han, kana, Hangul, Thai, ...) are one token a character. Apostrophes cut
/// ("l'Oréal": l + oreal, and also loreal), save that an English clitic never joins ("she'll" is not "shell"). Tags and handles give a
/// token of their own kind and, as words, the whole, the parts between underscores, and the parts of CamelCase. A word that mixes Latin
/// letters with Greek or Cyrillic ones ("Аurora") is also given in the one script that it looks like. URLs give nothing.
/// Time and memory are linear in the text, of which the first 64 kB are read.
class TokenStream {
public:
    /// How an elided article before a small letter is read: text keeps "l'air" apart from "lair"; a query that says "l'oreal" means loreal
    /// (and means the letters that it holds, whatever else they look like).
    enum class Elision : std::uint8_t { apart, joined };

    /// Forgets everything but keeps the memory.
    void clear() noexcept;
    /// Adds the tokens of a text. Texts stand apart: no token of one follows one of another.
    void add(std::string_view text, Elision elision = Elision::apart);

    const std::vector<Token>& tokens() const noexcept { return tokens_; }
    /// The position that the first token of the next text will have; those of the texts so far lie before it.
    std::uint32_t next_position() const noexcept { return next_position_; }
    /// The folded text of a token of this stream; valid until the next add() or clear().
    std::string_view folded(const Token& token) const noexcept {
        return std::string_view(buffer_).substr(token.folded_begin, token.folded_size);
    }

private:
    friend class Scanner;
    std::string buffer_;
    std::vector<Token> tokens_;
    std::uint32_t next_position_ = 0;
    std::uint16_t texts_ = 0;
};

/// The folded letters and digits of a text, with one blank for each run of anything else between them; no blank at the ends. Pictures are
/// dropped. Reads the first 64 kB; the result is valid UTF-8.
std::string fold(std::string_view text);

}  // namespace vigie::text
