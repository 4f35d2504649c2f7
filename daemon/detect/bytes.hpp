// Varints (LEB128), zigzag and fixed 64-bit words: the alphabet of bucket values and snapshots.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vigie::detect {

class ByteWriter {
public:
    void byte(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
    void varint(std::uint64_t value);
    void zigzag(std::int64_t value);
    /// Little-endian.
    void fixed64(std::uint64_t value);
    /// Length, then bytes.
    void text(std::string_view bytes);
    const std::string& bytes() const noexcept { return out_; }
    std::string take() && { return std::move(out_); }

private:
    std::string out_;
};

/// Reads what ByteWriter wrote. After the first failure ok() is false for good and every read gives zero; it never reads past the end.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
    std::uint8_t byte();
    /// Refuses forms that are longer than needed, so that equal values have equal bytes.
    std::uint64_t varint();
    std::int64_t zigzag();
    std::uint64_t fixed64();
    std::string_view text();
    /// A number of elements, each at least `least` (>= 1) bytes long: refuses more than the rest can hold.
    std::size_t count(std::size_t least);
    void fail() noexcept { ok_ = false; }
    bool ok() const noexcept { return ok_; }
    bool at_end() const noexcept { return rest_.empty(); }

private:
    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace vigie::detect
