// A feed, polled with conditional requests. With `{query}` in its URL, one request for each brand in turn.
// Thread-safety: one network thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sources/feed_cursor.hpp"
#include "vigie/sources/feed.hpp"
#include "vigie/sources/source.hpp"

namespace vigie::sources {

class FeedSource final : public Source {
public:
    /// `urls`: what to ask, in turn; not empty.
    FeedSource(SourceSettings settings, std::vector<std::string> urls, net::HttpClient& client, const Clock& clock);

    const SourceSettings& settings() const override { return settings_; }
    boost::asio::awaitable<PollResult> poll(std::string cursor) override;

private:
    net::HttpRequest make_request(const std::string& url, const FeedMemory& memory) const;
    Failure failure(Errc code, const std::string& what, const std::string& url) const;
    Failure failed_status(const net::HttpResponse& response, const std::string& url) const;
    PollResult read_answer(const net::HttpResponse& response, std::size_t index, FeedCursor cursor, Batch batch) const;
    void note_move(const net::HttpResponse& response, const std::string& url, FeedMemory& memory, Batch& batch) const;
    void add_items(const Feed& feed, const net::HttpResponse& response, FeedMemory& memory, Batch& batch) const;

    SourceSettings settings_;
    std::vector<std::string> urls_;
    net::HttpClient& client_;
    const Clock& clock_;
    /// Which query to ask after one that failed: its failure must not starve the others, and leaves the cursor as it was.
    std::optional<std::size_t> after_failure_;
};

/// The pause that Cache-Control asks for (max-age less Age, none for no-store and no-cache), at most an hour.
std::optional<Duration> cache_pause(const net::Headers& headers);

}  // namespace vigie::sources
