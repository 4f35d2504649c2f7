// The thread that owns the core: takes submissions, commits them in groups, ticks, and hands rows of the outbox to the network.
// Thread-safety: every public member may be called from any thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "vigie/core/clock.hpp"
#include "vigie/engine/core.hpp"

namespace vigie::engine {

/// What came of one submission: its own share of the group's result.
struct SubmitResult {
    std::uint64_t accepted = 0, duplicates = 0, unmatched = 0, too_old = 0;
};

class LedgerThread {
public:
    using Completion = std::function<void(Result<SubmitResult>)>;
    using Job = std::function<void(Core&)>;
    /// Sends a row; must call LedgerThread::finish some time later.
    using Deliver = std::function<void(delivery::OutboxRow)>;

    /// At most this many records wait; beyond, submit() says busy.
    static constexpr std::size_t max_waiting = 20'000;
    /// No submission should be larger: it bounds what one commit takes. Whoever has more cuts it into several.
    static constexpr std::size_t max_submission = 2'000;

    LedgerThread(std::unique_ptr<Core> core, const Clock& clock, Deliver deliver);
    /// Stops, if stop() has not been called.
    ~LedgerThread();

    /// Commits the input with whatever else waits; `done` is called on the ledger thread after the synced write. `generation` is that of
    /// the configuration that the input was prepared for (Core::generation). Errors given to `done`: as Store's; busy where a reload came
    /// in between, so that the brands may be others; cancelled when the thread stops first. False: the queue is full, `done` is not called,
    /// and `input` is still there.
    bool submit(store::LedgerInput&& input, std::uint64_t generation, Completion done);
    /// Runs a job on the thread, in turn. After stop() it is dropped.
    void post(Job job);
    /// What came of a delivery.
    void finish(std::string integration, std::uint64_t sequence, delivery::Outcome outcome, double random);
    /// Starts the loop. `first` runs on the thread before it (playing a file).
    void start(Job first = {});
    /// Commits what waits, saves the snapshot, ends the thread. Submissions after it are refused.
    void stop();
    /// Serves jobs that wait, without ticking: for a long job that wants to stay answerable.
    void serve_jobs();
    /// Hands out what the outbox has due. On the ledger thread.
    void dispatch();
    /// Serves jobs until every delivery that was handed out has come back, for at most `limit` of real time. On the ledger thread:
    /// simulated time would otherwise run away from messages that are on their way.
    void await_deliveries(Duration limit);

    std::size_t waiting() const;  ///< records
    /// When the loop last went round, by Clock::steady(): for the watchdog.
    Duration last_round() const;

private:
    struct Submission {
        store::LedgerInput input;
        std::uint64_t generation;
        std::size_t records;
        Completion done;
    };
    void loop(const Job& first);
    bool round();
    void commit(std::deque<Submission> group);
    /// Tells each submission its own share.
    static void answer(std::deque<Submission>& group, const std::vector<std::size_t>& ends, const store::CommitResult& committed);

    std::unique_ptr<Core> core_;
    const Clock& clock_;
    Deliver deliver_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Submission> submissions_;
    std::deque<Job> jobs_;
    std::size_t waiting_ = 0;  ///< records
    bool stopping_ = false;
    bool ended_ = false;         ///< no job will be run any more
    std::size_t under_way_ = 0;  ///< deliveries handed out and not yet back; the thread's own
    std::atomic<std::int64_t> last_round_ms_{0};
    std::thread thread_;
};

}  // namespace vigie::engine
