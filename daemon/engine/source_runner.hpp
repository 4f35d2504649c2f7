// One source's loop: poll, have it stored with its cursor, wait as its schedule says.
// Thread-safety: the network thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "vigie/engine/daemon.hpp"
#include "vigie/sources/schedule.hpp"
#include "vigie/sources/source.hpp"

namespace vigie::engine {

class SourceRunner {
public:
    struct Hooks {
        /// Analyses and commits, waiting for room if there is none; completes after the synced write.
        std::function<boost::asio::awaitable<Result<SubmitResult>>(std::vector<Record>, std::string, std::vector<store::Cursor>)> submit;
        std::function<void(bool ok)> on_poll;
        std::function<double()> random;  ///< [0, 1)
    };

    /// A push source has nothing to poll: it is only counted. Errors: as sources::make_source.
    static Result<std::shared_ptr<SourceRunner>> make(const sources::SourceSettings& settings,
                                                      const std::vector<sources::BrandNames>& brands, net::HttpClient& client,
                                                      const Clock& clock, Hooks hooks);

    void set_cursor(std::string cursor) { cursor_ = std::move(cursor); }
    bool polls() const noexcept { return source_ != nullptr; }
    /// Until cancelled. The cursor moves only with the records that were stored.
    boost::asio::awaitable<void> run();
    SourceView view() const;
    /// Whether its silence means nothing now: it fails, is gone, or has not answered yet.
    bool failed() const;

private:
    SourceRunner(sources::SourceSettings settings, std::unique_ptr<sources::Source> source, const Clock& clock, Hooks hooks);
    boost::asio::awaitable<sources::PollOutcome> poll_once();
    boost::asio::awaitable<sources::PollOutcome> store(sources::Batch batch);
    boost::asio::awaitable<Result<>> submit(std::vector<Record> records, std::string cursor);

    sources::SourceSettings settings_;
    std::unique_ptr<sources::Source> source_;
    const Clock& clock_;
    Hooks hooks_;
    sources::PollSchedule schedule_;
    std::string cursor_;
    std::uint64_t items_ = 0, rejected_ = 0, gaps_ = 0;
    bool told_failure_ = false;
};

}  // namespace vigie::engine
