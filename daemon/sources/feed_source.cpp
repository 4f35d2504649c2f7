#include "sources/feed_source.hpp"

#include <algorithm>
#include <unordered_set>

#include "sources/ascii.hpp"
#include "sources/feed_items.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::sources {
namespace {

constexpr int max_redirects = 5;
constexpr std::uint32_t moves_to_report = 3;
constexpr std::size_t gap_items = 5;  ///< fewer new items than this are no sign that a feed has rolled over
constexpr Duration longest_pause = std::chrono::hours{1};
constexpr std::string_view accepted =
    "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, text/xml;q=0.8, */*;q=0.1";

/// The memory of a URL, at the position of its query; a fresh one where the URL is another than before.
FeedMemory& memory_of(FeedCursor& cursor, const std::vector<std::string>& urls, std::size_t index) {
    std::vector<FeedMemory> kept;
    for (const auto& url : urls) {
        const std::uint64_t hash = hash64(url);
        const auto found =
            std::find_if(cursor.memories.begin(), cursor.memories.end(), [hash](const FeedMemory& memory) { return memory.url == hash; });
        FeedMemory memory = found == cursor.memories.end() ? FeedMemory() : *found;
        memory.url = hash;
        kept.push_back(std::move(memory));
    }
    cursor.memories = std::move(kept);
    return cursor.memories[index];
}

std::string status_text(int status) {
    switch (status) {
        case 400:
            return "400 Bad Request";
        case 401:
            return "401 Unauthorized: the URL needs a token, or its token is wrong";
        case 403:
            return "403 Forbidden";
        case 404:
            return "404 Not Found";
        case 410:
            return "410 Gone";
        case 429:
            return "429 Too Many Requests";
        case 500:
            return "500 Internal Server Error";
        case 502:
            return "502 Bad Gateway";
        case 503:
            return "503 Service Unavailable";
        case 504:
            return "504 Gateway Timeout";
        default:
            return "status " + std::to_string(status);
    }
}

Errc status_code(int status) {
    if (status == 401 || status == 403 || status == 407) return Errc::refused;
    if (status == 404 || status == 410) return Errc::not_found;
    if (status == 429 || status == 503) return Errc::busy;
    if (status == 408 || status == 504) return Errc::timeout;
    return status >= 500 ? Errc::network : Errc::protocol;
}

}  // namespace

std::optional<Duration> cache_pause(const net::Headers& headers) {
    std::optional<std::int64_t> seconds;
    const std::string text = lower_ascii(headers.get("Cache-Control"));
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t end = rest.find(',');
        std::string_view part = trim(rest.substr(0, end));
        if (part == "no-store" || part == "no-cache") return std::nullopt;
        if (part.starts_with("max-age=")) {
            part.remove_prefix(8);
            if (part.size() >= 2 && part.front() == '"' && part.back() == '"') part = part.substr(1, part.size() - 2);
            seconds = parse_count(part);
        }
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    if (!seconds) return std::nullopt;
    const std::int64_t left = std::min<std::int64_t>(*seconds, 86400 * 365) - parse_count(headers.get("Age")).value_or(0);
    if (left <= 0) return std::nullopt;
    return std::min<Duration>(std::chrono::seconds{left}, longest_pause);
}

FeedSource::FeedSource(SourceSettings settings, std::vector<std::string> urls, net::HttpClient& client, const Clock& clock)
    : settings_(std::move(settings)), urls_(std::move(urls)), client_(client), clock_(clock) {}

net::HttpRequest FeedSource::make_request(const std::string& url, const FeedMemory& memory) const {
    net::HttpRequest request;
    request.url = url;
    request.allow_private = settings_.allow_private;
    request.limits.total = settings_.timeout;
    request.limits.connect = std::min(request.limits.connect, settings_.timeout);
    request.limits.redirects = max_redirects;
    request.limits.wire_bytes = max_feed_bytes;
    request.limits.body_bytes = max_feed_bytes;
    // A validator that no header may hold is left out; the cursor admits none, so that the results need no look.
    (void)request.headers.set("Accept", accepted).ok();
    if (!memory.etag.empty()) (void)request.headers.set("If-None-Match", memory.etag).ok();
    if (!memory.last_modified.empty()) (void)request.headers.set("If-Modified-Since", memory.last_modified).ok();
    return request;
}

Failure FeedSource::failure(Errc code, const std::string& what, const std::string& url) const {
    return Failure(Error(code, what, redact_url(url)));
}

Failure FeedSource::failed_status(const net::HttpResponse& response, const std::string& url) const {
    Failure out = failure(status_code(response.status), "the server answered " + status_text(response.status), url);
    if (response.status == 429 || response.status >= 500)
        out.retry_after = net::parse_retry_after(response.headers.get("Retry-After"), clock_.now());
    out.gone = response.status == 410;
    return out;
}

void FeedSource::note_move(const net::HttpResponse& response, const std::string& url, FeedMemory& memory, Batch& batch) const {
    const bool moved = response.permanent_redirects > 0 && !response.permanent_url.empty() && response.permanent_url != url;
    const std::uint64_t target = moved ? hash64(response.permanent_url) : 0;
    memory.moved_count = !moved ? 0 : target == memory.moved_to ? memory.moved_count + 1 : 1;
    memory.moved_to = target;
    if (memory.moved_count < moves_to_report) return;
    batch.moved_to = response.permanent_url;
    if (memory.moved_count == moves_to_report)
        batch.notes.push_back("the feed has moved for good to " + redact_url(response.permanent_url));
    memory.moved_count = moves_to_report + 1;  // reported again with each poll, noted once
}

void FeedSource::add_items(const Feed& feed, const net::HttpResponse& response, FeedMemory& memory, Batch& batch) const {
    const std::unordered_set<std::uint64_t> seen(memory.seen.begin(), memory.seen.end());
    std::unordered_set<std::uint64_t> here;
    std::vector<std::uint64_t> ids;
    const Time now = clock_.now();
    bool overlap = false;
    for (const auto& entry : feed.entries) {
        std::optional<Item> item = make_item(entry, feed, settings_, response.url.empty() ? urls_.front() : response.url, now);
        if (!item) {
            ++batch.rejected;
            continue;
        }
        const std::uint64_t id = hash64(item->id);
        if (!here.insert(id).second) continue;
        ids.push_back(id);
        if (seen.count(id) > 0) {
            overlap = true;
            continue;
        }
        batch.records.emplace_back(std::move(*item));
    }
    if (memory.polled && !overlap && ids.size() >= gap_items)
        batch.gap = "none of the " + std::to_string(ids.size()) +
                    " items of the answer was in the one before: some may have come and gone in between";
    remember(memory, ids);
    memory.polled = true;
}

PollResult FeedSource::read_answer(const net::HttpResponse& response, std::size_t index, FeedCursor cursor, Batch batch) const {
    const std::string& url = urls_[index];
    FeedMemory& memory = memory_of(cursor, urls_, index);
    cursor.next = (index + 1) % urls_.size();
    batch.more = cursor.next != 0;
    if (response.status == 304) {
        note_move(response, url, memory, batch);
        batch.not_modified = true;
        batch.poll_after = cache_pause(response.headers);
        batch.cursor = encode_cursor(cursor);
        return batch;
    }
    if (response.status != 200) return failed_status(response, url);
    FeedContext context;
    context.content_type = response.headers.get("Content-Type");
    context.content_location = response.headers.get("Content-Location");
    context.content_language = response.headers.get("Content-Language");
    context.url = response.url.empty() ? url : response.url;
    const Result<Feed> feed = parse_feed(response.body, context);
    if (!feed) {
        const std::string hint = feed.error().where().empty() ? std::string() : " (" + feed.error().where() + ")";
        return failure(feed.error().code(), feed.error().message() + hint, url);
    }
    note_move(response, url, memory, batch);
    add_items(*feed, response, memory, batch);
    memory.etag = response.headers.get("ETag");
    memory.last_modified = response.headers.get("Last-Modified");
    batch.rejected += feed->rejected;
    for (const auto& note : feed->notes) batch.notes.push_back(note);
    batch.poll_after = cache_pause(response.headers);
    if (feed->ttl) batch.poll_after = std::max(batch.poll_after.value_or(Duration{0}), std::min(*feed->ttl, longest_pause));
    batch.cursor = encode_cursor(cursor);
    return batch;
}

boost::asio::awaitable<PollResult> FeedSource::poll(std::string cursor_text) {
    Batch batch;
    std::optional<FeedCursor> cursor = decode_cursor(cursor_text);
    if (!cursor) {
        batch.notes.push_back("the stored cursor could not be read; the feed is read afresh");
        cursor.emplace();
    }
    const std::size_t index = after_failure_.value_or(cursor->next) % urls_.size();
    net::HttpRequest request = make_request(urls_[index], memory_of(*cursor, urls_, index));
    Result<net::HttpResponse> response = co_await client_.send(std::move(request));
    after_failure_ = (index + 1) % urls_.size();
    if (!response) {
        const Error& error = response.error();
        co_return failure(error.code(), error.message(), urls_[index]);
    }
    PollResult result = read_answer(*response, index, std::move(*cursor), std::move(batch));
    if (std::holds_alternative<Batch>(result)) after_failure_.reset();
    co_return result;
}

}  // namespace vigie::sources
