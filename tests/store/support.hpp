// What the tests of the store share: brands, items, temporary directories.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "vigie/core/hash.hpp"
#include "vigie/store/store.hpp"

namespace vigie::store::test {

inline const Time t0 = parse_time("2026-03-01T09:30:00Z").value();

inline std::vector<Brand> two_brands() {
    Brand aurora;
    aurora.name = "aurora-air";
    aurora.functions = {{"safety", "smoke"}, {"hr", "strike"}};
    Brand borealis;
    borealis.name = "borealis";
    return {aurora, borealis};
}

inline const std::uint64_t aurora = brand_key("aurora-air");
inline const std::uint64_t borealis = brand_key("borealis");

/// Every field differs from its default, so that what a codec forgets is noticed.
inline AnalysedItem full_item(std::string id, Time at, std::string handle = "@Ana") {
    AnalysedItem analysed;
    Item& item = analysed.item;
    item.id = std::move(id);
    item.platform = "mastodon";
    item.kind = Kind::reply;
    item.url = Untrusted("https://example.org/1");
    item.published = at;
    item.title = Untrusted("title");
    item.text = Untrusted("smoke in the cabin");
    item.language = "fr-CA";
    item.author = {Untrusted(std::move(handle)), Untrusted("Ana"), 1200, at - std::chrono::days{100}, true};
    item.engagement = {3, 2, 1, 0, 99};
    item.rating = 1.5;
    item.parent = "mastodon/1";
    item.repost_of = "mastodon/2";
    item.links = {Untrusted("https://example.org/a"), Untrusted("https://example.org/b")};
    item.source = "mas";
    analysed.language = "fr";
    analysed.sentiment = {SentimentLabel::negative, {0.7F, 0.2F, 0.1F}};
    analysed.matches = {{0, 1}};
    return analysed;
}

inline LedgerInput group(std::vector<AnalysedItem> items, Time now) {
    LedgerInput input;
    input.items = std::move(items);
    input.now = now;
    return input;
}

inline Options in_memory(std::shared_ptr<MemoryDisk> disk = make_memory_disk()) {
    Options options;
    options.memory = std::move(disk);
    options.write_buffer_bytes = 1 << 20;
    return options;
}

inline std::unique_ptr<Store> must_open(Options options) {
    auto store = Store::open(std::move(options));
    REQUIRE_MESSAGE(store.ok(), (store.ok() ? "" : store.error().text()));
    REQUIRE((*store)->set_brands(two_brands()).ok());
    return std::move(*store);
}

inline CommitResult must_commit(Store& store, LedgerInput input) {
    auto result = store.commit(std::move(input));
    REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().text()));
    return std::move(*result);
}

/// What the minutes hold is what the evidence says, for both brands.
inline void check_counts(const Store& store) {
    for (const std::uint64_t brand : {aurora, borealis}) {
        const auto stored = store.minutes(brand, INT32_MIN, INT32_MAX);
        const auto counted = store.recount(brand, INT32_MIN + 1, INT32_MAX - 1);
        REQUIRE(stored.ok());
        REQUIRE(counted.ok());
        CHECK(stored->size() == counted->size());
        CHECK((*stored == *counted));
    }
}

class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string name = (std::filesystem::temp_directory_path() / "vigie-store-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }
    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

inline Options on_disk(const std::string& directory) {
    Options options;
    options.directory = directory;
    options.write_buffer_bytes = 1 << 20;
    options.min_free_bytes = 16 << 20;
    options.ballast_bytes = 1 << 20;
    return options;
}

}  // namespace vigie::store::test
