// What the readers of RSS, Atom and JSON Feed share: bases, text constructs, limits.
// Thread-safety: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "sources/xml_tree.hpp"
#include "vigie/sources/feed.hpp"

namespace vigie::sources {

/// Text of a feed as the tree holds it, and where its relative links start from.
struct Place {
    const XmlTree& tree;
    const XmlNode& node;
    std::string base;
};

/// The base of relative links inside an element: its xml:base over what surrounds it.
std::string base_of(const XmlNode& node, const std::string& around);

/// HTML with its text and, in `entry` where given, its links. Cut at max_field_bytes.
FeedText make_html(std::string_view html, const std::string& base, Entry* entry);
/// Plain text: blanks collapsed.
FeedText make_plain(std::string_view text);
/// Blanks collapsed to one, ends trimmed.
std::string collapse(std::string_view text);
/// The content of an element as HTML: its text, or its markup where it holds elements.
std::string html_of(const XmlTree& tree, const XmlNode& node);

/// "mail@x (Name)", "Name (mail@x)", "Name <mail@x>", "Name", "mail@x".
FeedAuthor parse_person(std::string_view text);
/// Appends to a bounded list unless empty or already there.
void add_unique(std::vector<std::string>& list, std::string value);
/// Adds what modules say of an entry: media, slash, thread, YouTube, the App Store.
void read_modules(const Place& place, Entry& entry);
/// Puts an entry into the feed. False when the feed is full.
bool add_entry(Feed& feed, Entry entry);
/// The text of the first of these children that has any.
std::string first_text(const XmlNode& node, std::initializer_list<std::string_view> names);

Feed read_rss(const XmlTree& tree, const XmlNode& root, const std::string& base);
Feed read_atom(const XmlTree& tree, const XmlNode& root, const std::string& base);
Result<Feed> read_json_feed(std::string_view utf8, const std::string& base);

}  // namespace vigie::sources
