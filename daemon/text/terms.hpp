// What a query's term looks for in an item.
// Thread-safety: free functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/text/normalise.hpp"
#include "vigie/text/query.hpp"

namespace vigie::text {

/// What a literal is met by: a token of a kind, or something beside the text.
enum class Met : std::uint8_t { word, handle, tag, emoji, author, site };
constexpr Met met_by(TokenKind kind) noexcept {
    return static_cast<Met>(kind);
}

/// One token that must be met.
struct Wanted {
    Met by = Met::word;
    std::string folded;    ///< '?' in a pattern stands for one character
    bool prefix = false;   ///< a token that begins with `folded` will do
    bool pattern = false;  ///< `folded` holds '?'
    Term::Form form = Term::Form::folded;
    std::string written = {};  ///< written_form() of what the token's source must be, where form is not folded
    friend bool operator==(const Wanted&, const Wanted&) = default;
};
/// Tokens that follow one another.
using Sequence = std::vector<Wanted>;

/// The readings of a term, any of which finds it ("McDonald's": mcdonalds, or mcdonald + s); none where it holds nothing to look for, or,
/// for a handle or a tag, where it is not one.
std::vector<Sequence> readings(const Term& term);
/// Most terms are ASCII letters and digits, with blanks or dashes between words: their one reading, without the cost of cutting. Calls
/// visit(by, folded) for each word; false, and nothing done, where the term is another.
template <class Visit>
bool read_plainly(const Term& term, Visit&& visit);
/// What a field of an author or a site looks for.
Wanted wanted_of(const Field& field);

/// Whether a word with '?' in it is else made of letters and digits of one word.
bool is_pattern_word(std::string_view text);
/// Whether folded text meets a pattern; with `prefix`, whether it begins so. Linear.
bool meets_pattern(std::string_view pattern, bool prefix, std::string_view folded) noexcept;
/// A piece of text in the spelling in which terms of this form are compared: composed; for `cased` also without what cannot be seen, and
/// with compatible characters (full width, ligatures, fancy letters) made plain.
std::string written_form(Term::Form form, std::string_view source);

namespace detail {

constexpr bool is_plain(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace detail

template <class Visit>
bool read_plainly(const Term& term, Visit&& visit) {
    constexpr std::size_t longest = 256;
    if (term.form != Term::Form::folded || term.prefix || term.text.size() > longest || term.text.empty()) return false;
    const bool name = term.kind == Term::Kind::handle || term.kind == Term::Kind::tag;
    if (!detail::is_plain(term.text.front())) return false;
    char lowered[longest];
    std::size_t size = 0;
    for (const char c : term.text) {
        if (!detail::is_plain(c) && (name ? c != '_' : c != ' ' && c != '-')) return false;
        lowered[size++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    const std::string_view text(lowered, size);
    if (name) {
        visit(term.kind == Term::Kind::handle ? Met::handle : Met::tag, text);
        return true;
    }
    for (std::size_t begin = 0; begin < size;) {
        std::size_t end = begin;
        while (end < size && detail::is_plain(text[end])) ++end;
        if (end > begin) visit(Met::word, text.substr(begin, end - begin));
        begin = end + 1;
    }
    return true;
}

}  // namespace vigie::text
