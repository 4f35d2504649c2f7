// Opening: the directory, the lock, space, RocksDB, recovery, and the comparison with the sequence file.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>

#include "store/impl.hpp"
#include "store/keys.hpp"

#include <rocksdb/env.h>

namespace vigie::store {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kept_copies = 3;

std::uint64_t random64() {
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32) | device();
}

/// Damaged copies share most of their files with the store by links, but what the store drops later stays with them.
void drop_old_copies(const std::string& directory, const std::string& newest) {
    std::vector<fs::path> copies;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error)) {
        if (entry.path().filename().string().starts_with("db.bad-") && entry.path() != newest) copies.push_back(entry.path());
    }
    std::sort(copies.begin(), copies.end());
    for (std::size_t i = 0; i + kept_copies <= copies.size(); ++i) fs::remove_all(copies[i], error);
}

/// A family that this version does not know was made by a newer one.
Result<> check_families(rocksdb::Env* env, const std::string& path) {
    std::vector<std::string> names;
    rocksdb::DBOptions options;
    options.env = env;
    if (!rocksdb::DB::ListColumnFamilies(options, path, &names).ok()) return {};
    for (const std::string& name : names) {
        bool known = false;
        for (std::size_t i = 0; i < cf_count; ++i) known = known || name == to_string(static_cast<Cf>(i));
        if (!known) {
            return Error(Errc::unsupported, fmt::format("the store was written by a newer Vigie (it has a part named \"{}\")", name), path);
        }
    }
    return {};
}

}  // namespace

MemoryDisk::MemoryDisk() : env_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {}

std::shared_ptr<MemoryDisk> make_memory_disk() {
    return std::make_shared<MemoryDisk>();
}

Result<std::unique_ptr<Store>> Store::open(Options options) {
    std::unique_ptr<Store> store(new Store(std::make_unique<Impl>(std::move(options))));
    if (auto done = store->impl_->open(); !done) return done.error();
    return store;
}

Result<> Store::Impl::open() {
    options.retention.minutes = std::max<Duration>(options.retention.minutes, std::chrono::hours{50});
    options.write_buffer_bytes = std::max<std::uint64_t>(options.write_buffer_bytes, 1 << 20);
    if (options.memory) {
        env = options.memory->env();
        if (options.directory.empty()) options.directory = "/store";
        const auto made = env->CreateDirIfMissing(options.directory);
        if (!made.ok()) return to_error(made, "cannot create the store in memory");
    } else {
        env = rocksdb::Env::Default();
        options.min_free_bytes = std::max(options.min_free_bytes, 2 * options.write_buffer_bytes);
        if (auto done = prepare_directory(options.directory, !options.read_only); !done) return done;
        if (!options.read_only) {
            auto taken = DirectoryLock::take(options.directory);
            if (!taken) return taken.error();
            lock.emplace(std::move(*taken));
        }
    }
    space = std::make_unique<SpaceGuard>(options, path("ballast"));
    if (!options.read_only) {
        if (auto done = space->admit_open(); !done) return done;
    }
    const auto mark = options.memory ? std::nullopt : read_mark(env, path("sequence"));
    if (auto done = open_database(); !done) return done;
    if (auto done = read_meta(); !done) {
        db.reset();
        return done;
    }
    if (auto done = compare_with_mark(mark); !done) {
        db.reset();
        return done;
    }
    report.sequence = sequence;
    report.mentions = mentions;
    report.low_space = space->low();
    if (!options.read_only) space->restore_ballast();
    return {};
}

Result<> Store::Impl::open_database() {
    const std::string where = path("db");
    if (auto done = check_families(env, where); !done) return done;
    auto opened = Db::open(where, options, env, options.read_only ? Recovery::point_in_time : Recovery::absolute, floors);
    if (opened) {
        db = std::move(*opened);
        return {};
    }
    const Error error = std::move(opened).error();
    if (error.code() == Errc::corrupt && !options.read_only && !options.memory) return recover_database(error);
    if (error.code() == Errc::corrupt) return Error(Errc::corrupt, error.message(), where);
    if (options.read_only && !fs::exists(where)) return Error(Errc::not_found, "there is no store", options.directory);
    return Error(error.code(), error.message(), where);
}

Result<> Store::Impl::recover_database(const Error& damage) {
    const std::string where = path("db");
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    std::string copy = path("db.bad-" + compact_time(now));
    for (int i = 2; fs::exists(copy); ++i) copy = path(fmt::format("db.bad-{}-{}", compact_time(now), i));
    if (auto done = copy_directory(where, copy, true); !done) {
        return Error(done.error().code(), "the store is damaged, and can't be put aside before it is repaired: " + done.error().message(),
                     copy);
    }
    Result<std::unique_ptr<Db>> opened = Db::open(where, options, env, Recovery::point_in_time, floors);
    if (!opened) opened = Db::open(where, options, env, Recovery::whatever_is_there, floors);
    if (!opened) {
        return Error(
            Errc::corrupt,
            fmt::format("the store is damaged beyond its write-ahead log. Move \"{}\" away and restore a backup (vigie restore). The "
                        "files as they were found are kept in \"{}\". RocksDB says: {}",
                        where, copy, opened.error().message()));
    }
    db = std::move(*opened);
    report.damage = damage.message();
    report.kept_copy = copy;
    drop_old_copies(options.directory, copy);
    return {};
}

Result<> Store::Impl::read_meta() {
    const auto numbers = [this](std::string_view row, std::size_t count) -> Result<std::vector<std::uint64_t>> {
        auto bytes = db->get(Cf::meta, row);
        if (!bytes) return bytes.error();
        if (!*bytes) return std::vector<std::uint64_t>();
        return decode_numbers(**bytes, count);
    };
    auto schema = numbers(schema_row, 1);
    if (!schema) return schema.error();
    if (!schema->empty() && schema->front() > schema_version) {
        return Error(
            Errc::unsupported,
            fmt::format("the store was written by a newer Vigie (its layout is {}, this one knows {}): use that one, or another directory",
                        schema->front(), schema_version),
            options.directory);
    }
    report.created = schema->empty();
    older_layout = !schema->empty() && schema->front() < schema_version;
    auto numbered = numbers(sequence_row, 3);
    if (!numbered) return numbered.error();
    if (!numbered->empty()) {
        sequence = (*numbered)[0];
        mentions = (*numbered)[1];
        identity = (*numbered)[2];
    }
    const auto one = [&](std::string_view row, std::uint64_t otherwise) -> Result<std::uint64_t> {
        auto value = numbers(row, 1);
        if (!value) return value.error();
        return value->empty() ? otherwise : value->front();
    };
    auto rolled = one(rolled_row, static_cast<std::uint64_t>(INT32_MIN));
    auto floor = one(floor_row, static_cast<std::uint64_t>(INT64_MIN));
    auto outbox = one(outbox_row, 0);
    auto journal = one(journal_row, 1);
    for (const auto* value : {&rolled, &floor, &outbox, &journal}) {
        if (!*value) return value->error();
    }
    rolled_to = static_cast<Hour>(static_cast<std::int64_t>(*rolled));
    floors->seen_ms = static_cast<std::int64_t>(*floor);
    outbox_sequence = *outbox;
    journal_from = *journal;
    ledger_sequence = sequence;
    std::uint64_t rows = 0;
    auto counted = db->scan(Cf::journal, journal_key(journal_from), std::nullopt, [&](std::string_view, std::string_view) -> Result<bool> {
        ++rows;
        return true;
    });
    journal_rows = rows;
    return counted;
}

Result<> Store::Impl::compare_with_mark(const std::optional<SequenceMark>& mark) {
    report.sequence_file_missing = !options.memory && !mark && sequence > 0;
    const bool ours = mark && (identity == 0 || mark->identity == identity);
    if (mark && !ours) report.sequence_file_missing = true;
    const bool lost = ours && mark->sequence > sequence;
    if (lost) {
        report.batches_lost = mark->sequence - sequence;
        report.mentions_lost = mark->mentions > mentions ? mark->mentions - mentions : 0;
        // Numbers are never used twice, and a snapshot of what is lost must not be taken for ours.
        sequence = mark->sequence;
        ledger_sequence = sequence;
        if (identity == 0) identity = mark->identity;
    }
    if (options.read_only) return {};
    if (lost) env->DeleteFile(path("windows")).PermitUncheckedError();
    if (identity == 0) identity = random64() | 1;
    if (!report.created && !lost && !older_layout) {
        batches_since_mark = report.sequence_file_missing ? 1 : 0;
    } else {
        rocksdb::WriteBatch batch;
        batch.Put(db->cf(Cf::meta), slice(schema_row), encode_numbers({schema_version})).PermitUncheckedError();
        if (lost) {
            journal_from = sequence + 1;
            batch.Put(db->cf(Cf::meta), slice(journal_row), encode_numbers({journal_from})).PermitUncheckedError();
        }
        if (auto done = write(batch); !done) return done;
        ledger_sequence = sequence;
    }
    const std::lock_guard guard(write_mutex);
    mark_locked(marked_at, true);
    return {};
}

std::string OpenReport::text() const {
    std::string text;
    const auto say = [&text](std::string sentence) {
        if (!text.empty()) text += ' ';
        text += sentence;
    };
    if (damage) {
        say(fmt::format("The write-ahead log was damaged ({}); what verifies is recovered, and the files as they were are kept in {}.",
                        *damage, kept_copy));
    }
    if (batches_lost > 0) {
        say(fmt::format(
            "At least {} batches with {} mentions that had been written are lost; sources and clients will not send them again.",
            batches_lost, mentions_lost));
    }
    if (sequence_file_missing) say("The sequence file was missing or foreign: a lost write-ahead log would not have been noticed.");
    if (low_space) say("The disk is nearly full: intake is refused until there is more space.");
    return text;
}

}  // namespace vigie::store
