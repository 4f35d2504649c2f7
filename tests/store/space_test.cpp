#include <doctest/doctest.h>
#include <sys/mount.h>

#include <atomic>
#include <fstream>
#include <random>

#include "store/support.hpp"

namespace fs = std::filesystem;
using namespace vigie;
using namespace vigie::store;
using namespace vigie::store::test;

namespace {

StateBatch some_state() {
    StateBatch batch;
    batch.put(Table::alerts, aurora, state_name(1), "firing");
    return batch;
}

}  // namespace

TEST_CASE("intake stops first, states go on, and all comes back without a restart") {
    const TemporaryDirectory temporary;
    std::atomic<std::uint64_t> free{1ULL << 30};
    auto options = on_disk(temporary.path());
    options.ballast_bytes = 4 << 20;
    options.free_space = [&](const std::string&) { return Result<std::uint64_t>(free.load()); };
    const auto store = must_open(options);
    CHECK(fs::file_size(temporary / "ballast") == options.ballast_bytes);
    must_commit(*store, group({full_item("1", t0)}, t0));

    free = options.min_free_bytes - 1;
    CHECK_FALSE(store->accepts_intake());
    const auto refused = store->commit(group({full_item("2", t0)}, t0));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code() == Errc::no_space);
    CHECK(store->commit(some_state()).ok());
    CHECK(fs::exists(temporary / "ballast"));

    free = options.hard_floor_bytes + 1000;
    CHECK(store->commit(some_state()).ok());
    CHECK_FALSE(fs::exists(temporary / "ballast"));

    free = options.hard_floor_bytes - 1;
    CHECK(store->commit(some_state()).error().code() == Errc::no_space);

    free = 1ULL << 30;
    const auto again = must_commit(*store, group({full_item("2", t0)}, t0));
    CHECK(again.accepted == 1);
    CHECK(fs::exists(temporary / "ballast"));
    check_counts(*store);
}

TEST_CASE("a refused group leaves no trace: the same group later counts in full") {
    std::atomic<std::uint64_t> free{1ULL << 40};
    auto options = in_memory();
    options.free_space = [&](const std::string&) { return Result<std::uint64_t>(free.load()); };
    const auto store = must_open(options);
    auto item = full_item("1", t0);
    must_commit(*store, group({item}, t0));
    item.item.engagement.likes = 500;
    const auto input = group({item, full_item("2", t0, "@bob")}, t0);
    free = 0;
    for (int i = 0; i < 3; ++i) CHECK(store->commit(input).error().code() == Errc::no_space);
    CHECK(store->counts().mentions == 1);
    CHECK(store->journal_length() == 1);
    free = 1ULL << 40;
    const auto result = must_commit(*store, input);
    CHECK(result.accepted == 1);
    CHECK(result.updated == 1);
    check_counts(*store);
}

TEST_CASE("too little space to open is an error, not an abort; too little for intake is said") {
    const TemporaryDirectory temporary;
    auto options = on_disk(temporary.path());
    options.free_space = [&](const std::string&) { return Result<std::uint64_t>(options.hard_floor_bytes - 1); };
    const auto full = Store::open(options);
    REQUIRE_FALSE(full.ok());
    CHECK(full.error().code() == Errc::no_space);
    options.free_space = [&](const std::string&) { return Result<std::uint64_t>(options.hard_floor_bytes + 1); };
    const auto store = must_open(options);
    CHECK(store->report().low_space);
    CHECK(store->report().text().find("full") != std::string::npos);
}

TEST_CASE("a real disk that fills up neither aborts nor loses, and goes on when there is space") {
    const TemporaryDirectory temporary;
    const std::string directory = temporary / "small";
    fs::create_directory(directory);
    if (::mount("tmpfs", directory.c_str(), "tmpfs", 0, "size=64m") != 0) {
        MESSAGE("skipped: a tmpfs can't be mounted here");
        return;
    }
    {
        auto options = on_disk(directory + "/data");
        options.ballast_bytes = 8 << 20;
        const auto store = must_open(options);
        std::minstd_rand random(1);
        int committed = 0;
        bool refused = false;
        for (int i = 0; i < 4000 && !refused; ++i) {
            std::vector<AnalysedItem> items;
            for (int j = 0; j < 50; ++j) {
                auto item = full_item(fmt::format("{}/{}", i, j), t0, fmt::format("@{}", j));
                std::string text(8192, ' ');
                for (char& c : text) c = static_cast<char>('!' + random() % 90);
                item.item.text = Untrusted(std::move(text));
                items.push_back(item);
            }
            const auto result = store->commit(group(std::move(items), t0));
            if (result.ok()) {
                ++committed;
            } else {
                refused = true;
                CHECK(result.error().code() == Errc::no_space);
            }
        }
        CHECK(refused);
        CHECK(committed > 10);
        CHECK(store->commit(some_state()).ok());
        // What another program takes, and gives back.
        { std::ofstream(directory + "/other") << std::string(4 << 20, 'x'); }
        const auto state = store->commit(some_state());
        CHECK((state.ok() || state.error().code() == Errc::no_space));
        fs::remove(directory + "/other");
        REQUIRE(::mount("tmpfs", directory.c_str(), "tmpfs", MS_REMOUNT, "size=256m") == 0);
        CHECK(store->accepts_intake());
        CHECK(must_commit(*store, group({full_item("after", t0)}, t0)).accepted == 1);
        CHECK(store->counts().mentions == static_cast<std::uint64_t>(committed) * 50 + 1);
        check_counts(*store);
    }
    CHECK(::umount(directory.c_str()) == 0);
}
