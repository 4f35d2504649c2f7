#include "vigie/engine/core.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/audit.hpp"
#include "engine/copies.hpp"
#include "engine/evidence.hpp"
#include "engine/outbox.hpp"
#include "vigie/alerts/dispatcher.hpp"
#include "vigie/alerts/machine.hpp"
#include "vigie/core/hash.hpp"
#include "vigie/text/standing.hpp"

namespace vigie::engine {
namespace {

using std::chrono::minutes;

/// Resolved alerts are shown this long after their end.
constexpr Duration resolved_shown = minutes{15};
constexpr Duration roll_up_every = minutes{5};
/// A source matters to a brand if it gave at least this share of its mentions in a week.
constexpr double share_that_matters = 0.05;

/// Selectors of the core's own, behind those of the rules.
std::vector<detect::Selector> with_own_selectors(std::vector<detect::Selector> selectors) {
    detect::Selector by_source;
    by_source.metric = detect::Metric::mentions;
    by_source.window = std::chrono::days{7};
    selectors.push_back(by_source);
    by_source.by = {"source"};
    selectors.push_back(by_source);
    return selectors;
}

std::uint64_t key_of(const Labels& labels) {
    const auto brand = labels.find("brand");
    return brand == labels.end() ? 0 : brand_key(brand->second);
}

Time next_multiple(Time now, Duration interval) {
    const std::int64_t step = interval.count();
    return from_millis((to_millis(now) / step + 1) * step);
}

/// Retries of a state batch after a failed write are merged into one list of what is still unsaved.
struct Unsaved {
    std::set<std::uint64_t> alerts;
    std::map<std::string, std::optional<std::string>> groups;
    std::vector<alerts::Notification> notifications;
    std::vector<std::string> audit;
    bool empty() const { return alerts.empty() && groups.empty() && notifications.empty() && audit.empty(); }
};

}  // namespace

std::vector<std::string> ReloadReport::lines() const {
    std::vector<std::string> out;
    const auto rule = [&](const char* what, const std::vector<rules::RuleId>& ids) {
        for (const rules::RuleId& id : ids) out.push_back(fmt::format("rule {}: {} ({}, group {})", what, id.name, id.file, id.group));
    };
    const auto brand = [&](const char* what, const std::vector<std::string>& names) {
        for (const std::string& name : names) out.push_back(fmt::format("brand {}: {}", what, name));
    };
    rule("gained", rules.gained);
    rule("lost", rules.lost);
    rule("changed", rules.changed);
    brand("gained", brands_gained);
    brand("lost", brands_lost);
    brand("changed", brands_changed);
    if (route_changed) out.push_back("the route changed");
    if (alerts_resolved > 0)
        out.push_back(fmt::format("{} alerts ended because their rule or brand is gone or has other labels", alerts_resolved));
    if (out.empty()) out.push_back("nothing changed");
    return out;
}

struct Core::Impl {
    Impl(store::Store& store_, Observer& observer_, CoreSettings settings_)
        : store(store_),
          observer(observer_),
          settings(std::move(settings_)),
          rules(settings.rules),
          windows(0, {}),
          dispatcher(settings.route) {}

    store::Store& store;
    Observer& observer;
    CoreSettings settings;
    rules::RuleSet rules;
    detect::Windows windows;
    Copies copies;
    alerts::Machine machine;
    alerts::Dispatcher dispatcher;
    Outbox outbox;
    Unsaved unsaved;
    std::vector<Time> next_evaluation;  ///< by rule
    Time next_roll_up;
    Time no_end_before;  ///< the grace after a start
    std::set<std::string> failed_sources;
    std::uint64_t generation = 0;
    std::map<std::uint64_t, std::uint64_t> stored_under;  ///< fingerprint -> the brand key of its row

    Result<> start(Time now, Duration grace);
    Result<> rebuild(Time now);
    void schedule_all(Time now);
    void evaluate(std::size_t rule, const std::vector<BrandIndex>& brands, bool all_brands, Time now);
    std::vector<rules::Sample> samples_of(std::size_t rule, BrandIndex brand, const std::vector<Labels>& active, Time now);
    bool is_asked(const alerts::Alert& alert) const;
    std::size_t end_orphans(Time now);
    bool depends_on_failed_source(BrandIndex brand) const;
    void take_transitions(std::vector<alerts::Transition> transitions, const std::vector<std::string>& by, Time now);
    void settle(Time now);
    void save(Time now);
    BrandIndex own_selector(std::size_t which) const { return static_cast<BrandIndex>(rules.selectors().size() + which); }
};

Result<> Core::Impl::rebuild(Time now) {
    if (Result<> set = store.set_brands(settings.brands); !set) return set;
    store.set_retention(settings.retention);
    store.set_standing(text::standing_thousandths);
    Result<std::vector<doc::Diagnostic>> bound = rules.bind(settings.brands, settings.timezone);
    if (!bound) return bound.error();
    Result<detect::Windows> loaded = store.load_windows(with_own_selectors(rules.selectors()), now);
    if (!loaded) return loaded.error().with_context("loading the windows");
    windows = std::move(*loaded);
    windows.advance(now);
    schedule_all(now);
    return {};
}

void Core::Impl::schedule_all(Time now) {
    // Everything is evaluated at the first tick: a start or a reload may have changed what holds.
    next_evaluation.assign(rules.size(), now);
    next_roll_up = now;
}

Result<> Core::Impl::start(Time now, Duration grace) {
    no_end_before = now + grace;
    if (Result<> built = rebuild(now); !built) return built;

    Result<std::vector<store::StateRow>> alert_rows = store.rows(store::Table::alerts);
    if (!alert_rows) return alert_rows.error();
    std::vector<alerts::Alert> stored;
    for (const store::StateRow& row : *alert_rows) {
        Result<alerts::Alert> alert = alerts::decode_alert(row.value);
        if (!alert) {
            observer.on_problem(alert.error().with_context("the stored alert " + row.name));
            continue;
        }
        stored_under[alert->fingerprint] = row.brand;
        stored.push_back(std::move(*alert));
    }
    machine.restore(std::move(stored));

    Result<std::vector<store::StateRow>> group_rows = store.rows(store::Table::groups);
    if (!group_rows) return group_rows.error();
    std::vector<std::pair<std::string, std::string>> groups;
    for (store::StateRow& row : *group_rows) groups.emplace_back(std::move(row.name), std::move(row.value));
    for (const Error& error : dispatcher.restore(groups, now)) observer.on_problem(error);

    Result<std::vector<store::OutboxEntry>> rows = store.outbox();
    if (!rows) return rows.error();
    Result<std::vector<store::StateRow>> dead = store.rows(store::Table::dead_letters);
    if (!dead) return dead.error();
    outbox.restore(*rows, *dead, observer);
    store::StateBatch batch;
    outbox.configure(settings.integrations, now, batch);
    if (!batch.empty()) {
        if (Result<> written = store.commit(batch); !written) return written;
    }
    // The configuration may have changed while nobody was running.
    end_orphans(now);
    settle(now);
    return {};
}

/// Whether the configuration still has a rule that samples this alert's labels. One without is never sampled again, so it would never end.
bool Core::Impl::is_asked(const alerts::Alert& alert) const {
    const std::size_t rule = rules.find(alert.rule);
    if (rule == rules.size()) return false;
    Labels labels = alert.labels;
    const bool overflow = labels.contains(std::string(alerts::overflow_label));
    labels.erase("severity");
    const bool no_data = labels.erase(std::string(alerts::no_data_label)) > 0;
    const auto name = labels.find("brand");
    if (name == labels.end()) return overflow || no_data;  // they speak of the whole rule
    detect::GroupValues group;
    for (const std::string& label : rules.rules()[rule].by) {
        const auto value = labels.find(label);
        group.push_back(value == labels.end() ? std::string() : value->second);
    }
    const std::vector<BrandIndex>& brands = rules.brands_of(rule);
    return std::any_of(brands.begin(), brands.end(), [&](BrandIndex brand) {
        return settings.brands[brand].name == name->second && rules.labels_of(rule, brand, group) == labels;
    });
}

/// Ends the alerts that nobody asks about any more. Returns how many fired.
std::size_t Core::Impl::end_orphans(Time now) {
    std::vector<alerts::Transition> ended = machine.remove_rules([this](const alerts::Alert& alert) { return is_asked(alert); },
                                                                 "its rule or brand was removed, or has other labels now", now);
    const std::size_t count = ended.size();
    take_transitions(std::move(ended), {}, now);
    return count;
}

bool Core::Impl::depends_on_failed_source(BrandIndex brand) const {
    if (failed_sources.empty()) return false;
    const std::optional<double> all = windows.read(brand, own_selector(0));
    if (!all || *all <= 0) return true;  // nothing is known of the brand: its silence proves nothing
    return std::any_of(failed_sources.begin(), failed_sources.end(), [&](const std::string& source) {
        const std::optional<double> part = windows.read(brand, own_selector(1), {source});
        return part && *part >= share_that_matters * *all;
    });
}

std::vector<rules::Sample> Core::Impl::samples_of(std::size_t rule, BrandIndex brand, const std::vector<Labels>& active, Time now) {
    const rules::Rule& r = rules.rules()[rule];
    std::vector<detect::GroupValues> groups;
    if (!r.by.empty()) {
        for (const Labels& labels : active) {
            const auto name = labels.find("brand");
            if (name == labels.end() || name->second != settings.brands[brand].name) continue;
            detect::GroupValues group;
            for (const std::string& label : r.by) {
                const auto value = labels.find(label);
                if (value != labels.end()) group.push_back(value->second);
            }
            if (group.size() == r.by.size()) groups.push_back(std::move(group));
        }
    }
    std::vector<rules::Sample> samples = rules.evaluate(rule, brand, windows, now, groups);
    const bool doubtful = depends_on_failed_source(brand);
    for (rules::Sample& sample : samples) {
        if (sample.holds) continue;
        if (doubtful) sample.has_data = false;
        if (now < no_end_before) sample.clear = false;
    }
    return samples;
}

void Core::Impl::evaluate(std::size_t rule, const std::vector<BrandIndex>& brands, bool all_brands, Time now) {
    const rules::Rule& r = rules.rules()[rule];
    const std::vector<Labels> active = r.by.empty() ? std::vector<Labels>{} : machine.active_labels(r.id);
    std::vector<rules::Sample> samples;
    std::set<std::string> names;
    for (const BrandIndex brand : brands) {
        std::vector<rules::Sample> some = samples_of(rule, brand, active, now);
        samples.insert(samples.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
        if (!all_brands) names.insert(settings.brands[brand].name);
    }
    take_transitions(machine.step(r.id, r.policy, samples, true, now, all_brands ? nullptr : &names), r.by, now);
}

void Core::Impl::take_transitions(std::vector<alerts::Transition> transitions, const std::vector<std::string>& by, Time now) {
    for (alerts::Transition& transition : transitions) {
        if (transition.alert.state == alerts::State::firing) {
            Result<std::vector<alerts::Evidence>> evidence = find_evidence(store, transition.alert, by, now);
            if (evidence) {
                transition.alert.evidence = *evidence;
                machine.set_evidence(transition.alert.fingerprint, std::move(*evidence));
            } else {
                observer.on_problem(evidence.error().with_context("looking for the mentions behind an alert"));
            }
        }
        unsaved.audit.push_back(audit_transition(transition));
        observer.on_transition(transition);
    }
    dispatcher.on_transitions(transitions);
}

void Core::Impl::settle(Time now) {
    const auto latest = [this](std::uint64_t fingerprint) { return machine.find(fingerprint); };
    for (alerts::Notification& notification : dispatcher.collect(now, {}, latest)) {
        observer.on_notification(notification);
        unsaved.audit.push_back(audit_notification(notification));
        unsaved.notifications.push_back(std::move(notification));
    }
    machine.drop_resolved(now - resolved_shown, [this](std::uint64_t fingerprint) { return dispatcher.owes(fingerprint); });
    save(now);
}

void Core::Impl::save(Time now) {
    for (const std::uint64_t fingerprint : machine.take_changed()) unsaved.alerts.insert(fingerprint);
    for (alerts::StateRow& row : dispatcher.take_changed()) unsaved.groups[row.key] = std::move(row.value);
    if (unsaved.empty()) return;

    store::StateBatch batch;
    for (const std::uint64_t fingerprint : unsaved.alerts) {
        if (const alerts::Alert* alert = machine.find(fingerprint)) {
            const std::uint64_t brand = stored_under[fingerprint] = key_of(alert->labels);
            batch.put(store::Table::alerts, brand, store::state_name(fingerprint), alerts::encode_alert(*alert));
        } else if (const auto brand = stored_under.find(fingerprint); brand != stored_under.end()) {
            batch.erase(store::Table::alerts, brand->second, store::state_name(fingerprint));
        }
    }
    for (const auto& [key, value] : unsaved.groups) {
        if (value)
            batch.put(store::Table::groups, 0, key, *value);
        else
            batch.erase(store::Table::groups, 0, key);
    }
    for (const std::string& line : unsaved.audit) batch.append_audit(now, line);
    // Rows enter the queues even if the write fails: a repeat carries the same key, while silence helps nobody when the disk is full.
    for (const alerts::Notification& notification : unsaved.notifications) outbox.add(notification, now, store, batch);
    unsaved.notifications.clear();
    outbox.write_unsaved(batch);
    if (Result<> written = store.commit(batch); !written) {
        observer.on_problem(written.error().with_context("writing alert states"));
        unsaved.audit.clear();
        return;
    }
    for (const std::uint64_t fingerprint : unsaved.alerts) {
        if (machine.find(fingerprint) == nullptr) stored_under.erase(fingerprint);
    }
    outbox.saved();
    unsaved = Unsaved{};
}

Core::Core(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Core::~Core() = default;

Result<std::unique_ptr<Core>> Core::open(store::Store& store, CoreSettings settings, Time now, Duration grace, Observer& observer) {
    auto impl = std::make_unique<Impl>(store, observer, std::move(settings));
    if (Result<> started = impl->start(now, grace); !started) return started.error();
    return std::unique_ptr<Core>(new Core(std::move(impl)));
}

Result<store::CommitResult> Core::ingest(store::LedgerInput input, const std::function<void(const store::CommitResult&)>& on_durable) {
    const Time now = input.now;
    Impl& core = *impl_;
    if (Result<> placed = core.copies.place(input, core.store, core.settings.brands); !placed) core.observer.on_problem(placed.error());
    Result<store::CommitResult> committed = core.store.commit(std::move(input));
    if (!committed) {
        core.copies.failed();
        return committed;
    }
    core.copies.committed();
    if (on_durable) on_durable(*committed);
    core.windows.advance(now);
    std::set<BrandIndex> brands;
    for (const store::Touched& touched : committed->touched) {
        for (const store::RemovedCount& removed : touched.removed)
            core.windows.remove_count(touched.brand, touched.minute, removed.key, removed.value);
        core.windows.add(touched.brand, touched.minute, touched.delta);
        brands.insert(touched.brand);
    }
    std::map<std::size_t, std::vector<BrandIndex>> by_rule;
    for (const BrandIndex brand : brands) {
        for (const std::size_t rule : core.rules.rules_of(brand)) by_rule[rule].push_back(brand);
    }
    for (const auto& [rule, touched] : by_rule) core.evaluate(rule, touched, false, now);
    core.settle(now);
    return committed;
}

void Core::tick(Time now) {
    Impl& core = *impl_;
    core.windows.advance(now);
    std::set<std::size_t> due;
    for (const rules::RuleId& id : core.machine.due_rules(now)) {
        const std::size_t rule = core.rules.find(id);
        if (rule < core.rules.size()) due.insert(rule);
    }
    for (std::size_t rule = 0; rule < core.rules.size(); ++rule) {
        if (core.next_evaluation[rule] > now) continue;
        due.insert(rule);
        core.next_evaluation[rule] = next_multiple(now, core.rules.rules()[rule].interval);
    }
    for (const std::size_t rule : due) core.evaluate(rule, core.rules.brands_of(rule), true, now);
    if (core.next_roll_up <= now) {
        core.copies.tidy(now);
        const Result<bool> done = core.store.roll_up(now);
        if (!done) core.observer.on_problem(done.error().with_context("summing up old hours"));
        core.next_roll_up = done && !*done ? now : now + roll_up_every;
    }
    core.settle(now);
}

Time Core::next_due() const {
    const Impl& core = *impl_;
    Time due = core.next_roll_up;
    for (const Time at : core.next_evaluation) due = std::min(due, at);
    if (const auto at = core.machine.due()) due = std::min(due, *at);
    if (const auto at = core.dispatcher.next_due()) due = std::min(due, *at);
    if (const auto at = core.outbox.wake()) due = std::min(due, *at);
    return due;
}

Result<ReloadReport> Core::reload(CoreSettings settings, Time now) {
    Impl& core = *impl_;
    ReloadReport report;
    report.rules = rules::compare_rules(core.settings.rules, settings.rules);
    std::map<std::string, Brand> before, after;
    for (const Brand& brand : core.settings.brands) before[brand.name] = brand;
    for (const Brand& brand : settings.brands) after[brand.name] = brand;
    for (const auto& [name, brand] : after) {
        if (!before.contains(name))
            report.brands_gained.push_back(name);
        else if (before[name] != brand)
            report.brands_changed.push_back(name);
    }
    for (const auto& [name, brand] : before) {
        if (!after.contains(name)) report.brands_lost.push_back(name);
    }
    report.route_changed = core.settings.route != settings.route;

    CoreSettings old_settings = std::move(core.settings);
    rules::RuleSet old_rules = std::move(core.rules);
    core.settings = std::move(settings);
    core.rules = rules::RuleSet(core.settings.rules);
    if (Result<> built = core.rebuild(now); !built) {
        core.settings = std::move(old_settings);
        core.rules = std::move(old_rules);
        if (Result<> back = core.rebuild(now); !back)
            core.observer.on_problem(back.error().with_context("going back to the old configuration"));
        return built.error();
    }
    report.generation = ++core.generation;
    report.alerts_resolved = core.end_orphans(now);
    core.dispatcher.rebind(core.settings.route, now);
    store::StateBatch batch;
    core.outbox.configure(core.settings.integrations, now, batch);
    batch.append_audit(now, audit_reload(report.lines()));
    if (Result<> written = core.store.commit(batch); !written) core.observer.on_problem(written.error().with_context("writing the reload"));
    core.settle(now);
    return report;
}

std::uint64_t Core::generation() const noexcept {
    return impl_->generation;
}

void Core::set_failed_sources(std::set<std::string> names) {
    impl_->failed_sources = std::move(names);
}

const std::vector<Integration>& Core::integrations() const noexcept {
    return impl_->outbox.integrations();
}

std::optional<delivery::OutboxRow> Core::take(const std::string& integration, Time now) {
    return impl_->outbox.take(integration, now);
}

void Core::retry_now(Time now) {
    store::StateBatch batch;
    impl_->outbox.retry_now(now, batch);
    if (batch.empty()) return;
    if (Result<> written = impl_->store.commit(batch); !written)
        impl_->observer.on_problem(written.error().with_context("writing what is tried again"));
}

void Core::finish(const std::string& integration, std::uint64_t sequence, const delivery::Outcome& outcome, Time now, double random) {
    Impl& core = *impl_;
    store::StateBatch batch;
    const auto finished = core.outbox.finish(integration, sequence, outcome, now, random, batch);
    if (!finished) return;
    batch.append_audit(now, audit_delivery(finished->row, outcome, finished->next));
    if (Result<> written = core.store.commit(batch); !written)
        core.observer.on_problem(written.error().with_context("writing what came of a delivery"));
    core.observer.on_delivery(finished->row, outcome, finished->next);
}

std::optional<Time> Core::wake(const std::string& integration) const {
    return impl_->outbox.wake(integration);
}
const CoreSettings& Core::settings() const noexcept {
    return impl_->settings;
}
const rules::RuleSet& Core::rules() const noexcept {
    return impl_->rules;
}
const detect::Windows& Core::windows() const noexcept {
    return impl_->windows;
}

std::vector<alerts::Alert> Core::alerts() const {
    std::vector<alerts::Alert> out;
    for (const alerts::Alert* alert : impl_->machine.all()) out.push_back(*alert);
    return out;
}

std::vector<Core::QueueState> Core::queues() const {
    return impl_->outbox.states();
}
Result<> Core::save_snapshot() {
    return impl_->store.save_snapshot(impl_->windows);
}

}  // namespace vigie::engine
