#include "text/weights.hpp"

#include <bit>
#include <cmath>
#include <utility>

namespace vigie::text {
namespace {

constexpr std::string_view magic = "VIGIEWT1";
constexpr std::string_view magic_with_lexicon = "VIGIEWT2";
constexpr std::uint32_t max_slots = 1U << 22;
constexpr std::size_t header_bytes = 24;
constexpr std::size_t name_bytes = 8;
constexpr std::uint32_t max_bits = 22;
constexpr std::uint32_t max_stride = 64;

std::uint32_t read_u32(std::string_view bytes, std::size_t at) noexcept {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

void put_u32(std::string& out, std::uint32_t value) {
    for (int i = 0; i < 4; ++i, value >>= 8) out.push_back(static_cast<char>(value & 0xFF));
}

}  // namespace

Result<Weights> read_weights(std::string_view bytes) {
    const auto corrupt = [](const char* what) { return Error(Errc::corrupt, std::string("weight file: ") + what); };
    const bool lexicon = bytes.starts_with(magic_with_lexicon);
    const std::size_t names_at = lexicon ? header_bytes + 4 : header_bytes;
    if (bytes.size() < names_at || !(lexicon || bytes.starts_with(magic))) return corrupt("no header");
    Weights w;
    w.bits = read_u32(bytes, 8);
    w.classes = read_u32(bytes, 12);
    w.stride = read_u32(bytes, 16);
    w.scale = std::bit_cast<float>(read_u32(bytes, 20));
    if (w.bits == 0 || w.bits > max_bits || w.classes == 0 || w.classes > w.stride || w.stride > max_stride)
        return corrupt("sizes out of range");
    if (!std::isfinite(w.scale) || w.scale <= 0) return corrupt("scale out of range");
    const std::uint32_t slots = lexicon ? read_u32(bytes, header_bytes) : 0;
    if (lexicon && (!std::has_single_bit(slots) || slots > max_slots)) return corrupt("sizes out of range");
    const std::size_t rows_at = names_at + w.classes * name_bytes;
    const std::size_t rows_size = (std::size_t{1} << w.bits) * w.stride;
    if (bytes.size() != rows_at + rows_size + std::size_t{slots} * 4) return corrupt("wrong length");
    for (std::uint32_t i = 0; i < w.classes; ++i) {
        const std::string_view padded = bytes.substr(names_at + i * name_bytes, name_bytes);
        w.names.emplace_back(padded.substr(0, padded.find('\0')));
    }
    w.rows = bytes.substr(rows_at, rows_size);
    w.valences = ValenceTable(bytes.substr(rows_at + rows_size));
    return w;
}

std::string write_weights(const Weights& weights) {
    const std::string_view slots = weights.valences.slots();
    std::string out(slots.empty() ? magic : magic_with_lexicon);
    put_u32(out, weights.bits);
    put_u32(out, weights.classes);
    put_u32(out, weights.stride);
    put_u32(out, std::bit_cast<std::uint32_t>(weights.scale));
    if (!slots.empty()) put_u32(out, static_cast<std::uint32_t>(slots.size() / 4));
    for (const std::string& name : weights.names) {
        std::string padded = name;
        padded.resize(name_bytes, '\0');
        out += padded;
    }
    out += weights.rows;
    out += slots;
    return out;
}

}  // namespace vigie::text
