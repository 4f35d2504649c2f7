// The outbox of one integration: which row may go now. First in, first out within a group; groups do not wait for each other.
// Thread-safety: one owner.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vigie/core/time.hpp"
#include "vigie/delivery/outcome.hpp"

namespace vigie::delivery {

class Queue {
public:
    /// What adding a row changes in the store: put `row`, delete the rows `replaced`, in one batch.
    struct Added {
        OutboxRow row;
        std::vector<std::uint64_t> replaced;
        friend bool operator==(const Added&, const Added&) = default;
    };

    /// Adds a row. Rows of the same group that wait, and are not being sent, are replaced: the new one tells the newest state of every
    /// alert that they would have told, keeps their `created` (so that it says how late it is), and its own key. So an alert that fired and
    /// ended while its receiver was down is told once, late, as resolved, with both times. A sequence that is already there is ignored.
    Added add(OutboxRow row);
    /// Takes over stored rows as they are; replaces nothing.
    void restore(std::vector<OutboxRow> rows);

    /// The row that may be sent now: the earliest due among the first of each group. nullptr: none, or one is being sent.
    const OutboxRow* next(Time now) const;
    /// When next() will have one; none: nothing waits, or one is being sent.
    std::optional<Time> wake() const;

    /// Marks a row as being sent; at most one is. False: no such row, or another is being sent.
    bool start(std::uint64_t sequence);
    /// Ends the sending: the row as it is after the try, or nothing where it is done or given up. Where it is to be tried again, and a
    /// newer row of its group came meanwhile, that one replaces it: what is returned is to be stored then, instead of `row`.
    std::optional<Added> finish(std::uint64_t sequence, std::optional<OutboxRow> row);
    /// The peer is back: every waiting row becomes due now. Returns the rows that changed.
    std::vector<OutboxRow> wake_all(Time now);

    std::size_t size() const noexcept { return rows_.size(); }
    /// The `created` of the oldest row; for the gauge of the oldest undelivered notification.
    std::optional<Time> oldest() const;
    std::optional<std::uint64_t> sending() const noexcept { return sending_; }

private:
    std::map<std::uint64_t, OutboxRow> rows_;
    std::optional<std::uint64_t> sending_;
};

}  // namespace vigie::delivery
