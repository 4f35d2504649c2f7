// The only place that opens RocksDB: options, column families in their order of life, errors as values.
// Thread-safety: as rocksdb::DB; open and close belong to one thread.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/result.hpp"
#include "vigie/store/options.hpp"

namespace vigie::store {

enum class Cf : std::size_t { unused, seen, evidence, buckets, hours, accounts, alerts, outbox, audit, journal, meta };
inline constexpr std::size_t cf_count = 11;
std::string_view to_string(Cf cf) noexcept;

Error to_error(const rocksdb::Status& status, std::string_view what);

inline rocksdb::Slice slice(std::string_view bytes) {
    return {bytes.data(), bytes.size()};
}
inline std::string_view view(const rocksdb::Slice& bytes) {
    return {bytes.data(), bytes.size()};
}

/// Event times below which compaction drops rows; raised by retention, read by the compaction threads.
struct Floors {
    std::atomic<std::int64_t> seen_ms{INT64_MIN};
    std::atomic<std::int64_t> accounts_ms{INT64_MIN};
};

enum class Recovery { absolute, point_in_time, whatever_is_there };

class Db {
public:
    static Result<std::unique_ptr<Db>> open(const std::string& path, const Options& options, rocksdb::Env* env, Recovery recovery,
                                            std::shared_ptr<Floors> floors);
    ~Db();
    Db(const Db&) = delete;
    Db& operator=(const Db&) = delete;

    rocksdb::DB& raw() const noexcept { return *db_; }
    rocksdb::ColumnFamilyHandle* cf(Cf which) const noexcept { return handles_[static_cast<std::size_t>(which)]; }

    Result<std::optional<std::string>> get(Cf which, std::string_view key) const;
    /// Keys must be sorted and stay alive during the call.
    Result<std::vector<std::optional<std::string>>> multi_get(Cf which, const std::vector<std::string>& keys) const;
    /// Calls `visit(key, value)` from `from` (included) to `to` (excluded; none: the end) until it answers false.
    Result<> scan(Cf which, std::string_view from, const std::optional<std::string>& to,
                  const std::function<Result<bool>(std::string_view, std::string_view)>& visit) const;
    /// The same, backwards from just before `to` down to `from`.
    Result<> scan_back(Cf which, std::string_view from, std::string_view to,
                       const std::function<Result<bool>(std::string_view, std::string_view)>& visit) const;
    /// The first key that is not before `from`.
    Result<std::optional<std::string>> seek(Cf which, std::string_view from) const;

private:
    Db() = default;
    std::shared_ptr<Floors> floors_;
    rocksdb::DB* db_ = nullptr;
    std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

}  // namespace vigie::store
