#include "text/terms.hpp"

#include <algorithm>
#include <utility>

namespace vigie::text {
namespace {

// Tokens that words and phrases may meet, sorted by where they begin and end.
std::vector<Token> sorted_words(const TokenStream& stream) {
    std::vector<Token> tokens;
    for (const Token& token : stream.tokens())
        if (token.kind == TokenKind::word || token.kind == TokenKind::emoji) tokens.push_back(token);
    std::sort(tokens.begin(), tokens.end(),
              [](const Token& a, const Token& b) { return std::pair(a.first, a.last) < std::pair(b.first, b.last); });
    return tokens;
}

// Goes from the first position to the last, by the longest token at each step or by the shortest.
Sequence walk(const TokenStream& stream, const std::vector<Token>& tokens, bool longest) {
    Sequence sequence;
    for (std::size_t i = 0; i < tokens.size();) {
        std::size_t chosen = i;
        if (longest)
            while (chosen + 1 < tokens.size() && tokens[chosen + 1].first == tokens[i].first) ++chosen;
        sequence.push_back({tokens[chosen].kind, std::string(stream.folded(tokens[chosen])), false});
        const std::uint32_t last = tokens[chosen].last;
        while (i < tokens.size() && tokens[i].first <= last) ++i;
    }
    return sequence;
}

std::vector<Sequence> readings_of_words(const std::string& text) {
    TokenStream stream;
    stream.add(text, TokenStream::Elision::joined);
    const std::vector<Token> tokens = sorted_words(stream);
    std::vector<Sequence> all;
    if (tokens.empty()) return all;
    all.push_back(walk(stream, tokens, true));
    Sequence cut = walk(stream, tokens, false);
    if (cut != all.front()) all.push_back(std::move(cut));
    return all;
}

// A handle or a tag must be one token that takes up the whole text.
std::vector<Sequence> reading_of_name(const std::string& marked, TokenKind kind) {
    TokenStream stream;
    stream.add(marked);
    for (const Token& token : stream.tokens())
        if (token.kind == kind && token.source_begin == 1 && token.source_end == marked.size())
            return {{{kind, std::string(stream.folded(token)), false}}};
    return {};
}

}  // namespace

std::vector<Sequence> readings(const Term& term) {
    std::vector<Sequence> all;
    switch (term.kind) {
        case Term::Kind::word:
        case Term::Kind::phrase:
            all = readings_of_words(term.text);
            break;
        case Term::Kind::handle:
            all = reading_of_name("@" + term.text, TokenKind::handle);
            break;
        case Term::Kind::tag:
            all = reading_of_name("#" + term.text, TokenKind::tag);
            break;
    }
    for (Sequence& sequence : all) sequence.back().prefix = term.prefix;
    return all;
}

}  // namespace vigie::text
