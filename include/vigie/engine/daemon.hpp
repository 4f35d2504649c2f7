// The running Vigie: network thread, intake workers and ledger thread, and all that they do, from start to stop.
// Thread-safety: run() on the main thread; views and actions are awaited on the network thread (executor()), where the API lives.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vigie/core/clock.hpp"
#include "vigie/core/record.hpp"
#include "vigie/engine/configuration.hpp"
#include "vigie/engine/core.hpp"
#include "vigie/engine/ledger_thread.hpp"

namespace vigie::engine {

struct DaemonOptions {
    std::string config;  ///< path of vigie.yaml
    std::string data;    ///< overrides data_dir; empty: the configuration's
    std::string play;    ///< NDJSON to play before real time begins; empty: none
    double speed = 0;    ///< times real time; 0: as fast as it can
    bool exit_after_play = false;
};

struct SourceView {
    std::string name, kind, state;  ///< healthy, failing, gone, silent, waiting
    std::optional<Time> last_success, next_poll;
    int failures = 0;
    std::string last_error;
    std::uint64_t items = 0, rejected = 0, gaps = 0;
};

/// What `vigie status` shows.
struct StatusView {
    Time now;
    Time started;
    std::string version, config, data;
    bool ready = false;
    bool accepts_intake = true;
    bool playing = false;
    double played = 0;  ///< 0..1 of the file
    std::size_t brands = 0, rules = 0, sources = 0;
    store::StoreCounts store;
    std::vector<Core::QueueState> queues;
    std::size_t firing = 0, pending = 0;
    std::size_t waiting_items = 0;
    std::uint64_t windows_bytes = 0;
    std::string last_reload_error;
};

/// Running totals for /metrics. Plain counters, read and written on the network thread.
struct Totals {
    std::uint64_t items_accepted = 0, items_duplicate = 0, items_unmatched = 0, items_too_old = 0, items_rejected = 0;
    std::uint64_t submissions_refused = 0;
    std::uint64_t polls = 0, poll_failures = 0;
    std::map<std::string, std::uint64_t> transitions;  ///< by state
    std::map<std::string, std::uint64_t> deliveries;   ///< by outcome
    std::uint64_t problems = 0, reloads = 0, reload_failures = 0;
};

class Daemon {
public:
    /// What serves HTTP on the daemon's executor; made by the API module, so that the engine need not know it.
    class Frontend {
    public:
        virtual ~Frontend() = default;
        virtual std::uint16_t port() const = 0;
        virtual boost::asio::awaitable<void> stop(Duration grace) = 0;
    };
    using MakeFrontend = std::function<Result<std::unique_ptr<Frontend>>(Daemon&)>;

    /// Reads the configuration, opens the store and takes over its state. Nothing listens or polls yet. Errors: invalid (with all
    /// diagnostics already logged), or as Store::open's.
    static Result<std::unique_ptr<Daemon>> create(DaemonOptions options);
    ~Daemon();

    /// Serves until SIGTERM or SIGINT; SIGHUP reloads. Returns the exit code. Errors: busy (the port), as the frontend's.
    Result<int> run(const MakeFrontend& make_frontend);

    // --- for the frontend, on the network thread
    // ------------------------------------------------------------------------------------------
    boost::asio::any_io_executor executor();
    const Clock& clock() const;
    const Configuration& configuration() const;
    /// Analyses and commits; completes after the synced write. Errors: busy (the queue is full), no_space, as Store's.
    boost::asio::awaitable<Result<SubmitResult>> submit(std::vector<Record> records, std::string source);
    void count_rejected(std::uint64_t records);
    boost::asio::awaitable<StatusView> status();
    std::vector<SourceView> sources() const;
    boost::asio::awaitable<std::vector<alerts::Alert>> alerts();
    /// The heaviest mentions of a brand in the last `span`.
    boost::asio::awaitable<Result<std::vector<store::StoredMention>>> top(std::string brand, Duration span, std::size_t limit);
    /// The stored mentions of a brand up to `before`, newest first, without those that another brand exports: a page of an export.
    boost::asio::awaitable<Result<std::vector<store::StoredMention>>> page(std::string brand, Time before, std::size_t limit);
    boost::asio::awaitable<Result<>> backup(std::string directory);
    /// All or nothing. Errors: invalid, with the diagnostics as text.
    boost::asio::awaitable<Result<ReloadReport>> reload();
    const Totals& totals() const;
    bool ready() const;
    /// Whether the ledger thread went round lately.
    bool alive() const;

private:
    struct Impl;
    explicit Daemon(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace vigie::engine
