// kill -9 at random moments: what was acknowledged is there once, and the buckets say what the evidence says.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <set>
#include <thread>

#include "store/support.hpp"

using namespace vigie;
using namespace vigie::store;
using namespace vigie::store::test;

namespace {

constexpr int items_a_group = 20;

/// Commits groups from `first` on, and writes the number of each to the pipe once it is acknowledged. Ends by being killed.
[[noreturn]] void commit_until_killed(const std::string& directory, int first, int pipe) {
    auto store = Store::open(on_disk(directory));
    if (!store.ok() || !(*store)->set_brands(two_brands()).ok()) ::_exit(7);
    for (int number = first;; ++number) {
        std::vector<AnalysedItem> items;
        for (int i = 0; i < items_a_group; ++i) {
            // Each group repeats half of the one before it.
            const int id = number * items_a_group / 2 + i;
            items.push_back(full_item(fmt::format("id/{}", id), t0 + std::chrono::seconds{id}, fmt::format("@a{}", id % 97)));
            items.back().item.engagement.likes = number;
            items.back().matches.push_back({1, 0});
        }
        if (!(*store)->commit(group(std::move(items), t0 + std::chrono::hours{24})).ok()) ::_exit(8);
        if (::write(pipe, &number, sizeof number) != sizeof number) ::_exit(9);
    }
}

/// A fresh process: RocksDB's threads do not live through a fork. What it needs comes by the environment.
[[noreturn]] void become_child(const std::string& directory, int first, int pipe) {
    ::setenv("VIGIE_KILL_DIRECTORY", directory.c_str(), 1);
    ::setenv("VIGIE_KILL_FIRST", std::to_string(first).c_str(), 1);
    ::setenv("VIGIE_KILL_PIPE", std::to_string(pipe).c_str(), 1);
    ::execl("/proc/self/exe", "store_test", "--no-skip", "--test-case=the process that is killed", static_cast<char*>(nullptr));
    ::_exit(6);
}

}  // namespace

TEST_CASE("the process that is killed" * doctest::skip()) {
    const char* directory = std::getenv("VIGIE_KILL_DIRECTORY");
    REQUIRE(directory != nullptr);
    commit_until_killed(directory, std::atoi(std::getenv("VIGIE_KILL_FIRST")), std::atoi(std::getenv("VIGIE_KILL_PIPE")));
}

TEST_CASE("kill -9, twenty times") {
    const TemporaryDirectory temporary;
    std::mt19937 random(7);
    int acknowledged = -1;
    for (int round = 0; round < 20; ++round) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::close(ends[0]);
            become_child(temporary / "data", acknowledged + 1, ends[1]);
        }
        ::close(ends[1]);
        // So many acknowledgements, then a moment more, so that the kill falls anywhere within a commit.
        int number = 0;
        for (unsigned want = 1 + random() % 8; want > 0 && ::read(ends[0], &number, sizeof number) == sizeof number; --want)
            acknowledged = number;
        const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds{random() % 6000};
        while (std::chrono::steady_clock::now() < until) std::this_thread::yield();
        ::kill(child, SIGKILL);
        while (::read(ends[0], &number, sizeof number) == sizeof number) acknowledged = number;
        ::close(ends[0]);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));

        const auto store = must_open(on_disk(temporary / "data"));
        CHECK(store->report().batches_lost == 0);
        std::multiset<std::string> found;
        REQUIRE(store->for_each_mention([&](const StoredMention& mention) { return found.insert(mention.analysed.item.id), true; }).ok());
        const int ids = acknowledged < 0 ? 0 : (acknowledged + 2) * items_a_group / 2;
        int wrong = 0;
        for (int id = 0; id < ids; ++id) wrong += found.count(fmt::format("id/{}", id)) != 2;
        CHECK(wrong == 0);
        // At most the group that was under way is there without having been acknowledged.
        CHECK(found.size() <= static_cast<std::size_t>(2 * (ids + items_a_group)));
        check_counts(*store);
    }
    CHECK(acknowledged > 20);
}
