#include "sources/feed_build.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "sources/ascii.hpp"

namespace vigie::sources {
namespace {

constexpr std::size_t max_list = 64;
constexpr std::size_t max_id_bytes = 4096;

std::optional<double> parse_rating(std::string_view text) {
    const auto whole = parse_count(text);
    if (!whole || *whole > 5) return std::nullopt;
    return static_cast<double>(*whole);
}

void read_media(const Place& place, const XmlNode& holder, Entry& entry, int depth) {
    for (const auto& node : holder.children) {
        if (node.name == "media:group" && depth == 0) read_media(place, node, entry, depth + 1);
        if (node.name == "media:content" || node.name == "media:thumbnail")
            add_unique(entry.enclosures, resolve_reference(place.base, node.attribute("url")));
        if (node.name == "media:description" && entry.media_description.empty())
            entry.media_description = make_html(html_of(place.tree, node), place.base, nullptr);
        if (node.name == "media:community")
            if (const XmlNode* statistics = node.child("media:statistics")) entry.views = parse_count(statistics->attribute("views"));
        if (node.name == "media:title" && entry.title.empty()) entry.title = make_html(html_of(place.tree, node), place.base, nullptr).text;
    }
}

}  // namespace

std::string_view to_string(FeedFormat format) noexcept {
    switch (format) {
        case FeedFormat::rss:
            return "rss";
        case FeedFormat::atom:
            return "atom";
        case FeedFormat::json:
            return "json";
    }
    return "rss";
}

std::string base_of(const XmlNode& node, const std::string& around) {
    const std::string_view own = node.attribute("xml:base");
    return own.empty() ? around : resolve_reference(around, own);
}

std::string collapse(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_blank(text[i])) {
            out += text[i];
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

FeedText make_html(std::string_view html, const std::string& base, Entry* entry) {
    html = cut_utf8(trim(html), max_field_bytes);
    PlainText plain = html_to_text(html, base);
    if (entry != nullptr)
        for (auto& link : plain.links) add_unique(entry->links, std::move(link));
    return {std::string(html), std::move(plain.text)};
}

FeedText make_plain(std::string_view text) {
    return {std::string(), collapse(cut_utf8(text, max_field_bytes))};
}

std::string html_of(const XmlTree& tree, const XmlNode& node) {
    return node.has_elements() ? std::string(trim(tree.inner(node))) : node.own_text();
}

FeedAuthor parse_person(std::string_view text) {
    const std::string flat = collapse(cut_utf8(text, 1000));
    FeedAuthor author;
    std::string outer = flat, inner;
    for (const auto& [opens, closes] : {std::pair{'(', ')'}, std::pair{'<', '>'}}) {
        const std::size_t begin = flat.find(opens);
        const std::size_t end = begin == std::string::npos ? begin : flat.find(closes, begin);
        if (end == std::string::npos) continue;
        inner = std::string(trim(std::string_view(flat).substr(begin + 1, end - begin - 1)));
        outer = collapse(flat.substr(0, begin) + " " + flat.substr(end + 1));
        break;
    }
    const auto is_mail = [](std::string_view word) {
        const std::size_t at = word.find('@');
        return at != std::string_view::npos && at > 0 && at + 1 < word.size() && word.find(' ') == std::string_view::npos;
    };
    if (is_mail(outer)) {
        author.email = outer;
        author.name = inner;
    } else if (is_mail(inner)) {
        author.email = inner;
        author.name = outer;
    } else {
        author.name = flat;
    }
    return author;
}

void add_unique(std::vector<std::string>& list, std::string value) {
    if (value.empty() || list.size() >= max_list || std::find(list.begin(), list.end(), value) != list.end()) return;
    list.push_back(std::move(value));
}

void read_modules(const Place& place, Entry& entry) {
    read_media(place, place.node, entry, 0);
    for (const auto& node : place.node.children) {
        if (node.name == "slash:comments" || node.name == "thr:total") entry.comments = parse_count(node.own_text());
        if (node.name == "yt:videoid") entry.video_id = collapse(cut_utf8(node.own_text(), 100));
        if (node.name == "im:rating") entry.rating = parse_rating(node.own_text());
    }
}

bool add_entry(Feed& feed, Entry entry) {
    if (feed.entries.size() >= max_feed_entries) {
        feed.notes.push_back("entries beyond " + std::to_string(max_feed_entries) + " were left out");
        return false;
    }
    entry.id = std::string(cut_utf8(trim(entry.id), max_id_bytes));
    entry.title = std::string(cut_utf8(entry.title, 16u << 10));
    feed.entries.push_back(std::move(entry));
    return true;
}

std::string first_text(const XmlNode& node, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
        for (const auto& child : node.children) {
            if (child.name != name) continue;
            std::string text = child.own_text();
            if (!text.empty()) return text;
        }
    return {};
}

}  // namespace vigie::sources
