// The states of all alerts: pending, firing, resolved. Sans-I/O: samples and an instant in, transitions and changed rows out.
// Thread-safety: one owner (the ledger thread).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "vigie/alerts/alert.hpp"
#include "vigie/core/time.hpp"
#include "vigie/rules/sample.hpp"

namespace vigie::alerts {

/// The label that marks the one alert that counts those beyond a rule's limit, and the one that tells of missing data.
inline constexpr std::string_view overflow_label = "overflow";
inline constexpr std::string_view no_data_label = "no_data";

/// How old the stored last_held of an alert may be: an alert that only goes on holding is not written at every evaluation. After a crash
/// keep_firing_for may so end at most this much early.
inline constexpr Duration row_refresh{std::chrono::seconds{10}};

/// Prometheus' states (pending, firing, inactive) with what it lacks: a separate all-clear (`clear`), levels whose peak is kept, no data
/// that freezes, a limit that keeps the gravest, and restarts that forget nothing.
///  - An alert with for = 0 fires in the evaluation in which it first holds. A pending one that no longer holds vanishes (a deleted row).
///  - A firing one ends when it does not hold, `clear` holds, and keep_firing_for has passed since it last held. A `for` that a reload
///    raised does not take a firing alert back: it has been told.
///  - data_ok = false (a failed source, a query error), has_data = false, and an active alert without a sample freeze: nothing fires,
///  nothing
///    ends, the clocks run on. After no_data_for of it: hold does nothing; resolve ends it; alert makes an alert with the label
///    no_data="true" beside it, for the sample's labels or, where the whole rule has no data, for the rule.
///  - Beyond policy.limit (0: none) new alerts are not taken in, the gravest first; one alert {alertname, overflow="true", severity: the
///    gravest left out} counts the rest. A grave one displaces a pending one that is less grave; what fires stays until it ends.
///  - Two samples with one fingerprint, or one that belongs to another rule: an error of the rules; the step freezes the rule, and counts
///  it.
class Machine {
public:
    /// Takes over what was stored. Call once, before the first step; an alert of a later duplicate fingerprint wins.
    void restore(std::vector<Alert> alerts);

    /// One evaluation of a rule. `samples` are all of the rule's, or, with `only_brands`, all of those brands (label `brand`): alerts of
    /// other brands are left as they are. Returns what changed, in the order of the samples, then the vanished, overflow and no-data ones.
    std::vector<Transition> step(const rules::RuleId& rule, const rules::AlertPolicy& policy, const std::vector<rules::Sample>& samples,
                                 bool data_ok, Time now, const std::set<std::string>* only_brands = nullptr);

    /// Ends every firing alert that `keep` refuses, because of `reason` ("the rule was removed"); pending ones vanish.
    std::vector<Transition> remove_rules(const std::function<bool(const Alert&)>& keep, const std::string& reason, Time now);

    /// The fingerprints whose stored row is no longer right, sorted, each once; empties the list. find() == nullptr: delete the row.
    std::vector<std::uint64_t> take_changed();

    /// The earliest instant at which a rule must be evaluated again even if nothing new comes in: a `for`, keep_firing_for or no_data_for
    /// that elapses. None: no clock runs. Unknown for restored alerts until their rule's first step.
    std::optional<Time> due() const;
    /// The rules whose instant has come.
    std::vector<rules::RuleId> due_rules(Time now) const;

    /// An alert by fingerprint; nullptr if there is none. Valid until the next change.
    const Alert* find(std::uint64_t fingerprint) const noexcept;
    /// All of them, by fingerprint, resolved ones that are still retained included.
    std::vector<const Alert*> all() const;
    /// The labels of a rule's pending and firing alerts: groups that an evaluation must sample even if nothing mentions them any more.
    std::vector<Labels> active_labels(const rules::RuleId& rule) const;

    /// Attaches the mentions that weighed on an alert. False: no such alert.
    bool set_evidence(std::uint64_t fingerprint, std::vector<Evidence> evidence);
    /// Forgets alerts resolved at or before `before` that `needed` does not ask for (Dispatcher::owes). Returns how many.
    std::size_t drop_resolved(Time before, const std::function<bool(std::uint64_t)>& needed);
    /// Steps that were refused because of clashing fingerprints.
    std::uint64_t refused() const noexcept { return refused_; }

private:
    struct Entry {
        Alert alert;
        std::optional<Time> due;
        Time stored;  ///< last_held as of the last time the row was marked as changed
    };
    struct RuleState {
        std::set<std::uint64_t> alerts;                 ///< fingerprints, resolved ones included
        std::map<std::uint64_t, std::string> left_out;  ///< held back by the limit -> severity
        bool left_out_known = false;                    ///< a full step has been seen since the start
    };
    class Step;
    void mark(std::uint64_t fingerprint);
    void erase(std::uint64_t fingerprint);

    std::map<std::uint64_t, Entry> entries_;
    std::map<rules::RuleId, RuleState> rules_;
    std::set<std::uint64_t> changed_;
    std::uint64_t refused_ = 0;
};

}  // namespace vigie::alerts
