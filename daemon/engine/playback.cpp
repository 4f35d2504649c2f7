#include "vigie/engine/playback.hpp"

#include "vigie/engine/intake.hpp"

namespace vigie::engine {

Playback::Playback(ManualClock& clock, Duration group, BeforeStep before, AfterStep after)
    : clock_(clock), group_(group), before_(std::move(before)), after_(std::move(after)) {}

void Playback::run_until(Core& core, Time until) {
    for (Time due = core.next_due(); due <= until; due = core.next_due()) {
        const Time at = std::max(due, clock_.now());
        if (before_) before_(at);
        clock_.advance_to(at);
        core.tick(at);
        if (after_) after_(at);
        // A deed that is due at once again (a retry in the same millisecond) must not hold the clock.
        if (core.next_due() <= at) {
            clock_.advance(Duration{1});
            if (clock_.now() > until) break;
        }
    }
    if (before_ && until > clock_.now()) before_(until);
    clock_.advance_to(until);
}

Result<> Playback::flush(Core& core, const text::Analyser& analyser) {
    if (waiting_.empty()) return {};
    const Time now = clock_.now();
    // Without a source of its own, an item was seen when it became known, not when its group was committed.
    for (Record& record : waiting_) {
        if (auto* item = std::get_if<Item>(&record); item != nullptr && !item->observed) item->observed = item->published;
    }
    store::LedgerInput input = prepare(std::move(waiting_), analyser, "replay", now);
    waiting_.clear();
    return commit(core, std::move(input));
}

Result<> Playback::commit(Core& core, store::LedgerInput input) {
    const Time now = clock_.now();
    input.now = now;
    const Result<store::CommitResult> committed = core.ingest(std::move(input));
    if (!committed) return committed.error();
    totals_.accepted += committed->accepted;
    totals_.duplicates += committed->duplicates;
    totals_.unmatched += committed->unmatched;
    totals_.too_old += committed->too_old;
    if (after_) after_(now);
    return {};
}

Result<> Playback::take(Core& core, const text::Analyser& analyser, Record record) {
    const Time at = std::max(time_of(record), clock_.now());
    ++totals_.records;
    if (!waiting_.empty() && at > waiting_since_ + group_) {
        if (Result<> flushed = flush(core, analyser); !flushed) return flushed;
    }
    if (waiting_.empty()) {
        run_until(core, at);
        waiting_since_ = at;
    } else {
        // Within a group nothing but the clock moves: what falls due is done when the group has been committed.
        clock_.advance_to(at);
    }
    waiting_.push_back(std::move(record));
    if (waiting_.size() >= store::max_group / 2) return flush(core, analyser);
    return {};
}

Result<> Playback::take_prepared(Core& core, const text::Analyser& analyser, store::LedgerInput input, Time at) {
    ++totals_.records;
    if (Result<> flushed = flush(core, analyser); !flushed) return flushed;
    run_until(core, std::max(at, clock_.now()));
    return commit(core, std::move(input));
}

Result<> Playback::advance_to(Core& core, const text::Analyser& analyser, Time until) {
    if (Result<> flushed = flush(core, analyser); !flushed) return flushed;
    run_until(core, until);
    return {};
}

}  // namespace vigie::engine
