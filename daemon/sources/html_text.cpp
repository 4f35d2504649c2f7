// HTML as people read it.
#include <algorithm>
#include <array>
#include <unordered_set>

#include "sources/ascii.hpp"
#include "sources/html_tokens.hpp"
#include "vigie/sources/feed.hpp"

namespace vigie::sources {
namespace {

constexpr std::array<std::string_view, 36> blocks{
    "address",  "article",    "aside",  "blockquote", "br",   "caption", "center", "dd",      "details", "div",   "dl", "dt",
    "fieldset", "figcaption", "figure", "footer",     "form", "h1",      "h2",     "h3",      "h4",      "h5",    "h6", "header",
    "hr",       "li",         "main",   "nav",        "ol",   "p",       "pre",    "section", "summary", "table", "tr", "ul"};

bool is_block(std::string_view name) noexcept {
    return std::find(blocks.begin(), blocks.end(), name) != blocks.end();
}

/// Collapses blanks as they come: a block's border is one line feed, any other run of blanks one blank.
class TextSink {
public:
    void put(std::string_view decoded) {
        for (std::size_t i = 0; i < decoded.size(); ++i) {
            const bool no_break = decoded[i] == '\xC2' && i + 1 < decoded.size() && decoded[i + 1] == '\xA0';
            if (is_blank(decoded[i]) || no_break) {
                blank();
                if (no_break) ++i;
                continue;
            }
            flush();
            out_ += decoded[i];
        }
    }
    void blank() { pending_ = std::max(pending_, 1); }
    void line() { pending_ = 2; }
    std::string take() { return std::move(out_); }

private:
    void flush() {
        if (pending_ > 0 && !out_.empty()) out_ += pending_ == 2 ? '\n' : ' ';
        pending_ = 0;
    }
    std::string out_;
    int pending_ = 0;  ///< 0 nothing, 1 a blank, 2 a line feed
};

bool is_web_link(std::string_view url) noexcept {
    return (url.size() > 8 && equal_nocase(url.substr(0, 8), "https://")) || (url.size() > 7 && equal_nocase(url.substr(0, 7), "http://"));
}

}  // namespace

PlainText html_to_text(std::string_view html, std::string_view base) {
    TextSink sink;
    PlainText out;
    std::unordered_set<std::string> seen;
    HtmlReader reader(html);
    HtmlToken token;
    std::string decoded;
    while (reader.next(token)) {
        if (token.type == HtmlToken::Type::text) {
            decoded.clear();
            append_decoded(decoded, token.text);
            sink.put(decoded);
            continue;
        }
        if (is_block(token.name)) sink.line();
        if (token.name == "td" || token.name == "th") sink.blank();
        if (token.type != HtmlToken::Type::open) continue;
        // Custom emoji are pictures with their meaning beside them.
        if (token.name == "img" && token.attribute("class").find("emoji") != std::string_view::npos) sink.put(token.attribute("alt"));
        if (token.name == "a" && out.links.size() < max_entry_links) {
            std::string url = resolve_reference(base, token.attribute("href"));
            if (is_web_link(url) && seen.insert(url).second) out.links.push_back(std::move(url));
        }
    }
    out.text = sink.take();
    return out;
}

}  // namespace vigie::sources
