// Atom 0.3 and 1.0.
#include <array>

#include "sources/ascii.hpp"
#include "sources/feed_build.hpp"
#include "vigie/core/untrusted.hpp"

namespace vigie::sources {
namespace {

/// RFC 4648, blanks passed over; empty where a character stands outside the alphabet or the length is wrong.
std::string decode_base64(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    int have = 0;
    std::size_t characters = 0;
    for (const char c : text) {
        std::uint32_t value = 64;
        if (c >= 'A' && c <= 'Z') value = static_cast<std::uint32_t>(c - 'A');
        if (c >= 'a' && c <= 'z') value = static_cast<std::uint32_t>(c - 'a' + 26);
        if (c >= '0' && c <= '9') value = static_cast<std::uint32_t>(c - '0' + 52);
        if (c == '+' || c == '-') value = 62;
        if (c == '/' || c == '_') value = 63;
        if (c == '=') break;
        if (is_blank(c)) continue;
        if (value == 64) return {};
        ++characters;
        bits = ((bits << 6) | value) & 0xFFFFFF;
        have += 6;
        if (have < 8) continue;
        have -= 8;
        out += static_cast<char>(static_cast<unsigned char>((bits >> have) & 0xFF));
    }
    return characters % 4 == 1 ? std::string() : out;
}

bool looks_like_html(std::string_view text) {
    for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
        if (at + 1 >= text.size() || (!is_alpha(text[at + 1]) && text[at + 1] != '/')) continue;
        if (text.find('>', at) != std::string_view::npos) return true;
        return false;
    }
    return false;
}

enum class TextType { plain, html, xhtml, base64 };

TextType type_of(const XmlNode& node) {
    const std::string type = lower_ascii(trim(node.attribute("type")));
    const std::string mode = lower_ascii(trim(node.attribute("mode")));
    if (mode == "base64") return TextType::base64;
    if (type == "xhtml" || type == "application/xhtml+xml") return TextType::xhtml;
    if (type == "html" || type.starts_with("text/html")) return TextType::html;
    if (type == "text" || type.starts_with("text/plain")) return mode == "escaped" ? TextType::html : TextType::plain;
    if (type.empty()) {
        if (mode == "xml" || node.has_elements()) return TextType::xhtml;
        return looks_like_html(node.own_text()) ? TextType::html : TextType::plain;
    }
    if (type.starts_with("text/") || type.ends_with("+xml") || type.ends_with("/xml")) return TextType::html;
    return type.find('/') == std::string::npos ? TextType::html : TextType::base64;
}

FeedText read_text(const Place& around, const XmlNode& node, Entry* entry) {
    const std::string base = base_of(node, around.base);
    switch (type_of(node)) {
        case TextType::plain:
            if (node.has_elements()) return make_html(html_of(around.tree, node), base, entry);
            return make_plain(node.own_text());
        case TextType::html:
            return make_html(html_of(around.tree, node), base, entry);
        case TextType::xhtml:
            return make_html(around.tree.inner(node), base, entry);
        case TextType::base64: {
            const std::string coded(cut_utf8(node.own_text(), max_field_bytes));
            std::string decoded = decode_base64(coded);
            // An unknown media type may as well hold text as it is.
            if (decoded.empty() || !is_utf8(decoded) || decoded.find('\0') != std::string::npos) return make_plain(coded);
            return make_html(decoded, base, entry);
        }
    }
    return {};
}

void read_authors(const XmlNode& node, const std::string& base, std::vector<FeedAuthor>& authors) {
    for (const auto& child : node.children) {
        if (child.name != "author" || authors.size() >= 16) continue;
        FeedAuthor author;
        author.name = collapse(first_text(child, {"name"}));
        author.email = first_text(child, {"email"});
        author.uri = first_text(child, {"uri", "url", "homepage"});
        if (!author.uri.empty()) author.uri = resolve_reference(base_of(child, base), author.uri);
        if (author.empty()) author = parse_person(child.own_text());
        if (!author.empty()) authors.push_back(std::move(author));
    }
    if (authors.empty())
        if (const std::string creator = first_text(node, {"dc:creator"}); !creator.empty()) authors.push_back(parse_person(creator));
}

bool is_alternate(const XmlNode& link) {
    const std::string_view rel = trim(link.attribute("rel"));
    return rel.empty() || rel == "alternate" || rel == "http://www.iana.org/assignments/relation/alternate";
}

std::string target_of(const XmlNode& link, const std::string& base) {
    const std::string_view href = link.attribute("href");
    const std::string text = href.empty() ? link.own_text() : std::string(href);
    return text.empty() ? text : resolve_reference(base_of(link, base), text);
}

/// An HTML page before any other representation.
std::string page_of(const Place& place) {
    std::string first;
    for (const auto& child : place.node.children) {
        if (child.name != "link" || !is_alternate(child)) continue;
        std::string target = target_of(child, place.base);
        const std::string_view type = child.attribute("type");
        if (type.empty() || type.find("html") != std::string_view::npos) return target;
        if (first.empty()) first = std::move(target);
    }
    return first;
}

std::optional<Time> first_date(const XmlNode& node, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
        for (const auto& child : node.children)
            if (child.name == name)
                if (auto time = parse_feed_date(child.own_text())) return time;
    return std::nullopt;
}

void read_source(const Place& place, const XmlNode& source, Entry& entry) {
    const Place inside{place.tree, source, base_of(source, place.base)};
    if (const XmlNode* title = source.child("title")) entry.source_title = read_text(inside, *title, nullptr).text;
    entry.source_url = page_of(inside);
    if (entry.authors.empty()) read_authors(source, inside.base, entry.authors);
}

Entry read_entry(const Place& place) {
    const XmlNode& node = place.node;
    Entry entry;
    entry.id = first_text(node, {"id"});
    entry.link = page_of(place);
    read_authors(node, place.base, entry.authors);
    for (const auto& child : node.children) {
        if (child.name == "title" && entry.title.empty()) entry.title = read_text(place, child, nullptr).text;
        if (child.name == "summary" && entry.summary.empty()) entry.summary = read_text(place, child, &entry);
        if (child.name == "content" && entry.content.empty()) entry.content = read_text(place, child, &entry);
        if (child.name == "link" && child.attribute("rel") == "enclosure") add_unique(entry.enclosures, target_of(child, place.base));
        if (child.name == "category") {
            const std::string_view label = child.attribute("label");
            add_unique(entry.categories, collapse(label.empty() ? child.attribute("term") : label));
        }
        if (child.name == "source") read_source(place, child, entry);
    }
    if (const std::string original = first_text(node, {"feedburner:origlink"}); !original.empty()) entry.link = original;
    entry.published = first_date(node, {"published", "issued", "created", "dc:date"});
    entry.updated = first_date(node, {"updated", "modified"});
    if (!entry.published) entry.published = entry.updated;
    entry.language = std::string(cut_utf8(trim(node.attribute("xml:lang")), 35));
    read_modules(place, entry);
    return entry;
}

void read_feed(const Place& place, Feed& feed) {
    if (const XmlNode* title = place.node.child("title")) feed.title = read_text(place, *title, nullptr).text;
    feed.link = page_of(place);
    feed.language = std::string(cut_utf8(trim(place.node.attribute("xml:lang")), 35));
    if (feed.language.empty()) feed.language = std::string(cut_utf8(first_text(place.node, {"dc:language", "language"}), 35));
    read_authors(place.node, place.base, feed.authors);
    for (const auto& child : place.node.children) {
        if (child.name != "link") continue;
        if (child.attribute("rel") == "self" && feed.self_link.empty()) feed.self_link = target_of(child, place.base);
        if (child.attribute("rel") == "hub" && feed.hub.empty()) feed.hub = target_of(child, place.base);
    }
}

}  // namespace

Feed read_atom(const XmlTree& tree, const XmlNode& root, const std::string& base) {
    Feed feed;
    feed.format = FeedFormat::atom;
    feed.version = collapse(root.attribute("version"));
    if (feed.version.empty()) feed.version = "1.0";
    const Place place{tree, root, base_of(root, base)};
    if (root.name == "entry") {  // a document of one entry
        if (root.closed) add_entry(feed, read_entry(place));
        return feed;
    }
    read_feed(place, feed);
    for (const auto& node : root.children) {
        if (node.name != "entry") continue;
        if (!node.closed) {
            ++feed.rejected;
            continue;
        }
        if (!add_entry(feed, read_entry({tree, node, base_of(node, place.base)}))) break;
    }
    return feed;
}

}  // namespace vigie::sources
