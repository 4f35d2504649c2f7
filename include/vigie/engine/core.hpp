// The heart without threads or network: commits what came, moves the windows, evaluates, steps the alerts, and fills the outbox. The live
// daemon, replay and rule tests all drive this one object; only who sets the time and who delivers differs.
// Thread-safety: one owner, the ledger thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "vigie/alerts/alert.hpp"
#include "vigie/alerts/route.hpp"
#include "vigie/core/brand.hpp"
#include "vigie/delivery/outcome.hpp"
#include "vigie/delivery/schedule.hpp"
#include "vigie/rules/rule_set.hpp"
#include "vigie/store/store.hpp"

namespace vigie::engine {

/// One way to reach a receiver: "comms/slack/0".
struct Integration {
    std::string name;
    std::string receiver;
    bool send_resolved = true;
    friend bool operator==(const Integration&, const Integration&) = default;
};

/// What a configuration means to the core. All of it has been checked.
struct CoreSettings {
    std::vector<Brand> brands;
    std::string timezone;
    std::vector<rules::Rule> rules;
    alerts::Route route;
    std::vector<Integration> integrations;
    store::Retention retention;
};

/// Told of what happens, in order, on the owner's thread. For logs, metrics, and the events that replay prints.
class Observer {
public:
    virtual ~Observer() = default;
    virtual void on_transition(const alerts::Transition&) {}
    virtual void on_notification(const alerts::Notification&) {}
    virtual void on_delivery(const delivery::OutboxRow&, const delivery::Outcome&, const delivery::Next&) {}
    /// Something failed that does not end the work (a state row that could not be written yet, a stored row that cannot be read).
    virtual void on_problem(const Error&) {}
};

/// What a reload changed, for people.
struct ReloadReport {
    rules::RuleChanges rules;
    std::vector<std::string> brands_gained, brands_lost, brands_changed;
    bool route_changed = false;
    std::size_t alerts_resolved = 0;
    std::uint64_t generation = 0;  ///< Core::generation() from now on
    std::vector<std::string> lines() const;
};

class Core {
public:
    /// Takes over what the store holds: windows, alert states, groups, the outbox. `observer` and `store` outlive the core. For `grace`
    /// after `now` no alert ends: after a restart the sources must have spoken again before their silence means anything. Errors: as
    /// Store's.
    static Result<std::unique_ptr<Core>> open(store::Store& store, CoreSettings settings, Time now, Duration grace, Observer& observer);
    ~Core();

    /// Commits a group, then evaluates the rules of every brand that it touched. When this returns, the group is durable. An Error: nothing
    /// of it is.
    /// `on_durable` is called in between, as soon as the group is on the disk: whoever waits for that need not wait for the rules.
    Result<store::CommitResult> ingest(store::LedgerInput input, const std::function<void(const store::CommitResult&)>& on_durable = {});
    /// Does what is due at `now`: rules on their interval, alerts whose `for` has passed, groups to be told, roll-up of old hours.
    void tick(Time now);
    /// The next instant at which tick() or a delivery has something to do. Never later than the shortest rule interval from the last tick.
    Time next_due() const;

    /// Swaps the configuration. Rules are bound by file, group and name; alerts that no rule asks about any more (its rule or brand is
    /// gone, or gives its alerts other labels now) end with that reason. Errors: invalid, or as Store's; then the old configuration goes on
    /// untouched.
    Result<ReloadReport> reload(CoreSettings settings, Time now);
    /// Every waiting notification becomes due now, whatever its schedule or breaker says: for after a reload, once the new receivers stand.
    void retry_now(Time now);

    /// 0 at the start, one more with each reload: what was prepared for another one is not to be ingested.
    std::uint64_t generation() const noexcept;

    /// Sources that fail or are silent now. While one that gave at least a twentieth of a brand's mentions in a week is among them, a
    /// condition of that brand that does not hold counts as no data.
    void set_failed_sources(std::set<std::string> names);

    // --- outbox -----------------------------------------------------------------------------------------------------------------------
    const std::vector<Integration>& integrations() const noexcept;
    /// The row to send now, marked as being sent; none if nothing is due, or one is being sent already.
    std::optional<delivery::OutboxRow> take(const std::string& integration, Time now);
    /// What came of it: the row is done, put off, made smaller, or a dead letter; stored before this returns. `random` in [0, 1).
    void finish(const std::string& integration, std::uint64_t sequence, const delivery::Outcome& outcome, Time now, double random);
    /// When take() will have something; none: nothing waits.
    std::optional<Time> wake(const std::string& integration) const;

    // --- views ------------------------------------------------------------------------------------------------------------------------
    const CoreSettings& settings() const noexcept;
    const rules::RuleSet& rules() const noexcept;
    const detect::Windows& windows() const noexcept;
    std::vector<alerts::Alert> alerts() const;
    struct QueueState {
        std::string integration;
        std::size_t waiting = 0;
        std::optional<Time> oldest;
        std::string breaker;
        std::size_t dead_letters = 0;
    };
    std::vector<QueueState> queues() const;

    /// Writes what makes the next start fast. Errors: as Store's.
    Result<> save_snapshot();

private:
    struct Impl;
    explicit Core(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace vigie::engine
