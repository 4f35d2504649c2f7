#include "vigie/core/hash.hpp"

#include <xxhash.h>

#include <algorithm>

namespace vigie {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";

}  // namespace

std::uint64_t hash64(std::string_view bytes) noexcept {
    return XXH3_64bits(bytes.data(), bytes.size());
}

Hash128 hash128(std::string_view bytes) noexcept {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
    Hash128 hash;
    std::copy(std::begin(canonical.digest), std::end(canonical.digest), hash.bytes.begin());
    return hash;
}

std::string to_hex(std::uint64_t value) {
    std::string text(16, '0');
    for (std::size_t i = text.size(); i-- > 0; value >>= 4) text[i] = hex_digits[value & 0xF];
    return text;
}

std::string to_hex(const Hash128& value) {
    std::string text;
    text.reserve(32);
    for (const auto byte : value.bytes) {
        text += hex_digits[byte >> 4];
        text += hex_digits[byte & 0xF];
    }
    return text;
}

}  // namespace vigie
