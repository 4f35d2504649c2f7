#include "vigie/engine/daemon.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <random>

#include "engine/evidence.hpp"
#include "engine/log.hpp"
#include "engine/notify.hpp"
#include "engine/play.hpp"
#include "engine/source_runner.hpp"
#include "vigie/core/record_json.hpp"
#include "vigie/engine/forward_clock.hpp"
#include "vigie/engine/intake.hpp"
#include "vigie/engine/system_clock.hpp"
#include "vigie/net/client.hpp"
#include "vigie/net/signal.hpp"
#include "vigie/net/task_group.hpp"
#include "vigie/net/timer.hpp"
#include "vigie/receivers/receiver.hpp"

namespace vigie::engine {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::minutes;
using std::chrono::seconds;

/// After a restart no alert ends before the sources have had time to speak.
constexpr Duration grace_after_start = minutes{3};
constexpr Duration drain = seconds{10};
constexpr Duration upkeep_every = minutes{10};
/// The watchdog is fed while the ledger thread has gone round within this.
constexpr Duration ledger_alive = seconds{20};

}  // namespace

struct Daemon::Impl final : Observer {
    explicit Impl(DaemonOptions options_) : options(std::move(options_)) {}

    DaemonOptions options;
    SystemClock system_clock;
    ForwardClock forward_clock{system_clock};
    std::unique_ptr<PlayClock> play_clock;  ///< set while and after a file is played
    asio::io_context io{1};
    asio::thread_pool workers{std::max(1u, std::thread::hardware_concurrency())};
    std::shared_ptr<const Configuration> configuration;
    std::uint64_t generation = 0;  ///< of the core that runs this configuration
    std::unique_ptr<store::Store> store;
    std::unique_ptr<net::HttpClient> client;
    std::map<std::string, std::shared_ptr<receivers::Receiver>> receivers;
    std::unique_ptr<LedgerThread> ledger;
    std::unique_ptr<Frontend> frontend;
    std::unique_ptr<net::TaskGroup> tasks;         ///< upkeep, deliveries
    std::unique_ptr<net::TaskGroup> source_tasks;  ///< one for each source
    std::map<std::string, std::shared_ptr<SourceRunner>> runners;
    Totals totals;
    Time started;
    bool is_ready = false;
    bool stopping = false;
    std::string last_reload_error;
    std::atomic<double> played{0};
    std::atomic<bool> playing{false};
    std::mt19937_64 random{std::random_device{}()};

    const Clock& clock() const { return play_clock ? static_cast<const Clock&>(*play_clock) : forward_clock; }
    double uniform() { return static_cast<double>(random() >> 11) * 0x1.0p-53; }

    // Observer, on the ledger thread: what is counted is handed to the network thread, which owns the totals.
    void on_transition(const alerts::Transition& transition) override;
    void on_delivery(const delivery::OutboxRow& row, const delivery::Outcome& outcome, const delivery::Next& next) override;
    void on_problem(const Error& error) override;

    Result<> open();
    Result<> make_receivers(const Configuration& from, std::map<std::string, std::shared_ptr<receivers::Receiver>>& into);
    void start_sources();
    awaitable<void> stop_sources();
    void deliver(delivery::OutboxRow row);
    awaitable<void> deliver_one(std::shared_ptr<receivers::Receiver> receiver, delivery::OutboxRow row);
    awaitable<store::LedgerInput> analyse(std::vector<Record> records, std::shared_ptr<const Configuration> with, std::string source,
                                          Time now);
    awaitable<Result<SubmitResult>> submit(std::vector<Record> records, std::string source, std::vector<store::Cursor> cursors, bool wait);
    awaitable<void> upkeep();
    awaitable<void> feed_watchdog(Duration every);
    awaitable<void> on_signals();
    awaitable<void> shut_down();
    awaitable<Result<ReloadReport>> reload();
    bool ledger_goes_round() const;
    void tell_failed_sources();
    /// Errors: not_found, with the nearest name.
    Result<> check_brand(const std::string& name) const;
    template <class T>
    awaitable<T> on_ledger(std::function<T(Core&)> job);
    template <class T>
    awaitable<T> on_worker(std::function<T()> job);
};

template <class T>
awaitable<T> Daemon::Impl::on_ledger(std::function<T(Core&)> job) {
    const auto result = std::make_shared<std::optional<T>>();
    const net::Signal done(io.get_executor());
    ledger->post([result, done, job = std::move(job)](Core& core) {
        *result = job(core);
        done.set();
    });
    co_await done.wait();
    co_return std::move(**result);
}

template <class T>
awaitable<T> Daemon::Impl::on_worker(std::function<T()> job) {
    const auto result = std::make_shared<std::optional<T>>();
    const net::Signal done(io.get_executor());
    asio::post(workers, [result, done, job = std::move(job)] {
        *result = job();
        done.set();
    });
    co_await done.wait();
    co_return std::move(**result);
}

void Daemon::Impl::on_transition(const alerts::Transition& transition) {
    const std::string state(alerts::to_string(transition.alert.state));
    const bool quiet = transition.alert.state == alerts::State::pending || log::for_people();
    (quiet ? log::debug : log::info)("alert " + state,
                                     {{"labels", format_labels(transition.alert.labels)}, {"at", format_time(transition.at)}});
    asio::post(io, [this, state] { ++totals.transitions[state]; });
}

void Daemon::Impl::on_delivery(const delivery::OutboxRow& row, const delivery::Outcome& outcome, const delivery::Next& next) {
    const std::string kind(delivery::to_string(outcome.kind));
    const log::Fields fields{{"integration", row.integration},
                             {"key", row.notification.key},
                             {"outcome", kind},
                             {"detail", outcome.detail},
                             {"next", next.reason}};
    if (next.action == delivery::NextAction::done)
        (log::for_people() ? log::debug : log::info)("notification delivered", fields);
    else if (next.action == delivery::NextAction::dead_letter)
        log::error("notification given up", fields);
    else
        log::warning("notification not delivered yet", fields);
    asio::post(io, [this, kind] { ++totals.deliveries[kind]; });
}

void Daemon::Impl::on_problem(const Error& error) {
    log::error(error.text(), {{"code", std::string(to_string(error.code()))}});
    asio::post(io, [this] { ++totals.problems; });
}

Result<> Daemon::Impl::make_receivers(const Configuration& from, std::map<std::string, std::shared_ptr<receivers::Receiver>>& into) {
    receivers::Surroundings surroundings(io.get_executor(), *client, clock(), system_clock, from.settings.external_url,
                                         [](const delivery::Message& message) { log::notification(message); });
    auto made = receivers::make_receivers(from.settings.receivers, std::move(surroundings));
    if (!made) return made.error();
    for (auto& receiver : *made) {
        const std::string name = receiver->integration();
        into[name] = std::move(receiver);
    }
    return {};
}

Result<> Daemon::Impl::open() {
    std::vector<doc::Diagnostic> diagnostics;
    std::optional<Configuration> loaded = load_configuration(options.config, diagnostics);
    for (const doc::Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.severity == doc::Severity::error)
            log::error(diagnostic.text());
        else
            log::warning(diagnostic.text());
    }
    if (!loaded) return Error(Errc::invalid, "the configuration has errors", options.config);
    if (!options.data.empty()) loaded->settings.data_dir = options.data;
    configuration = std::make_shared<const Configuration>(std::move(*loaded));
    log::configure(configuration->settings.log);
    if (!options.play.empty()) {
        Result<Time> first = first_record_time(options.play);
        if (!first) return first.error();
        play_clock = std::make_unique<PlayClock>(*first, forward_clock);
        playing = true;
    }

    notify::extend_start(minutes{5});
    store::Options store_options;
    store_options.directory = configuration->settings.data_dir;
    store_options.retention = configuration->core().retention;
    Result<std::unique_ptr<store::Store>> opened = store::Store::open(std::move(store_options));
    if (!opened) {
        // The configuration was sound: a data directory that cannot be used is no wrong usage, whatever the store calls it.
        const Error& error = opened.error();
        return Error(error.code() == Errc::invalid ? Errc::io : error.code(), error.message(), error.where());
    }
    store = std::move(*opened);
    if (const std::string report = store->report().text(); !report.empty())
        log::error(report, {{"data", configuration->settings.data_dir}});
    client = net::make_http_client(io.get_executor(), clock(), net::ClientSettings());
    if (Result<> made = make_receivers(*configuration, receivers); !made) return made;

    started = clock().now();
    const Duration grace = options.play.empty() ? grace_after_start : Duration{0};
    Result<std::unique_ptr<Core>> core = Core::open(*store, configuration->core(), started, grace, *this);
    if (!core) return core.error();
    ledger = std::make_unique<LedgerThread>(std::move(*core), clock(), [this](delivery::OutboxRow row) { deliver(std::move(row)); });
    return {};
}

void Daemon::Impl::deliver(delivery::OutboxRow row) {
    asio::post(io, [this, row = std::move(row)]() mutable {
        const auto receiver = receivers.find(row.integration);
        if (receiver == receivers.end() || stopping) {
            // Between a reload and its new receivers, or in a shutdown: the row stays in the outbox.
            const std::string integration = row.integration;
            ledger->finish(integration, row.sequence, delivery::Outcome(delivery::OutcomeKind::retry, "the receiver is not there now"),
                           uniform());
            return;
        }
        const auto to = receiver->second;
        const std::string name = "delivery to " + row.integration;
        tasks->spawn(name, [this, to, row = std::move(row)] { return deliver_one(to, row); });
    });
}

awaitable<void> Daemon::Impl::deliver_one(std::shared_ptr<receivers::Receiver> receiver, delivery::OutboxRow row) {
    // Whatever ends the try, the row must come back: else nothing would follow it until the next start.
    std::optional<delivery::Outcome> outcome;
    try {
        outcome = co_await receiver->deliver(row);
    } catch (const boost::system::system_error& error) {
        if (error.code() == asio::error::operation_aborted) throw;
        outcome.emplace(delivery::OutcomeKind::ambiguous, std::string("the delivery broke off: ") + error.what());
    } catch (const std::exception& error) {
        outcome.emplace(delivery::OutcomeKind::ambiguous, std::string("the delivery broke off: ") + error.what());
    }
    ledger->finish(row.integration, row.sequence, *outcome, uniform());
}

awaitable<store::LedgerInput> Daemon::Impl::analyse(std::vector<Record> records, std::shared_ptr<const Configuration> with,
                                                    std::string source, Time now) {
    // Large submissions are split among the workers; the parts come together in order.
    constexpr std::size_t least = 64;
    // The workers share it: a cancelled submission may be gone before they are done.
    struct Work {
        std::shared_ptr<const Configuration> with;
        std::string source;
        std::vector<Record> records;
        std::vector<store::LedgerInput> parts;
        std::atomic<std::size_t> left;
    };
    const auto work = std::make_shared<Work>();
    work->with = std::move(with);
    work->source = std::move(source);
    work->records = std::move(records);
    const std::size_t total = work->records.size();
    const std::size_t parts = std::clamp<std::size_t>(total / least, 1, std::max(1u, std::thread::hardware_concurrency()));
    work->parts.resize(parts);
    work->left = parts;
    const net::Signal done(io.get_executor());
    for (std::size_t i = 0; i < parts; ++i) {
        asio::post(workers, [work, done, i, parts, total, now] {
            const auto at = [&](std::size_t n) { return work->records.begin() + static_cast<std::ptrdiff_t>(total * n / parts); };
            std::vector<Record> own(std::make_move_iterator(at(i)), std::make_move_iterator(at(i + 1)));
            work->parts[i] = prepare(std::move(own), *work->with->analyser, work->source, now);
            if (--work->left == 0) done.set();
        });
    }
    co_await done.wait();
    store::LedgerInput all = std::move(work->parts.front());
    for (std::size_t i = 1; i < parts; ++i) append(all, std::move(work->parts[i]));
    co_return all;
}

awaitable<Result<SubmitResult>> Daemon::Impl::submit(std::vector<Record> records, std::string source, std::vector<store::Cursor> cursors,
                                                     bool wait) {
    // A reload in between may move the brands: the ledger refuses what was prepared for another list.
    const std::shared_ptr<const Configuration> current = configuration;
    const std::uint64_t prepared_for = generation;
    const Time now = clock().now();
    store::LedgerInput input = co_await analyse(std::move(records), current, source, now);
    input.cursors = std::move(cursors);
    const auto result = std::make_shared<std::optional<Result<SubmitResult>>>();
    const net::Signal done(io.get_executor());
    const LedgerThread::Completion completion = [result, done](Result<SubmitResult> came) {
        done.set_after([result, came = std::move(came)]() mutable { *result = std::move(came); });
    };
    for (;;) {
        // Where it says no, the input is still there. NOLINTNEXTLINE(bugprone-use-after-move)
        if (ledger->submit(std::move(input), prepared_for, completion)) break;
        if (!wait || stopping) {
            ++totals.submissions_refused;
            co_return Error(Errc::busy, "too much is waiting to be stored, try again in a moment");
        }
        co_await net::sleep_for(Duration(100));
    }
    co_await done.wait();
    Result<SubmitResult> came = std::move(**result);
    if (came) {
        totals.items_accepted += came->accepted;
        totals.items_duplicate += came->duplicates;
        totals.items_unmatched += came->unmatched;
        totals.items_too_old += came->too_old;
    } else {
        ++totals.submissions_refused;
    }
    co_return came;
}

void Daemon::Impl::start_sources() {
    source_tasks = std::make_unique<net::TaskGroup>(io.get_executor(), [](const std::string& name, std::exception_ptr) {
        log::error("a source ended unexpectedly", {{"source", name}});
    });
    std::map<std::string, std::string> cursors;
    if (const auto stored = store->cursors()) {
        for (const store::Cursor& cursor : *stored) cursors[cursor.source] = cursor.bytes;
    } else {
        on_problem(stored.error().with_context("reading the cursors of the sources"));
    }
    SourceRunner::Hooks hooks;
    hooks.submit = [this](std::vector<Record> records, std::string source, std::vector<store::Cursor> moved) {
        return submit(std::move(records), std::move(source), std::move(moved), true);
    };
    hooks.on_poll = [this](bool ok) {
        ++totals.polls;
        if (!ok) ++totals.poll_failures;
        tell_failed_sources();
    };
    hooks.random = [this] { return uniform(); };
    std::map<std::string, std::shared_ptr<SourceRunner>> fresh;
    for (const sources::SourceSettings& settings : configuration->settings.sources) {
        auto runner = SourceRunner::make(settings, configuration->brand_names(), *client, clock(), hooks);
        if (!runner) {
            on_problem(runner.error().with_context("the source " + settings.name));
            continue;
        }
        const std::shared_ptr<SourceRunner> one = std::move(*runner);
        if (const auto cursor = cursors.find(settings.name); cursor != cursors.end()) one->set_cursor(cursor->second);
        fresh[settings.name] = one;
        if (one->polls()) source_tasks->spawn(settings.name, [one] { return one->run(); });
    }
    runners = std::move(fresh);
    tell_failed_sources();
}

awaitable<void> Daemon::Impl::stop_sources() {
    if (!source_tasks) co_return;
    source_tasks->cancel();
    const bool ended = co_await source_tasks->wait(drain);
    if (!ended) log::warning("sources did not stop in time");
}

void Daemon::Impl::tell_failed_sources() {
    std::set<std::string> failed;
    for (const auto& [name, runner] : runners) {
        if (runner->failed()) failed.insert(name);
    }
    ledger->post([failed](Core& core) { core.set_failed_sources(failed); });
}

Result<> Daemon::Impl::check_brand(const std::string& name) const {
    std::vector<std::string> names;
    for (const Brand& brand : configuration->settings.brands) names.push_back(brand.name);
    if (std::find(names.begin(), names.end(), name) != names.end()) return {};
    const std::string near = doc::nearest(name, names);
    return Error(Errc::not_found, "there is no brand \"" + excerpt(name) + "\"" + (near.empty() ? "" : ", did you mean \"" + near + "\"?"));
}

awaitable<void> Daemon::Impl::upkeep() {
    for (;;) {
        co_await net::sleep_for(upkeep_every);
        const std::function<Done(Core&)> care = [this](Core& core) {
            if (Result<> saved = core.save_snapshot(); !saved) on_problem(saved.error().with_context("saving the snapshot"));
            if (const Result<bool> kept = store->apply_retention(clock().now()); !kept)
                on_problem(kept.error().with_context("removing what is older than the retention"));
            return Done{};
        };
        co_await on_ledger(care);
    }
}

awaitable<void> Daemon::Impl::feed_watchdog(Duration every) {
    for (;;) {
        if (ledger_goes_round()) notify::watchdog();
        co_await net::sleep_for(every);
    }
}

bool Daemon::Impl::ledger_goes_round() const {
    return playing || clock().steady() - ledger->last_round() < ledger_alive;
}

awaitable<Result<ReloadReport>> Daemon::Impl::reload() {
    notify::reloading(system_clock.steady());
    const auto diagnostics = std::make_shared<std::vector<doc::Diagnostic>>();
    const std::string path = options.config;
    const std::function<std::shared_ptr<Configuration>()> load = [path, diagnostics]() -> std::shared_ptr<Configuration> {
        std::optional<Configuration> loaded = load_configuration(path, *diagnostics);
        return loaded ? std::make_shared<Configuration>(std::move(*loaded)) : nullptr;
    };
    std::shared_ptr<Configuration> loaded = co_await on_worker(load);
    std::string errors;
    for (const doc::Diagnostic& diagnostic : *diagnostics) {
        const bool is_error = diagnostic.severity == doc::Severity::error;
        if (is_error)
            log::error(diagnostic.text());
        else
            log::warning(diagnostic.text());
        if (is_error) errors += (errors.empty() ? "" : "\n") + diagnostic.text();
    }
    const auto refuse = [&](std::string why) {
        ++totals.reload_failures;
        last_reload_error = why;
        log::error("the reload was refused: the old configuration goes on");
        notify::ready("The last reload was refused: the old configuration goes on");
        return Error(Errc::invalid, std::move(why));
    };
    if (!loaded) co_return refuse(errors);
    if (loaded->settings.listen != configuration->settings.listen ||
        (options.data.empty() && loaded->settings.data_dir != configuration->settings.data_dir))
        co_return refuse("listen and data_dir change with a restart alone");
    if (!options.data.empty()) loaded->settings.data_dir = options.data;
    std::map<std::string, std::shared_ptr<receivers::Receiver>> fresh;
    if (Result<> made = make_receivers(*loaded, fresh); !made) co_return refuse(made.error().text());

    co_await stop_sources();
    const std::function<Result<ReloadReport>(Core&)> swap = [this, loaded](Core& core) {
        return core.reload(loaded->core(), clock().now());
    };
    Result<ReloadReport> report = co_await on_ledger(swap);
    if (report) {
        configuration = loaded;
        generation = report->generation;
        receivers = std::move(fresh);
        // Only now: before, the old receivers would have had the row.
        ledger->post([this](Core& core) { core.retry_now(clock().now()); });
        log::configure(configuration->settings.log);
        ++totals.reloads;
        last_reload_error.clear();
        for (const std::string& line : report->lines()) log::info("reload: " + line);
        notify::ready("Watching");
    }
    if (!stopping) start_sources();
    if (!report) co_return refuse(report.error().text());
    co_return report;
}

awaitable<void> Daemon::Impl::on_signals() {
    asio::signal_set signals(io, SIGTERM, SIGINT, SIGHUP);
    for (;;) {
        const int signal = co_await signals.async_wait(asio::use_awaitable);
        if (signal != SIGHUP) break;
        log::info("SIGHUP: reloading");
        (void)co_await reload();
    }
    log::info("stopping");
    co_await shut_down();
}

awaitable<void> Daemon::Impl::shut_down() {
    if (stopping) co_return;
    stopping = true;
    is_ready = false;
    notify::stopping();
    // Intake first, so that nothing new comes; then deliveries under way get their time; what is left stays in the outbox.
    co_await stop_sources();
    if (frontend) co_await frontend->stop(seconds(5));
    const bool delivered = co_await tasks->wait(Duration(0));
    if (!delivered) {
        tasks->cancel();
        (void)co_await tasks->wait(seconds(5));
    }
    const std::function<Done()> stop = [this] {
        ledger->stop();
        return Done{};
    };
    co_await on_worker(stop);
    io.stop();
}

Daemon::Daemon(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Daemon::~Daemon() {
    if (impl_->ledger) impl_->ledger->stop();
    impl_->workers.join();
}

Result<std::unique_ptr<Daemon>> Daemon::create(DaemonOptions options) {
    auto impl = std::make_unique<Impl>(std::move(options));
    if (Result<> opened = impl->open(); !opened) return opened.error();
    return std::unique_ptr<Daemon>(new Daemon(std::move(impl)));
}

Result<int> Daemon::run(const MakeFrontend& make_frontend) {
    Impl& d = *impl_;
    d.tasks = std::make_unique<net::TaskGroup>(d.io.get_executor(), [](const std::string& name, std::exception_ptr) {
        log::error("a task ended unexpectedly", {{"task", name}});
    });
    Result<std::unique_ptr<Frontend>> frontend = make_frontend(*this);
    if (!frontend) return frontend.error();
    d.frontend = std::move(*frontend);
    asio::co_spawn(d.io, d.on_signals(), asio::detached);
    if (const auto every = notify::watchdog_interval()) d.tasks->spawn("watchdog", [&d, every = *every] { return d.feed_watchdog(every); });
    d.tasks->spawn("upkeep", [&d] { return d.upkeep(); });

    LedgerThread::Job first;
    if (d.playing) {
        first = [&d](Core& core) {
            d.store->set_synced(false);
            const Result<> played =
                play_file(d.options.play, d.options.speed, core, *d.configuration->analyser, *d.play_clock, *d.ledger, d.played);
            if (!played) d.on_problem(played.error().with_context("playing " + d.options.play));
            d.store->set_synced(true);
            d.play_clock->go_on_at_real_time();
            d.playing = false;
            const bool stop = d.options.exit_after_play;
            asio::post(d.io, [&d, stop] {
                if (stop)
                    asio::co_spawn(d.io, d.shut_down(), asio::detached);
                else
                    d.start_sources();
            });
        };
    }
    d.ledger->start(std::move(first));
    if (!d.playing) d.start_sources();
    d.is_ready = true;
    log::info("ready", {{"listen", d.configuration->settings.listen},
                        {"brands", std::to_string(d.configuration->settings.brands.size())},
                        {"rules", std::to_string(d.configuration->rules.size())},
                        {"sources", std::to_string(d.configuration->settings.sources.size())}});
    notify::ready("Watching");
    d.io.run();
    d.frontend.reset();
    d.source_tasks.reset();
    d.tasks.reset();
    d.receivers.clear();
    return 0;
}

asio::any_io_executor Daemon::executor() {
    return impl_->io.get_executor();
}
const Clock& Daemon::clock() const {
    return impl_->clock();
}
const Configuration& Daemon::configuration() const {
    return *impl_->configuration;
}
const Totals& Daemon::totals() const {
    return impl_->totals;
}
bool Daemon::ready() const {
    return impl_->is_ready;
}
bool Daemon::alive() const {
    return impl_->ledger_goes_round();
}
void Daemon::count_rejected(std::uint64_t records) {
    impl_->totals.items_rejected += records;
}

awaitable<Result<SubmitResult>> Daemon::submit(std::vector<Record> records, std::string source) {
    const std::vector<store::Cursor> no_cursor;
    co_return co_await impl_->submit(std::move(records), std::move(source), no_cursor, false);
}

std::vector<SourceView> Daemon::sources() const {
    std::vector<SourceView> views;
    for (const auto& [name, runner] : impl_->runners) views.push_back(runner->view());
    return views;
}

awaitable<StatusView> Daemon::status() {
    Impl& d = *impl_;
    const std::function<StatusView(Core&)> look = [&d](Core& core) {
        StatusView view;
        view.brands = core.settings().brands.size();
        view.rules = core.rules().size();
        view.queues = core.queues();
        view.windows_bytes = core.windows().memory();
        for (const alerts::Alert& alert : core.alerts()) {
            if (alert.state == alerts::State::firing) ++view.firing;
            if (alert.state == alerts::State::pending) ++view.pending;
        }
        view.store = d.store->counts();
        view.accepts_intake = d.store->accepts_intake();
        return view;
    };
    StatusView view = co_await d.on_ledger(look);
    view.now = d.clock().now();
    view.started = d.started;
    view.version = VIGIE_VERSION;
    view.config = d.options.config;
    view.data = d.configuration->settings.data_dir;
    view.ready = d.is_ready;
    view.playing = d.playing;
    view.played = d.played;
    view.sources = d.configuration->settings.sources.size();
    view.waiting_items = d.ledger->waiting();
    view.last_reload_error = d.last_reload_error;
    co_return view;
}

awaitable<std::vector<alerts::Alert>> Daemon::alerts() {
    const std::function<std::vector<alerts::Alert>(Core&)> look = [](Core& core) { return core.alerts(); };
    co_return co_await impl_->on_ledger(look);
}

awaitable<Result<std::vector<store::StoredMention>>> Daemon::top(std::string brand, Duration span, std::size_t limit) {
    using Found = Result<std::vector<store::StoredMention>>;
    Impl& d = *impl_;
    if (const Result<> known = d.check_brand(brand); !known) co_return known.error();
    const std::function<Found()> look = [&d, brand, span, limit]() -> Found {
        const Time now = d.clock().now();
        return d.store->top(brand_key(brand), now - span, now, limit, evidence_weight);
    };
    co_return co_await d.on_worker(look);
}

awaitable<Result<std::vector<store::StoredMention>>> Daemon::page(std::string brand, Time before, std::size_t limit) {
    using Found = Result<std::vector<store::StoredMention>>;
    Impl& d = *impl_;
    if (const Result<> known = d.check_brand(brand); !known) co_return known.error();
    const std::function<Found()> look = [&d, brand, before, limit]() -> Found {
        const auto exported = [](const store::StoredMention& mention) { return mention.primary && !mention.deleted; };
        return d.store->evidence(brand_key(brand), Time{}, before, limit, exported);
    };
    co_return co_await d.on_worker(look);
}

awaitable<Result<>> Daemon::backup(std::string directory) {
    Impl& d = *impl_;
    const std::function<Result<>()> work = [&d, directory = std::move(directory)]() -> Result<> { return d.store->backup(directory); };
    co_return co_await d.on_worker(work);
}

awaitable<Result<ReloadReport>> Daemon::reload() {
    return impl_->reload();
}

}  // namespace vigie::engine
