#include "store/keys.hpp"

#include <charconv>

#include "store/bytes.hpp"

namespace vigie::store {
namespace {

std::uint64_t ordered(std::int64_t value) {
    return static_cast<std::uint64_t>(value) ^ (1ULL << 63);
}

std::string start(std::uint64_t brand, std::size_t size) {
    std::string key;
    key.reserve(size);
    ByteWriter(key).fixed64(brand);
    return key;
}

}  // namespace

std::string seen_key(std::uint64_t brand, const Hash128& id) {
    std::string key = start(brand, 24);
    for (const std::uint8_t byte : id.bytes) key.push_back(static_cast<char>(byte));
    return key;
}

std::string evidence_floor(std::uint64_t brand, Time from) {
    std::string key = start(brand, 24);
    ByteWriter(key).fixed64(ordered(to_millis(from)));
    return key;
}

std::string evidence_key(std::uint64_t brand, Time published, std::uint64_t id_hash) {
    std::string key = evidence_floor(brand, published);
    ByteWriter(key).fixed64(id_hash);
    return key;
}

std::string bucket_key(std::uint64_t brand, std::int32_t unit) {
    std::string key = start(brand, 12);
    ByteWriter(key).fixed32(static_cast<std::uint32_t>(unit) ^ (1U << 31));
    return key;
}

std::string account_row_key(std::uint64_t brand, std::uint64_t account) {
    std::string key = start(brand, 16);
    ByteWriter(key).fixed64(account);
    return key;
}

std::string brand_floor(std::uint64_t brand) {
    return start(brand, 8);
}

std::optional<std::string> next_brand(std::uint64_t brand) {
    if (brand == UINT64_MAX) return std::nullopt;
    return brand_floor(brand + 1);
}

std::string state_key(std::uint64_t brand, Table table, std::string_view name) {
    std::string key = start(brand, 9 + name.size());
    key.push_back(static_cast<char>(table));
    key.append(name);
    return key;
}

std::string outbox_key(std::string_view integration, std::uint64_t sequence) {
    std::string key(integration);
    key.push_back('\0');
    ByteWriter(key).fixed64(sequence);
    return key;
}

std::string audit_floor(Time at) {
    std::string key;
    ByteWriter(key).fixed64(ordered(to_millis(at)));
    return key;
}

std::string audit_key(Time at, std::uint64_t sequence, std::uint32_t position) {
    std::string key = audit_floor(at);
    ByteWriter writer(key);
    writer.fixed64(sequence);
    writer.fixed32(position);
    return key;
}

std::string takedown_key(std::uint64_t brand, Time at, std::uint64_t target) {
    std::string key = "t";
    ByteWriter writer(key);
    writer.fixed64(brand);
    writer.fixed64(ordered(to_millis(at)));
    writer.fixed64(target);
    return key;
}

std::string takedown_key(std::uint64_t brand, std::string_view id_hex) {
    std::string key = "t";
    ByteWriter writer(key);
    writer.fixed64(brand);
    for (std::size_t i = 0; i + 1 < id_hex.size(); i += 2) {
        std::uint8_t byte = 0;
        const auto pair = id_hex.substr(i, 2);
        std::from_chars(pair.data(), pair.data() + pair.size(), byte, 16);
        writer.byte(byte);
    }
    return key;
}

std::string cursor_key(std::string_view source) {
    return "c" + std::string(source);
}

std::string journal_key(std::uint64_t sequence) {
    std::string key;
    ByteWriter(key).fixed64(sequence);
    return key;
}

std::uint64_t key_u64(std::string_view key, std::size_t at) noexcept {
    return key.size() < at + 8 ? 0 : ByteReader(key.substr(at)).fixed64();
}

std::int64_t key_i64(std::string_view key, std::size_t at) noexcept {
    return static_cast<std::int64_t>(key_u64(key, at) ^ (1ULL << 63));
}

std::int32_t key_i32(std::string_view key, std::size_t at) noexcept {
    if (key.size() < at + 4) return 0;
    return static_cast<std::int32_t>(ByteReader(key.substr(at)).fixed32() ^ (1U << 31));
}

}  // namespace vigie::store
