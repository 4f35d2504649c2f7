#include "detect/bytes.hpp"

#include <array>

namespace vigie::detect {

void ByteWriter::varint(std::uint64_t value) {
    while (value >= 0x80) {
        byte(static_cast<std::uint8_t>(value | 0x80));
        value >>= 7;
    }
    byte(static_cast<std::uint8_t>(value));
}

void ByteWriter::zigzag(std::int64_t value) {
    varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}

void ByteWriter::fixed64(std::uint64_t value) {
    // Together: a busy minute holds thousands of authors, and is written whole with each batch.
    std::array<char, 8> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(static_cast<std::uint8_t>(value >> (8 * i)));
    out_.append(bytes.data(), bytes.size());
}

void ByteWriter::text(std::string_view bytes) {
    varint(bytes.size());
    out_.append(bytes);
}

std::uint8_t ByteReader::byte() {
    if (!ok_ || rest_.empty()) {
        ok_ = false;
        return 0;
    }
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
}

std::uint64_t ByteReader::varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        const std::uint64_t part = byte();
        if (!ok_) return 0;
        const std::uint64_t bits = part & 0x7F;
        const bool too_wide = shift == 63 && bits > 1;
        const bool padded = part == 0 && shift > 0;
        if (too_wide || padded) break;
        value |= bits << shift;
        if ((part & 0x80) == 0) return value;
    }
    ok_ = false;
    return 0;
}

std::int64_t ByteReader::zigzag() {
    const std::uint64_t raw = varint();
    return static_cast<std::int64_t>((raw >> 1) ^ (~(raw & 1) + 1));
}

std::uint64_t ByteReader::fixed64() {
    if (!ok_ || rest_.size() < 8) {
        ok_ = false;
        return 0;
    }
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i)
        value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(rest_[static_cast<std::size_t>(i)])) << (8 * i);
    rest_.remove_prefix(8);
    return value;
}

std::string_view ByteReader::text() {
    const std::uint64_t length = varint();
    if (!ok_ || length > rest_.size()) {
        ok_ = false;
        return {};
    }
    const std::string_view bytes = rest_.substr(0, static_cast<std::size_t>(length));
    rest_.remove_prefix(bytes.size());
    return bytes;
}

std::size_t ByteReader::count(std::size_t least) {
    const std::uint64_t n = varint();
    if (!ok_ || n > rest_.size() / least) {
        ok_ = false;
        return 0;
    }
    return static_cast<std::size_t>(n);
}

}  // namespace vigie::detect
