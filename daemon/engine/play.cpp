#include "engine/play.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "engine/log.hpp"
#include "vigie/core/record_json.hpp"
#include "vigie/engine/intake.hpp"
#include "vigie/engine/playback.hpp"

namespace vigie::engine {
namespace {

/// Played records within this of each other are committed together: a demonstration need not sync the disk for each.
constexpr Duration play_group{std::chrono::seconds{30}};

/// How long the story waits for a message to arrive before it goes on without.
constexpr Duration delivery_patience{std::chrono::seconds{2}};

/// A bar on the terminal, redrawn in place.
class Progress {
public:
    explicit Progress(std::uintmax_t total)
        : total_(static_cast<double>(std::max<std::uintmax_t>(1, total))), shown_(::isatty(STDERR_FILENO) != 0) {}
    ~Progress() {
        if (shown_) std::fputs("\r\033[K", stderr);
    }
    double at(std::uintmax_t bytes, Time now) {
        const double part = std::min(1.0, static_cast<double>(bytes) / total_);
        const int percent = static_cast<int>(part * 100);
        if (shown_ && percent != percent_) {
            percent_ = percent;
            const auto full = static_cast<std::size_t>(percent / 4);
            const std::string line = fmt::format("\r\033[K[{}{}] {:3}%  {}", std::string(full, '#'), std::string(25 - full, '.'), percent,
                                                 format_time(now).substr(0, 16));
            std::fputs(line.c_str(), stderr);
        }
        return part;
    }

private:
    double total_;
    bool shown_;
    int percent_ = -1;
};

}  // namespace

Time PlayClock::now() const {
    return goes_on_ ? real_.now() + Duration{offset_ms_.load()} : led_.now();
}

void PlayClock::go_on_at_real_time() {
    offset_ms_ = (led_.now() - real_.now()).count();
    goes_on_ = true;
}

Result<Time> first_record_time(const std::string& path) {
    std::ifstream in(path);
    if (!in) return Error(Errc::invalid, "the file cannot be read", path);
    RecordReader reader;
    std::string line;
    for (int n = 1; n <= 100 && std::getline(in, line); ++n) {
        const auto parsed = reader.parse(line, n);
        const auto* record = std::get_if<Record>(&parsed);
        if (record != nullptr && time_of(*record) != Time{}) return time_of(*record);
    }
    return Error(Errc::parse, "no record with a time in the first 100 lines, expected NDJSON", path);
}

Result<> play_file(const std::string& path, double speed, Core& core, const text::Analyser& analyser, PlayClock& clock,
                   LedgerThread& ledger, std::atomic<double>& played) {
    std::ifstream in(path);
    if (!in) return Error(Errc::io, "the file cannot be read", path);
    std::error_code ignored;
    Progress progress(std::filesystem::file_size(path, ignored));

    const Duration real_start = clock.steady();
    const Time story_start = clock.now();
    const auto pace = [&](Time next) {
        ledger.serve_jobs();
        if (speed <= 0) return;
        const auto due = Duration{static_cast<std::int64_t>(static_cast<double>((next - story_start).count()) / speed)};
        while (clock.steady() - real_start < due) {
            ledger.serve_jobs();
            std::this_thread::sleep_for(std::min(Duration{20}, due - (clock.steady() - real_start)));
        }
    };
    const auto deliver = [&](Time) {
        ledger.dispatch();
        ledger.await_deliveries(delivery_patience);
    };
    Playback playback(clock.led(), play_group, pace, deliver);
    RecordReader reader;
    std::uintmax_t bytes = 0;
    std::string line;
    for (std::int64_t number = 1; std::getline(in, line); ++number) {
        bytes += line.size() + 1;
        if (line.empty()) continue;
        auto parsed = reader.parse(line, number);
        if (const auto* rejection = std::get_if<Rejection>(&parsed)) {
            log::warning(fmt::format("line {} is no record: {}: found {}, expected {}", number, rejection->field, rejection->found,
                                     rejection->expected));
            continue;
        }
        if (Result<> taken = playback.take(core, analyser, std::get<Record>(std::move(parsed))); !taken) return taken;
        played = progress.at(bytes, clock.now());
    }
    if (Result<> rest = playback.advance_to(core, analyser, clock.now()); !rest) return rest;
    played = 1;
    log::info(fmt::format("played {} records: {} accepted, {} duplicates", playback.totals().records, playback.totals().accepted,
                          playback.totals().duplicates));
    return {};
}

}  // namespace vigie::engine
