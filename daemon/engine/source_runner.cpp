#include "engine/source_runner.hpp"

#include "engine/log.hpp"
#include "vigie/net/timer.hpp"

namespace vigie::engine {

using boost::asio::awaitable;
using sources::PollOutcome;

Result<std::shared_ptr<SourceRunner>> SourceRunner::make(const sources::SourceSettings& settings,
                                                         const std::vector<sources::BrandNames>& brands, net::HttpClient& client,
                                                         const Clock& clock, Hooks hooks) {
    std::unique_ptr<sources::Source> source;
    if (settings.kind != sources::SourceKind::push) {
        auto made = sources::make_source(settings, brands, client, clock);
        if (!made) return made.error();
        source = std::move(*made);
    }
    return std::shared_ptr<SourceRunner>(new SourceRunner(settings, std::move(source), clock, std::move(hooks)));
}

SourceRunner::SourceRunner(sources::SourceSettings settings, std::unique_ptr<sources::Source> source, const Clock& clock, Hooks hooks)
    : settings_(std::move(settings)), source_(std::move(source)), clock_(clock), hooks_(std::move(hooks)), schedule_(settings_.every) {}

/// In pieces that the ledger takes; the cursor moves with the last one. After a failure the first ones come again, as duplicates.
awaitable<Result<>> SourceRunner::submit(std::vector<Record> records, std::string cursor) {
    std::size_t begin = 0;
    do {
        const std::size_t end = std::min(records.size(), begin + LedgerThread::max_submission);
        const auto first = records.begin() + static_cast<std::ptrdiff_t>(begin);
        std::vector<Record> piece(std::make_move_iterator(first),
                                  std::make_move_iterator(first + static_cast<std::ptrdiff_t>(end - begin)));
        std::vector<store::Cursor> moved;
        if (end == records.size()) moved.push_back({settings_.name, cursor});
        const Result<SubmitResult> stored = co_await hooks_.submit(std::move(piece), settings_.name, std::move(moved));
        if (!stored) co_return stored.error();
        begin = end;
    } while (begin < records.size());
    co_return Result<>();
}

awaitable<PollOutcome> SourceRunner::store(sources::Batch batch) {
    PollOutcome outcome(batch.not_modified ? PollOutcome::Kind::not_modified : PollOutcome::Kind::success);
    outcome.items = batch.records.size();
    outcome.more = batch.more;
    outcome.poll_after = batch.poll_after;
    if (!batch.records.empty() || batch.cursor != cursor_) {
        const Result<> stored = co_await submit(std::move(batch.records), batch.cursor);
        if (!stored) {
            PollOutcome failure(PollOutcome::Kind::failure);
            failure.error = stored.error().text();
            co_return failure;
        }
        cursor_ = std::move(batch.cursor);
    }
    items_ += outcome.items;
    rejected_ += batch.rejected;
    if (batch.gap) {
        ++gaps_;
        log::warning("items may have been missed", {{"source", settings_.name}, {"why", *batch.gap}});
    }
    for (const std::string& note : batch.notes) log::info(note, {{"source", settings_.name}});
    if (batch.moved_to)
        log::warning("the feed has moved for good: correct its url", {{"source", settings_.name}, {"to", redact_url(*batch.moved_to)}});
    co_return outcome;
}

awaitable<PollOutcome> SourceRunner::poll_once() {
    sources::PollResult result = co_await source_->poll(cursor_);
    if (auto* batch = std::get_if<sources::Batch>(&result)) {
        sources::Batch taken = std::move(*batch);
        co_return co_await store(std::move(taken));
    }
    const auto& failure = std::get<sources::Failure>(result);
    PollOutcome outcome(failure.gone ? PollOutcome::Kind::gone : PollOutcome::Kind::failure);
    outcome.retry_after = failure.retry_after;
    outcome.error = failure.error.text();
    co_return outcome;
}

awaitable<void> SourceRunner::run() {
    Time due = schedule_.first(clock_.now(), hooks_.random());
    for (;;) {
        // A year at most, so that "never" stays within what a timer can count.
        const Duration wait = std::min<Duration>(due - clock_.now(), std::chrono::days{365});
        co_await net::sleep_for(wait);
        const PollOutcome outcome = co_await poll_once();
        due = schedule_.next(outcome, clock_.now(), hooks_.random());
        const bool ok = outcome.kind == PollOutcome::Kind::success || outcome.kind == PollOutcome::Kind::not_modified;
        if (!ok && !told_failure_) log::warning("a poll failed", {{"source", settings_.name}, {"error", outcome.error}});
        if (ok && told_failure_) log::info("the source answers again", {{"source", settings_.name}});
        told_failure_ = !ok;
        hooks_.on_poll(ok);
    }
}

SourceView SourceRunner::view() const {
    SourceView view;
    view.name = settings_.name;
    view.kind = settings_.kind == sources::SourceKind::push ? "push" : settings_.kind == sources::SourceKind::file ? "file" : "feed";
    if (!source_) {
        view.state = "listening";
        return view;
    }
    view.state = std::string(sources::to_string(schedule_.health(clock_.now())));
    view.last_success = schedule_.last_success();
    if (schedule_.health(clock_.now()) != sources::Health::gone) view.next_poll = schedule_.next_poll();
    view.failures = static_cast<int>(schedule_.consecutive_failures());
    view.last_error = schedule_.last_error();
    view.items = items_;
    view.rejected = rejected_;
    view.gaps = gaps_;
    return view;
}

bool SourceRunner::failed() const {
    if (!source_) return false;
    const sources::Health health = schedule_.health(clock_.now());
    return health == sources::Health::failing || health == sources::Health::gone || health == sources::Health::waiting;
}

}  // namespace vigie::engine
