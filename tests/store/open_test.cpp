// Opening on a real disk: what is in the way, what is damaged, what is lost.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "store/support.hpp"

namespace fs = std::filesystem;
using namespace vigie;
using namespace vigie::store;
using namespace vigie::store::test;
using namespace std::chrono_literals;

namespace {

void fill(Store& store, int from, int to) {
    for (int i = from; i < to; ++i) must_commit(store, group({full_item(fmt::format("id/{}", i), t0 + std::chrono::seconds{i})}, t0 + 1h));
}

std::size_t mentions(const Store& store) {
    std::size_t count = 0;
    REQUIRE(store.for_each_mention([&](const StoredMention&) { return ++count, true; }).ok());
    return count;
}

/// The largest file of that ending: the log or table with the data.
fs::path largest(const std::string& directory, std::string_view ending) {
    fs::path found;
    std::uintmax_t size = 0;
    for (const auto& entry : fs::directory_iterator(directory)) {
        if (entry.path().string().ends_with(ending) && entry.file_size() >= size) {
            size = entry.file_size();
            found = entry.path();
        }
    }
    REQUIRE(!found.empty());
    return found;
}

void flip(const fs::path& file, std::streamoff at) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(at);
    const auto byte = static_cast<char>(stream.get() ^ 0x55);
    stream.seekp(at);
    stream.put(byte);
    REQUIRE(stream.good());
}

}  // namespace

TEST_CASE("a store is made with its parents, closed, and found again") {
    const TemporaryDirectory temporary;
    const std::string directory = temporary / "a/b";
    {
        const auto store = must_open(on_disk(directory));
        CHECK(store->report().created);
        fill(*store, 0, 10);
    }
    const auto store = must_open(on_disk(directory));
    CHECK_FALSE(store->report().created);
    CHECK(store->report().mentions == 10);
    CHECK(store->report().batches_lost == 0);
    CHECK(store->report().text().empty());
    CHECK(mentions(*store) == 10);
    check_counts(*store);
}

TEST_CASE("a second opening is told that one is running; a reader is not") {
    const TemporaryDirectory temporary;
    const auto store = must_open(on_disk(temporary.path()));
    fill(*store, 0, 3);
    const auto second = Store::open(on_disk(temporary.path()));
    REQUIRE_FALSE(second.ok());
    CHECK(second.error().code() == Errc::busy);
    CHECK(second.error().text() == "already running on " + temporary.path());
    auto options = on_disk(temporary.path());
    options.read_only = true;
    const auto reader = must_open(options);
    CHECK(mentions(*reader) == 3);
    CHECK(reader->commit(group({full_item("x", t0)}, t0)).error().code() == Errc::refused);
    CHECK_FALSE(reader->accepts_intake());
}

TEST_CASE("what stands in the way is told in one line") {
    const TemporaryDirectory temporary;
    std::ofstream(temporary / "file") << "x";
    const auto in_place = Store::open(on_disk(temporary / "file"));
    REQUIRE_FALSE(in_place.ok());
    CHECK(in_place.error().code() == Errc::invalid);
    CHECK(in_place.error().text().find('\n') == std::string::npos);
    CHECK_FALSE(Store::open(on_disk(temporary / "file/below")).ok());
    CHECK_FALSE(Store::open(on_disk("")).ok());
    auto reader = on_disk(temporary / "nothing");
    reader.read_only = true;
    CHECK(Store::open(reader).error().code() == Errc::not_found);
    CHECK_FALSE(fs::exists(temporary / "nothing"));
}

TEST_CASE("a directory that is not ours to write is refused") {
    const TemporaryDirectory temporary;
    const std::string directory = temporary / "data";
    fs::create_directory(directory);
    fs::permissions(temporary.path(), fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read);
    fs::permissions(directory, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
    // Root may write anywhere: the child becomes nobody first.
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(9);
        const auto opened = Store::open(on_disk(directory));
        const bool told =
            !opened.ok() && opened.error().code() == Errc::invalid && opened.error().text().find(directory) != std::string::npos;
        ::_exit(told ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a lost write-ahead log is noticed, numbers are not used again, and the store goes on") {
    const TemporaryDirectory temporary;
    std::uint64_t last = 0;
    {
        const auto store = must_open(on_disk(temporary.path()));
        fill(*store, 0, 40);
        last = store->counts().batches;
        auto windows = store->load_windows({}, t0 + 1h);
        REQUIRE(store->save_snapshot(*windows).ok());
    }
    fs::remove(largest(temporary / "db", ".log"));
    {
        const auto store = must_open(on_disk(temporary.path()));
        CHECK(store->report().batches_lost >= 40);
        CHECK(store->report().mentions_lost == 40);
        CHECK(store->report().text().find("lost") != std::string::npos);
        CHECK(store->counts().batches > last);
        REQUIRE(store->load_windows({}, t0 + 1h).ok());
        CHECK_FALSE(store->loaded_from_snapshot());
        fill(*store, 0, 5);
        check_counts(*store);
    }
    const auto store = must_open(on_disk(temporary.path()));
    CHECK(store->report().batches_lost == 0);
    CHECK(mentions(*store) == 5);
}

TEST_CASE("the whole database gone is noticed too; a missing sequence file is said") {
    const TemporaryDirectory temporary;
    { fill(*must_open(on_disk(temporary.path())), 0, 4); }
    fs::remove(temporary / "sequence");
    { CHECK(must_open(on_disk(temporary.path()))->report().sequence_file_missing); }
    { CHECK_FALSE(must_open(on_disk(temporary.path()))->report().sequence_file_missing); }
    fs::remove_all(temporary / "db");
    const auto store = must_open(on_disk(temporary.path()));
    CHECK(store->report().created);
    CHECK(store->report().mentions_lost == 4);
}

TEST_CASE("a log with a flipped byte is put aside, recovered up to there, and the loss is told") {
    const TemporaryDirectory temporary;
    { fill(*must_open(on_disk(temporary.path())), 0, 100); }
    const fs::path log = largest(temporary / "db", ".log");
    flip(log, static_cast<std::streamoff>(fs::file_size(log) / 2));
    const auto store = must_open(on_disk(temporary.path()));
    const OpenReport& report = store->report();
    CHECK(report.damage.has_value());
    CHECK(fs::exists(report.kept_copy + "/CURRENT"));
    CHECK(fs::file_size(fs::path(report.kept_copy) / log.filename()) > 0);
    CHECK(report.batches_lost > 0);
    CHECK(mentions(*store) + report.mentions_lost == 100);
    CHECK(mentions(*store) > 20);
    check_counts(*store);
    fill(*store, 0, 100);
    CHECK(mentions(*store) == 100);
    check_counts(*store);
}

TEST_CASE("a log cut in its last record loses that one alone") {
    const TemporaryDirectory temporary;
    { fill(*must_open(on_disk(temporary.path())), 0, 30); }
    const fs::path log = largest(temporary / "db", ".log");
    fs::resize_file(log, fs::file_size(log) - 7);
    const auto store = must_open(on_disk(temporary.path()));
    CHECK(store->report().damage.has_value());
    CHECK(mentions(*store) == 29);
    check_counts(*store);
}

TEST_CASE("a table with a flipped byte is found by verification, and by reading it") {
    const TemporaryDirectory temporary;
    {
        const auto store = must_open(on_disk(temporary.path()));
        for (int i = 0; i < 4; ++i) {
            std::vector<AnalysedItem> items;
            for (int j = 0; j < 500; ++j) items.push_back(full_item(fmt::format("{}/{}", i, j), t0, fmt::format("@{}", i * 500 + j)));
            for (std::size_t j = 0; j < items.size(); ++j) {
                std::string text;
                for (int k = 0; k < 120; ++k) text += fmt::format("{:x}", hash64(fmt::format("{}{}{}", i, j, k)));
                items[j].item.text = Untrusted(text);
            }
            must_commit(*store, group(std::move(items), t0));
        }
        CHECK(store->verify_checksums().ok());
    }
    const fs::path table = largest(temporary / "db", ".sst");
    flip(table, static_cast<std::streamoff>(fs::file_size(table) / 3));
    const auto store = must_open(on_disk(temporary.path()));
    CHECK(store->verify_checksums().error().code() == Errc::corrupt);
    CHECK(store->for_each_mention([](const StoredMention&) { return true; }).error().code() == Errc::corrupt);
}

TEST_CASE("damage beyond the log is refused with what to do, and nothing is thrown away") {
    for (const char* file : {"CURRENT", "MANIFEST"}) {
        const TemporaryDirectory temporary;
        { fill(*must_open(on_disk(temporary.path())), 0, 4); }
        fs::path victim = temporary / "db/CURRENT";
        if (std::string(file) == "MANIFEST") {
            for (const auto& entry : fs::directory_iterator(temporary / "db")) {
                if (entry.path().filename().string().starts_with("MANIFEST")) victim = entry.path();
            }
        }
        fs::resize_file(victim, std::string(file) == "CURRENT" ? 0 : fs::file_size(victim) / 2);
        const auto store = Store::open(on_disk(temporary.path()));
        if (store.ok()) {
            // A manifest cut between two records can still be read: then the sequence file must tell.
            CHECK((*store)->report().batches_lost > 0);
            continue;
        }
        CHECK(store.error().code() == Errc::corrupt);
        CHECK(store.error().message().find("restore") != std::string::npos);
        CHECK(fs::exists(temporary / "sequence"));
    }
}

TEST_CASE("a backup opens with all that was there, and goes only where nothing is") {
    const TemporaryDirectory temporary;
    {
        const auto store = must_open(on_disk(temporary / "data"));
        fill(*store, 0, 50);
        REQUIRE(store->backup(temporary / "backup").ok());
        CHECK(store->backup(temporary / "backup").error().code() == Errc::invalid);
        fill(*store, 50, 60);
        CHECK(Store::restore(temporary / "backup", temporary / "data").error().code() == Errc::invalid);
    }
    CHECK(Store::restore(temporary / "nothing", temporary / "new").error().code() == Errc::invalid);
    CHECK_FALSE(fs::exists(temporary / "new"));
    const auto restored = Store::restore(temporary / "backup", temporary / "new");
    REQUIRE_MESSAGE(restored.ok(), (restored.ok() ? "" : restored.error().text()));
    const auto store = must_open(on_disk(temporary / "new"));
    CHECK(store->report().text().empty());
    CHECK(mentions(*store) == 50);
    check_counts(*store);
    fill(*store, 0, 60);
    CHECK(mentions(*store) == 60);
}

TEST_CASE("a damaged backup is not restored") {
    const TemporaryDirectory temporary;
    {
        const auto store = must_open(on_disk(temporary / "data"));
        fill(*store, 0, 50);
        REQUIRE(store->backup(temporary / "backup").ok());
    }
    const fs::path table = largest(temporary / "backup/db", ".sst");
    flip(table, 100);
    CHECK_FALSE(Store::restore(temporary / "backup", temporary / "new").ok());
}
