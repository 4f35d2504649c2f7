#include "sources/xml_builder.hpp"

#include <algorithm>
#include <array>

#include "sources/ascii.hpp"

namespace vigie::sources {
namespace {

struct Vocabulary {
    std::string_view uri;  ///< without scheme, "www." and the last '/' or '#'
    std::string_view key;
};
// Feeds write these with http and https, with and without the last slash.
constexpr std::array<Vocabulary, 34> vocabularies{{{"w3.org/2005/atom", "atom"},
                                                   {"purl.org/atom/ns", "atom"},
                                                   {"purl.org/atom", "atom"},
                                                   {"purl.org/rss/1.0", "rss"},
                                                   {"my.netscape.com/rdf/simple/0.9", "rss"},
                                                   {"channel.netscape.com/rdf/simple/0.9", "rss"},
                                                   {"my.netscape.com/publish/formats/rss-0.91.dtd", "rss"},
                                                   {"backend.userland.com/rss", "rss"},
                                                   {"backend.userland.com/rss2", "rss"},
                                                   {"backend.userland.com/blogchannelmodule", "blogchannel"},
                                                   {"blogs.law.harvard.edu/tech/rss", "rss"},
                                                   {"purl.org/net/rss1.1", "rss"},
                                                   {"w3.org/1999/02/22-rdf-syntax-ns", "rdf"},
                                                   {"w3.org/1999/xhtml", "xhtml"},
                                                   {"purl.org/dc/elements/1.1", "dc"},
                                                   {"purl.org/dc/elements/1.0", "dc"},
                                                   {"purl.org/dc/terms", "dcterms"},
                                                   {"purl.org/rss/1.0/modules/content", "content"},
                                                   {"purl.org/rss/1.0/modules/slash", "slash"},
                                                   {"purl.org/rss/1.0/modules/syndication", "sy"},
                                                   {"purl.org/rss/1.0/modules/dc", "dc"},
                                                   {"purl.org/syndication/thread/1.0", "thr"},
                                                   {"search.yahoo.com/mrss", "media"},
                                                   {"video.search.yahoo.com/mrss", "media"},
                                                   {"tools.search.yahoo.com/mrss", "media"},
                                                   {"itunes.com/dtds/podcast-1.0.dtd", "itunes"},
                                                   {"example.com/dtds/podcast-1.0.dtd", "itunes"},
                                                   {"itunes.apple.com/rss", "im"},
                                                   {"youtube.com/xml/schemas/2015", "yt"},
                                                   {"w3.org/xml/1998/namespace", "xml"},
                                                   {"wellformedweb.org/commentapi", "wfw"},
                                                   {"rssnamespace.org/feedburner/ext/1.0", "feedburner"},
                                                   {"prismstandard.org/namespaces/basic/2.0", "prism"},
                                                   {"w3.org/2000/svg", "svg"}}};

/// The key of a namespace, or "" for one that feeds do not use.
std::string_view key_of(std::string_view uri) {
    std::string text = lower_ascii(trim(uri));
    for (std::string_view prefix : {"http://", "https://", "www."})
        if (text.starts_with(prefix)) text.erase(0, prefix.size());
    while (!text.empty() && (text.back() == '/' || text.back() == '#')) text.pop_back();
    for (const auto& vocabulary : vocabularies)
        if (text == vocabulary.uri) return vocabulary.key;
    return {};
}

/// In scope at once: each name is looked for among them.
constexpr std::size_t max_namespaces = 64;

bool is_core(std::string_view key) noexcept {
    return key == "rss" || key == "atom";
}

}  // namespace

std::string XmlBuilder::canonical(std::string_view raw, bool attribute) const {
    const std::string name = lower_ascii(raw);
    const std::size_t colon = name.find(':');
    const std::string prefix = colon == std::string::npos ? std::string() : name.substr(0, colon);
    const std::string local = colon == std::string::npos ? name : name.substr(colon + 1);
    if (prefix.empty() && attribute) return local;
    std::string key = prefix;
    for (auto it = namespaces_.rbegin(); it != namespaces_.rend(); ++it) {
        if (it->first != prefix) continue;
        // An unknown default namespace is taken for the document's own.
        key = it->second.empty() ? prefix : it->second;
        break;
    }
    if (key.empty() || (is_core(key) && (core_.empty() || key == core_))) return local;
    return key + ":" + local;
}

bool XmlBuilder::count_node() {
    if (++nodes_ <= max_xml_nodes) return true;
    limit_ = "more than " + std::to_string(max_xml_nodes) + " parts";
    return false;
}

bool XmlBuilder::start(std::string_view raw_name, Attributes attributes, std::size_t inner) {
    if (depth() >= max_xml_depth) {
        limit_ = "nesting beyond " + std::to_string(max_xml_depth) + " levels";
        return false;
    }
    if (attributes.size() > max_xml_attributes) {
        limit_ = "more than " + std::to_string(max_xml_attributes) + " attributes on an element";
        return false;
    }
    if (!count_node()) return false;
    namespace_marks_.push_back(namespaces_.size());
    for (const auto& [name, value] : attributes) {
        if (namespaces_.size() >= max_namespaces) break;
        if (name == "xmlns") namespaces_.emplace_back(std::string(), key_of(value));
        if (name.starts_with("xmlns:")) namespaces_.emplace_back(lower_ascii(std::string_view(name).substr(6)), key_of(value));
    }
    XmlNode node;
    node.name = canonical(raw_name, false);
    if (depth() == 0) {
        const bool atom = node.name == "feed" || node.name == "entry";
        core_ = atom ? "atom" : "rss";
    }
    for (auto& [name, value] : attributes)
        if (name != "xmlns" && !name.starts_with("xmlns:")) node.attributes.emplace_back(canonical(name, true), std::move(value));
    node.inner_begin = node.inner_end = inner;
    XmlNode& parent = *open_.back();
    parent.children.push_back(std::move(node));
    open_.push_back(&parent.children.back());
    raw_names_.emplace_back(raw_name);
    return true;
}

void XmlBuilder::end(std::size_t inner) {
    XmlNode& node = *open_.back();
    node.inner_end = std::max(inner, node.inner_begin);
    node.closed = true;
    open_.pop_back();
    raw_names_.pop_back();
    namespaces_.resize(namespace_marks_.back());
    namespace_marks_.pop_back();
}

bool XmlBuilder::text(std::string_view value) {
    if (depth() == 0 || value.empty()) return true;
    XmlNode& node = *open_.back();
    if (!node.children.empty() && node.children.back().is_text()) {
        node.children.back().text += value;
        return true;
    }
    // Indentation between elements is most of a feed's text nodes, and means nothing.
    if (!node.children.empty() && std::all_of(value.begin(), value.end(), is_blank)) return true;
    if (!count_node()) return false;
    XmlNode child;
    child.text = value;
    node.children.push_back(std::move(child));
    return true;
}

}  // namespace vigie::sources
