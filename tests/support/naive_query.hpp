// What a query means, spelt out without any index: the yardstick of the matcher.
// Thread-safety: free functions.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "text/look_up.hpp"
#include "text/terms.hpp"
#include "vigie/core/record.hpp"
#include "vigie/text/normalise.hpp"
#include "vigie/text/query.hpp"

namespace vigie::test {

/// An item cut into tokens.
struct Cut {
    Cut(std::string_view title_, std::string_view text_) : title(title_), text(text_) {
        stream.add(title);
        title_end = stream.next_position();
        stream.add(text);
    }
    std::string title, text, language;
    Item item;  // for the fields
    text::TokenStream stream;
    std::uint32_t title_end = 0;

    std::string_view source(const text::Token& token) const {
        return std::string_view(token.text == 0 ? title : text).substr(token.source_begin, token.source_end - token.source_begin);
    }
};

inline bool meets_pattern(std::string_view pattern, bool prefix, std::string_view folded) {
    if (pattern.empty()) return prefix || folded.empty();
    if (folded.empty()) return false;
    std::size_t letter = 1;
    while (letter < folded.size() && (static_cast<unsigned char>(folded[letter]) & 0xC0) == 0x80) ++letter;
    if (pattern[0] == '?') return meets_pattern(pattern.substr(1), prefix, folded.substr(letter));
    return pattern[0] == folded[0] && meets_pattern(pattern.substr(1), prefix, folded.substr(1));
}

inline bool meets(const Cut& cut, const text::Token& token, const text::Wanted& wanted) {
    if (text::met_by(token.kind) != wanted.by) return false;
    const std::string_view folded = cut.stream.folded(token);
    if (wanted.pattern) return meets_pattern(wanted.folded, wanted.prefix, folded);
    if (wanted.prefix) return folded.starts_with(wanted.folded);
    if (folded != wanted.folded) return false;
    return wanted.form == text::Term::Form::folded || text::written_form(wanted.form, cut.source(token)) == wanted.written;
}

struct Span {
    std::uint32_t first, last;
    friend auto operator<=>(const Span&, const Span&) = default;
};

inline void follow(const Cut& cut, const text::Sequence& sequence, std::size_t from, Span span, std::uint32_t limit,
                   std::vector<Span>& out) {
    if (from == sequence.size()) {
        out.push_back(span);
        return;
    }
    for (const text::Token& token : cut.stream.tokens())
        if (token.first < limit && (from == 0 || token.first == span.last + 1) && meets(cut, token, sequence[from]))
            follow(cut, sequence, from + 1, {from == 0 ? token.first : span.first, token.last}, limit, out);
}

// Whether tokens can be chosen, one for each literal and none twice for one literal, that lie in a stretch of so many positions.
inline bool scattered(const Cut& cut, const text::Sequence& sequence, std::size_t from, std::vector<const text::Token*>& chosen,
                      std::uint32_t length, std::uint32_t limit) {
    if (from == sequence.size()) {
        std::uint32_t first = chosen.front()->first, last = 0;
        for (const text::Token* token : chosen) first = std::min(first, token->first), last = std::max(last, token->last);
        return last - first < length;
    }
    for (const text::Token& token : cut.stream.tokens()) {
        if (token.first >= limit || !meets(cut, token, sequence[from])) continue;
        bool taken = false;
        for (std::size_t i = 0; i < from; ++i) taken = taken || (chosen[i] == &token && sequence[i] == sequence[from]);
        if (taken) continue;
        chosen.push_back(&token);
        if (scattered(cut, sequence, from + 1, chosen, length, limit)) return true;
        chosen.pop_back();
    }
    return false;
}

inline std::vector<Span> spans(const Cut& cut, const text::Node& node, std::uint32_t limit) {
    std::vector<Span> out;
    if (const auto* term = std::get_if<text::Term>(&node.value)) {
        for (const text::Sequence& sequence : text::readings(*term)) follow(cut, sequence, 0, {}, limit, out);
    } else {
        for (const text::Node& operand : std::get<text::Or>(node.value).operands)
            for (const Span& span : spans(cut, operand, limit)) out.push_back(span);
    }
    return out;
}

inline bool field_holds(const Cut& cut, const text::Field& field) {
    switch (field.name) {
        case text::Field::Name::from: {
            std::string marked(cut.item.author.handle.bytes());
            if (!marked.starts_with('@')) marked.insert(0, 1, '@');
            text::TokenStream handles;
            handles.add(marked);
            return std::any_of(handles.tokens().begin(), handles.tokens().end(), [&](const text::Token& token) {
                return token.kind == text::TokenKind::handle && token.source_begin == 1 && handles.folded(token) == field.value;
            });
        }
        case text::Field::Name::site: {
            const std::string host = "." + text::host_of(cut.item.url.bytes());
            return host.size() > 1 && host.ends_with("." + field.value);
        }
        case text::Field::Name::language:
            return cut.language == field.value;
        case text::Field::Name::platform:
            return cut.item.platform == field.value;
        case text::Field::Name::kind:
            break;
    }
    return to_string(cut.item.kind) == field.value;
}

inline bool naive_holds(const text::Node& node, const Cut& cut, std::uint32_t limit = 0xFFFFFFFF) {
    if (const auto* term = std::get_if<text::Term>(&node.value)) {
        if (!term->slack) return !spans(cut, node, limit).empty();
        for (const text::Sequence& sequence : text::readings(*term)) {
            std::vector<const text::Token*> chosen;
            if (scattered(cut, sequence, 0, chosen, static_cast<std::uint32_t>(sequence.size()) + *term->slack, limit)) return true;
        }
        return false;
    }
    if (const auto* field = std::get_if<text::Field>(&node.value)) return field_holds(cut, *field);
    const auto holds = [&](const text::Node& operand) { return naive_holds(operand, cut, limit); };
    if (const auto* all = std::get_if<text::And>(&node.value)) return std::all_of(all->operands.begin(), all->operands.end(), holds);
    if (const auto* any = std::get_if<text::Or>(&node.value)) return std::any_of(any->operands.begin(), any->operands.end(), holds);
    if (const auto* title = std::get_if<text::InTitle>(&node.value)) return naive_holds(title->operand.front(), cut, cut.title_end);
    if (const auto* near = std::get_if<text::Near>(&node.value)) {
        for (const Span& a : spans(cut, near->operands[0], limit))
            for (const Span& b : spans(cut, near->operands[1], limit)) {
                if (a.last < b.first && b.first - a.last - 1 <= near->distance) return true;
                if (!near->ordered && b.last < a.first && a.first - b.last - 1 <= near->distance) return true;
            }
        return false;
    }
    return !holds(std::get<text::Not>(node.value).operand.front());
}

}  // namespace vigie::test
