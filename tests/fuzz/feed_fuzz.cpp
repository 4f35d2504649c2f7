// Any bytes as a feed: what comes out is valid UTF-8 within its bounds, its items are ones that the record writer and reader agree on, and
// reading is deterministic. The first byte picks the Content-Type.
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sources/charset.hpp"
#include "sources/feed_cursor.hpp"
#include "sources/feed_items.hpp"
#include "sources/file_cursor.hpp"
#include "vigie/core/record_json.hpp"
#include "vigie/sources/feed.hpp"

using namespace vigie;
using namespace vigie::sources;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void check_text(const std::string& text, std::size_t limit) {
    require(is_utf8(text));
    require(text.size() <= limit);
}

void check_time(const std::optional<Time>& time) {
    if (!time) return;
    const auto back = parse_time(format_time(*time));
    require(back.ok() && *back == *time);
}

void check_item(const Entry& entry, const Feed& feed) {
    SourceSettings settings;
    settings.name = "fuzz";
    const Time now = from_millis(1'772'500'000'000);
    const auto item = make_item(entry, feed, settings, "https://site.example/feed", now);
    if (!item) return;
    require(item->published <= now + std::chrono::minutes{5});
    require(item->id.size() == 5 + 32);
    for (const auto& link : item->links)
        require(link.bytes().starts_with("http") || link.bytes().starts_with("H") || link.bytes().starts_with("h"));
    const Record record(*item);
    RecordReader reader;
    const auto back = reader.parse(to_json(record), 1);
    require(std::holds_alternative<Record>(back));
    require(std::get<Record>(back) == record);
}

void check_entry(const Entry& entry, std::size_t body) {
    const std::size_t limit = 4 * body + 8192;  // a relative link brings its base with it
    for (const std::string* text :
         {&entry.id, &entry.link, &entry.title, &entry.source_title, &entry.source_url, &entry.language, &entry.video_id})
        check_text(*text, limit);
    for (const FeedText* text : {&entry.summary, &entry.content, &entry.media_description}) {
        check_text(text->html, max_field_bytes);
        check_text(text->text, max_field_bytes);
    }
    require(entry.links.size() <= max_entry_links);
    for (const auto* list : {&entry.links, &entry.enclosures, &entry.categories})
        for (const auto& text : *list) check_text(text, limit);
    for (const auto& author : entry.authors) {
        check_text(author.name, limit);
        check_text(author.email, limit);
        check_text(author.uri, limit);
    }
    check_time(entry.published);
    check_time(entry.updated);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    static constexpr std::array<const char*, 6> types{
        "",          "text/xml; charset=utf-8", "text/xml; charset=windows-1252", "application/xml; charset=shift_jis",
        "text/html", "text/xml; charset=utf-7"};
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    FeedContext context;
    context.content_type = types[data[0] % types.size()];
    context.url = "https://site.example/feeds/a.xml";
    const Result<Feed> feed = parse_feed(body, context);
    const Result<Feed> again = parse_feed(body, context);
    require(feed.ok() == again.ok());
    if (!feed) {
        check_text(feed.error().message(), 4096);
        require(is_utf8(feed.error().where()));
    } else {
        require(feed->entries.size() <= max_feed_entries);
        require(feed->entries == again->entries);
        check_text(feed->title, 4 * size + 64);
        for (const auto& note : feed->notes) check_text(note, 4096);
        for (const auto& entry : feed->entries) {
            check_entry(entry, body.size());
            check_item(entry, *feed);
        }
    }
    const std::string text = decode_to_utf8(body, context.content_type).text;
    require(is_utf8(text));
    require(is_utf8(html_to_text(text, context.url).text));
    check_time(parse_feed_date(body));
    (void)resolve_reference(body.substr(0, body.size() / 2), body.substr(body.size() / 2));
    if (const auto cursor = decode_cursor(body)) require(decode_cursor(encode_cursor(*cursor)).has_value());
    if (const auto cursor = decode_file_cursor(body)) require(decode_file_cursor(encode_file_cursor(*cursor)) == cursor);
    return 0;
}
