#include "vigie/delivery/queue.hpp"

#include <algorithm>
#include <set>

#include "vigie/alerts/dispatcher.hpp"

namespace vigie::delivery {
namespace {

/// A group of one receiver; the integration is the queue's own.
const std::string& group_of(const OutboxRow& row) {
    return row.notification.group_key;
}

// What the older message would have told of an alert that the newer one does not mention is that it ended: the newer one carries all that
// fires, as far as there is room.
void absorb(alerts::Notification& into, const alerts::Notification& older) {
    into.created = std::min(into.created, older.created);
    for (const auto& alert : older.alerts) {
        const bool known = std::any_of(into.alerts.begin(), into.alerts.end(),
                                       [&](const alerts::Alert& other) { return other.fingerprint == alert.fingerprint; });
        if (known) continue;
        if (into.alerts.size() < alerts::max_notification_alerts) {
            into.alerts.push_back(alert);
        } else {
            ++into.truncated;
        }
    }
    const auto fires = [](const alerts::Alert& alert) { return alert.state == alerts::State::firing; };
    const auto ended = std::stable_partition(into.alerts.begin(), into.alerts.end(), fires);
    into.status = ended == into.alerts.begin() ? alerts::State::resolved : alerts::State::firing;
}

}  // namespace

Queue::Added Queue::add(OutboxRow row) {
    Added added;
    if (rows_.contains(row.sequence)) {
        added.row = rows_.at(row.sequence);
        return added;
    }
    // Newest first: of an alert that two of them mention, the newer state counts.
    for (auto it = rows_.rbegin(); it != rows_.rend(); ++it) {
        const auto& [sequence, waiting] = *it;
        if (group_of(waiting) != group_of(row) || sending_ == sequence) continue;
        absorb(row.notification, waiting.notification);
        added.replaced.push_back(sequence);
    }
    std::reverse(added.replaced.begin(), added.replaced.end());
    for (const auto sequence : added.replaced) rows_.erase(sequence);
    added.row = row;
    rows_.emplace(row.sequence, std::move(row));
    return added;
}

void Queue::restore(std::vector<OutboxRow> rows) {
    for (auto& row : rows) {
        const auto sequence = row.sequence;
        rows_.emplace(sequence, std::move(row));
    }
}

const OutboxRow* Queue::next(Time now) const {
    if (sending_) return nullptr;
    std::set<std::string> groups;
    const OutboxRow* best = nullptr;
    for (const auto& [sequence, row] : rows_) {
        if (!groups.insert(group_of(row)).second || row.next_try > now) continue;
        if (best == nullptr || row.next_try < best->next_try) best = &row;
    }
    return best;
}

std::optional<Time> Queue::wake() const {
    if (sending_) return {};
    std::set<std::string> groups;
    std::optional<Time> first;
    for (const auto& [sequence, row] : rows_) {
        if (!groups.insert(group_of(row)).second) continue;
        if (!first || row.next_try < *first) first = row.next_try;
    }
    return first;
}

bool Queue::start(std::uint64_t sequence) {
    if (sending_ || !rows_.contains(sequence)) return false;
    sending_ = sequence;
    return true;
}

std::optional<Queue::Added> Queue::finish(std::uint64_t sequence, std::optional<OutboxRow> row) {
    if (sending_ == sequence) sending_.reset();
    const auto it = rows_.find(sequence);
    if (it == rows_.end()) return {};
    if (!row) {
        rows_.erase(it);
        return {};
    }
    it->second = *std::move(row);
    const auto newer =
        std::find_if(std::next(it), rows_.end(), [&](const auto& other) { return group_of(other.second) == group_of(it->second); });
    if (newer == rows_.end()) return {};
    absorb(newer->second.notification, it->second.notification);
    rows_.erase(it);
    return Added{newer->second, {sequence}};
}

std::vector<OutboxRow> Queue::wake_all(Time now) {
    std::vector<OutboxRow> changed;
    for (auto& [sequence, row] : rows_) {
        if (sending_ == sequence || row.next_try <= now) continue;
        row.next_try = now;
        changed.push_back(row);
    }
    return changed;
}

std::optional<Time> Queue::oldest() const {
    std::optional<Time> first;
    for (const auto& [sequence, row] : rows_) {
        if (!first || row.notification.created < *first) first = row.notification.created;
    }
    return first;
}

}  // namespace vigie::delivery
