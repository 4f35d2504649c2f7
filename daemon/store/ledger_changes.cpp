// The part of a commit that changes what is stored already: engagement, deletes, accounts, minutes, hours, and the writing itself.
#include <algorithm>
#include <cmath>

#include "store/keys.hpp"
#include "store/ledger.hpp"
#include "vigie/detect/contribution.hpp"

namespace vigie::store {
namespace {

constexpr std::uint8_t grown = 8;

}  // namespace

Result<> Store::Impl::Commit::correct_known() {
    std::vector<std::pair<std::string, Row*>> wanted;
    for (Row& row : rows_) {
        if (!row.seen || row.seen->deleted) continue;
        const Item& item = in_.items[row.item].item;
        if (!row.erased && item.engagement.total() <= row.seen->engagement) continue;
        wanted.emplace_back(evidence_key(row.brand, row.seen->published, hash64(item.id)), &row);
    }
    std::sort(wanted.begin(), wanted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> keys;
    for (const auto& entry : wanted) keys.push_back(entry.first);
    auto found = store_.db->multi_get(Cf::evidence, keys);
    if (!found) return found.error();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        // The evidence may be gone before its seen key is: then there is nothing to correct.
        if (!(*found)[i]) continue;
        auto evidence = decode_evidence(*(*found)[i]);
        if (!evidence) return evidence.error();
        if (auto done = correct(*wanted[i].second, std::move(*evidence)); !done) return done;
    }
    return {};
}

Result<> Store::Impl::Commit::correct(Row& row, DecodedEvidence evidence) {
    AnalysedItem& stored = evidence.mention.analysed;
    const Engagement merged = detect::merged_engagement(stored.item.engagement, in_.items[row.item].item.engagement);
    if (merged.total() > stored.item.engagement.total()) {
        const auto& functions = evidence.mention.functions;
        const auto change =
            detect::engagement_correction(detect::cell_key_of(stored, all_of(functions), functions), stored.item.engagement, merged);
        minute(row.brand, row.index, minute_of(stored.item.published)).delta.add(change);
        item_states_[row.item] |= grown;
    }
    stored.item.engagement = merged;
    note_first(evidence_key(row.brand, stored.item.published, hash64(stored.item.id)), evidence);
    if (row.erased) {
        strip(evidence);
        ++result_.deleted;
    }
    put_evidence(row.brand, stored.item, encode_evidence(evidence));
    seen_[seen_key(row.brand, row.id)] = encode_seen({stored.item.published, merged.total(), row.erased});
    return {};
}

Result<> Store::Impl::Commit::find_deleted() {
    std::map<std::string, std::pair<std::string, const BrandTable::Entry*>> stored;  // evidence key -> seen key, brand
    for (const Delete& gone : in_.deletes) {
        const Hash128 id = hash128(gone.id);
        std::vector<std::pair<std::string, const BrandTable::Entry*>> wanted;
        for (const auto& brand : brands_->entries) {
            Row probe;
            probe.brand = brand.key;
            probe.id = id;
            const auto row = std::lower_bound(rows_.begin(), rows_.end(), probe);
            if (row != rows_.end() && row->brand == brand.key && row->id == id) {
                row->erased = true;
            } else {
                wanted.emplace_back(seen_key(brand.key, id), &brand);
            }
        }
        std::sort(wanted.begin(), wanted.end());
        std::vector<std::string> keys;
        for (const auto& entry : wanted) keys.push_back(entry.first);
        auto found = store_.db->multi_get(Cf::seen, keys);
        if (!found) return found.error();
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (!(*found)[i]) continue;
            auto seen = decode_seen(*(*found)[i]);
            if (!seen) return seen.error();
            if (seen->deleted) continue;
            const auto key = evidence_key(wanted[i].second->key, seen->published, hash64(gone.id));
            if (!stored.try_emplace(key, wanted[i]).second) continue;
            seen->deleted = true;
            seen_[keys[i]] = encode_seen(*seen);
        }
    }
    for (const auto& [key, where] : stored) {
        auto bytes = store_.db->get(Cf::evidence, key);
        if (!bytes) return bytes.error();
        if (!*bytes) continue;
        auto evidence = decode_evidence(**bytes);
        if (!evidence) return evidence.error();
        note_first(key, *evidence);
        strip(*evidence);
        evidence_.emplace_back(key, encode_evidence(*evidence));
        ++result_.deleted;
    }
    return {};
}

void Store::Impl::Commit::sight_accounts() {
    for (const BrandAccount& sighted : in_.accounts) {
        const AccountSeen& seen = sighted.account;
        const std::string key = account_key(seen.platform, seen.handle.bytes());
        if (key.empty()) continue;
        AccountChange& change = accounts_[RowId{brands_->entries[sighted.brand].key, hash64(key)}];
        Account& known = change.account;
        const Time at = seen.observed.value_or(in_.now);
        if (known.platform.empty()) {
            known.first_seen = known.last_seen = at;
            known.platform = seen.platform;
        }
        if (known.mentions == 0) {
            known.first_seen = std::min(known.first_seen, at);
            known.last_seen = std::max(known.last_seen, at);
        }
        known.handle = seen.handle;
        if (!seen.name.empty()) known.name = seen.name;
        if (seen.followers) known.followers = seen.followers;
        if (seen.created) known.created = seen.created;
        change.changed = true;
    }
}

Result<> Store::Impl::Commit::read_minutes() {
    const Time oldest = in_.now - store_.options.retention.minutes;
    for (const Count& count : in_.counts) {
        const std::uint64_t brand = brand_key(count.brand);
        const auto known = brands_->by_key.find(brand);
        const Time end = count.start + count.span;
        if (known == brands_->by_key.end() || !std::isfinite(count.value)) {
            ++result_.unmatched;
        } else if (end < oldest) {
            ++result_.too_old;
        } else {
            minute(brand, known->second, minute_of(end));
            counts_.emplace_back(&count, MinuteKey{brand, minute_of(end)});
        }
    }
    std::vector<std::string> keys;
    std::vector<MinuteChange*> missing;
    for (auto& [key, change] : minutes_) {
        const RowId id{key.first, static_cast<std::uint32_t>(key.second)};
        if (auto cached = store_.bucket_cache.take(id)) {
            change.whole = std::move(*cached);
        } else {
            keys.push_back(bucket_key(key.first, key.second));
            missing.push_back(&change);
        }
    }
    auto found = store_.db->multi_get(Cf::buckets, keys);
    if (!found) return found.error();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (!(*found)[i]) continue;
        auto bucket = detect::decode_bucket(*(*found)[i]);
        if (!bucket) return bucket.error();
        missing[i]->whole = std::move(*bucket);
    }
    return {};
}

void Store::Impl::Commit::apply_counts() {
    for (const auto& [count, key] : counts_) {
        MinuteChange& change = minutes_.at(key);
        const detect::Bucket::CountKey name{count->series, count->source, to_millis(count->start), count->span.count()};
        const auto old = change.whole.counts().find(name);
        const bool again = change.delta.counts().contains(name);
        if (!again && old != change.whole.counts().end()) {
            if (old->second == count->value) continue;
            change.removed.push_back({name, old->second});
        }
        change.delta.set_count(name, count->value);
    }
}

void Store::Impl::Commit::put_accounts() {
    for (const auto& [id, change] : accounts_) {
        if (change.changed) put(Cf::accounts, account_row_key(id.brand, id.unit), encode_account(change.account));
    }
}

void Store::Impl::Commit::put_minutes() {
    for (auto& [key, change] : minutes_) {
        if (change.delta.empty()) continue;
        change.whole.merge(change.delta);
        put(Cf::buckets, bucket_key(key.first, key.second), detect::encode_bucket(change.whole));
        result_.touched.push_back({change.index, key.second, change.delta, change.removed});
    }
    std::sort(result_.touched.begin(), result_.touched.end(),
              [](const Touched& a, const Touched& b) { return std::tie(a.brand, a.minute) < std::tie(b.brand, b.minute); });
}

Result<> Store::Impl::Commit::put_hours() {
    std::map<MinuteKey, detect::Bucket> hours;
    for (const auto& [key, change] : minutes_) {
        const Hour hour = hour_of_minute(key.second);
        if (hour <= store_.rolled_to && !change.delta.empty()) hours[{key.first, hour}].merge(change.delta);
    }
    for (const auto& [key, delta] : hours) {
        const std::string row = bucket_key(key.first, key.second);
        auto bytes = store_.db->get(Cf::hours, row);
        if (!bytes) return bytes.error();
        detect::Bucket whole;
        if (*bytes) {
            auto bucket = detect::decode_bucket(**bytes);
            if (!bucket) return bucket.error();
            whole = std::move(*bucket);
        }
        whole.merge(delta);
        put(Cf::hours, row, detect::encode_bucket(whole));
    }
    return {};
}

Result<> Store::Impl::Commit::put_takedowns_and_cursors() {
    std::map<std::string, std::string> rows;
    for (const Takedown& takedown : in_.takedowns) {
        const std::uint64_t target = hash64(takedown.platform + '\xFF' + std::string(takedown.target.bytes()));
        rows.try_emplace(takedown_key(brand_key(takedown.brand), takedown.at, target), encode_takedown(takedown, std::nullopt));
    }
    for (auto& [key, value] : rows) {
        // Entered again, it stays as it is: it may be closed by now.
        auto known = store_.db->get(Cf::meta, key);
        if (!known) return known.error();
        if (!*known) put(Cf::meta, key, value);
    }
    for (const Cursor& cursor : in_.cursors) put(Cf::meta, cursor_key(cursor.source), cursor.bytes);
    return {};
}

Result<> Store::Impl::Commit::write() {
    std::string journal;
    for (const Touched& touched : result_.touched) append_journal_minute(journal, brands_->entries[touched.brand].key, touched);
    if (batch_.Count() == 0) {
        result_.sequence = store_.sequence;
        return {};
    }
    if (auto done = store_.space->admit_intake(batch_.GetDataSize() + journal.size()); !done) return done;
    const std::lock_guard guard(store_.write_mutex);
    const std::uint64_t next = store_.sequence + 1;
    if (!journal.empty()) put(Cf::journal, journal_key(next), journal);
    if (auto done = store_.write_locked(batch_, next, result_.mentions); !done) return done;
    store_.mark_locked(in_.now, false);
    result_.sequence = next;
    store_.ledger_sequence = next;
    if (!journal.empty()) ++store_.journal_rows;
    return {};
}

void Store::Impl::Commit::keep() {
    for (auto& [id, change] : accounts_) store_.account_cache.put(id, std::move(change.account));
    for (auto& [key, change] : minutes_) {
        store_.bucket_cache.put(RowId{key.first, static_cast<std::uint32_t>(key.second)}, std::move(change.whole));
    }
}

}  // namespace vigie::store
