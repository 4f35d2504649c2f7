#include "text/terms.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <utility>

#include "text/fold_char.hpp"

namespace vigie::text {
namespace {

bool is_ascii(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Cutting is asked for term after term: the memory stays.
TokenStream& cut(std::string_view text, TokenStream::Elision elision) {
    thread_local TokenStream stream;
    stream.clear();
    stream.add(text, elision);
    return stream;
}

Wanted wanted_of(const TokenStream& stream, const Token& token, std::string_view source, Term::Form form) {
    Wanted wanted{met_by(token.kind), std::string(stream.folded(token))};
    if (form != Term::Form::folded) {
        wanted.form = form;
        wanted.written = written_form(form, source.substr(token.source_begin, token.source_end - token.source_begin));
    }
    return wanted;
}

// Tokens that words and phrases may meet, sorted by where they begin and end.
std::vector<Token> sorted_words(const TokenStream& stream) {
    std::vector<Token> tokens;
    for (const Token& token : stream.tokens())
        if (token.kind == TokenKind::word || token.kind == TokenKind::emoji) tokens.push_back(token);
    std::stable_sort(tokens.begin(), tokens.end(),
                     [](const Token& a, const Token& b) { return std::pair(a.first, a.last) < std::pair(b.first, b.last); });
    return tokens;
}

// Goes from the first position to the last, by the longest token at each step or by the shortest.
Sequence walk(const TokenStream& stream, const std::vector<Token>& tokens, const Term& term, bool longest) {
    Sequence sequence;
    for (std::size_t i = 0; i < tokens.size();) {
        std::size_t chosen = i;
        if (longest)
            for (std::size_t k = i + 1; k < tokens.size() && tokens[k].first == tokens[i].first; ++k)
                if (tokens[k].last > tokens[chosen].last) chosen = k;
        sequence.push_back(wanted_of(stream, tokens[chosen], term.text, term.form));
        const std::uint32_t last = tokens[chosen].last;
        while (i < tokens.size() && tokens[i].first <= last) ++i;
    }
    return sequence;
}

std::vector<Sequence> readings_of_words(const Term& term) {
    std::vector<Sequence> all;
    const TokenStream& stream = cut(term.text, TokenStream::Elision::joined);
    const std::vector<Token> tokens = sorted_words(stream);
    if (tokens.empty()) return all;
    all.push_back(walk(stream, tokens, term, true));
    if (std::any_of(tokens.begin(), tokens.end(), [](const Token& token) { return token.last > token.first; })) {
        Sequence cut_up = walk(stream, tokens, term, false);
        if (cut_up != all.front()) all.push_back(std::move(cut_up));
    }
    return all;
}

// A handle or a tag must be one token that takes up the whole text.
std::vector<Sequence> reading_of_name(const Term& term, TokenKind kind) {
    const std::string marked = (kind == TokenKind::handle ? '@' : '#') + term.text;
    const TokenStream& stream = cut(marked, TokenStream::Elision::joined);
    for (const Token& token : stream.tokens())
        if (token.kind == kind && token.source_begin == 1 && token.source_end == marked.size())
            return {{wanted_of(stream, token, marked, term.form)}};
    return {};
}

std::vector<Sequence> reading_of_pattern(const Term& term) {
    if (!is_pattern_word(term.text)) return {};
    std::string folded;
    for (std::size_t begin = 0; begin <= term.text.size();) {
        const std::size_t end = std::min(term.text.find('?', begin), term.text.size());
        folded += fold(std::string_view(term.text).substr(begin, end - begin));
        if (end < term.text.size()) folded += '?';
        begin = end + 1;
    }
    Wanted wanted{Met::word, std::move(folded)};
    wanted.pattern = true;
    return {{std::move(wanted)}};
}

}  // namespace

std::vector<Sequence> readings(const Term& term) {
    std::vector<Sequence> all;
    Sequence plain;
    if (read_plainly(term, [&](Met by, std::string_view folded) { plain.push_back(Wanted{by, std::string(folded)}); })) {
        all.push_back(std::move(plain));
        return all;
    }
    switch (term.kind) {
        case Term::Kind::word:
            all = term.text.find('?') == std::string::npos ? readings_of_words(term) : reading_of_pattern(term);
            break;
        case Term::Kind::phrase:
            all = readings_of_words(term);
            break;
        case Term::Kind::handle:
            all = reading_of_name(term, TokenKind::handle);
            break;
        case Term::Kind::tag:
            all = reading_of_name(term, TokenKind::tag);
            break;
    }
    if (term.prefix)
        for (Sequence& sequence : all) sequence.back().prefix = true;
    return all;
}

Wanted wanted_of(const Field& field) {
    return {field.name == Field::Name::site ? Met::site : Met::author, field.value};
}

bool is_pattern_word(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const char32_t c = decode(text, at);
        if (c == '?') continue;
        const CharClass cls = fold_char(c).cls;
        if (cls != CharClass::letter && cls != CharClass::digit && cls != CharClass::skip) return false;
    }
    return true;
}

bool meets_pattern(std::string_view pattern, bool prefix, std::string_view folded) noexcept {
    std::size_t at = 0;
    for (const char c : pattern) {
        if (at == folded.size()) return false;
        if (c == '?') {
            decode(folded, at);
        } else if (folded[at++] != c) {
            return false;
        }
    }
    return prefix || at == folded.size();
}

std::string written_form(Term::Form form, std::string_view source) {
    if (is_ascii(source)) return std::string(source);
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* normaliser =
        form == Term::Form::exact ? icu::Normalizer2::getNFCInstance(error) : icu::Normalizer2::getNFKCInstance(error);
    auto text = icu::UnicodeString::fromUTF8(icu::StringPiece(source.data(), static_cast<std::int32_t>(source.size())));
    if (form == Term::Form::cased) {
        icu::UnicodeString seen;
        for (std::int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1))
            if (u_hasBinaryProperty(text.char32At(at), UCHAR_DEFAULT_IGNORABLE_CODE_POINT) == 0) seen.append(text.char32At(at));
        text = std::move(seen);
    }
    if (U_SUCCESS(error)) text = normaliser->normalize(text, error);
    std::string out;
    if (U_SUCCESS(error)) text.toUTF8String(out);
    return out;
}

}  // namespace vigie::text
