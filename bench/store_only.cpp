#include "store_only.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>
#include <vector>

#include "store/db.hpp"
#include "store/keys.hpp"
#include "vigie/core/hash.hpp"
#include "vigie/store/store.hpp"

namespace vigie::bench {
namespace {

using Steady = std::chrono::steady_clock;

double milliseconds(Steady::duration d) {
    return std::chrono::duration<double, std::milli>(d).count();
}

StoreFigures figures(std::vector<double> latencies, std::size_t mentions, Steady::duration took) {
    std::sort(latencies.begin(), latencies.end());
    const auto at = [&](double p) {
        return latencies.empty() ? 0.0 : latencies[static_cast<std::size_t>(p * static_cast<double>(latencies.size() - 1))];
    };
    return {static_cast<double>(mentions) / (milliseconds(took) / 1000), at(0.5), at(0.99)};
}

/// Text that compresses about as prose does: words of a small vocabulary in random order.
std::string prose(std::mt19937_64& random, std::size_t size) {
    static const std::vector<std::string> words = [] {
        std::vector<std::string> all;
        for (std::uint64_t i = 0; i < 3000; ++i) all.push_back(to_hex(hash64(std::to_string(i))).substr(0, 2 + i % 9));
        return all;
    }();
    std::string text;
    text.reserve(size + 12);
    while (text.size() < size) text += words[random() % words.size()] + ' ';
    text.resize(size);
    return text;
}

const Time start = from_millis(1'772'000'000'000);

Time time_of(std::size_t mention) {
    return start + std::chrono::milliseconds{mention / 4};
}

}  // namespace

Result<StoreFigures> store_only(const StoreOnly& how) {
    std::filesystem::remove_all(how.directory);
    std::filesystem::create_directories(how.directory);
    store::Options options;
    options.directory = how.directory;
    auto opened = store::Db::open(how.directory + "/db", options, rocksdb::Env::Default(), store::Recovery::absolute,
                                  std::make_shared<store::Floors>());
    if (!opened) return opened.error();
    store::Db& db = **opened;
    std::mt19937_64 random(1);
    std::vector<std::string> texts;
    for (int i = 0; i < 2000; ++i) texts.push_back(prose(random, how.text_bytes + 150));
    std::vector<double> latencies;
    const auto begin = Steady::now();
    for (std::size_t done = 0; done < how.mentions; done += how.batch) {
        const auto before = Steady::now();
        std::vector<std::string> seen, accounts, buckets;
        std::vector<std::pair<std::string, const std::string*>> evidence;
        for (std::size_t i = done; i < done + how.batch; ++i) {
            const std::string id = fmt::format("mastodon/{}", i);
            const std::uint64_t brand = hash64(std::to_string(random() % how.brands));
            seen.push_back(store::seen_key(brand, hash128(id)));
            evidence.emplace_back(store::evidence_key(brand, time_of(i), hash64(id)), &texts[random() % texts.size()]);
            buckets.push_back(store::bucket_key(brand, minute_of(time_of(i))));
            accounts.push_back(store::account_row_key(brand, random() % 1'000'000));
        }
        rocksdb::WriteBatch batch(how.batch * 1600);
        const auto put_all = [&](store::Cf which, std::vector<std::string>& keys, const std::string& value) {
            std::sort(keys.begin(), keys.end());
            keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
            for (const std::string& key : keys) batch.Put(db.cf(which), key, value).PermitUncheckedError();
        };
        put_all(store::Cf::seen, seen, std::string(10, 's'));
        std::sort(evidence.begin(), evidence.end());
        for (const auto& [key, text] : evidence) batch.Put(db.cf(store::Cf::evidence), key, *text).PermitUncheckedError();
        put_all(store::Cf::accounts, accounts, std::string(50, 'a'));
        put_all(store::Cf::buckets, buckets, std::string(60, 'b'));
        batch.Put(db.cf(store::Cf::journal), store::journal_key(done), std::string(buckets.size() * 80, 'j')).PermitUncheckedError();
        batch.Put(db.cf(store::Cf::meta), "s", std::string(25, 'q')).PermitUncheckedError();
        rocksdb::WriteOptions write;
        write.sync = true;
        write.memtable_insert_hint_per_batch = true;
        const auto status = db.raw().Write(write, &batch);
        if (!status.ok()) return store::to_error(status, "cannot write");
        latencies.push_back(milliseconds(Steady::now() - before));
    }
    const auto took = Steady::now() - begin;
    opened->reset();
    std::filesystem::remove_all(how.directory);
    return figures(std::move(latencies), how.mentions, took);
}

Result<StoreFigures> through_store(const StoreOnly& how) {
    std::filesystem::remove_all(how.directory);
    store::Options options;
    options.directory = how.directory;
    auto opened = store::Store::open(options);
    if (!opened) return opened.error();
    std::vector<Brand> brands(how.brands);
    for (std::size_t i = 0; i < brands.size(); ++i) brands[i].name = std::to_string(i);
    if (auto done = (*opened)->set_brands(brands); !done) return done.error();
    std::mt19937_64 random(1);
    std::vector<std::string> texts;
    for (int i = 0; i < 2000; ++i) texts.push_back(prose(random, how.text_bytes));
    std::vector<double> latencies;
    Steady::duration took{};
    for (std::size_t done = 0; done < how.mentions; done += how.batch) {
        store::LedgerInput input;
        input.now = time_of(done + how.batch);
        for (std::size_t i = done; i < done + how.batch; ++i) {
            AnalysedItem& analysed = input.items.emplace_back();
            analysed.item.id = fmt::format("mastodon/{}", i);
            analysed.item.platform = "mastodon";
            analysed.item.published = time_of(i);
            analysed.item.text = Untrusted(texts[random() % texts.size()]);
            analysed.item.url = Untrusted(fmt::format("https://social.example/@someone/{}", i));
            analysed.item.author.handle = Untrusted(fmt::format("@a{}", random() % 1'000'000));
            analysed.item.author.followers = 100;
            analysed.item.source = "mas";
            analysed.language = "fr";
            analysed.matches = {{static_cast<BrandIndex>(random() % how.brands), 0}};
        }
        const auto before = Steady::now();
        auto result = (*opened)->commit(std::move(input));
        if (!result) return result.error();
        latencies.push_back(milliseconds(Steady::now() - before));
        took += Steady::now() - before;
    }
    opened->reset();
    std::filesystem::remove_all(how.directory);
    return figures(std::move(latencies), how.mentions, took);
}

}  // namespace vigie::bench
