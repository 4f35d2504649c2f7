#include "vigie/sources/feed.hpp"

#include "sources/ascii.hpp"
#include "sources/charset.hpp"
#include "sources/feed_build.hpp"
#include "sources/html_tokens.hpp"
#include "sources/xml_scan.hpp"

namespace vigie::sources {
namespace {

bool is_feed_root(const XmlNode& node) {
    return node.name == "rss" || node.name == "rdf:rdf" || node.name == "rdf" || node.name == "feed" || node.name == "entry" ||
           (node.name == "channel" && (node.child("item") != nullptr || node.child("title") != nullptr));
}

const XmlNode* find_root(const XmlTree& tree) {
    for (const auto& node : tree.root.children)
        if (is_feed_root(node)) return &node;
    return nullptr;
}

bool looks_like_page(std::string_view text) {
    const std::string head = lower_ascii(text.substr(0, 2048));
    const std::size_t page = std::min(head.find("<html"), head.find("<!doctype html"));
    if (page == std::string::npos) return false;
    return std::min({head.find("<rss"), head.find("<feed"), head.find("<rdf:rdf")}) > page;
}

/// The feed that an HTML page names, as browsers find it; empty if none.
std::string feed_of_page(std::string_view html, const std::string& base) {
    HtmlReader reader(html.substr(0, 512u << 10));
    HtmlToken token;
    while (reader.next(token)) {
        if (token.type == HtmlToken::Type::open && token.name == "body") break;
        if (token.type != HtmlToken::Type::open || token.name != "link") continue;
        const std::string rel = lower_ascii(token.attribute("rel"));
        const std::string type = lower_ascii(token.attribute("type"));
        const bool feed =
            type.find("rss") != std::string::npos || type.find("atom") != std::string::npos || type.find("feed+json") != std::string::npos;
        if (rel.find("alternate") != std::string::npos && feed && !token.attribute("href").empty())
            return resolve_reference(base, token.attribute("href"));
    }
    return {};
}

Error page_error(std::string_view html, const std::string& base) {
    const std::string feed = feed_of_page(html, base);
    if (feed.empty()) return Error(Errc::parse, "not a feed: the server answered with an HTML page");
    return Error(Errc::parse, "not a feed: the server answered with an HTML page, which names a feed", feed);
}

Result<Feed> read_xml_feed(std::string_view text, const std::string& base) {
    Result<XmlTree> parsed = parse_xml(text);
    if (!parsed) {
        if (parsed.error().code() != Errc::parse) return std::move(parsed).error();
        return Error(Errc::parse, "not a feed: " + parsed.error().message());
    }
    XmlTree& tree = *parsed;
    const XmlNode* root = find_root(tree);
    if (root == nullptr) {
        // Something may stand before the feed, such as a warning of the program that wrote it.
        const std::string found = tree.root.children.front().name;
        tree.root = XmlNode();
        tree.fault = "the document begins with <" + std::string(cut_utf8(found, 40)) + ">";
        scan_xml(tree);
        root = find_root(tree);
        if (root == nullptr) return Error(Errc::parse, "not a feed: " + tree.fault);
    }
    const bool atom = root->name == "feed" || root->name == "entry";
    Feed feed = atom ? read_atom(tree, *root, base) : read_rss(tree, *root, base);
    if (!tree.fault.empty()) {
        const XmlNode* channel = root->child("channel");
        const bool whole = channel != nullptr && channel->closed;  // only the last end tag is cut
        if (feed.entries.empty() && tree.truncated && !whole)
            return Error(tree.fault.find("nesting") != std::string::npos || tree.fault.starts_with("more than") ? Errc::limit : Errc::parse,
                         "the feed breaks off before its first complete entry: " + tree.fault);
        feed.notes.push_back((tree.truncated ? "the feed breaks off, its complete entries were kept: "
                                             : "the feed is ill-formed, and was read all the same: ") +
                             tree.fault);
    }
    return feed;
}

}  // namespace

Result<Feed> parse_feed(std::string_view body, const FeedContext& context) {
    if (body.size() > max_feed_bytes) return Error(Errc::limit, "the feed is larger than " + std::to_string(max_feed_bytes >> 20) + " MB");
    const std::string base = context.content_location.empty() ? context.url : resolve_reference(context.url, context.content_location);
    Decoded decoded = decode_to_utf8(body, context.content_type);
    const std::string_view text = trim(decoded.text);
    if (text.empty()) return Error(Errc::parse, "not a feed: the body is empty");
    Result<Feed> feed = text.front() == '{' || text.front() == '[' ? read_json_feed(text, base)
                        : looks_like_page(text)                    ? Result<Feed>(page_error(text, base))
                                                                   : read_xml_feed(text, base);
    // The header speaks for the whole where the feed does not, unless it lists several.
    if (feed && feed->language.empty() && context.content_language.find(',') == std::string::npos)
        feed->language = std::string(cut_utf8(trim(context.content_language), 35));
    if (feed && decoded.guessed) feed->notes.push_back("the bytes are not in the encoding that was declared; read as " + decoded.charset);
    return feed;
}

}  // namespace vigie::sources
