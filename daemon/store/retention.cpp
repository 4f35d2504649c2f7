// What leaves the store: by age, and by the wish of an author.
#include <algorithm>

#include "store/impl.hpp"
#include "store/keys.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::store {

Result<> Store::Impl::expire(Cf which, const std::string& from, const std::string& to, rocksdb::WriteBatch& batch) const {
    auto first = db->seek(which, from);
    if (!first) return first.error();
    // A range of nothing would leave a tombstone for every brand and day.
    if (*first && **first < to) batch.DeleteRange(db->cf(which), from, to).PermitUncheckedError();
    return {};
}

Result<bool> Store::apply_retention(Time now, std::size_t max_brands) {
    if (auto done = impl_->writable(); !done) return done.error();
    const Retention& keep = impl_->options.retention;
    auto brands = impl_->stored_brands();
    if (!brands) return brands.error();
    const std::uint64_t start = impl_->retention_at ? key_u64(*impl_->retention_at) : 0;
    auto at = std::lower_bound(brands->begin(), brands->end(), start);
    const Time evidence_floor_time = now - keep.evidence;
    // Minutes wait for their hour to be summed.
    const Hour oldest_minutes = std::min(hour_of(now - keep.minutes) - 1, impl_->rolled_to);
    rocksdb::WriteBatch batch;
    for (std::size_t i = 0; i < max_brands && at != brands->end(); ++i, ++at) {
        auto done = impl_->expire(Cf::evidence, brand_floor(*at), evidence_floor(*at, evidence_floor_time), batch);
        if (done && oldest_minutes > INT32_MIN) {
            done = impl_->expire(Cf::buckets, brand_floor(*at), bucket_key(*at, minute_of(end_of_hour(oldest_minutes)) + 1), batch);
        }
        if (done) done = impl_->expire(Cf::hours, brand_floor(*at), bucket_key(*at, hour_of(now - keep.hours)), batch);
        if (!done) return done.error();
    }
    const bool finished = at == brands->end();
    if (finished) {
        if (auto done = impl_->expire(Cf::audit, std::string(), audit_floor(now - keep.hours), batch); !done) return done.error();
    }
    // Seen keys below the floor may vanish in any compaction from now on, so that older items are refused for ever: also if the clock goes
    // back, or the retention grows.
    const std::int64_t floor = std::max(impl_->floors->seen_ms.load(), to_millis(evidence_floor_time));
    batch.Put(impl_->db->cf(Cf::meta), slice(floor_row), encode_numbers({static_cast<std::uint64_t>(floor)})).PermitUncheckedError();
    if (auto done = impl_->space->admit_state(batch.GetDataSize()); !done) return done.error();
    if (auto done = impl_->write(batch); !done) return done.error();
    impl_->floors->seen_ms = floor;
    impl_->floors->accounts_ms = to_millis(now - keep.hours);
    impl_->bucket_cache.clear();
    impl_->retention_at = finished ? std::nullopt : std::optional(brand_floor(*at));
    return finished;
}

Result<std::uint64_t> Store::forget_author(std::string_view platform, std::string_view handle) {
    if (auto done = impl_->writable(); !done) return done.error();
    const std::string name = account_key(platform, handle);
    if (name.empty()) return Error(Errc::invalid, "an author is named by platform and handle");
    const std::uint64_t author = hash64(name);
    constexpr std::size_t rows_a_batch = 500;
    std::uint64_t forgotten = 0;
    rocksdb::WriteBatch batch;
    const auto flush = [&]() -> Result<> {
        auto done = impl_->space->admit_state(batch.GetDataSize());
        if (done) done = impl_->write(batch);
        batch.Clear();
        return done;
    };
    auto done = impl_->db->scan(Cf::evidence, {}, std::nullopt, [&](std::string_view key, std::string_view value) -> Result<bool> {
        auto evidence = decode_evidence(value);
        if (!evidence) return evidence.error();
        const bool theirs = evidence->author == author && !evidence->mention.deleted;
        if (!theirs) return true;
        strip(*evidence);
        const StoredMention& mention = evidence->mention;
        batch.Put(impl_->db->cf(Cf::evidence), slice(key), encode_evidence(*evidence)).PermitUncheckedError();
        const Seen seen{mention.analysed.item.published, mention.analysed.item.engagement.total(), true};
        batch.Put(impl_->db->cf(Cf::seen), seen_key(key_u64(key), hash128(mention.analysed.item.id)), encode_seen(seen))
            .PermitUncheckedError();
        if (++forgotten % rows_a_batch == 0) {
            if (auto flushed = flush(); !flushed) return flushed.error();
        }
        return true;
    });
    if (!done) return done.error();
    auto brands = impl_->stored_brands();
    if (!brands) return brands.error();
    for (const auto& entry : impl_->brand_table()->entries) brands->push_back(entry.key);
    for (const std::uint64_t brand : *brands) {
        auto known = impl_->db->get(Cf::accounts, account_row_key(brand, author));
        if (!known) return known.error();
        if (!*known) continue;
        auto account = decode_account(**known);
        if (!account) return account.error();
        // The row stays, without a name: its author must not count as new again.
        account->handle = account->name = Untrusted();
        account->followers.reset();
        account->created.reset();
        account->verified.reset();
        account->history = {};
        batch.Put(impl_->db->cf(Cf::accounts), account_row_key(brand, author), encode_account(*account)).PermitUncheckedError();
    }
    impl_->account_cache.clear();
    if (auto flushed = flush(); !flushed) return flushed.error();
    return forgotten;
}

}  // namespace vigie::store
