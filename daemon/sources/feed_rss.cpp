// RSS 0.90 to 2.0.
#include <algorithm>
#include <array>

#include "sources/ascii.hpp"
#include "sources/feed_build.hpp"

namespace vigie::sources {
namespace {

std::string version_of(const XmlNode& root) {
    if (root.name == "rss") return collapse(root.attribute("version"));
    return "1.0";
}

std::optional<Time> first_date(const XmlNode& node, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
        for (const auto& child : node.children)
            if (child.name == name)
                if (auto time = parse_feed_date(child.own_text())) return time;
    return std::nullopt;
}

void add_author(std::vector<FeedAuthor>& authors, FeedAuthor author) {
    if (author.empty() || authors.size() >= 16) return;
    const auto same = [&author](const FeedAuthor& known) { return known.name == author.name && known.email == author.email; };
    if (std::none_of(authors.begin(), authors.end(), same)) authors.push_back(std::move(author));
}

/// Some feeds wrap the name in markup.
std::string author_text(const XmlNode& node) {
    std::string text = node.own_text();
    for (const auto& child : node.children)
        if (text.empty() && !child.is_text()) text = child.own_text();
    return text;
}

void read_authors(const XmlNode& node, std::initializer_list<std::string_view> names, std::vector<FeedAuthor>& authors) {
    for (const std::string_view name : names) {
        for (const auto& child : node.children) {
            if (child.name != name) continue;
            const XmlNode* person = child.child("name");
            if (person == nullptr) person = child.child("atom:name");
            add_author(authors, parse_person(person != nullptr ? person->own_text() : author_text(child)));
        }
        if (!authors.empty()) return;
    }
}

/// The page that an element links to: its text, its href, or an Atom link inside RSS. Of several, the last: so do other readers.
std::string page_of(const Place& place) {
    std::string page;
    for (const auto& child : place.node.children) {
        if (child.name != "link") continue;
        const std::string text = child.own_text();
        const std::string_view target = text.empty() ? child.attribute("href") : std::string_view(text);
        if (!target.empty()) page = resolve_reference(base_of(child, place.base), target);
    }
    if (!page.empty()) return page;
    for (const auto& child : place.node.children)
        if (child.name == "atom:link" && (child.attribute("rel").empty() || child.attribute("rel") == "alternate") &&
            !child.attribute("href").empty())
            return resolve_reference(base_of(child, place.base), child.attribute("href"));
    return {};
}

std::string language_of(const XmlNode& node) {
    std::string language = first_text(node, {"language", "dc:language"});
    if (language.empty()) language = std::string(trim(node.attribute("xml:lang")));
    return std::string(cut_utf8(language, 35));
}

void read_texts(const Place& place, Entry& entry) {
    for (const auto& child : place.node.children) {
        const bool content =
            child.name == "content:encoded" || child.name == "encoded" || child.name == "xhtml:body" || child.name == "atom:content";
        const bool summary = child.name == "description" || child.name == "dc:description";
        const bool late = child.name == "itunes:summary" || child.name == "summary" || child.name == "atom:summary";
        const std::string base = base_of(child, place.base);
        if (content && entry.content.empty()) entry.content = make_html(html_of(place.tree, child), base, &entry);
        if (summary && entry.summary.empty()) entry.summary = make_html(html_of(place.tree, child), base, &entry);
        if (late && entry.media_description.empty()) entry.media_description = make_html(html_of(place.tree, child), base, nullptr);
        if ((child.name == "title" || child.name == "dc:title") && entry.title.empty())
            entry.title = make_html(html_of(place.tree, child), base, nullptr).text;
    }
    // A podcast's summary stands in where there is no other.
    if (entry.summary.empty() && entry.content.empty()) entry.summary = std::exchange(entry.media_description, {});
}

Entry read_item(const Place& place) {
    const XmlNode& item = place.node;
    Entry entry;
    read_texts(place, entry);
    entry.link = page_of(place);
    if (const std::string original = first_text(item, {"feedburner:origlink"}); !original.empty()) entry.link = original;
    for (const auto& child : item.children) {
        if (child.name == "guid" && entry.id.empty()) {
            entry.id = child.own_text();
            const bool permanent = !equal_nocase(trim(child.attribute("ispermalink")), "false");
            if (entry.link.empty() && permanent && entry.id.starts_with("http")) entry.link = entry.id;
        }
        if (child.name == "enclosure") add_unique(entry.enclosures, resolve_reference(place.base, child.attribute("url")));
        if (child.name == "category" || child.name == "dc:subject")
            add_unique(entry.categories, make_html(html_of(place.tree, child), place.base, nullptr).text);
        if (child.name == "source" && entry.source_title.empty()) {
            entry.source_title = make_html(child.own_text(), place.base, nullptr).text;
            entry.source_url = resolve_reference(place.base, child.attribute("url"));
        }
    }
    if (entry.id.empty()) entry.id = first_text(item, {"dc:identifier", "atom:id", "id"});
    if (entry.id.empty()) entry.id = std::string(item.attribute("rdf:about"));
    read_authors(item, {"author", "dc:creator", "itunes:author", "dc:author", "creator", "atom:author"}, entry.authors);
    entry.published = first_date(item, {"pubdate", "dc:date", "dcterms:issued", "dcterms:created", "dc:date.issued", "date", "published",
                                        "atom:published", "prism:publicationdate"});
    entry.updated = first_date(item, {"dcterms:modified", "atom:updated", "updated", "lastbuilddate"});
    if (!entry.published) entry.published = entry.updated;
    entry.language = language_of(item);
    read_modules(place, entry);
    return entry;
}

void read_links(const Place& place, Feed& feed) {
    for (const auto& child : place.node.children) {
        if (child.name != "atom:link") continue;
        const std::string target = resolve_reference(base_of(child, place.base), child.attribute("href"));
        if (child.attribute("rel") == "self" && feed.self_link.empty()) feed.self_link = target;
        if (child.attribute("rel") == "hub" && feed.hub.empty()) feed.hub = target;
    }
}

void read_channel(const Place& place, Feed& feed) {
    const XmlNode& channel = place.node;
    for (const auto& child : channel.children)
        if ((child.name == "title" || child.name == "dc:title") && feed.title.empty())
            feed.title = make_html(html_of(place.tree, child), place.base, nullptr).text;
    feed.link = page_of(place);
    feed.language = language_of(channel);
    read_links(place, feed);
    read_authors(channel, {"managingeditor", "dc:creator", "webmaster", "dc:author", "itunes:author"}, feed.authors);
    if (const auto minutes = parse_count(first_text(channel, {"ttl"})); minutes && *minutes > 0)
        feed.ttl = std::chrono::minutes{std::min<std::int64_t>(*minutes, 60 * 24 * 7)};
}

}  // namespace

Feed read_rss(const XmlTree& tree, const XmlNode& root, const std::string& base) {
    Feed feed;
    feed.format = FeedFormat::rss;
    feed.version = version_of(root);
    const std::string root_base = base_of(root, base);
    const XmlNode* channel = root.name == "channel" ? &root : root.child("channel");
    std::vector<std::pair<const XmlNode*, std::string>> holders{{&root, root_base}};
    if (channel != nullptr) {
        const Place place{tree, *channel, base_of(*channel, root_base)};
        read_channel(place, feed);
        if (channel != &root) holders.emplace_back(channel, place.base);
    }
    if (feed.language.empty()) feed.language = std::string(cut_utf8(trim(root.attribute("xml:lang")), 35));
    for (const auto& [holder, holder_base] : holders) {
        const XmlNode* items = holder->child("items");
        for (const XmlNode* list : {holder, items}) {
            if (list == nullptr) continue;
            for (const auto& node : list->children) {
                if (node.name != "item") continue;
                if (!node.closed) {
                    ++feed.rejected;
                    continue;
                }
                if (!add_entry(feed, read_item({tree, node, base_of(node, holder_base)}))) return feed;
            }
        }
    }
    return feed;
}

}  // namespace vigie::sources
