// Building blocks of the values on disk: varints, fixed numbers, strings.
// Thread-safety: values.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace vigie::store {

/// Appends to a string.
class ByteWriter {
public:
    explicit ByteWriter(std::string& out) : out_(out) {}
    void byte(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
    void varint(std::uint64_t value) {
        while (value >= 0x80) {
            byte(static_cast<std::uint8_t>(value | 0x80));
            value >>= 7;
        }
        byte(static_cast<std::uint8_t>(value));
    }
    void zigzag(std::int64_t value) { varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63)); }
    /// Big-endian.
    void fixed32(std::uint32_t value) {
        for (int shift = 24; shift >= 0; shift -= 8) byte(static_cast<std::uint8_t>(value >> shift));
    }
    void fixed64(std::uint64_t value) {
        fixed32(static_cast<std::uint32_t>(value >> 32));
        fixed32(static_cast<std::uint32_t>(value));
    }
    void real32(float value) { fixed32(std::bit_cast<std::uint32_t>(value)); }
    void real64(double value) { fixed64(std::bit_cast<std::uint64_t>(value)); }
    void text(std::string_view value) {
        varint(value.size());
        out_.append(value);
    }

private:
    std::string& out_;
};

/// Reads the same back. After a failure every read gives zero or an empty text, and ok() is false: check once at the end.
class ByteReader {
public:
    explicit ByteReader(std::string_view in) : in_(in) {}
    bool ok() const noexcept { return ok_; }
    bool at_end() const noexcept { return in_.empty(); }
    std::size_t left() const noexcept { return in_.size(); }
    void fail() noexcept {
        ok_ = false;
        in_ = {};
    }
    std::uint8_t byte() noexcept {
        if (in_.empty()) {
            fail();
            return 0;
        }
        const auto value = static_cast<std::uint8_t>(in_.front());
        in_.remove_prefix(1);
        return value;
    }
    std::uint64_t varint() noexcept {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const std::uint8_t part = byte();
            if (shift == 63 && part > 1) break;
            value |= static_cast<std::uint64_t>(part & 0x7F) << shift;
            if ((part & 0x80) == 0) return ok_ ? value : 0;
        }
        fail();
        return 0;
    }
    std::int64_t zigzag() noexcept {
        const std::uint64_t value = varint();
        return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
    }
    std::uint32_t fixed32() noexcept {
        std::uint32_t value = 0;
        for (int i = 0; i < 4; ++i) value = (value << 8) | byte();
        return ok_ ? value : 0;
    }
    std::uint64_t fixed64() noexcept {
        const std::uint64_t high = fixed32();
        return (high << 32) | fixed32();
    }
    float real32() noexcept { return std::bit_cast<float>(fixed32()); }
    double real64() noexcept { return std::bit_cast<double>(fixed64()); }
    std::string_view text() noexcept {
        const std::uint64_t size = varint();
        if (size > in_.size()) {
            fail();
            return {};
        }
        const auto value = in_.substr(0, static_cast<std::size_t>(size));
        in_.remove_prefix(static_cast<std::size_t>(size));
        return value;
    }

private:
    std::string_view in_;
    bool ok_ = true;
};

}  // namespace vigie::store
