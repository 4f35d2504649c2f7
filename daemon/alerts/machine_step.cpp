#include "alerts/machine_step.hpp"

#include <algorithm>
#include <tuple>

#include "vigie/alerts/severity.hpp"

namespace vigie::alerts {
namespace {

const std::string severity_name = "severity";

bool has_mark(const Labels& labels, std::string_view mark) {
    const auto it = labels.find(std::string(mark));
    return it != labels.end() && it->second == "true";
}

/// Neither the alert that counts the others nor one that tells of missing data.
bool is_normal(const Alert& alert) {
    return !has_mark(alert.labels, overflow_label) && !has_mark(alert.labels, no_data_label);
}

std::uint64_t identity(Labels labels) {
    labels.erase(severity_name);
    return fingerprint(labels);
}

Labels no_data_labels(Labels labels) {
    labels[std::string(no_data_label)] = "true";
    return labels;
}

}  // namespace

std::vector<Transition> Machine::Step::run(const std::vector<rules::Sample>& samples, bool data_ok,
                                           const std::set<std::string>* only_brands) {
    only_brands_ = only_brands;
    const bool clash = clashes(samples);
    if (clash) ++machine_.refused_;
    if (!data_ok || clash) {
        freeze_all();
        return std::move(transitions_);
    }
    say_data_is_back({{"alertname", rule_.name}});
    if (only_brands == nullptr) {
        state_.left_out.clear();
        state_.left_out_known = true;
    }
    for (const auto& sample : samples) take(sample);
    freeze_vanished(samples);
    admit();
    count_left_out();
    return std::move(transitions_);
}

bool Machine::Step::clashes(const std::vector<rules::Sample>& samples) const {
    std::set<std::uint64_t> seen;
    return std::any_of(samples.begin(), samples.end(), [&](const rules::Sample& sample) {
        if (!seen.insert(sample.fingerprint).second) return true;
        const auto it = machine_.entries_.find(sample.fingerprint);
        return it != machine_.entries_.end() && it->second.alert.rule != rule_ && it->second.alert.state != State::resolved;
    });
}

bool Machine::Step::in_scope(const Alert& alert) const {
    if (only_brands_ == nullptr) return true;
    const auto brand = alert.labels.find("brand");
    return brand != alert.labels.end() && only_brands_->contains(brand->second);
}

Machine::Entry* Machine::Step::active(std::uint64_t fingerprint) const {
    const auto it = machine_.entries_.find(fingerprint);
    if (it == machine_.entries_.end() || it->second.alert.rule != rule_ || it->second.alert.state == State::resolved) return nullptr;
    return &it->second;
}

std::vector<std::uint64_t> Machine::Step::active_normal() const {
    std::vector<std::uint64_t> found;
    for (const auto fingerprint : state_.alerts) {
        const Entry* entry = active(fingerprint);
        if (entry != nullptr && is_normal(entry->alert)) found.push_back(fingerprint);
    }
    return found;
}

void Machine::Step::freeze_all() {
    for (const auto fingerprint : active_normal()) {
        Entry* entry = active(fingerprint);
        if (in_scope(entry->alert)) freeze(*entry);
    }
    if (policy_.no_data == rules::NoDataAction::alert) say_no_data({{"alertname", rule_.name}}, now_);
}

void Machine::Step::take(const rules::Sample& sample) {
    state_.left_out.erase(sample.fingerprint);
    Entry* entry = active(sample.fingerprint);
    if (!sample.has_data) {
        if (policy_.no_data == rules::NoDataAction::alert) say_no_data(sample.labels, now_);
        if (entry != nullptr) freeze(*entry);
        return;
    }
    say_data_is_back(sample.labels);
    if (entry == nullptr) {
        if (sample.holds) candidates_.push_back(&sample);
        return;
    }
    if (entry->alert.no_data_since) {
        entry->alert.no_data_since.reset();
        machine_.mark(sample.fingerprint);
    }
    if (sample.holds) {
        hold(*entry, sample);
    } else {
        not_holding(*entry, sample.clear);
    }
}

void Machine::Step::freeze(Entry& entry) {
    Alert& alert = entry.alert;
    if (!alert.no_data_since || *alert.no_data_since > now_) {
        alert.no_data_since = now_;
        machine_.mark(alert.fingerprint);
    }
    entry.due.reset();
    if (policy_.no_data != rules::NoDataAction::resolve) return;
    if (now_ - *alert.no_data_since < policy_.no_data_for) {
        entry.due = *alert.no_data_since + policy_.no_data_for;
    } else if (alert.state == State::pending) {
        vanish(alert.fingerprint);
    } else {
        resolve(entry, "no data for " + format_duration(policy_.no_data_for));
    }
}

void Machine::Step::hold(Entry& entry, const rules::Sample& sample) {
    Alert& alert = entry.alert;
    refresh(alert, sample);
    held(entry);
    if (alert.state == State::firing) {
        raise(entry, severity_of(sample.labels));
        return;
    }
    const auto severity = severity_of(sample.labels);
    if (severity != severity_of(alert.labels) && !severity.empty()) {
        alert.labels[severity_name] = severity;
        machine_.mark(alert.fingerprint);
    }
    try_to_fire(entry, policy_.for_);
}

void Machine::Step::not_holding(Entry& entry, bool clear) {
    Alert& alert = entry.alert;
    entry.due.reset();
    if (alert.state == State::pending) {
        vanish(alert.fingerprint);
        return;
    }
    // A wall clock that was put back must not keep an alert firing for as long as it was wrong.
    alert.last_held = std::min(alert.last_held, now_);
    if (!clear) return;
    if (now_ - alert.last_held < policy_.keep_firing_for) {
        entry.due = alert.last_held + policy_.keep_firing_for;
        return;
    }
    resolve(entry, "the condition has cleared");
}

void Machine::Step::freeze_vanished(const std::vector<rules::Sample>& samples) {
    std::set<std::uint64_t> seen;
    for (const auto& sample : samples) seen.insert(sample.fingerprint);
    for (const auto fingerprint : active_normal()) {
        Entry* entry = active(fingerprint);
        if (seen.contains(fingerprint) || !in_scope(entry->alert)) continue;
        if (policy_.no_data == rules::NoDataAction::alert) say_no_data(entry->alert.labels, now_);
        freeze(*entry);
    }
}

void Machine::Step::admit() {
    std::stable_sort(candidates_.begin(), candidates_.end(), [&](const rules::Sample* a, const rules::Sample* b) {
        const int left = rank(a->labels);
        const int right = rank(b->labels);
        return left != right ? left > right : a->labels < b->labels;
    });
    std::size_t taken = active_normal().size();
    for (const rules::Sample* sample : candidates_) {
        if (policy_.limit > 0 && taken >= policy_.limit) {
            if (!displace_below(rank(sample->labels))) {
                state_.left_out.emplace(sample->fingerprint, severity_of(sample->labels));
                continue;
            }
            --taken;
        }
        create(sample->labels, sample->fingerprint, now_, policy_.for_, sample);
        ++taken;
    }
}

bool Machine::Step::displace_below(int above) {
    const Entry* victim = nullptr;
    for (const auto fingerprint : active_normal()) {
        const Entry* entry = active(fingerprint);
        if (entry->alert.state != State::pending || rank(entry->alert.labels) >= above) continue;
        const auto order = [&](const Entry& e) { return std::tuple(-rank(e.alert.labels), e.alert.active_since, e.alert.fingerprint); };
        if (victim == nullptr || order(*entry) > order(*victim)) victim = entry;
    }
    if (victim == nullptr) return false;
    const auto fingerprint = victim->alert.fingerprint;
    state_.left_out.emplace(fingerprint, severity_of(victim->alert.labels));
    vanish(fingerprint);
    return true;
}

void Machine::Step::create(const Labels& labels, std::uint64_t fingerprint, Time since, Duration wait, const rules::Sample* sample) {
    Entry entry;
    std::optional<State> from;
    const auto old = machine_.entries_.find(fingerprint);
    if (old != machine_.entries_.end()) {
        from = old->second.alert.state;
        machine_.rules_[old->second.alert.rule].alerts.erase(fingerprint);
    }
    Alert& alert = entry.alert;
    alert.rule = rule_;
    alert.labels = labels;
    alert.fingerprint = fingerprint;
    alert.active_since = since;
    alert.last_held = now_;
    if (sample != nullptr) refresh(alert, *sample);
    entry.stored = now_;
    Entry& placed = machine_.entries_[fingerprint] = std::move(entry);
    state_.alerts.insert(fingerprint);
    machine_.mark(fingerprint);
    if (now_ - since >= wait) {
        placed.alert.state = State::firing;
        placed.alert.fired_at = now_;
    } else {
        placed.due = since + wait;
    }
    transitions_.push_back({from, placed.alert, now_, false});
}

void Machine::Step::refresh(Alert& alert, const rules::Sample& sample) const {
    alert.values = sample.values;
    alert.why = sample.why;
    alert.annotations.clear();
    for (const auto& [name, text] : sample.annotations) alert.annotations.emplace(name, Untrusted(text));
}

void Machine::Step::count_left_out() {
    Labels labels{{"alertname", rule_.name}, {std::string(overflow_label), "true"}};
    const auto id = identity(labels);
    Entry* entry = active(id);
    if (state_.left_out.empty()) {
        if (entry != nullptr && state_.left_out_known) not_holding(*entry, true);
        return;
    }
    std::string gravest;
    for (const auto& [fingerprint, severity] : state_.left_out) {
        if (gravest.empty() || severity_rank(severity, policy_.severities) > severity_rank(gravest, policy_.severities)) gravest = severity;
    }
    if (!gravest.empty()) labels[severity_name] = gravest;
    rules::Sample sample;
    const auto count = std::to_string(state_.left_out.size());
    sample.values.push_back({"overflow", static_cast<double>(state_.left_out.size()), rules::Unit::number});
    sample.why.text = "alerts beyond the limit of " + std::to_string(policy_.limit);
    sample.why.value = static_cast<double>(state_.left_out.size());
    sample.annotations["summary"] = count + " more alerts of " + rule_.name + " beyond its limit of " + std::to_string(policy_.limit);
    if (entry == nullptr) {
        create(labels, id, now_, policy_.for_, &sample);
        return;
    }
    refresh(entry->alert, sample);
    held(*entry);
    if (entry->alert.state == State::firing) {
        raise(*entry, gravest);
    } else {
        try_to_fire(*entry, policy_.for_);
    }
}

void Machine::Step::say_no_data(Labels labels, Time since) {
    labels = no_data_labels(std::move(labels));
    if (severity_of(labels).empty()) labels[severity_name] = "warning";
    const auto id = identity(labels);
    Entry* entry = active(id);
    if (entry != nullptr) {
        held(*entry);
        if (entry->alert.state == State::pending) try_to_fire(*entry, policy_.no_data_for);
        return;
    }
    rules::Sample sample;
    sample.why.text = "no data";
    sample.annotations["summary"] = "The rule " + rule_.name + " has had no data since " + format_time(since);
    create(labels, id, since, policy_.no_data_for, &sample);
}

void Machine::Step::say_data_is_back(Labels labels) {
    const auto id = identity(no_data_labels(std::move(labels)));
    Entry* entry = active(id);
    if (entry == nullptr) return;
    if (entry->alert.state == State::pending) {
        vanish(id);
    } else {
        resolve(*entry, "data came back");
    }
}

void Machine::Step::try_to_fire(Entry& entry, Duration wait) {
    Alert& alert = entry.alert;
    // See not_holding: the clock may have been put back.
    if (alert.active_since > now_) {
        alert.active_since = now_;
        machine_.mark(alert.fingerprint);
    }
    if (now_ - alert.active_since < wait) {
        entry.due = alert.active_since + wait;
        return;
    }
    alert.state = State::firing;
    alert.fired_at = now_;
    entry.due.reset();
    machine_.mark(alert.fingerprint);
    transitions_.push_back({State::pending, alert, now_, false});
}

void Machine::Step::raise(Entry& entry, std::string_view severity) {
    Alert& alert = entry.alert;
    entry.due.reset();
    const auto& order = policy_.severities;
    if (severity_rank(severity, order) <= severity_rank(severity_of(alert.labels), order)) return;
    alert.labels[severity_name] = severity;
    machine_.mark(alert.fingerprint);
    transitions_.push_back({State::firing, alert, now_, true});
}

void Machine::Step::resolve(Entry& entry, std::string reason) {
    Alert& alert = entry.alert;
    alert.state = State::resolved;
    alert.resolved_at = now_;
    alert.resolved_because = std::move(reason);
    entry.due.reset();
    machine_.mark(alert.fingerprint);
    transitions_.push_back({State::firing, alert, now_, false});
}

void Machine::Step::vanish(std::uint64_t fingerprint) {
    machine_.erase(fingerprint);
}

void Machine::Step::held(Entry& entry) {
    entry.alert.last_held = now_;
    if (now_ - entry.stored >= row_refresh || now_ < entry.stored) {
        entry.stored = now_;
        machine_.mark(entry.alert.fingerprint);
    }
}

int Machine::Step::rank(const Labels& labels) const {
    return severity_rank(severity_of(labels), policy_.severities);
}

}  // namespace vigie::alerts
