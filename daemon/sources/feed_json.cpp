// JSON Feed 1.0 and 1.1.
#include <simdjson.h>

#include "sources/ascii.hpp"
#include "sources/feed_build.hpp"
#include "vigie/core/untrusted.hpp"

namespace vigie::sources {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t max_json_depth = 64;

/// A string, or a number as it is written: ids of old feeds are numbers.
std::string text_of(const object& from, std::string_view key) {
    element value;
    if (from.at_key(key).get(value) != simdjson::SUCCESS) return {};
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) return std::string(text);
    if (value.is_number()) return simdjson::minify(value);
    return {};
}

template <class Use>
void each_object(const object& from, std::string_view key, Use use) {
    element value;
    if (from.at_key(key).get(value) != simdjson::SUCCESS) return;
    array list;
    object one;
    if (value.get(one) == simdjson::SUCCESS) {
        use(one);
    } else if (value.get(list) == simdjson::SUCCESS) {
        for (const element item : list)
            if (item.get(one) == simdjson::SUCCESS) use(one);
    }
}

std::vector<FeedAuthor> read_authors(const object& from) {
    std::vector<FeedAuthor> authors;
    const auto add = [&authors](const object& person) {
        FeedAuthor author;
        author.name = collapse(text_of(person, "name"));
        author.uri = text_of(person, "url");
        if (!author.empty() && authors.size() < 16) authors.push_back(std::move(author));
    };
    each_object(from, "authors", add);
    if (authors.empty()) each_object(from, "author", add);
    return authors;
}

Entry read_item(const object& item, const std::string& base) {
    Entry entry;
    entry.id = text_of(item, "id");
    entry.link = text_of(item, "url");
    if (entry.link.empty()) entry.link = text_of(item, "external_url");
    if (!entry.link.empty()) entry.link = resolve_reference(base, entry.link);
    entry.title = collapse(text_of(item, "title"));
    entry.content = make_html(text_of(item, "content_html"), base, &entry);
    if (entry.content.empty()) entry.content = make_plain(text_of(item, "content_text"));
    entry.summary = make_plain(text_of(item, "summary"));
    if (const std::string other = text_of(item, "external_url"); !other.empty()) add_unique(entry.links, resolve_reference(base, other));
    entry.published = parse_feed_date(text_of(item, "date_published"));
    entry.updated = parse_feed_date(text_of(item, "date_modified"));
    entry.authors = read_authors(item);
    entry.language = std::string(cut_utf8(text_of(item, "language"), 35));
    array tags;
    if (item.at_key("tags").get(tags) == simdjson::SUCCESS)
        for (const element tag : tags) {
            std::string_view text;
            if (tag.get(text) == simdjson::SUCCESS) add_unique(entry.categories, collapse(text));
        }
    each_object(item, "attachments",
                [&](const object& part) { add_unique(entry.enclosures, resolve_reference(base, text_of(part, "url"))); });
    return entry;
}

}  // namespace

Result<Feed> read_json_feed(std::string_view utf8, const std::string& base) {
    const simdjson::padded_string padded(utf8);
    simdjson::dom::parser parser;
    element root_element;
    if (const auto error = parser.allocate(utf8.size(), max_json_depth); error != simdjson::SUCCESS)
        return Error(Errc::limit, simdjson::error_message(error));
    if (const auto error = parser.parse(padded).get(root_element); error != simdjson::SUCCESS)
        return Error(Errc::parse, std::string("not a feed: the JSON is broken: ") + simdjson::error_message(error));
    object root;
    if (root_element.get(root) != simdjson::SUCCESS) return Error(Errc::parse, "not a feed: the JSON is no object");
    array items;
    const std::string version = text_of(root, "version");
    const bool has_items = root.at_key("items").get(items) == simdjson::SUCCESS;
    if (version.find("jsonfeed.org") == std::string::npos && !has_items)
        return Error(Errc::parse, "not a feed: JSON without a JSON Feed version and without an array `items`");
    Feed feed;
    feed.format = FeedFormat::json;
    feed.version = std::string(cut_utf8(version.substr(version.rfind('/') + 1), 16));
    feed.title = collapse(cut_utf8(text_of(root, "title"), 16u << 10));
    feed.link = resolve_reference(base, text_of(root, "home_page_url"));
    feed.self_link = resolve_reference(base, text_of(root, "feed_url"));
    if (text_of(root, "home_page_url").empty()) feed.link.clear();
    if (text_of(root, "feed_url").empty()) feed.self_link.clear();
    feed.language = std::string(cut_utf8(text_of(root, "language"), 35));
    feed.authors = read_authors(root);
    each_object(root, "hubs", [&feed](const object& hub) {
        if (feed.hub.empty()) feed.hub = text_of(hub, "url");
    });
    if (!has_items) return feed;
    for (const element value : items) {
        object item;
        if (value.get(item) != simdjson::SUCCESS) {
            ++feed.rejected;
            continue;
        }
        if (!add_entry(feed, read_item(item, base))) break;
    }
    return feed;
}

}  // namespace vigie::sources
