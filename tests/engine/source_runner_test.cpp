#include "engine/source_runner.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "engine/bench.hpp"
#include "engine/files.hpp"
#include "net/loop.hpp"
#include "sources/fake_http.hpp"
#include "vigie/net/task_group.hpp"

using namespace vigie;
using namespace vigie::engine;
using namespace vigie::engine::test;
using namespace std::chrono_literals;

namespace {

std::string line(int id) {
    return R"({"type":"item","id":"x/)" + std::to_string(id) + R"(","platform":"x","published":"2026-03-01T09:00:00Z","text":"a"})" + "\n";
}

/// A runner over a file that grows, with a ledger that answers as it is told.
struct Station {
    explicit Station(std::string start = line(1)) : path(folder.write("in.ndjson", start)) {
        settings.name = "tail";
        settings.kind = sources::SourceKind::file;
        settings.path = path;
        settings.follow = true;
        settings.every = 1s;
        hooks.submit = [this](std::vector<Record> records, std::string source, std::vector<store::Cursor> cursors) {
            return submit(std::move(records), std::move(source), std::move(cursors));
        };
        hooks.on_poll = [this](bool ok) { polls.push_back(ok); };
        hooks.random = [] { return 0.0; };
    }
    boost::asio::awaitable<Result<SubmitResult>> submit(std::vector<Record> records, std::string source,
                                                        std::vector<store::Cursor> cursors) {
        sources.push_back(std::move(source));
        asked.push_back(std::move(cursors));
        counts.push_back(records.size());
        if (refuse) co_return Error(Errc::no_space, "the disk is full");
        SubmitResult taken;
        taken.accepted = records.size();
        co_return taken;
    }
    std::shared_ptr<SourceRunner> make() {
        auto made = SourceRunner::make(settings, {}, http, clock, hooks);
        REQUIRE_MESSAGE(made.ok(), (made ? "" : made.error().text()));
        return *made;
    }
    /// Runs it until `done`.
    template <class Predicate>
    void run(const std::shared_ptr<SourceRunner>& runner, Predicate done) {
        net::TaskGroup tasks(io.get_executor());
        tasks.spawn("tail", [runner] { return runner->run(); });
        net::test::run_until(io, done);
        tasks.cancel();
        net::test::run_until(io, [&] { return tasks.size() == 0; });
    }

    Folder folder;
    std::string path;
    sources::SourceSettings settings;
    SourceRunner::Hooks hooks;
    fake::HttpClient http;
    ManualClock clock{t0};
    boost::asio::io_context io;
    bool refuse = false;
    std::vector<bool> polls;
    std::vector<std::size_t> counts;
    std::vector<std::string> sources;
    std::vector<std::vector<store::Cursor>> asked;
};

}  // namespace

TEST_CASE("records go to the ledger with the cursor that they lead to") {
    Station station(line(1) + line(2));
    const auto runner = station.make();
    CHECK(runner->polls());
    CHECK(runner->failed());  // it has not answered yet
    CHECK(runner->view().state == "waiting");
    station.run(runner, [&] { return !station.polls.empty(); });
    REQUIRE(station.counts.size() >= 1);
    CHECK(station.counts[0] == 2);
    CHECK(station.sources[0] == "tail");
    REQUIRE(station.asked[0].size() == 1);
    CHECK(station.asked[0][0].source == "tail");
    CHECK_FALSE(station.asked[0][0].bytes.empty());
    CHECK_FALSE(runner->failed());
    const SourceView view = runner->view();
    CHECK(view.name == "tail");
    CHECK(view.kind == "file");
    CHECK(view.state == "healthy");
    CHECK(view.items == 2);
    CHECK(view.last_success == t0);
}

TEST_CASE("the cursor moves only with what was stored: after a refusal the same records come again") {
    Station station(line(1) + line(2));
    station.refuse = true;
    const auto runner = station.make();
    station.run(runner, [&] { return !station.polls.empty(); });
    CHECK(station.polls[0] == false);
    CHECK(runner->view().state == "failing");
    CHECK(runner->view().failures == 1);
    CHECK(runner->view().last_error.find("the disk is full") != std::string::npos);
    CHECK(runner->view().items == 0);
    CHECK(runner->failed());
    // It backs off: at least half a minute, less a tenth.
    CHECK(*runner->view().next_poll >= t0 + 27s);
    station.refuse = false;
    station.run(runner, [&] { return station.counts.size() >= 2; });
    CHECK(station.counts[1] == 2);
    CHECK(station.asked[1] == station.asked[0]);
}

TEST_CASE("from a stored cursor it goes on where it stood, and an unchanged file moves nothing") {
    Station station(line(1) + line(2));
    const auto first = station.make();
    station.run(first, [&] { return !station.polls.empty(); });
    const std::string cursor = station.asked.at(0).at(0).bytes;
    std::ofstream(station.path, std::ios::app) << line(3);
    const auto second = station.make();
    second->set_cursor(cursor);
    station.polls.clear();
    station.run(second, [&] { return !station.polls.empty(); });
    CHECK(station.counts.back() == 1);
    const std::size_t asked = station.asked.size();
    const auto third = station.make();
    third->set_cursor(station.asked.back().at(0).bytes);
    station.polls.clear();
    station.run(third, [&] { return !station.polls.empty(); });
    CHECK(station.asked.size() == asked);
    CHECK(station.polls[0]);
}

TEST_CASE("a failed poll stores nothing, and a gone feed is not asked again") {
    Station station;
    station.settings.kind = sources::SourceKind::feed;
    station.settings.url = Secret("https://feed.example/rss");
    station.settings.every = 10s;
    station.http.answer(410);
    const auto runner = station.make();
    station.run(runner, [&] { return !station.polls.empty(); });
    CHECK(station.asked.empty());
    CHECK(station.polls == std::vector<bool>{false});
    CHECK(runner->view().state == "gone");
    CHECK_FALSE(runner->view().next_poll.has_value());
    CHECK(runner->failed());
    CHECK(station.http.asked.size() == 1);
}

TEST_CASE("a push source listens: it polls nothing and never counts as failed") {
    Station station;
    station.settings.kind = sources::SourceKind::push;
    const auto runner = station.make();
    CHECK_FALSE(runner->polls());
    CHECK_FALSE(runner->failed());
    CHECK(runner->view().state == "listening");
    CHECK(runner->view().kind == "push");
}

TEST_CASE("a source that cannot be made says why") {
    Station station;
    station.settings.kind = sources::SourceKind::feed;
    station.settings.url = Secret("https://feed.example/?q={query}");
    station.settings.brands = {"absent"};
    const auto made = SourceRunner::make(station.settings, {}, station.http, station.clock, station.hooks);
    REQUIRE_FALSE(made.ok());
    CHECK(made.error().code() == Errc::invalid);
}

TEST_CASE("more records than the ledger takes at once go in pieces, the cursor with the last one") {
    std::string many;
    for (int i = 0; i < 4500; ++i) many += line(i);
    Station station(many);
    const auto runner = station.make();
    station.run(runner, [&] { return !station.polls.empty(); });
    REQUIRE(station.counts.size() >= 3);
    CHECK(station.counts[0] == LedgerThread::max_submission);
    CHECK(station.counts[2] == 4500 - 2 * LedgerThread::max_submission);
    CHECK(station.asked[0].empty());
    CHECK(station.asked[1].empty());
    REQUIRE(station.asked[2].size() == 1);
    CHECK(runner->view().items == 4500);
}
