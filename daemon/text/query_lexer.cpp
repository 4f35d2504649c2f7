#include "text/query_lexer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "text/fold_char.hpp"
#include "text/terms.hpp"

namespace vigie::text {
namespace {

constexpr std::size_t shown_bytes = 40;

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t characters(std::string_view text) noexcept {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Quotation marks that word processors put in place of '"'.
bool is_typographic_quote(std::string_view text) noexcept {
    static constexpr std::array<std::string_view, 5> marks = {"“", "”", "„", "«", "»"};
    return std::any_of(marks.begin(), marks.end(), [text](std::string_view m) { return text.starts_with(m); });
}

// Spellings of other query languages, refused so that they are not taken for words.
bool is_field(std::string_view word) noexcept {
    static constexpr std::array<std::string_view, 11> fields = {
        "from:", "to:", "author:", "lang:", "language:", "site:", "domain:", "url:", "title:", "text:", "platform:"};
    return std::any_of(fields.begin(), fields.end(), [word](std::string_view f) { return word.starts_with(f); });
}
bool is_nearness(std::string_view word) noexcept {
    return word.starts_with("NEAR/") || word.starts_with("ONEAR/") || word == "NEAR" || word == "ONEAR";
}

std::string shown(std::string_view text) {
    if (text.size() <= shown_bytes) return std::string(text);
    std::size_t end = shown_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return std::string(text.substr(0, end)) + "...";
}

// Appended step by step: GCC 12 warns of an overlap that is none where a literal is put before a temporary.
std::string quoted(std::string_view text) {
    std::string out(1, '\'');
    out += shown(text);
    out += '\'';
    return out;
}

Result<Term> named(Term::Kind kind, std::string_view name, std::size_t column) {
    const bool handle = kind == Term::Kind::handle;
    Term term{kind, std::string(name), false};
    if (name.ends_with('*')) {
        term.text.pop_back();
        term.prefix = true;
    }
    if (!readings(term).empty()) return term;
    std::string message = handle ? "'@" : "'#";
    message += shown(name);
    message += handle ? "' is not a handle; write @name, @name.example.org or @name@example.org"
                      : "' is not a tag; write #name, without blanks or dashes";
    return error_at(column, std::move(message));
}

// Fewer letters than this before a star would meet half of all words.
bool prefix_long_enough(const Term& term) {
    for (const Sequence& sequence : readings(term))
        if (characters(sequence.back().folded) < min_prefix_letters) return false;
    return true;
}

}  // namespace

Error error_at(std::size_t column, std::string message, Errc code) {
    return Error(code, std::move(message), "column " + std::to_string(column));
}

void Lexer::advance(std::size_t bytes) {
    column_ += characters(text_.substr(at_, bytes));
    at_ += bytes;
}

Lexeme Lexer::punctuation(Lexeme::Kind kind) {
    Lexeme lexeme;
    lexeme.kind = kind;
    lexeme.column = column_;
    lexeme.source = text_.substr(at_, 1);
    advance(1);
    return lexeme;
}

Result<Lexeme> Lexer::next() {
    std::size_t blanks = 0;
    while (at_ + blanks < text_.size() && is_blank(text_[at_ + blanks])) ++blanks;
    advance(blanks);
    if (at_ == text_.size()) {
        Lexeme end;
        end.column = column_;
        return end;
    }
    switch (text_[at_]) {
        case '(':
            return punctuation(Lexeme::Kind::open);
        case ')':
            return punctuation(Lexeme::Kind::close);
        case '"':
            return phrase();
        case '-': {
            const std::size_t after = at_ + 1;
            if (after == text_.size() || is_blank(text_[after]))
                return error_at(column_, "a dash alone; write -word without a blank between, or NOT word");
            return punctuation(Lexeme::Kind::minus);
        }
        default:
            return word();
    }
}

Result<Lexeme> Lexer::phrase() {
    Lexeme lexeme;
    lexeme.kind = Lexeme::Kind::term;
    lexeme.column = column_;
    const std::size_t close = text_.find('"', at_ + 1);
    if (close == std::string_view::npos) return error_at(column_, "this quotation mark is never closed; put a \" behind the phrase");
    lexeme.source = text_.substr(at_, close + 1 - at_);
    const std::string_view inside = text_.substr(at_ + 1, close - at_ - 1);
    if (inside.find('*') != std::string_view::npos)
        return error_at(column_, "'*' does not work inside quotation marks; write the words joined by AND, or each phrase out");
    lexeme.term.kind = Term::Kind::phrase;
    return term(std::move(lexeme), inside);
}

Result<Lexeme> Lexer::word() {
    std::size_t end = at_;
    while (end < text_.size() && !is_blank(text_[end]) && text_[end] != '(' && text_[end] != ')' && text_[end] != '"') ++end;
    const std::string_view written = text_.substr(at_, end - at_);
    Lexeme lexeme;
    lexeme.column = column_;
    lexeme.source = written;
    if (is_typographic_quote(written)) return error_at(column_, "typographic quotation marks; write phrases in straight ones: \"...\"");
    if (is_field(written))
        return error_at(column_, quoted(written) + ": fields are not part of this language; write the words to look for");
    if (is_nearness(written)) return error_at(column_, quoted(written) + " is not part of this language; write \"a phrase\" or AND");
    if (written == "AND" || written == "OR" || written == "NOT") {
        lexeme.kind = written == "AND" ? Lexeme::Kind::op_and : written == "OR" ? Lexeme::Kind::op_or : Lexeme::Kind::op_not;
        advance(written.size());
        return lexeme;
    }
    lexeme.kind = Lexeme::Kind::term;
    if (written.size() > 1 && (written[0] == '@' || written[0] == '#')) {
        lexeme.term.kind = written[0] == '@' ? Term::Kind::handle : Term::Kind::tag;
        return term(std::move(lexeme), written.substr(1));
    }
    return term(std::move(lexeme), written);
}

Result<Lexeme> Lexer::term(Lexeme lexeme, std::string_view written) {
    Term& term = lexeme.term;
    if (term.kind == Term::Kind::handle || term.kind == Term::Kind::tag) {
        Result<Term> name = named(term.kind, written, lexeme.column);
        if (!name) return std::move(name).error();
        term = std::move(name).value();
    } else {
        term.prefix = term.kind == Term::Kind::word && written.ends_with('*');
        term.text = written.substr(0, written.size() - (term.prefix ? 1 : 0));
    }
    const std::size_t star = term.text.find('*');
    if (star != std::string::npos) return error_at(lexeme.column, quoted(lexeme.source) + ": a '*' may only stand at the end of a word");
    const std::vector<Sequence> found = readings(term);
    if (found.empty()) return error_at(lexeme.column, quoted(lexeme.source) + " holds no letter, digit or emoji to look for; remove it");
    if (found.back().size() > max_phrase_words)
        return error_at(lexeme.column, "a phrase of more than " + std::to_string(max_phrase_words) + " words; shorten it", Errc::limit);
    if (term.prefix && !prefix_long_enough(term))
        return error_at(lexeme.column, quoted(lexeme.source) + " would match too much; write at least " +
                                           std::to_string(min_prefix_letters) + " letters before the '*'");
    advance(lexeme.source.size());
    return lexeme;
}

}  // namespace vigie::text
