#include "sources/file_source.hpp"

#include <doctest/doctest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "sources/fake_http.hpp"

using namespace vigie;
using namespace vigie::sources;

namespace {

/// A folder of its own, removed at the end.
class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "vigie-sources-XXXXXX").string();
        if (::mkdtemp(name.data()) != nullptr) path_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string file(const std::string& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

std::string line(int n) {
    return R"({"type":"item","id":"a/)" + std::to_string(n) + R"(","platform":"a","published":"2026-03-01T09:30:00Z","text":"t"})" + "\n";
}

void append(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::app) << text;
}

struct Bench {
    Folder folder;
    ManualClock clock{from_millis(1'772'500'000'000)};
    fake::HttpClient client;
    SourceSettings settings;
    std::unique_ptr<Source> source;
    std::string cursor;

    explicit Bench(bool follow, const std::string& name = "in.ndjson") {
        settings.name = "file";
        settings.kind = SourceKind::file;
        settings.path = folder.file(name);
        settings.follow = follow;
    }
    void restart() {
        auto made = make_source(settings, {}, client, clock);
        if (!made) FAIL(made.error().text());
        if (made) source = std::move(*made);
    }
    Batch good() {
        PollResult result = fake::poll(*source, cursor);
        if (const auto* failure = std::get_if<Failure>(&result)) FAIL(failure->error.text());
        Batch batch = std::get<Batch>(std::move(result));
        cursor = batch.cursor;
        return batch;
    }
    std::string ids(int polls = 1) {
        std::string out;
        for (int i = 0; i < polls; ++i)
            for (const auto& record : good().records) out += std::get<Item>(record).id.substr(2) + " ";
        return out;
    }
};

}  // namespace

TEST_CASE("a file is read once, its last line without a line feed too") {
    Bench bench(false);
    append(bench.settings.path, line(1) + "\n" + "{broken}\n" + line(2) + line(3).substr(0, line(3).size() - 1));
    bench.restart();
    const Batch batch = bench.good();
    REQUIRE(batch.records.size() == 3);
    CHECK(batch.rejected == 1);
    REQUIRE(batch.notes.size() == 1);
    CHECK(batch.notes[0].starts_with("line 3"));
    CHECK_FALSE(batch.more);
    CHECK(std::get<Item>(batch.records[0]).source == "file");
    CHECK(std::get<Item>(batch.records[0]).observed == bench.clock.now());
    const Batch end = bench.good();
    CHECK(end.not_modified);
    CHECK(end.records.empty());
    bench.restart();
    CHECK(bench.good().records.empty());
}

TEST_CASE("a followed file gives complete lines only, over restarts") {
    Bench bench(true);
    bench.restart();
    PollResult missing = fake::poll(*bench.source, "");
    REQUIRE(std::holds_alternative<Failure>(missing));
    CHECK(std::get<Failure>(missing).error.code() == Errc::not_found);
    append(bench.settings.path, line(1) + line(2).substr(0, 10));
    CHECK(bench.ids() == "1 ");
    CHECK(bench.good().not_modified);
    append(bench.settings.path, line(2).substr(10));
    bench.restart();
    CHECK(bench.ids() == "2 ");
    append(bench.settings.path, line(3));
    CHECK(bench.ids() == "3 ");
}

TEST_CASE("a poll whose batch was not stored is read again") {
    Bench bench(true);
    append(bench.settings.path, line(1));
    bench.restart();
    CHECK(bench.ids() == "1 ");
    append(bench.settings.path, line(2));
    const std::string before = bench.cursor;
    CHECK(bench.ids() == "2 ");
    bench.cursor = before;
    CHECK(bench.ids() == "2 ");
}

TEST_CASE("rotation by renaming loses no line, seen or unseen") {
    Bench bench(true);
    append(bench.settings.path, line(1));
    bench.restart();
    CHECK(bench.ids() == "1 ");
    append(bench.settings.path, line(2) + line(3).substr(0, line(3).size() - 1));  // the writer stops without a line feed
    std::filesystem::rename(bench.settings.path, bench.settings.path + ".1");
    append(bench.settings.path, line(4));
    CHECK(bench.ids() == "2 3 ");
    CHECK(bench.ids() == "4 ");
    append(bench.settings.path, line(5));
    std::filesystem::rename(bench.settings.path, bench.settings.path + ".1");
    append(bench.settings.path, line(6));
    bench.restart();  // the new process finds the old file beside the new one
    CHECK(bench.ids() == "5 ");
    CHECK(bench.ids() == "6 ");
    std::filesystem::rename(bench.settings.path, bench.settings.path + ".elsewhere");
    append(bench.settings.path, line(7));
    bench.restart();
    const Batch batch = bench.good();
    CHECK(batch.records.size() == 1);
    CHECK(batch.gap.has_value());
}

TEST_CASE("truncation starts over, even where the file has grown again") {
    Bench bench(true);
    append(bench.settings.path, line(1) + line(2));
    bench.restart();
    CHECK(bench.ids() == "1 2 ");
    std::ofstream(bench.settings.path, std::ios::trunc) << line(3);
    const Batch batch = bench.good();
    CHECK(batch.records.size() == 1);
    CHECK(batch.notes.size() == 1);
    std::ofstream(bench.settings.path, std::ios::trunc) << line(4) << line(5) << line(6);
    CHECK(bench.ids() == "4 5 6 ");
}

TEST_CASE("a large file comes in chunks, and a line that is no record is passed over") {
    Bench bench(false);
    std::string body;
    int lines = 0;
    while (body.size() < max_file_chunk + 1000) body += line(++lines);
    body += std::string(max_file_chunk * 2, 'x') + "\n" + line(0);
    append(bench.settings.path, body);
    bench.restart();
    std::size_t records = 0;
    std::uint64_t rejected = 0;
    int polls = 0;
    for (bool more = true; more && polls < 20; ++polls) {
        const Batch batch = bench.good();
        records += batch.records.size();
        rejected += batch.rejected;
        more = batch.more;
    }
    CHECK(records == static_cast<std::size_t>(lines) + 1);
    CHECK(rejected == 1);
    CHECK(polls >= 3);
}

TEST_CASE("a gzipped file is read once, over a restart, and a broken one is an error after its good part") {
    Bench bench(false, "in.ndjson.gz");
    std::string body;
    int lines = 0;
    while (body.size() < max_file_chunk + 1000) body += line(++lines);
    const gzFile out = ::gzopen(bench.settings.path.c_str(), "wb");
    REQUIRE(out != nullptr);
    CHECK(::gzwrite(out, body.data(), static_cast<unsigned>(body.size())) > 0);
    CHECK(::gzclose(out) == Z_OK);
    bench.restart();
    const Batch first = bench.good();
    CHECK(first.more);
    bench.restart();
    const Batch second = bench.good();
    CHECK_FALSE(second.more);
    CHECK(first.records.size() + second.records.size() == static_cast<std::size_t>(lines));
    CHECK(bench.good().records.empty());

    std::filesystem::resize_file(bench.settings.path, std::filesystem::file_size(bench.settings.path) / 2);
    bench.cursor.clear();
    bench.restart();
    PollResult result = fake::poll(*bench.source, "");
    int polls = 0;
    for (std::string cursor; std::holds_alternative<Batch>(result) && polls < 5; ++polls) {
        cursor = std::get<Batch>(result).cursor;
        result = fake::poll(*bench.source, cursor);
    }
    REQUIRE(std::holds_alternative<Failure>(result));
    CHECK(std::get<Failure>(result).error.code() == Errc::corrupt);
}

TEST_CASE("what cannot be read is refused at once") {
    Bench bench(false);
    const auto code = [&bench] {
        const auto made = make_source(bench.settings, {}, bench.client, bench.clock);
        return made ? std::string("made") : std::string(to_string(made.error().code()));
    };
    CHECK(code() == "not_found");
    bench.settings.path = bench.folder.file(".");
    CHECK(code() == "invalid");
    bench.settings.path.clear();
    CHECK(code() == "invalid");
    bench.settings.path = bench.folder.file("x.gz");
    bench.settings.follow = true;
    CHECK(code() == "invalid");
}

TEST_CASE("a file's cursor reads back as it was written, and nothing else does") {
    FileCursor cursor{1, 2, 3, true, 4, 0xFFFFFFFFFFFFFFFF};
    CHECK(decode_file_cursor(encode_file_cursor(cursor)) == cursor);
    CHECK(decode_file_cursor("") == FileCursor());
    for (const char* text : {"x", "vigie-file 1", "vigie-file 1 1 2 3", "vigie-file 1 1 2 3 2 4 5", "vigie-file 1 1 2 3 1 4 5 6",
                             "vigie-file 1 1 -2 3 1 4 5", "vigie-file 2 1 2 3 1 4 5"})
        CHECK_FALSE(decode_file_cursor(text).has_value());
}
