#include "vigie/alerts/machine.hpp"

#include "alerts/machine_step.hpp"

namespace vigie::alerts {

void Machine::restore(std::vector<Alert> alerts) {
    for (auto& alert : alerts) {
        const auto fingerprint = alert.fingerprint;
        const auto old = entries_.find(fingerprint);
        if (old != entries_.end()) rules_[old->second.alert.rule].alerts.erase(fingerprint);
        rules_[alert.rule].alerts.insert(fingerprint);
        Entry entry;
        entry.stored = alert.last_held;
        entry.alert = std::move(alert);
        entries_[fingerprint] = std::move(entry);
    }
}

std::vector<Transition> Machine::step(const rules::RuleId& rule, const rules::AlertPolicy& policy,
                                      const std::vector<rules::Sample>& samples, bool data_ok, Time now,
                                      const std::set<std::string>* only_brands) {
    return Step(*this, rule, policy, now).run(samples, data_ok, only_brands);
}

std::vector<Transition> Machine::remove_rules(const std::function<bool(const Alert&)>& keep, const std::string& reason, Time now) {
    std::vector<Transition> transitions;
    std::vector<std::uint64_t> pending;
    for (auto& [fingerprint, entry] : entries_) {
        Alert& alert = entry.alert;
        if (alert.state == State::resolved || keep(alert)) continue;
        if (alert.state == State::pending) {
            pending.push_back(fingerprint);
            continue;
        }
        alert.state = State::resolved;
        alert.resolved_at = now;
        alert.resolved_because = reason;
        entry.due.reset();
        mark(fingerprint);
        transitions.push_back({State::firing, alert, now, false});
    }
    for (const auto fingerprint : pending) erase(fingerprint);
    // What the limit held back is counted anew at each rule's next full step.
    for (auto& [rule, state] : rules_) {
        state.left_out.clear();
        state.left_out_known = false;
    }
    return transitions;
}

std::vector<std::uint64_t> Machine::take_changed() {
    std::vector<std::uint64_t> changed(changed_.begin(), changed_.end());
    changed_.clear();
    return changed;
}

std::optional<Time> Machine::due() const {
    std::optional<Time> first;
    for (const auto& [fingerprint, entry] : entries_) {
        if (entry.due && (!first || *entry.due < *first)) first = entry.due;
    }
    return first;
}

std::vector<rules::RuleId> Machine::due_rules(Time now) const {
    std::set<rules::RuleId> due;
    for (const auto& [fingerprint, entry] : entries_) {
        if (entry.due && *entry.due <= now) due.insert(entry.alert.rule);
    }
    return {due.begin(), due.end()};
}

const Alert* Machine::find(std::uint64_t fingerprint) const noexcept {
    const auto it = entries_.find(fingerprint);
    return it == entries_.end() ? nullptr : &it->second.alert;
}

std::vector<const Alert*> Machine::all() const {
    std::vector<const Alert*> found;
    found.reserve(entries_.size());
    for (const auto& [fingerprint, entry] : entries_) found.push_back(&entry.alert);
    return found;
}

std::vector<Labels> Machine::active_labels(const rules::RuleId& rule) const {
    std::vector<Labels> found;
    const auto state = rules_.find(rule);
    if (state == rules_.end()) return found;
    for (const auto fingerprint : state->second.alerts) {
        const Alert& alert = entries_.at(fingerprint).alert;
        const bool ours = alert.labels.contains(std::string(overflow_label)) || alert.labels.contains(std::string(no_data_label));
        if (alert.state != State::resolved && !ours) found.push_back(alert.labels);
    }
    return found;
}

bool Machine::set_evidence(std::uint64_t fingerprint, std::vector<Evidence> evidence) {
    const auto it = entries_.find(fingerprint);
    if (it == entries_.end()) return false;
    if (it->second.alert.evidence == evidence) return true;
    it->second.alert.evidence = std::move(evidence);
    mark(fingerprint);
    return true;
}

std::size_t Machine::drop_resolved(Time before, const std::function<bool(std::uint64_t)>& needed) {
    std::vector<std::uint64_t> dropped;
    for (const auto& [fingerprint, entry] : entries_) {
        const Alert& alert = entry.alert;
        if (alert.state == State::resolved && alert.resolved_at.value_or(alert.last_held) <= before && !needed(fingerprint)) {
            dropped.push_back(fingerprint);
        }
    }
    for (const auto fingerprint : dropped) erase(fingerprint);
    return dropped.size();
}

void Machine::mark(std::uint64_t fingerprint) {
    changed_.insert(fingerprint);
}

void Machine::erase(std::uint64_t fingerprint) {
    const auto it = entries_.find(fingerprint);
    if (it == entries_.end()) return;
    rules_[it->second.alert.rule].alerts.erase(fingerprint);
    entries_.erase(it);
    mark(fingerprint);
}

}  // namespace vigie::alerts
