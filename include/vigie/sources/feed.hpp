// Feeds as values: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1, out of whatever bytes a server sends.
// Thread-safety: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"

namespace vigie::sources {

inline constexpr std::size_t max_feed_bytes = 8u << 20;     ///< of the body, inflated; a larger one is an error
inline constexpr std::size_t max_feed_entries = 5000;       ///< later ones are left out, with a note
inline constexpr std::size_t max_field_bytes = 256u << 10;  ///< of one text field of an entry; cut before a character beyond
inline constexpr std::size_t max_entry_links = 64;

enum class FeedFormat : std::uint8_t { rss, atom, json };
/// "rss", "atom", "json".
std::string_view to_string(FeedFormat format) noexcept;

/// What the answer said beside its body.
struct FeedContext {
    std::string content_type;      ///< the header as it came; its charset outranks the XML declaration
    std::string url;               ///< where the body came from: the base of relative links
    std::string content_location;  ///< the header; outranks `url` as base
    std::string content_language;  ///< the header; counts where the feed says none
};

/// Text as it came (HTML, or plain text where the feed says so) and as people read it.
struct FeedText {
    std::string html;
    std::string text;  ///< tags, scripts and styles removed, references decoded, blocks on lines of their own
    bool empty() const noexcept { return html.empty() && text.empty(); }
    friend bool operator==(const FeedText&, const FeedText&) = default;
};

struct FeedAuthor {
    std::string name;
    std::string email;
    std::string uri;
    bool empty() const noexcept { return name.empty() && email.empty() && uri.empty(); }
    friend bool operator==(const FeedAuthor&, const FeedAuthor&) = default;
};

/// Every string is valid UTF-8; every link is absolute where a base is known.
struct Entry {
    std::string id;     ///< guid, atom:id or id as the feed writes it; empty if it has none
    std::string link;   ///< the page; empty if it has none
    std::string title;  ///< as people read it
    FeedText summary;
    FeedText content;
    std::optional<Time> published;
    std::optional<Time> updated;
    std::vector<FeedAuthor> authors;
    std::string language;  ///< as the entry says (xml:lang, dc:language, language); empty if it doesn't
    std::vector<std::string> categories;
    std::vector<std::string> enclosures;  ///< URLs of attached media
    std::vector<std::string> links;       ///< out of the HTML of content or summary: http and https only, each once
    FeedText media_description;           ///< media:description
    std::string source_title, source_url;
    std::optional<std::int64_t> comments, views;  ///< slash:comments or thr:total; media:statistics
    std::optional<double> rating;                 ///< im:rating of the App Store, 0..5
    std::string video_id;                         ///< yt:videoId
    friend bool operator==(const Entry&, const Entry&) = default;
};

struct Feed {
    FeedFormat format = FeedFormat::rss;
    std::string version;  ///< "2.0", "1.0", "0.3", ...; empty if unknown
    std::string title;
    std::string language;
    std::string link;                 ///< the site
    std::string self_link;            ///< where the feed says it lives
    std::string hub;                  ///< WebSub hub
    std::optional<Duration> ttl;      ///< RSS ttl or sy:updatePeriod
    std::vector<FeedAuthor> authors;  ///< of the feed as a whole
    std::vector<Entry> entries;       ///< in the feed's order
    std::uint64_t rejected = 0;       ///< entries that were no objects, or were cut off by the end of the body
    std::vector<std::string> notes;   ///< what had to be repaired, for the log
};

/// Reads a feed. Charset: byte-order mark, the header, the XML declaration, UTF-8, in this order. Of a truncated or ill-formed feed the
/// complete entries are kept, with a note. Linear in time; DOCTYPE with an internal subset, nesting beyond 64 and oversized parts are
/// refused. Errors: limit (body too large, nesting), parse ("not a feed", naming the feed that an HTML page links to, with where() = its
/// URL), refused (an internal DTD subset).
Result<Feed> parse_feed(std::string_view body, const FeedContext& context);

/// A date as feeds write it: RFC 822 with its abuses (two-digit years, named, missing or odd zones, wrong or localised weekdays, no
/// seconds), RFC 3339, ISO 8601 whole or partial, asctime. A missing zone is UTC. No value for anything else, and for years
/// outside 1..9999.
std::optional<Time> parse_feed_date(std::string_view text);

struct PlainText {
    std::string text;
    std::vector<std::string> links;
};
/// HTML as people read it: scripts, styles and comments dropped, blocks on lines of their own, blanks collapsed, character references
/// decoded. Links (http and https, resolved against `base`) in order, each once, at most max_entry_links. Linear on any input: a tokenizer
/// without a tree, since tree builders are quadratic on misnested formatting elements.
PlainText html_to_text(std::string_view html, std::string_view base);

/// RFC 3986 section 5.2: `reference` resolved against `base`; trimmed `reference` itself where it is absolute or the base is not usable.
std::string resolve_reference(std::string_view base, std::string_view reference);

}  // namespace vigie::sources
