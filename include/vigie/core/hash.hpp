// Hashes that name things in the store. Stable for ever: their values are on disk. XXH3, seed 0.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace vigie {

/// 128 bits, big-endian, so that byte order is number order.
struct Hash128 {
    std::array<std::uint8_t, 16> bytes{};
    friend auto operator<=>(const Hash128&, const Hash128&) = default;
};

std::uint64_t hash64(std::string_view bytes) noexcept;
Hash128 hash128(std::string_view bytes) noexcept;
/// Lower-case hexadecimal, 16 digits (32 for Hash128).
std::string to_hex(std::uint64_t value);
std::string to_hex(const Hash128& value);

}  // namespace vigie
