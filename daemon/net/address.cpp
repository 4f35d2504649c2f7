#include "vigie/net/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace vigie::net {
namespace {

struct V4Block {
    std::uint32_t network;
    int bits;
};

// IANA's special-purpose IPv4 registry, without the rows that are globally reachable.
constexpr std::array<V4Block, 15> special_v4{{
    {0x00000000, 8},   // this network
    {0x0a000000, 8},   // private
    {0x64400000, 10},  // shared with the carrier
    {0x7f000000, 8},   // loopback
    {0xa9fe0000, 16},  // link-local, cloud metadata
    {0xac100000, 12},  // private
    {0xc0000000, 24},  // protocol assignments
    {0xc0000200, 24},  // documentation
    {0xc0586300, 24},  // 6to4 relays, withdrawn
    {0xc0a80000, 16},  // private
    {0xc6120000, 15},  // benchmarks
    {0xc6336400, 24},  // documentation
    {0xcb007100, 24},  // documentation
    {0xe0000000, 4},   // multicast
    {0xf0000000, 4},   // reserved, broadcast
}};

bool is_public_v4(std::uint32_t address) noexcept {
    return std::none_of(special_v4.begin(), special_v4.end(), [address](const V4Block& block) {
        const auto mask = ~std::uint32_t{0} << (32 - block.bits);
        return (address & mask) == block.network;
    });
}

using V6 = std::array<std::uint8_t, 16>;

std::uint32_t v4_at(const V6& bytes, std::size_t offset) noexcept {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | bytes[offset + i];
    return value;
}

bool begins_with(const V6& bytes, std::initializer_list<std::uint8_t> prefix) noexcept {
    return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool is_public_v6(const V6& b) noexcept {
    if (begins_with(b, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff})) return is_public_v4(v4_at(b, 12));     // IPv4-mapped
    if (begins_with(b, {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) return is_public_v4(v4_at(b, 12));  // NAT64
    if (begins_with(b, {0x20, 0x02})) return is_public_v4(v4_at(b, 2));                                    // 6to4
    if ((b[0] & 0xe0) != 0x20) return false;                               // only 2000::/3 is global unicast
    if (begins_with(b, {0x20, 0x01}) && (b[2] & 0xfe) == 0) return false;  // 2001::/23: Teredo, ORCHID, benchmarks
    if (begins_with(b, {0x20, 0x01, 0x0d, 0xb8})) return false;            // documentation
    return !(begins_with(b, {0x3f, 0xff}) && (b[2] & 0xf0) == 0);          // documentation
}

}  // namespace

bool is_public_address(std::string_view numeric_address) {
    if (numeric_address.size() > INET6_ADDRSTRLEN) return false;
    const std::string text(numeric_address);
    in_addr v4{};
    if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return text.size() == std::strlen(text.c_str()) && is_public_v4(ntohl(v4.s_addr));
    V6 v6{};
    if (inet_pton(AF_INET6, text.c_str(), v6.data()) == 1) return text.size() == std::strlen(text.c_str()) && is_public_v6(v6);
    return false;
}

}  // namespace vigie::net
