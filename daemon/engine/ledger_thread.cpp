#include "vigie/engine/ledger_thread.hpp"

#include <algorithm>

#include "vigie/engine/intake.hpp"

namespace vigie::engine {
namespace {

/// A group is committed at this size even if more waits: it bounds the latency of the first in it.
constexpr std::size_t group_records = 4'000;
constexpr Duration longest_wait{std::chrono::seconds{1}};

std::size_t records_of(const store::LedgerInput& input) {
    return input.items.size() + input.counts.size() + input.takedowns.size() + input.accounts.size() + input.deletes.size();
}

}  // namespace

LedgerThread::LedgerThread(std::unique_ptr<Core> core, const Clock& clock, Deliver deliver)
    : core_(std::move(core)), clock_(clock), deliver_(std::move(deliver)) {}

LedgerThread::~LedgerThread() {
    stop();
}

bool LedgerThread::submit(store::LedgerInput&& input, std::uint64_t generation, Completion done) {
    const std::lock_guard lock(mutex_);
    const std::size_t records = records_of(input);
    if (stopping_ || (waiting_ > 0 && waiting_ + records > max_waiting)) return false;
    waiting_ += records;
    submissions_.push_back({std::move(input), generation, records, std::move(done)});
    wake_.notify_one();
    return true;
}

void LedgerThread::post(Job job) {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    jobs_.push_back(std::move(job));
    wake_.notify_one();
}

void LedgerThread::finish(std::string integration, std::uint64_t sequence, delivery::Outcome outcome, double random) {
    post([this, integration = std::move(integration), sequence, outcome = std::move(outcome), random](Core& core) {
        core.finish(integration, sequence, outcome, clock_.now(), random);
        if (under_way_ > 0) --under_way_;
        dispatch();
    });
}

void LedgerThread::start(Job first) {
    last_round_ms_ = clock_.steady().count();
    thread_ = std::thread([this, first = std::move(first)] { loop(first); });
}

void LedgerThread::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        wake_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
    // Of a thread that was never started.
    std::deque<Submission> left;
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        left.swap(submissions_);
        waiting_ = 0;
    }
    for (const Submission& submission : left) submission.done(Error(Errc::cancelled, "Vigie is stopping"));
}

void LedgerThread::serve_jobs() {
    for (;;) {
        Job job;
        {
            const std::lock_guard lock(mutex_);
            if (jobs_.empty()) return;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        job(*core_);
    }
}

void LedgerThread::dispatch() {
    const Time now = clock_.now();
    for (const Integration& integration : core_->integrations()) {
        if (std::optional<delivery::OutboxRow> row = core_->take(integration.name, now)) {
            ++under_way_;
            deliver_(std::move(*row));
        }
    }
}

void LedgerThread::await_deliveries(Duration limit) {
    const Duration until = clock_.steady() + limit;
    for (Duration left = limit; under_way_ > 0 && left > Duration{0}; left = until - clock_.steady()) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, left, [this] { return !jobs_.empty(); });
        }
        serve_jobs();
    }
}

void LedgerThread::loop(const Job& first) {
    if (first) first(*core_);
    while (round()) {}
    // Whoever posted before the stop may be waiting for an answer.
    serve_jobs();
    (void)core_->save_snapshot();
}

bool LedgerThread::round() {
    std::deque<Submission> group;
    bool stopping = false;
    {
        std::unique_lock lock(mutex_);
        const Duration wait = std::min(longest_wait, core_->next_due() - clock_.now());
        if (submissions_.empty() && jobs_.empty() && !stopping_ && wait > Duration{0}) wake_.wait_for(lock, wait);
        last_round_ms_ = clock_.steady().count();
        for (std::size_t records = 0; !submissions_.empty();) {
            records += submissions_.front().records;
            if (!group.empty() && records > group_records) break;
            waiting_ -= submissions_.front().records;
            group.push_back(std::move(submissions_.front()));
            submissions_.pop_front();
        }
        stopping = stopping_ && submissions_.empty() && group.empty();
    }
    if (!group.empty()) commit(std::move(group));
    serve_jobs();
    const Time now = clock_.now();
    if (core_->next_due() <= now) core_->tick(now);
    dispatch();
    return !stopping;
}

void LedgerThread::commit(std::deque<Submission> group) {
    // What was prepared for another list of brands would be counted for the wrong ones.
    const auto current = std::stable_partition(
        group.begin(), group.end(), [this](const Submission& submission) { return submission.generation == core_->generation(); });
    for (auto submission = current; submission != group.end(); ++submission)
        submission->done(Error(Errc::busy, "the configuration was reloaded meanwhile, try again"));
    group.erase(current, group.end());
    if (group.empty()) return;

    store::LedgerInput all;
    all.now = clock_.now();
    std::vector<std::size_t> ends;
    for (Submission& submission : group) {
        append(all, std::move(submission.input));
        ends.push_back(all.items.size());
    }
    const Result<store::CommitResult> committed =
        core_->ingest(std::move(all), [&](const store::CommitResult& durable) { answer(group, ends, durable); });
    if (committed) return;
    for (Submission& submission : group) submission.done(committed.error());
}

void LedgerThread::answer(std::deque<Submission>& group, const std::vector<std::size_t>& ends, const store::CommitResult& committed) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < group.size(); ++i) {
        SubmitResult result;
        for (std::size_t item = begin; item < ends[i]; ++item) {
            switch (committed.outcomes[item]) {
                case store::ItemOutcome::accepted:
                    ++result.accepted;
                    break;
                case store::ItemOutcome::updated:
                case store::ItemOutcome::duplicate:
                    ++result.duplicates;
                    break;
                case store::ItemOutcome::too_old:
                    ++result.too_old;
                    break;
                case store::ItemOutcome::unmatched:
                    ++result.unmatched;
                    break;
            }
        }
        // Counts, takedowns, accounts and deletes are taken as they are.
        result.accepted += group[i].records - (ends[i] - begin);
        begin = ends[i];
        group[i].done(result);
    }
}

std::size_t LedgerThread::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_;
}

Duration LedgerThread::last_round() const {
    return Duration{last_round_ms_.load()};
}

}  // namespace vigie::engine
