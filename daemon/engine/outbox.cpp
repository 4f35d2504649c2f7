#include "engine/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vigie::engine {
namespace {

/// Sequences as fixed-width decimals, so that rows sort as they were written.
std::string dead_letter_name(const delivery::OutboxRow& row) {
    return fmt::format("{}/{:020}", row.integration, row.sequence);
}

std::optional<Time> earlier(std::optional<Time> a, std::optional<Time> b) {
    if (!a) return b;
    if (!b) return a;
    return std::min(*a, *b);
}

}  // namespace

void Outbox::bury(const delivery::OutboxRow& row, const std::string& reason, Time now, store::StateBatch& batch) {
    delivery::OutboxRow dead = row;
    dead.last_error = reason;
    dead.next_try = now;
    batch.erase_outbox(row.integration, row.sequence);
    batch.put(store::Table::dead_letters, 0, dead_letter_name(row), delivery::encode_outbox_row(dead));
}

void Outbox::configure(std::vector<Integration> integrations, Time now, store::StateBatch& batch) {
    integrations_ = std::move(integrations);
    for (const Integration& integration : integrations_) lines_.try_emplace(integration.name);
    for (auto line = lines_.begin(); line != lines_.end();) {
        const std::string& name = line->first;
        if (std::any_of(integrations_.begin(), integrations_.end(), [&](const Integration& i) { return i.name == name; })) {
            ++line;
            continue;
        }
        delivery::Queue& queue = line->second.queue;
        // What is under way is given up with the rest: its answer will find nobody.
        if (const auto sending = queue.sending()) queue.finish(*sending, line->second.sending.at(*sending));
        while (const delivery::OutboxRow* row = queue.next(Time::max())) {
            const delivery::OutboxRow copy = *row;
            bury(copy, "the receiver was removed from the configuration", now, batch);
            unsaved_.erase(copy.sequence);
            queue.start(copy.sequence);
            queue.finish(copy.sequence, std::nullopt);
        }
        line = lines_.erase(line);
    }
}

void Outbox::retry_now(Time now, store::StateBatch& batch) {
    for (auto& [integration, line] : lines_) {
        line.breaker = delivery::Breaker();
        for (const delivery::OutboxRow& row : line.queue.wake_all(now))
            batch.put_outbox(integration, row.sequence, delivery::encode_outbox_row(row));
    }
}

void Outbox::restore(const std::vector<store::OutboxEntry>& entries, const std::vector<store::StateRow>& dead_letters, Observer& observer) {
    std::map<std::string, std::vector<delivery::OutboxRow>> rows;
    for (const store::OutboxEntry& entry : entries) {
        Result<delivery::OutboxRow> row = delivery::decode_outbox_row(entry.value);
        if (row)
            rows[entry.integration].push_back(std::move(*row));
        else
            observer.on_problem(row.error().with_context("an outbox row of " + entry.integration));
    }
    for (auto& [integration, list] : rows) lines_[integration].queue.restore(std::move(list));
    for (const store::StateRow& dead : dead_letters) ++lines_[dead.name.substr(0, dead.name.rfind('/'))].dead_letters;
}

void Outbox::add(const alerts::Notification& notification, Time now, store::Store& store, store::StateBatch& batch) {
    for (const Integration& integration : integrations_) {
        if (integration.receiver != notification.receiver) continue;
        if (notification.status == alerts::State::resolved && !integration.send_resolved) continue;
        delivery::OutboxRow row;
        row.sequence = store.next_outbox_sequence();
        row.integration = integration.name;
        row.notification = notification;
        row.next_try = now;
        const delivery::Queue::Added added = lines_[integration.name].queue.add(std::move(row));
        for (const std::uint64_t replaced : added.replaced) {
            batch.erase_outbox(integration.name, replaced);
            unsaved_.erase(replaced);
        }
        unsaved_[added.row.sequence] = added.row;
    }
}

void Outbox::write_unsaved(store::StateBatch& batch) const {
    for (const auto& [sequence, row] : unsaved_) batch.put_outbox(row.integration, sequence, delivery::encode_outbox_row(row));
}

std::optional<delivery::OutboxRow> Outbox::take(const std::string& integration, Time now) {
    const auto found = lines_.find(integration);
    if (found == lines_.end()) return std::nullopt;
    Line& line = found->second;
    if (!line.breaker.allows(now)) return std::nullopt;
    const delivery::OutboxRow* row = line.queue.next(now);
    if (row == nullptr) return std::nullopt;
    const delivery::OutboxRow copy = *row;
    line.queue.start(copy.sequence);
    line.breaker.on_start(now);
    line.sending[copy.sequence] = copy;
    return copy;
}

std::optional<Outbox::Finished> Outbox::finish(const std::string& integration, std::uint64_t sequence, const delivery::Outcome& outcome,
                                               Time now, double random, store::StateBatch& batch) {
    const auto found = lines_.find(integration);
    if (found == lines_.end()) return std::nullopt;
    Line& line = found->second;
    const auto sending = line.sending.extract(sequence);
    if (sending.empty()) return std::nullopt;
    const delivery::Next next = delivery::decide(sending.mapped(), outcome, now, random);
    Finished finished{delivery::after_try(sending.mapped(), outcome, next, now), next};
    const bool dead = next.action == delivery::NextAction::dead_letter;
    line.breaker.on_outcome(outcome, dead && outcome.kind == delivery::OutcomeKind::endpoint_dead, now, random);
    if (next.action != delivery::NextAction::retry && next.action != delivery::NextAction::shrink) unsaved_.erase(sequence);
    if (next.action == delivery::NextAction::done) {
        line.queue.finish(sequence, std::nullopt);
        batch.erase_outbox(integration, sequence);
        for (const delivery::OutboxRow& row : line.queue.wake_all(now))
            batch.put_outbox(integration, row.sequence, delivery::encode_outbox_row(row));
    } else if (dead) {
        line.queue.finish(sequence, std::nullopt);
        ++line.dead_letters;
        bury(finished.row, next.reason, now, batch);
    } else {
        // A newer row of the group may have come meanwhile: then that one is to be stored, and this one deleted.
        const std::optional<delivery::Queue::Added> kept = line.queue.finish(sequence, finished.row);
        const delivery::OutboxRow& row = kept ? kept->row : finished.row;
        if (kept) {
            for (const std::uint64_t replaced : kept->replaced) {
                batch.erase_outbox(integration, replaced);
                unsaved_.erase(replaced);
            }
        }
        if (const auto unsaved = unsaved_.find(row.sequence); unsaved != unsaved_.end()) unsaved->second = row;
        batch.put_outbox(integration, row.sequence, delivery::encode_outbox_row(row));
    }
    return finished;
}

std::optional<Time> Outbox::wake(const std::string& integration) const {
    const auto found = lines_.find(integration);
    if (found == lines_.end()) return std::nullopt;
    const std::optional<Time> due = found->second.queue.wake();
    const std::optional<Time> opens = found->second.breaker.opens_at();
    return due && opens ? std::max(*due, *opens) : due;
}

std::optional<Time> Outbox::wake() const {
    std::optional<Time> first;
    for (const auto& [integration, line] : lines_) first = earlier(first, wake(integration));
    return first;
}

std::vector<Core::QueueState> Outbox::states() const {
    std::vector<Core::QueueState> states;
    for (const auto& [integration, line] : lines_) {
        Core::QueueState state;
        state.integration = integration;
        state.waiting = line.queue.size();
        state.oldest = line.queue.oldest();
        state.breaker = std::string(delivery::to_string(line.breaker.state()));
        state.dead_letters = line.dead_letters;
        states.push_back(std::move(state));
    }
    return states;
}

}  // namespace vigie::engine
