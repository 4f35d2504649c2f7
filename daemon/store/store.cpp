#include <fmt/format.h>

#include <algorithm>

#include "store/files.hpp"
#include "store/impl.hpp"
#include "store/keys.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::store {
namespace {

/// The sequence file is written after so many batches or so much time, whichever comes first. What a lost log held beyond it goes
/// unnoticed.
constexpr std::uint64_t mark_every_batches = 256;
constexpr Duration mark_every = std::chrono::seconds{5};

}  // namespace

Store::Impl::Impl(Options settings)
    : options(std::move(settings)),
      bucket_cache(options.cached_buckets),
      account_cache(options.cached_accounts),
      repeated_cache(cached_repeated) {}

Store::Impl::~Impl() {
    if (!db || options.read_only) return;
    const std::lock_guard guard(write_mutex);
    mark_locked(marked_at, true);
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

const OpenReport& Store::report() const noexcept {
    return impl_->report;
}

Result<> Store::set_brands(const std::vector<Brand>& brands) {
    auto table = std::make_shared<BrandTable>();
    std::string names;
    for (const Brand& brand : brands) {
        BrandTable::Entry entry{brand_key(brand.name), brand.name, {}};
        for (const BrandFunction& function : brand.functions) entry.functions.push_back(function.name);
        const auto index = static_cast<BrandIndex>(table->entries.size());
        if (!table->by_key.emplace(entry.key, index).second) {
            return Error(Errc::invalid, fmt::format("the brand \"{}\" has the same key as \"{}\": rename one", brand.name,
                                                    table->entries[table->by_key.at(entry.key)].name));
        }
        names += brand.name + '\n';
        table->entries.push_back(std::move(entry));
    }
    table->hash = hash64(names);
    const std::lock_guard lock(impl_->brands_mutex);
    impl_->brands = std::move(table);
    return {};
}

void Store::set_synced(bool synced) noexcept {
    impl_->synced = synced;
}

void Store::set_standing(WeighAuthor weigh) {
    impl_->weigh = std::move(weigh);
}

void Store::set_retention(const Retention& retention) {
    impl_->options.retention = retention;
    impl_->options.retention.minutes = std::max<Duration>(retention.minutes, std::chrono::hours{50});
}

std::shared_ptr<const BrandTable> Store::Impl::brand_table() const {
    const std::lock_guard guard(brands_mutex);
    return brands;
}

Time Store::Impl::oldest_item(Time now) const {
    return std::max(now - options.retention.evidence, from_millis(floors->seen_ms.load()));
}

Result<> Store::Impl::writable() const {
    if (options.read_only) return Error(Errc::refused, "the store is open for reading only");
    return {};
}

Result<> Store::Impl::write_locked(rocksdb::WriteBatch& batch, std::uint64_t next_sequence, std::uint64_t more_mentions) {
    if (needs_resume) {
        const auto status = db->raw().Resume();
        if (!status.ok()) return to_error(status, "the store can't be written yet");
        needs_resume = false;
    }
    batch.Put(db->cf(Cf::meta), slice(sequence_row), encode_numbers({next_sequence, mentions + more_mentions, identity}))
        .PermitUncheckedError();
    rocksdb::WriteOptions how;
    how.sync = synced;
    how.memtable_insert_hint_per_batch = true;
    const auto status = db->raw().Write(how, &batch);
    // A failed batch may still be in the log: its number is never used again.
    sequence = next_sequence;
    if (!status.ok()) {
        needs_resume = true;
        return to_error(status, "cannot write the store");
    }
    mentions += more_mentions;
    ++batches_since_mark;
    return {};
}

Result<> Store::Impl::write(rocksdb::WriteBatch& batch) {
    if (batch.Count() == 0) return {};
    const std::lock_guard guard(write_mutex);
    return write_locked(batch, sequence + 1, 0);
}

void Store::Impl::mark_locked(Time now, bool force) {
    const Duration since = now > marked_at ? now - marked_at : marked_at - now;
    // While nothing is synced, time may be simulated: hours of it pass between two batches.
    const bool due = batches_since_mark >= mark_every_batches || (synced && since >= mark_every);
    if (options.memory || batches_since_mark == 0 || !(due || force)) return;
    if (write_mark(env, path("sequence"), {identity, sequence, mentions})) {
        batches_since_mark = 0;
        marked_at = now;
    }
}

std::uint64_t Store::next_outbox_sequence() noexcept {
    return ++impl_->outbox_sequence;
}

std::uint64_t Store::journal_length() const noexcept {
    return impl_->journal_rows;
}

bool Store::loaded_from_snapshot() const noexcept {
    return impl_->snapshot_used;
}

bool Store::accepts_intake() const {
    return !impl_->options.read_only && !impl_->space->low();
}

Result<> Store::verify_checksums() const {
    const auto status = impl_->db->raw().VerifyChecksum();
    if (!status.ok()) return to_error(status, "the store does not verify");
    return {};
}

StoreCounts Store::counts() const {
    StoreCounts counts;
    counts.mentions = impl_->mentions;
    counts.batches = impl_->sequence;
    const auto number = [this](Cf which, const char* property) {
        std::uint64_t value = 0;
        impl_->db->raw().GetIntProperty(impl_->db->cf(which), property, &value);
        return value;
    };
    const auto keys = [&](Cf which) { return number(which, "rocksdb.estimate-num-keys"); };
    counts.seen = keys(Cf::seen);
    counts.evidence = keys(Cf::evidence);
    counts.minutes = keys(Cf::buckets);
    counts.hours = keys(Cf::hours);
    counts.accounts = keys(Cf::accounts);
    counts.outbox = keys(Cf::outbox);
    counts.journal = impl_->journal_rows;
    for (std::size_t i = 0; i < cf_count; ++i) {
        const auto which = static_cast<Cf>(i);
        counts.memory_bytes += number(which, "rocksdb.cur-size-all-mem-tables") + number(which, "rocksdb.estimate-table-readers-mem");
    }
    counts.memory_bytes += number(Cf::meta, "rocksdb.block-cache-usage");
    if (!impl_->options.memory) counts.disk_bytes = size_of_files(impl_->path("db"));
    counts.free_bytes = impl_->space->free_bytes();
    return counts;
}

}  // namespace vigie::store
