// The windows of a start: a snapshot and the journal since, or the buckets themselves.
#include <algorithm>

#include "store/bytes.hpp"
#include "store/impl.hpp"
#include "store/keys.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::store {
namespace {

constexpr std::string_view snapshot_magic = "vigie-windows-1\n";

/// The last hour that lies wholly before the 48 h that windows keep by the minute.
Hour last_coarse_hour(Time now) {
    const Hour hour = hour_of(now - detect::minute_exact);
    return end_of_hour(hour) > now - detect::minute_exact ? hour - 1 : hour;
}

void apply(detect::Windows& windows, BrandIndex brand, const JournalMinute& minute) {
    for (const RemovedCount& removed : minute.removed) windows.remove_count(brand, minute.minute, removed.key, removed.value);
    windows.add(brand, minute.minute, minute.delta);
}

}  // namespace

Result<detect::Windows> Store::load_windows(std::vector<detect::Selector> selectors, Time now) {
    auto loaded = impl_->from_snapshot(selectors);
    impl_->snapshot_used = loaded.ok();
    if (!loaded) loaded = impl_->from_buckets(selectors, now);
    if (loaded) loaded->advance(now);
    return loaded;
}

Result<detect::Windows> Store::Impl::from_snapshot(const std::vector<detect::Selector>& selectors) {
    std::string file;
    const auto status = rocksdb::ReadFileToString(env, path("windows"), &file);
    if (!status.ok()) return to_error(status, "there is no snapshot");
    const std::string_view bytes(file);
    constexpr std::size_t head = snapshot_magic.size() + 24;
    if (bytes.size() < head || !bytes.starts_with(snapshot_magic)) return Error(Errc::corrupt, "not a snapshot");
    ByteReader in(bytes.substr(snapshot_magic.size()));
    const std::uint64_t of = in.fixed64();
    const std::uint64_t at = in.fixed64();
    const std::uint64_t checksum = in.fixed64();
    const std::string_view body = bytes.substr(head);
    if (of != identity || at > sequence || at + 1 < journal_from || checksum != hash64(body)) {
        return Error(Errc::corrupt, "the snapshot does not belong to this store");
    }
    const auto table = brand_table();
    auto windows = detect::Windows::restore(body, table->entries.size(), selectors, table->hash);
    if (!windows) return windows;
    auto done = db->scan(Cf::journal, journal_key(at + 1), std::nullopt, [&](std::string_view, std::string_view value) -> Result<bool> {
        auto minutes = decode_journal(value);
        if (!minutes) return minutes.error();
        for (const JournalMinute& minute : *minutes) {
            const auto brand = table->by_key.find(minute.brand);
            if (brand != table->by_key.end()) apply(*windows, brand->second, minute);
        }
        return true;
    });
    if (!done) return done.error();
    return windows;
}

Result<detect::Windows> Store::Impl::from_buckets(const std::vector<detect::Selector>& selectors, Time now) {
    const auto table = brand_table();
    detect::Windows windows(table->entries.size(), selectors);
    windows.advance(now);
    const Hour oldest = hour_of(now - detect::max_window) - 1;
    // Hours that are not rolled up yet come minute by minute: the windows take both.
    const Hour coarse = std::max(oldest, std::min(rolled_to, last_coarse_hour(now)));
    const Minute first = minute_of(end_of_hour(coarse)) + 1;
    for (BrandIndex index = 0; index < table->entries.size(); ++index) {
        const std::uint64_t brand = table->entries[index].key;
        const auto read = [&](Cf which, std::int32_t from, std::optional<std::string> to, auto&& add) {
            return db->scan(which, bucket_key(brand, from), to, [&](std::string_view key, std::string_view value) -> Result<bool> {
                auto bucket = detect::decode_bucket(value);
                if (!bucket) return bucket.error();
                add(key_i32(key, 8), *bucket);
                return true;
            });
        };
        auto done = read(Cf::hours, oldest, bucket_key(brand, coarse + 1),
                         [&](Hour hour, const detect::Bucket& bucket) { windows.add_hour(index, hour, bucket); });
        if (!done) return done.error();
        done = read(Cf::buckets, first, next_brand(brand),
                    [&](Minute minute, const detect::Bucket& bucket) { windows.add(index, minute, bucket); });
        if (!done) return done.error();
    }
    return windows;
}

Result<> Store::save_snapshot(const detect::Windows& windows) {
    if (auto done = impl_->writable(); !done) return done;
    const std::string body = windows.snapshot(impl_->brand_table()->hash);
    if (auto done = impl_->space->admit_intake(body.size()); !done) return done;
    const std::uint64_t at = impl_->ledger_sequence;
    std::string file(snapshot_magic);
    ByteWriter out(file);
    out.fixed64(impl_->identity);
    out.fixed64(at);
    out.fixed64(hash64(body));
    file += body;
    if (auto done = write_whole(impl_->env, impl_->path("windows"), file); !done) return done;
    // Only now may the journal forget what the snapshot holds.
    rocksdb::WriteBatch batch;
    batch.DeleteRange(impl_->db->cf(Cf::journal), journal_key(0), journal_key(at + 1)).PermitUncheckedError();
    batch.Put(impl_->db->cf(Cf::meta), slice(journal_row), encode_numbers({at + 1})).PermitUncheckedError();
    if (auto done = impl_->write(batch); !done) return done;
    impl_->journal_from = at + 1;
    impl_->journal_rows = 0;
    return {};
}

}  // namespace vigie::store
