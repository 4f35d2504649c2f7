// Leads a core along the time of records: what is due happens before each record does. Replay, rule tests and --play are this.
// Thread-safety: the core's owner.
#pragma once

#include <functional>
#include <vector>

#include "vigie/core/clock.hpp"
#include "vigie/core/record.hpp"
#include "vigie/engine/core.hpp"
#include "vigie/text/analyse.hpp"

namespace vigie::engine {

class Playback {
public:
    /// Called before the clock moves on to a later instant: for pacing, and for whoever else wants the thread.
    using BeforeStep = std::function<void(Time next)>;
    /// Called after everything at an instant has happened: for deliveries.
    using AfterStep = std::function<void(Time now)>;

    /// Records that become known within `group` of each other are committed together (0: only those of the same millisecond).
    Playback(ManualClock& clock, Duration group, BeforeStep before, AfterStep after);

    /// Moves to the record's time (never back), doing all that is due on the way, and takes it in. Errors: as Core::ingest.
    Result<> take(Core& core, const text::Analyser& analyser, Record record);
    /// The same for what intake has already prepared; committed by itself.
    Result<> take_prepared(Core& core, const text::Analyser& analyser, store::LedgerInput input, Time at);
    /// Commits what is waiting, and moves on to `until`.
    Result<> advance_to(Core& core, const text::Analyser& analyser, Time until);

    struct Totals {
        std::uint64_t records = 0, accepted = 0, duplicates = 0, unmatched = 0, too_old = 0;
    };
    const Totals& totals() const noexcept { return totals_; }

private:
    Result<> flush(Core& core, const text::Analyser& analyser);
    Result<> commit(Core& core, store::LedgerInput input);
    void run_until(Core& core, Time until);

    ManualClock& clock_;
    Duration group_;
    BeforeStep before_;
    AfterStep after_;
    std::vector<Record> waiting_;
    Time waiting_since_;
    Totals totals_;
};

}  // namespace vigie::engine
