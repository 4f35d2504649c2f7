// The keys of every column family (docs/store-format.md). Numbers are big-endian, signed ones with their sign bit flipped, so that byte
// order is number order, and everything of a brand lies together. Thread-safety: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vigie/core/hash.hpp"
#include "vigie/core/time.hpp"
#include "vigie/store/state.hpp"

namespace vigie::store {

/// brand, hash128 of the item's id
std::string seen_key(std::uint64_t brand, const Hash128& id);
/// brand, event time, hash64 of the item's id
std::string evidence_key(std::uint64_t brand, Time published, std::uint64_t id_hash);
/// The first key of a brand that is not before `from`.
std::string evidence_floor(std::uint64_t brand, Time from);
/// brand, minute or hour
std::string bucket_key(std::uint64_t brand, std::int32_t unit);
/// brand, hash64 of the account's key
std::string account_row_key(std::uint64_t brand, std::uint64_t account);
/// The first key of the brand after this one; none after the last.
std::optional<std::string> next_brand(std::uint64_t brand);
std::string brand_floor(std::uint64_t brand);

/// brand, the table's letter, name
std::string state_key(std::uint64_t brand, Table table, std::string_view name);
/// integration, NUL, sequence
std::string outbox_key(std::string_view integration, std::uint64_t sequence);
/// time, sequence of the batch, position in it
std::string audit_key(Time at, std::uint64_t sequence, std::uint32_t position);
std::string audit_floor(Time at);
/// 't', brand, time, hash64 of platform and target
std::string takedown_key(std::uint64_t brand, Time at, std::uint64_t target);
std::string takedown_key(std::uint64_t brand, std::string_view id_hex);
/// 'c', name of the source
std::string cursor_key(std::string_view source);
std::string journal_key(std::uint64_t sequence);

inline constexpr std::string_view schema_row = "v";    ///< in meta
inline constexpr std::string_view sequence_row = "s";  ///< sequence, mentions
inline constexpr std::string_view identity_row = "i";  ///< 64 random bits, so that a snapshot of another store is not taken for ours
inline constexpr std::string_view rolled_row = "h";    ///< the last hour that is rolled up
inline constexpr std::string_view floor_row = "f";     ///< event time below which seen keys may be gone
inline constexpr std::string_view outbox_row = "o";    ///< the highest outbox sequence
inline constexpr std::string_view journal_row = "j";   ///< the first sequence that the journal holds

/// Parts of a key; 0 where the key is too short.
std::uint64_t key_u64(std::string_view key, std::size_t at = 0) noexcept;
std::int64_t key_i64(std::string_view key, std::size_t at) noexcept;
std::int32_t key_i32(std::string_view key, std::size_t at) noexcept;

}  // namespace vigie::store
