// One evaluation of one rule, as the state machine takes it in.
// Thread-safety: lives on the stack of Machine::step.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/alerts/machine.hpp"

namespace vigie::alerts {

class Machine::Step {
public:
    Step(Machine& machine, const rules::RuleId& rule, const rules::AlertPolicy& policy, Time now)
        : machine_(machine), rule_(rule), policy_(policy), now_(now), state_(machine.rules_[rule]) {}

    std::vector<Transition> run(const std::vector<rules::Sample>& samples, bool data_ok, const std::set<std::string>* only_brands);

private:
    bool clashes(const std::vector<rules::Sample>& samples) const;
    bool in_scope(const Alert& alert) const;
    Entry* active(std::uint64_t fingerprint) const;
    std::vector<std::uint64_t> active_normal() const;

    void freeze_all();
    void take(const rules::Sample& sample);
    void freeze(Entry& entry);
    void hold(Entry& entry, const rules::Sample& sample);
    void not_holding(Entry& entry, bool clear);
    void freeze_vanished(const std::vector<rules::Sample>& samples);

    void admit();
    bool displace_below(int rank);
    void create(const Labels& labels, std::uint64_t fingerprint, Time since, Duration wait, const rules::Sample* sample);
    void refresh(Alert& alert, const rules::Sample& sample) const;

    void count_left_out();
    void say_no_data(Labels labels, Time since);
    void say_data_is_back(Labels labels);

    void try_to_fire(Entry& entry, Duration wait);
    void raise(Entry& entry, std::string_view severity);
    void resolve(Entry& entry, std::string reason);
    void vanish(std::uint64_t fingerprint);
    void held(Entry& entry);
    int rank(const Labels& labels) const;

    Machine& machine_;
    const rules::RuleId& rule_;
    const rules::AlertPolicy& policy_;
    Time now_;
    RuleState& state_;
    const std::set<std::string>* only_brands_ = nullptr;
    std::vector<const rules::Sample*> candidates_;
    std::vector<Transition> transitions_;
};

}  // namespace vigie::alerts
