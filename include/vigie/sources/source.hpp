// A source turns a network's answer into records and a new cursor, and nothing else: it neither matches nor stores.
// Thread-safety: one network thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "vigie/core/clock.hpp"
#include "vigie/core/record.hpp"
#include "vigie/core/result.hpp"
#include "vigie/net/client.hpp"
#include "vigie/sources/settings.hpp"

namespace vigie::sources {

/// What one poll brought. The engine stores records and cursor in one synced batch, and only then polls with that cursor.
struct Batch {
    Batch() = default;
    std::vector<Record> records;
    std::string cursor;                   ///< opaque; replaces the one given, even when there are no records
    bool not_modified = false;            ///< the source answered that nothing is new
    bool more = false;                    ///< poll again at once: there is more to read
    std::optional<Duration> poll_after;   ///< the source asks for at least this pause (Cache-Control, ttl)
    std::optional<std::string> gap;       ///< items may have been missed since the last poll, and why
    std::uint64_t rejected = 0;           ///< malformed entries that were left out
    std::vector<std::string> notes;       ///< for the log: the feed has moved, a charset was guessed, ...
    std::optional<std::string> moved_to;  ///< a permanent redirect that has now been seen often enough to report
};

/// Why a poll failed, for the schedule. `error` says what and where.
struct Failure {
    Failure(Error error_) : error(std::move(error_)) {}
    Error error;
    std::optional<Duration> retry_after;  ///< as the peer asked
    bool gone = false;                    ///< 410: do not ask again until the configuration changes
};

using PollResult = std::variant<Batch, Failure>;

class Source {
public:
    virtual ~Source() = default;
    virtual const SourceSettings& settings() const = 0;
    /// Polls once, starting from `cursor` ("" at the very first). A failure leaves the cursor as it was.
    /// Cancellation: terminal cancellation ends the poll with cancelled.
    virtual boost::asio::awaitable<PollResult> poll(std::string cursor) = 0;
};

/// The names that `{query}` in a feed's URL stands for.
struct BrandNames {
    BrandNames() = default;
    BrandNames(std::string brand_, std::vector<std::string> names_) : brand(std::move(brand_)), names(std::move(names_)) {}
    std::string brand;               ///< Brand::name
    std::vector<std::string> names;  ///< what to search for, the most important first
};

/// Makes the source that the settings name (feed, file; push has none: it is the API's). `brands` are all of the configuration; a feed with
/// `{query}` polls once for each that the settings name (none named: for all). Errors: invalid (no URL, an unknown brand, `{query}` without
/// brands), io (a file that cannot be read), unsupported.
Result<std::unique_ptr<Source>> make_source(const SourceSettings& settings, const std::vector<BrandNames>& brands, net::HttpClient& client,
                                            const Clock& clock);

/// `url_template` with every `{query}` replaced by `"a" OR "b"`, percent-encoded. Names that would take the URL beyond 2 kB are left out,
/// the last first; quotes inside names are dropped.
std::string expand_url(const std::string& url_template, const std::vector<std::string>& names);

}  // namespace vigie::sources
