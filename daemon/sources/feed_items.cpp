#include "sources/feed_items.hpp"

#include <algorithm>
#include <chrono>

#include "sources/ascii.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::sources {
namespace {

constexpr std::size_t max_links = 32;
constexpr std::size_t max_url_bytes = 4096;
constexpr std::size_t max_name_bytes = 400;
constexpr Duration allowed_skew = std::chrono::minutes{5};
constexpr Time earliest = std::chrono::sys_days{std::chrono::year{1995} / 1 / 1};

bool is_web(std::string_view url) noexcept {
    return (url.size() > 7 && equal_nocase(url.substr(0, 7), "http://")) || (url.size() > 8 && equal_nocase(url.substr(0, 8), "https://"));
}

std::string host_of(std::string_view url) {
    const std::size_t begin = url.find("://");
    if (begin == std::string_view::npos) return {};
    url.remove_prefix(begin + 3);
    url = url.substr(0, url.find_first_of("/?#"));
    if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
    std::string host = lower_ascii(url.substr(0, url.find(':')));
    if (host.starts_with("www.")) host.erase(0, 4);
    return host;
}

bool is_host(std::string_view host, std::string_view domain) {
    return host == domain || (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

bool has_scheme(std::string_view id) {
    const std::size_t colon = id.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon > 20 || !is_alpha(id[0])) return false;
    return std::all_of(id.begin(), id.begin() + static_cast<std::ptrdiff_t>(colon),
                       [](char c) { return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; });
}

std::string percent_decode(std::string_view text) {
    std::string out;
    const auto hex = [](char c) {
        if (is_digit(c)) return c - '0';
        const char l = lower_ascii(c);
        return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            out += static_cast<char>(static_cast<unsigned char>(hex(text[i + 1]) * 16 + hex(text[i + 2])));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string item_id(const Entry& entry, const std::string& link, const std::string& feed_url) {
    std::string key;
    if (!entry.id.empty()) {
        key = has_scheme(entry.id) ? entry.id : host_of(link.empty() ? feed_url : link) + "\n" + entry.id;
    } else if (!link.empty()) {
        key = link;
    } else {
        key =
            host_of(feed_url) + "\n" + entry.title + "\n" + (entry.title.empty() ? entry.content.text + entry.summary.text : std::string());
        if (entry.published) key += "\n" + format_time(*entry.published);
    }
    return "feed:" + to_hex(hash128(key));
}

/// The longer of content and summary: many feeds cut the one or the other.
const std::string& text_of(const Entry& entry) {
    const std::string& content = entry.content.text;
    const std::string& summary = entry.summary.text;
    if (content.empty() && summary.empty()) return entry.media_description.text;
    return content.size() >= summary.size() ? content : summary;
}

Untrusted clean(std::string_view text, std::size_t limit = max_text_bytes) {
    return Untrusted(clean_utf8(text, limit));
}

void set_author(const Entry& entry, const Feed& feed, Item& item) {
    // Atom and JSON Feed hand their author down to the entries; RSS's managing editor is nobody's author.
    const bool inherits = entry.authors.empty() && feed.format != FeedFormat::rss;
    const std::vector<FeedAuthor>& authors = inherits ? feed.authors : entry.authors;
    if (authors.empty()) return;
    const FeedAuthor& author = authors.front();
    const std::string host = host_of(author.uri);
    std::string handle;
    std::string name = author.name.empty() ? author.email.substr(0, author.email.find('@')) : author.name;
    if (name.starts_with("/u/")) {  // Reddit
        name.erase(0, 3);
        handle = name;
    } else if (is_host(host, "youtube.com")) {
        const std::size_t slash = author.uri.rfind('/');
        handle = author.uri.substr(slash + 1);
    }
    item.author.handle = clean(handle, max_name_bytes);
    item.author.name = clean(name, max_name_bytes);
}

/// A search feed of Google News: the publisher stands at the end of the title, and the text only repeats the title.
void apply_google_news(const Entry& entry, std::string& title, std::string& text, Item& item) {
    const std::string& publisher = entry.source_title;
    if (publisher.empty()) return;
    const std::string suffix = " - " + publisher;
    if (title.size() > suffix.size() && title.ends_with(suffix)) title.resize(title.size() - suffix.size());
    if (item.author.name.empty()) item.author.name = clean(publisher, max_name_bytes);
    if (text.starts_with(title) && text.size() <= title.size() + publisher.size() + 8) text.clear();
}

void set_links(const Entry& entry, const std::string& own, Item& item) {
    for (const auto& raw : entry.links) {
        const std::string link = unwrap_link(raw);
        const bool known =
            std::any_of(item.links.begin(), item.links.end(), [&link](const Untrusted& other) { return other.bytes() == link; });
        if (link == own || known || !is_web(link) || link.size() > max_url_bytes || item.links.size() >= max_links) continue;
        item.links.push_back(clean(link, max_url_bytes));
    }
}

/// The first that has the form of a BCP 47 tag: it becomes a label, so nothing else may pass.
std::string first_language(std::initializer_list<std::string_view> candidates) {
    for (const std::string_view candidate : candidates) {
        std::string tag(trim(candidate));
        std::replace(tag.begin(), tag.end(), '_', '-');
        const bool letters = tag.size() >= 2 && is_alpha(tag[0]) && is_alpha(tag[1]);
        if (letters && tag.size() <= 35 &&
            std::all_of(tag.begin(), tag.end(), [](char c) { return is_alpha(c) || is_digit(c) || c == '-'; }))
            return tag;
    }
    return {};
}

Kind kind_of(const Entry& entry) {
    if (!entry.video_id.empty()) return Kind::video;
    if (entry.rating) return Kind::review;
    if (entry.id.starts_with("t3_")) return Kind::post;  // Reddit's names of posts and comments
    if (entry.id.starts_with("t1_")) return Kind::comment;
    return Kind::article;
}

}  // namespace

std::string unwrap_link(const std::string& url) {
    const std::string host = host_of(url);
    const std::size_t query = url.find('?');
    if (!host.starts_with("google.") || query == std::string::npos) return url;
    const std::size_t path = url.find('/', url.find("://") + 3);
    if (path == std::string::npos || std::string_view(url).substr(path, query - path) != "/url") return url;
    for (const std::string_view key : {"url=", "q="}) {
        std::string_view rest = std::string_view(url).substr(query + 1);
        while (!rest.empty()) {
            const std::size_t end = rest.find('&');
            const std::string_view part = rest.substr(0, end);
            if (part.starts_with(key)) {
                std::string target = percent_decode(part.substr(key.size()));
                const bool clean_target =
                    std::none_of(target.begin(), target.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
                if (is_web(target) && clean_target && is_utf8(target)) return target;
            }
            rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        }
    }
    return url;
}

std::optional<Item> make_item(const Entry& entry, const Feed& feed, const SourceSettings& settings, const std::string& feed_url,
                              Time observed) {
    std::string link = unwrap_link(entry.link);
    if (link.empty() && is_web(entry.id)) link = entry.id;
    std::string title = entry.title;
    std::string text = text_of(entry);
    if (link.empty() && title.empty() && text.empty() && entry.id.empty()) return std::nullopt;

    Item item;
    item.id = item_id(entry, link, feed_url);
    item.platform = settings.platform;
    item.kind = kind_of(entry);
    item.source = settings.name;
    item.observed = observed;
    const std::optional<Time> published = entry.published ? entry.published : entry.updated;
    item.published = published && *published >= earliest && *published <= observed + allowed_skew ? *published : observed;
    set_author(entry, feed, item);
    if (is_host(host_of(link), "news.google.com")) apply_google_news(entry, title, text, item);
    if (is_web(link) && link.size() <= max_url_bytes) item.url = clean(link, max_url_bytes);
    item.title = clean(title);
    item.text = clean(text);
    item.language = first_language({entry.language, feed.language, settings.language});
    item.engagement.replies = entry.comments;
    item.engagement.views = entry.views;
    item.rating = entry.rating;
    set_links(entry, link, item);
    return item;
}

}  // namespace vigie::sources
