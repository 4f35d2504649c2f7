#include "engine/simulation.hpp"

namespace vigie::engine {

Simulation::Simulation(const Configuration& configuration, Time start, Observer& observer)
    : configuration_(configuration),
      observer_(observer),
      clock_(start),
      disk_(store::make_memory_disk()),
      playback_(clock_, Duration{0}, {}, [this](Time now) { deliver(now); }) {}

Result<std::unique_ptr<Simulation>> Simulation::start(const Configuration& configuration, Time start, Observer& observer) {
    std::unique_ptr<Simulation> simulation(new Simulation(configuration, start, observer));
    if (Result<> opened = simulation->open(); !opened) return opened.error();
    return simulation;
}

Result<> Simulation::open() {
    store::Options options;
    options.directory = "/simulation";
    options.memory = disk_;
    options.retention = configuration_.core().retention;
    Result<std::unique_ptr<store::Store>> opened = store::Store::open(std::move(options));
    if (!opened) return opened.error();
    store_ = std::move(*opened);
    Result<std::unique_ptr<Core>> core = Core::open(*store_, configuration_.core(), clock_.now(), Duration{0}, observer_);
    if (!core) return core.error();
    core_ = std::move(*core);
    core_->set_failed_sources(failed_);
    return {};
}

void Simulation::deliver(Time now) {
    for (const Integration& integration : core_->integrations()) {
        while (std::optional<delivery::OutboxRow> row = core_->take(integration.name, now)) {
            const bool refused = down_.contains(integration.receiver);
            const delivery::Outcome outcome = refused ? delivery::Outcome(delivery::OutcomeKind::retry, "the receiver is down")
                                                      : delivery::Outcome(delivery::OutcomeKind::delivered, "");
            if (!refused && on_taken) on_taken(*row, now);
            core_->finish(integration.name, row->sequence, outcome, now, 0.5);
        }
    }
}

Result<> Simulation::take(Record record) {
    return playback_.take(*core_, *configuration_.analyser, std::move(record));
}

Result<> Simulation::take_prepared(store::LedgerInput input, Time at) {
    return playback_.take_prepared(*core_, *configuration_.analyser, std::move(input), at);
}

Result<> Simulation::advance_to(Time until) {
    return playback_.advance_to(*core_, *configuration_.analyser, until);
}

Result<> Simulation::restart() {
    core_.reset();
    store_.reset();
    return open();
}

void Simulation::set_receiver_down(const std::string& receiver, bool down) {
    if (down)
        down_.insert(receiver);
    else
        down_.erase(receiver);
}

void Simulation::set_source_failed(const std::string& source, bool failed) {
    if (failed)
        failed_.insert(source);
    else
        failed_.erase(source);
    core_->set_failed_sources(failed_);
}

}  // namespace vigie::engine
