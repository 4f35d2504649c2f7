#include "vigie/store/state.hpp"

#include <fmt/format.h>

#include "store/bytes.hpp"
#include "store/impl.hpp"
#include "store/keys.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::store {
namespace {

constexpr std::size_t max_name = 4096;

bool good_integration(std::string_view name) {
    return !name.empty() && name.size() <= max_name && name.find('\0') == std::string_view::npos;
}

Cf family_of(Table table) {
    return table == Table::meta ? Cf::meta : Cf::alerts;
}

/// In meta, names of others must not meet our own rows.
std::string row_key(Table table, std::uint64_t brand, std::string_view name) {
    std::string key = state_key(brand, table, name);
    if (table == Table::meta) key.insert(0, 1, static_cast<char>(Table::meta));
    return key;
}

}  // namespace

std::string state_name(std::uint64_t fingerprint) {
    return to_hex(fingerprint);
}

void StateBatch::put(Table table, std::uint64_t brand, std::string name, std::string value) {
    changes_.emplace_back(Named{table, {brand, std::move(name), std::move(value)}, false});
}
void StateBatch::erase(Table table, std::uint64_t brand, std::string name) {
    changes_.emplace_back(Named{table, {brand, std::move(name), {}}, true});
}
void StateBatch::put_outbox(std::string integration, std::uint64_t sequence, std::string value) {
    changes_.emplace_back(Outbox{{std::move(integration), sequence, std::move(value)}, false});
}
void StateBatch::erase_outbox(std::string integration, std::uint64_t sequence) {
    changes_.emplace_back(Outbox{{std::move(integration), sequence, {}}, true});
}
void StateBatch::append_audit(Time at, std::string value) {
    changes_.emplace_back(Audit{at, std::move(value)});
}
void StateBatch::close_takedown(std::uint64_t brand, std::string id, Time at) {
    changes_.emplace_back(Close{brand, std::move(id), at});
}

Result<> Store::commit(const StateBatch& changes) {
    if (auto done = impl_->writable(); !done) return done;
    if (changes.empty()) return {};
    Db& db = *impl_->db;
    rocksdb::WriteBatch batch;
    std::uint64_t highest = 0;
    const auto put = [&](Cf which, const std::string& key, const std::string& value) {
        batch.Put(db.cf(which), key, value).PermitUncheckedError();
    };
    const auto apply = [&](const StateBatch::Named& named) -> Result<> {
        if (named.row.name.empty() || named.row.name.size() > max_name) {
            return Error(Errc::limit, fmt::format("the name of a row has 1 to {} bytes, this one {}", max_name, named.row.name.size()));
        }
        const std::string key = row_key(named.table, named.row.brand, named.row.name);
        if (named.erase) {
            batch.Delete(db.cf(family_of(named.table)), key).PermitUncheckedError();
        } else {
            put(family_of(named.table), key, named.row.value);
        }
        return {};
    };
    for (const auto& change : changes.changes_) {
        if (const auto* named = std::get_if<StateBatch::Named>(&change)) {
            if (auto done = apply(*named); !done) return done;
        } else if (const auto* outbox = std::get_if<StateBatch::Outbox>(&change)) {
            if (!good_integration(outbox->entry.integration))
                return Error(Errc::invalid, "an integration's name is empty, too long or has a NUL");
            const std::string key = outbox_key(outbox->entry.integration, outbox->entry.sequence);
            if (outbox->erase) {
                batch.Delete(db.cf(Cf::outbox), key).PermitUncheckedError();
            } else {
                put(Cf::outbox, key, outbox->entry.value);
                highest = std::max(highest, outbox->entry.sequence);
            }
        } else if (const auto* close = std::get_if<StateBatch::Close>(&change)) {
            const std::string key = takedown_key(close->brand, close->id);
            auto bytes = db.get(Cf::meta, key);
            if (!bytes) return bytes.error();
            if (!*bytes) return Error(Errc::not_found, "there is no such takedown", close->id);
            auto row = decode_takedown(**bytes);
            if (!row) return row.error();
            put(Cf::meta, key, encode_takedown(row->takedown, close->at));
        }
    }
    if (auto done = impl_->space->admit_state(batch.GetDataSize()); !done) return done;
    const std::lock_guard lock(impl_->write_mutex);
    const std::uint64_t next = impl_->sequence + 1;
    std::uint32_t position = 0;
    for (const auto& change : changes.changes_) {
        if (const auto* audit = std::get_if<StateBatch::Audit>(&change))
            put(Cf::audit, audit_key(audit->at, next, position++), audit->value);
    }
    if (highest > 0) {
        highest = std::max<std::uint64_t>(highest, impl_->outbox_sequence);
        put(Cf::meta, std::string(outbox_row), encode_numbers({highest}));
    }
    auto done = impl_->write_locked(batch, next, 0);
    if (done) impl_->mark_locked(impl_->marked_at, false);
    return done;
}

Result<std::vector<StateRow>> Store::rows(Table table) const {
    std::vector<StateRow> rows;
    const std::size_t skip = table == Table::meta ? 1 : 0;
    const std::string from = skip == 1 ? std::string(1, static_cast<char>(Table::meta)) : std::string();
    const std::optional<std::string> to = skip == 1 ? std::optional(std::string(1, static_cast<char>(Table::meta) + 1)) : std::nullopt;
    auto done = impl_->db->scan(family_of(table), from, to, [&](std::string_view key, std::string_view value) -> Result<bool> {
        if (key.size() > skip + 8 && key[skip + 8] == static_cast<char>(table)) {
            rows.push_back({key_u64(key, skip), std::string(key.substr(skip + 9)), std::string(value)});
        }
        return true;
    });
    if (!done) return done.error();
    return rows;
}

Result<std::optional<std::string>> Store::row(Table table, std::uint64_t brand, std::string_view name) const {
    return impl_->db->get(family_of(table), row_key(table, brand, name));
}

Result<std::vector<OutboxEntry>> Store::outbox() const {
    std::vector<OutboxEntry> entries;
    auto done = impl_->db->scan(Cf::outbox, {}, std::nullopt, [&](std::string_view key, std::string_view value) -> Result<bool> {
        if (key.size() >= 9)
            entries.push_back({std::string(key.substr(0, key.size() - 9)), key_u64(key, key.size() - 8), std::string(value)});
        return true;
    });
    if (!done) return done.error();
    return entries;
}

Result<std::vector<OutboxEntry>> Store::outbox(std::string_view integration, std::size_t limit) const {
    std::vector<OutboxEntry> entries;
    if (limit == 0) return entries;
    const std::string from = outbox_key(integration, 0);
    const std::string to = std::string(integration) + '\1';
    auto done = impl_->db->scan(Cf::outbox, from, to, [&](std::string_view key, std::string_view value) -> Result<bool> {
        entries.push_back({std::string(integration), key_u64(key, key.size() - 8), std::string(value)});
        return entries.size() < limit;
    });
    if (!done) return done.error();
    return entries;
}

Result<std::vector<AuditEntry>> Store::audit_since(Time since, std::size_t limit) const {
    std::vector<AuditEntry> entries;
    if (limit == 0) return entries;
    auto done =
        impl_->db->scan(Cf::audit, audit_floor(since), std::nullopt, [&](std::string_view key, std::string_view value) -> Result<bool> {
            entries.push_back({from_millis(key_i64(key, 0)), key_u64(key, 8), std::string(value)});
            return entries.size() < limit;
        });
    if (!done) return done.error();
    return entries;
}

}  // namespace vigie::store
