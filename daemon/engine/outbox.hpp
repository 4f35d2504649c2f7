// The outbox of all integrations: queues and breakers in memory, rows in the store.
// Thread-safety: one owner, the ledger thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vigie/delivery/breaker.hpp"
#include "vigie/delivery/queue.hpp"
#include "vigie/engine/core.hpp"
#include "vigie/store/store.hpp"

namespace vigie::engine {

class Outbox {
public:
    /// The integrations that there are now. Rows that wait for one that is no more become dead letters (in `batch`).
    void configure(std::vector<Integration> integrations, Time now, store::StateBatch& batch);
    /// Every waiting row becomes due now, and every breaker closes: whoever reloads has perhaps just corrected an address or a
    /// and must not wait an hour to see it.
    void retry_now(Time now, store::StateBatch& batch);
    /// Takes over stored rows. Unreadable ones are reported and left where they are; of dead letters only their number counts.
    void restore(const std::vector<store::OutboxEntry>& entries, const std::vector<store::StateRow>& dead_letters, Observer& observer);

    /// One row for each integration of the receiver that wants it. Deletions go into `batch`; the rows themselves with write_unsaved, until
    /// saved() says that a write has succeeded.
    void add(const alerts::Notification& notification, Time now, store::Store& store, store::StateBatch& batch);

    void write_unsaved(store::StateBatch& batch) const;
    void saved() noexcept { unsaved_.clear(); }

    std::optional<delivery::OutboxRow> take(const std::string& integration, Time now);
    /// What follows from the try; rows go into `batch`. None: no such row is being sent.
    struct Finished {
        delivery::OutboxRow row;
        delivery::Next next;
    };
    std::optional<Finished> finish(const std::string& integration, std::uint64_t sequence, const delivery::Outcome& outcome, Time now,
                                   double random, store::StateBatch& batch);
    std::optional<Time> wake(const std::string& integration) const;
    std::optional<Time> wake() const;
    const std::vector<Integration>& integrations() const noexcept { return integrations_; }
    std::vector<Core::QueueState> states() const;

private:
    struct Line {
        delivery::Queue queue;
        delivery::Breaker breaker;
        std::size_t dead_letters = 0;
        std::map<std::uint64_t, delivery::OutboxRow> sending;
    };
    void bury(const delivery::OutboxRow& row, const std::string& reason, Time now, store::StateBatch& batch);

    std::vector<Integration> integrations_;
    std::map<std::string, Line> lines_;
    std::map<std::uint64_t, delivery::OutboxRow> unsaved_;
};

}  // namespace vigie::engine
