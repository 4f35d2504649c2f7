// What of an item is looked up: the tokens of its texts, its author's handles, the hosts above its URL.
// Thread-safety: Reading belongs to one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/hits.hpp"
#include "text/literal_table.hpp"
#include "vigie/core/record.hpp"
#include "vigie/text/normalise.hpp"

namespace vigie::text {

/// The host of a URL in lower case, without port, "www." and a last dot; empty if it has none.
std::string host_of(std::string_view url);

/// The texts of one item, cut once and looked up literal by literal.
class Reading {
public:
    /// Cuts the title and the text. Both must outlive the reading's use; its memory is kept from one to the next.
    void cut(std::string_view title, std::string_view text);

    const TokenStream& stream() const noexcept { return stream_; }
    std::uint32_t title_end() const noexcept { return title_end_; }
    /// The text that a token came from: 0 the title, 1 the text.
    std::string_view source(const Token& token) const noexcept {
        return (token.text == 0 ? title_ : text_).substr(token.source_begin, token.source_end - token.source_begin);
    }

    /// Calls visit(id, first, last, number of the token) for each literal that a token meets.
    template <class Visit>
    void look_up_text(const LiteralTable& table, Visit&& visit) {
        const std::vector<Token>& tokens = stream_.tokens();
        for (const Token& token : tokens) table.expect(token.hash);
        likely_.clear();
        for (std::uint32_t i = 0; i < tokens.size(); ++i) {
            const Token& token = tokens[i];
            if (table.may_hold(token.hash)) {
                table.expect_slot(token.hash);
                likely_.push_back(i);
            }
            table.find_heads(met_by(token.kind), stream_.folded(token), source(token),
                             [&](LiteralId id) { visit(id, token.first, token.last, i); });
        }
        for (const std::uint32_t i : likely_) table.expect_entry(tokens[i].hash);
        for (const std::uint32_t i : likely_)
            table.find_equal(met_by(tokens[i].kind), tokens[i].hash, stream_.folded(tokens[i]), source(tokens[i]),
                             [&](LiteralId id) { visit(id, tokens[i].first, tokens[i].last, i); });
    }
    /// Calls visit(id) for each literal that the author's handle meets.
    template <class Visit>
    void look_up_author(const LiteralTable& table, std::string_view handle, Visit&& visit) {
        author_.clear();
        marked_.assign(1, '@');
        marked_ += handle.substr(handle.starts_with('@') ? 1 : 0);
        author_.add(marked_);
        for (const Token& token : author_.tokens())
            if (token.kind == TokenKind::handle && token.source_begin == 1)
                table.find(Met::author, literal_hash(Met::author, author_.folded(token)), author_.folded(token), {}, visit);
    }
    /// The same for the host of its URL, and each host above it.
    template <class Visit>
    static void look_up_site(const LiteralTable& table, std::string_view url, Visit&& visit) {
        const std::string host = host_of(url);
        for (std::string_view rest = host; !rest.empty();) {
            table.find(Met::site, literal_hash(Met::site, rest), rest, {}, visit);
            const std::size_t dot = rest.find('.');
            rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
        }
    }

private:
    TokenStream stream_;
    TokenStream author_;
    std::string marked_;
    std::vector<std::uint32_t> likely_;  // tokens that the table of bits lets through
    std::string_view title_, text_;
    std::uint32_t title_end_ = 0;
};

/// Cuts a title and a text and calls visit(id, first, last, token) for each literal that they meet, or that the item does beside them.
template <class Visit>
void look_up_item(const LiteralTable& table, std::string_view title, std::string_view text, const Item* item, Reading& reading,
                  Visit&& visit) {
    reading.cut(title, text);
    reading.look_up_text(table, visit);
    if (item == nullptr) return;
    const auto beside = [&](LiteralId id) { visit(id, 0, 0, Hits::beside_text); };
    if (table.asks_for(Met::author)) reading.look_up_author(table, item->author.handle.bytes(), beside);
    if (table.asks_for(Met::site)) Reading::look_up_site(table, item->url.bytes(), beside);
}

}  // namespace vigie::text
