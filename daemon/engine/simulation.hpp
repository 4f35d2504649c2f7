// A core on a disk in memory, with a clock that is led and receivers that take or refuse as they are told: for replay and rule tests.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "vigie/core/clock.hpp"
#include "vigie/engine/configuration.hpp"
#include "vigie/engine/core.hpp"
#include "vigie/engine/playback.hpp"

namespace vigie::engine {

class Simulation {
public:
    /// `configuration` and `observer` outlive it. Errors: as Store::open's and Core::open's.
    static Result<std::unique_ptr<Simulation>> start(const Configuration& configuration, Time start, Observer& observer);

    /// Takes a record in at its time, with all that is due before it. Errors: as Core::ingest's.
    Result<> take(Record record);
    /// The same for what intake has already prepared, which becomes known at `at`.
    Result<> take_prepared(store::LedgerInput input, Time at);
    Result<> advance_to(Time until);
    /// Ends the core as kill -9 would (nothing is saved that has not been committed) and starts another one on the same disk.
    Result<> restart();
    void set_receiver_down(const std::string& receiver, bool down);
    void set_source_failed(const std::string& source, bool failed);
    Time now() const { return clock_.now(); }
    Core& core() { return *core_; }
    const Playback::Totals& totals() const { return playback_.totals(); }
    /// The shared observer hears of what is delivered; this one, of what a receiver has really taken.
    std::function<void(const delivery::OutboxRow&, Time)> on_taken;

private:
    Simulation(const Configuration& configuration, Time start, Observer& observer);
    Result<> open();
    void deliver(Time now);

    const Configuration& configuration_;
    Observer& observer_;
    ManualClock clock_;
    std::shared_ptr<store::MemoryDisk> disk_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Core> core_;
    Playback playback_;
    std::set<std::string> down_, failed_;
};

}  // namespace vigie::engine
