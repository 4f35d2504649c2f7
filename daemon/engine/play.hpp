// --play: a file of records leads the clock, at N times real time or as fast as it goes; then real time goes on from there.
#pragma once

#include <atomic>
#include <string>

#include "vigie/core/clock.hpp"
#include "vigie/engine/core.hpp"
#include "vigie/engine/ledger_thread.hpp"
#include "vigie/text/analyse.hpp"

namespace vigie::engine {

/// Stands still, or is led by the file, until go_on_at_real_time(). Its steady time is real all along: timeouts are real.
class PlayClock final : public Clock {
public:
    PlayClock(Time start, const Clock& real) : led_(start), real_(real) {}
    Time now() const override;
    Duration steady() const override { return real_.steady(); }
    ManualClock& led() noexcept { return led_; }
    void go_on_at_real_time();

private:
    ManualClock led_;
    const Clock& real_;
    std::atomic<std::int64_t> offset_ms_{0};  ///< of real time, once it goes on
    std::atomic<bool> goes_on_{false};
};

/// The time of the first record that says when it was, in the first 100 lines. Errors: invalid, parse (there is none).
Result<Time> first_record_time(const std::string& path);

/// Plays the whole file on the ledger thread. Lines that are no records are logged and left out. `played` goes from 0 to 1. Errors: io, as
/// Core's.
Result<> play_file(const std::string& path, double speed, Core& core, const text::Analyser& analyser, PlayClock& clock,
                   LedgerThread& ledger, std::atomic<double>& played);

}  // namespace vigie::engine
