#include "vigie/engine/ledger_thread.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <thread>

#include "engine/bench.hpp"

using namespace vigie;
using namespace vigie::engine;
using namespace vigie::engine::test;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 60s;

/// What a submission came to, to be waited for.
struct Answer {
    std::promise<Result<SubmitResult>> promise;
    LedgerThread::Completion completion() {
        return [this](Result<SubmitResult> came) { promise.set_value(std::move(came)); };
    }
    Result<SubmitResult> get() {
        auto future = promise.get_future();
        REQUIRE(future.wait_for(patience) == std::future_status::ready);
        return future.get();
    }
};

store::LedgerInput group(std::vector<AnalysedItem> items) {
    store::LedgerInput input;
    input.items = std::move(items);
    return input;
}

/// Runs a job on the thread, and waits for it.
void run(LedgerThread& ledger, const LedgerThread::Job& job) {
    std::promise<void> done;
    ledger.post([&](Core& core) {
        job(core);
        done.set_value();
    });
    REQUIRE(done.get_future().wait_for(patience) == std::future_status::ready);
}

struct Shop {
    explicit Shop(const std::string& rules = rule_text("Surge", "expr: mentions[10m] >= 3"))
        : bench(settings(rules)),
          ledger(std::move(bench.core), bench.clock, [this](delivery::OutboxRow row) { deliver(std::move(row)); }) {}
    ~Shop() { ledger.stop(); }
    void deliver(delivery::OutboxRow row) {
        const std::uint64_t sequence = row.sequence;
        const std::string integration = row.integration;
        told.push_back(std::move(row));
        ledger.finish(integration, sequence, delivery::Outcome(delivery::OutcomeKind::delivered, ""), 0.5);
    }
    Bench bench;
    std::vector<delivery::OutboxRow> told;  ///< on the ledger thread alone
    LedgerThread ledger;
};

}  // namespace

TEST_CASE("a submission is answered with its own share, and its alert goes out") {
    Shop shop;
    shop.ledger.start();
    auto stranger = mention("s", 0, t0);
    stranger.matches.clear();
    Answer first, second;
    REQUIRE(shop.ledger.submit(group({mention("a", 0, t0), mention("b", 0, t0), stranger}), 0, first.completion()));
    REQUIRE(shop.ledger.submit(group({mention("a", 0, t0), mention("c", 0, t0), mention("d", 0, t0 - std::chrono::days{40})}), 0,
                               second.completion()));
    const auto one = first.get();
    REQUIRE(one.ok());
    CHECK(one->accepted == 2);
    CHECK(one->unmatched == 1);
    const auto two = second.get();
    REQUIRE(two.ok());
    CHECK(two->accepted == 1);
    CHECK(two->duplicates == 1);
    CHECK(two->too_old == 1);
    // The answer comes as soon as the group is on the disk; rules and deliveries follow.
    std::size_t told = 0;
    const auto until = std::chrono::steady_clock::now() + patience;
    while (told == 0 && std::chrono::steady_clock::now() < until) run(shop.ledger, [&](Core&) { told = shop.told.size(); });
    CHECK(told == 1);
    CHECK(shop.ledger.waiting() == 0);
}

TEST_CASE("many threads submit and finish at once: every submission is answered once, and every item counted once") {
    Shop shop;
    shop.ledger.start();
    constexpr int threads = 4, each = 40;
    std::atomic<int> answers{0}, accepted{0}, duplicates{0};
    std::vector<std::thread> crowd;
    for (int t = 0; t < threads; ++t) {
        crowd.emplace_back([&, t] {
            for (int i = 0; i < each; ++i) {
                // Half of the items are those of another thread too.
                const std::string id = i % 2 == 0 ? std::to_string(i) : std::to_string(t) + "/" + std::to_string(i);
                const auto done = [&](Result<SubmitResult> came) {
                    ++answers;
                    if (!came) return;
                    accepted += static_cast<int>(came->accepted);
                    duplicates += static_cast<int>(came->duplicates);
                };
                while (!shop.ledger.submit(group({mention(id, 0, t0)}), 0, done)) std::this_thread::yield();
                if (i % 7 == 0) shop.ledger.post([](Core& core) { (void)core.queues(); });
                if (i % 9 == 0) shop.ledger.finish("comms/log/0", 1u << 30, delivery::Outcome(delivery::OutcomeKind::retry, ""), 0.5);
                if (i % 5 == 0) (void)shop.ledger.waiting();
            }
        });
    }
    for (std::thread& one : crowd) one.join();
    shop.ledger.stop();
    CHECK(answers == threads * each);
    CHECK(accepted == each / 2 + threads * each / 2);
    CHECK(accepted + duplicates == threads * each);
    CHECK(shop.bench.store->counts().mentions == static_cast<std::uint64_t>(accepted.load()));
}

TEST_CASE("the queue is bounded, in records of every kind, and says so; it takes again once it has been worked off") {
    Shop shop;
    std::vector<AnalysedItem> many(LedgerThread::max_waiting, mention("x", 0, t0));
    for (auto& one : many) one.matches.clear();
    std::atomic<int> answers{0};
    const auto done = [&](Result<SubmitResult>) { ++answers; };
    many.resize(LedgerThread::max_waiting / 4);
    int taken = 0;
    while (taken < 100 && shop.ledger.submit(group(many), 0, done)) ++taken;
    CHECK(taken == 4);
    // Refused input is still there, to be offered again.
    store::LedgerInput whole = group(many);
    CHECK_FALSE(shop.ledger.submit(std::move(whole), 0, done));
    CHECK(whole.items.size() == many.size());

    Shop counts;
    store::LedgerInput input;
    Count count;
    count.series = "views";
    count.brand = "aurora";
    count.start = t0;
    count.span = 1min;
    input.counts.assign(LedgerThread::max_waiting / 4, count);
    taken = 0;
    while (taken < 100 && counts.ledger.submit(store::LedgerInput(input), 0, done)) ++taken;
    CHECK(taken == 4);

    shop.ledger.start();
    Answer after;
    while (!shop.ledger.submit(group({mention("y", 0, t0)}), 0, after.completion())) std::this_thread::yield();
    CHECK(after.get().ok());
    CHECK(shop.ledger.waiting() == 0);
}

TEST_CASE("a group that the store refuses fails with its error") {
    Shop shop;
    shop.bench.free = 0;
    shop.ledger.start();
    Answer refused;
    REQUIRE(shop.ledger.submit(group({mention("a", 0, t0)}), 0, refused.completion()));
    const auto came = refused.get();
    REQUIRE_FALSE(came.ok());
    CHECK(came.error().code() == Errc::no_space);
}

TEST_CASE("what was prepared for an older configuration is refused, and what stands beside it is not") {
    Shop shop;
    // The brands change places: counted by position, a mention of aurora would become one of borealis.
    auto swapped = settings(rule_text("Surge", "expr: mentions[10m] >= 3"), {brand("borealis"), brand("aurora")});
    std::promise<std::uint64_t> reloaded;
    shop.ledger.start([&](Core& core) { reloaded.set_value(core.reload(swapped, t0).value().generation); });
    CHECK(reloaded.get_future().get() == 1);
    Answer old, fresh;
    REQUIRE(shop.ledger.submit(group({mention("a", 0, t0)}), 0, old.completion()));
    REQUIRE(shop.ledger.submit(group({mention("b", 0, t0)}), 1, fresh.completion()));
    const auto refused = old.get();
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code() == Errc::busy);
    CHECK(fresh.get().ok());
    CHECK_FALSE(shop.bench.store->find(brand_key("aurora"), "a")->has_value());
    CHECK_FALSE(shop.bench.store->find(brand_key("borealis"), "a")->has_value());
    CHECK(shop.bench.store->find(brand_key("borealis"), "b")->has_value());
}

TEST_CASE("stop commits what waits and answers everything; afterwards nothing is taken") {
    Shop shop;
    std::atomic<int> good{0}, bad{0};
    for (int i = 0; i < 50; ++i) {
        REQUIRE(
            shop.ledger.submit(group({mention(std::to_string(i), 0, t0)}), 0, [&](Result<SubmitResult> came) { ++(came ? good : bad); }));
    }
    shop.ledger.start();
    std::atomic<bool> ran{false};
    shop.ledger.post([&](Core&) { ran = true; });
    shop.ledger.stop();
    CHECK(good == 50);
    CHECK(bad == 0);
    CHECK(ran);
    CHECK_FALSE(shop.ledger.submit(group({mention("z", 0, t0)}), 0, [](Result<SubmitResult>) {}));
    // Jobs are dropped then, with what they hold.
    const auto held = std::make_shared<int>(1);
    shop.ledger.post([held](Core&) {});
    CHECK(held.use_count() == 1);
    shop.ledger.stop();
}

TEST_CASE("a thread that was never started answers what waits with cancelled when it is stopped") {
    std::optional<Errc> code;
    {
        Shop shop;
        REQUIRE(shop.ledger.submit(group({mention("a", 0, t0)}), 0, [&](Result<SubmitResult> came) {
            if (!came) code = came.error().code();
        }));
    }
    CHECK(code == Errc::cancelled);
}

TEST_CASE("a first job runs before anything else, and can serve those that come meanwhile") {
    Shop shop;
    std::promise<void> inside, go;
    std::vector<int> order;
    shop.ledger.start([&](Core&) {
        order.push_back(1);
        inside.set_value();
        go.get_future().wait();
        shop.ledger.serve_jobs();
        order.push_back(3);
    });
    inside.get_future().wait();
    Answer later;
    REQUIRE(shop.ledger.submit(group({mention("a", 0, t0)}), 0, later.completion()));
    shop.ledger.post([&](Core&) { order.push_back(2); });
    go.set_value();
    CHECK(later.get().ok());
    shop.ledger.stop();
    CHECK(order == std::vector<int>{1, 2, 3});
}

TEST_CASE("a restart finds what the thread wrote when it was stopped") {
    Shop shop;
    shop.ledger.start();
    Answer done;
    REQUIRE(shop.ledger.submit(group({mention("a", 0, t0), mention("b", 0, t0)}), 0, done.completion()));
    REQUIRE(done.get().ok());
    shop.ledger.stop();
    CHECK(shop.bench.store->journal_length() == 0);
}
