#include "store/db.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/compaction_filter.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <algorithm>

#include "store/bytes.hpp"

namespace vigie::store {
namespace {

/// Drops rows whose event time, a fixed number after the version byte, lies below a floor. Never reads a clock.
class FloorFilter final : public rocksdb::CompactionFilter {
public:
    FloorFilter(std::shared_ptr<Floors> floors, std::atomic<std::int64_t> Floors::*which)
        : floors_(std::move(floors)), floor_((*floors_).*which) {}
    const char* Name() const override { return "vigie.floor"; }
    bool Filter(int, const rocksdb::Slice&, const rocksdb::Slice& value, std::string*, bool*) const override {
        if (value.size() < 9) return false;
        const auto time = static_cast<std::int64_t>(ByteReader(view(value).substr(1)).fixed64());
        return time < floor_.load(std::memory_order_relaxed);
    }

private:
    std::shared_ptr<Floors> floors_;
    std::atomic<std::int64_t>& floor_;
};

class FloorFilterFactory final : public rocksdb::CompactionFilterFactory {
public:
    FloorFilterFactory(std::shared_ptr<Floors> floors, std::atomic<std::int64_t> Floors::*which)
        : floors_(std::move(floors)), which_(which) {}
    const char* Name() const override { return "vigie.floor.factory"; }
    std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(const rocksdb::CompactionFilter::Context&) override {
        return std::make_unique<FloorFilter>(floors_, which_);
    }

private:
    std::shared_ptr<Floors> floors_;
    std::atomic<std::int64_t> Floors::*which_;
};

rocksdb::DBOptions db_options(const Options& options, rocksdb::Env* env, Recovery recovery) {
    rocksdb::DBOptions db;
    db.env = env;
    db.create_if_missing = !options.read_only;
    db.create_missing_column_families = !options.read_only;
    db.wal_recovery_mode =
        recovery == Recovery::absolute ? rocksdb::WALRecoveryMode::kAbsoluteConsistency : rocksdb::WALRecoveryMode::kPointInTimeRecovery;
    // Only writes with sync, never SyncWAL: with it, 7.8.3 reports logs as missing that are not.
    db.track_and_verify_wals_in_manifest = recovery != Recovery::whatever_is_there;
    db.paranoid_checks = true;
    // All families together: they agree even when a log is lost, and a log with a bad record never lies behind a flushed family.
    db.atomic_flush = true;
    db.max_background_jobs = 2;
    db.max_total_wal_size = 4 * options.write_buffer_bytes;
    db.recycle_log_file_num = 0;
    db.keep_log_file_num = 3;
    db.max_log_file_size = 1 << 20;
    db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
    db.max_open_files = 512;
    db.bytes_per_sync = 1 << 20;
    db.manifest_preallocation_size = 64 << 10;
    return db;
}

rocksdb::ColumnFamilyOptions family_options(Cf which, const Options& options, const std::shared_ptr<rocksdb::Cache>& cache,
                                            const std::shared_ptr<Floors>& floors) {
    const bool large = which == Cf::evidence;
    const bool hot = which == Cf::seen || which == Cf::buckets || which == Cf::accounts || which == Cf::journal;
    rocksdb::ColumnFamilyOptions family;
    family.write_buffer_size = large ? options.write_buffer_bytes : options.write_buffer_bytes / (hot ? 2 : 8);
    family.max_write_buffer_number = 2;
    family.target_file_size_base = 32 << 20;
    family.max_bytes_for_level_base = 128 << 20;
    family.level_compaction_dynamic_level_bytes = true;
    family.compression = rocksdb::kZSTD;
    rocksdb::BlockBasedTableOptions table;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.block_size = large ? 16 << 10 : 8 << 10;
    table.block_cache = cache;
    table.format_version = 5;
    family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    if (which == Cf::seen || which == Cf::accounts) {
        const auto floor = which == Cf::seen ? &Floors::seen_ms : &Floors::accounts_ms;
        family.compaction_filter_factory = std::make_shared<FloorFilterFactory>(floors, floor);
        family.periodic_compaction_seconds = 3 * 24 * 3600;
    }
    return family;
}

}  // namespace

std::string_view to_string(Cf cf) noexcept {
    static constexpr std::array<std::string_view, cf_count> names{"default", "seen",   "evidence", "buckets", "hours", "accounts",
                                                                  "alerts",  "outbox", "audit",    "journal", "meta"};
    return names[static_cast<std::size_t>(cf)];
}

Error to_error(const rocksdb::Status& status, std::string_view what) {
    Errc code = Errc::io;
    if (status.IsNoSpace()) code = Errc::no_space;
    if (status.IsCorruption()) code = Errc::corrupt;
    if (status.IsBusy() || status.IsTryAgain()) code = Errc::busy;
    if (status.IsNotFound()) code = Errc::not_found;
    if (status.IsInvalidArgument() || status.IsNotSupported()) code = Errc::internal;
    return Error(code, std::string(what) + ": " + status.ToString());
}

Result<std::unique_ptr<Db>> Db::open(const std::string& path, const Options& options, rocksdb::Env* env, Recovery recovery,
                                     std::shared_ptr<Floors> floors) {
    const auto cache = rocksdb::NewLRUCache(static_cast<std::size_t>(options.cache_bytes));
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (std::size_t i = 0; i < cf_count; ++i) {
        const auto which = static_cast<Cf>(i);
        families.emplace_back(std::string(to_string(which)), family_options(which, options, cache, floors));
    }
    std::unique_ptr<Db> opened(new Db);
    opened->floors_ = std::move(floors);
    const auto settings = db_options(options, env, recovery);
    const rocksdb::Status status = options.read_only
                                       ? rocksdb::DB::OpenForReadOnly(settings, path, families, &opened->handles_, &opened->db_)
                                       : rocksdb::DB::Open(settings, path, families, &opened->handles_, &opened->db_);
    if (!status.ok()) return to_error(status, "cannot open the store");
    return opened;
}

Db::~Db() {
    if (db_ == nullptr) return;
    for (auto* handle : handles_) db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
    db_->Close().PermitUncheckedError();
    delete db_;
}

Result<std::optional<std::string>> Db::get(Cf which, std::string_view key) const {
    std::string value;
    const auto status = db_->Get(rocksdb::ReadOptions(), cf(which), slice(key), &value);
    if (status.IsNotFound()) return std::optional<std::string>();
    if (!status.ok()) return to_error(status, "cannot read the store");
    return std::optional<std::string>(std::move(value));
}

Result<std::vector<std::optional<std::string>>> Db::multi_get(Cf which, const std::vector<std::string>& keys) const {
    std::vector<std::optional<std::string>> found(keys.size());
    if (keys.empty()) return found;
    std::vector<rocksdb::Slice> slices;
    slices.reserve(keys.size());
    for (const std::string& key : keys) slices.push_back(slice(key));
    std::vector<rocksdb::PinnableSlice> values(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    db_->MultiGet(rocksdb::ReadOptions(), cf(which), keys.size(), slices.data(), values.data(), statuses.data(), true);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (statuses[i].ok()) {
            found[i] = values[i].ToString();
        } else if (!statuses[i].IsNotFound()) {
            return to_error(statuses[i], "cannot read the store");
        }
    }
    return found;
}

Result<> Db::scan(Cf which, std::string_view from, const std::optional<std::string>& to,
                  const std::function<Result<bool>(std::string_view, std::string_view)>& visit) const {
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    rocksdb::Slice bound;
    if (to) {
        bound = slice(*to);
        options.iterate_upper_bound = &bound;
    }
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options, cf(which)));
    for (it->Seek(slice(from)); it->Valid(); it->Next()) {
        auto more = visit(view(it->key()), view(it->value()));
        if (!more) return more.error();
        if (!*more) return {};
    }
    if (!it->status().ok()) return to_error(it->status(), "cannot read the store");
    return {};
}

Result<> Db::scan_back(Cf which, std::string_view from, std::string_view to,
                       const std::function<Result<bool>(std::string_view, std::string_view)>& visit) const {
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    const rocksdb::Slice lower = slice(from);
    const rocksdb::Slice upper = slice(to);
    options.iterate_lower_bound = &lower;
    options.iterate_upper_bound = &upper;
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options, cf(which)));
    for (it->SeekToLast(); it->Valid(); it->Prev()) {
        auto more = visit(view(it->key()), view(it->value()));
        if (!more) return more.error();
        if (!*more) return {};
    }
    if (!it->status().ok()) return to_error(it->status(), "cannot read the store");
    return {};
}

Result<std::optional<std::string>> Db::seek(Cf which, std::string_view from) const {
    std::optional<std::string> found;
    auto done = scan(which, from, std::nullopt, [&](std::string_view key, std::string_view) -> Result<bool> {
        found = std::string(key);
        return false;
    });
    if (!done) return done.error();
    return found;
}

}  // namespace vigie::store
