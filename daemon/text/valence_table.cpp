#include "text/valence_table.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vigie::text {
namespace {

constexpr std::size_t slot_bytes = 4;
constexpr std::size_t max_probes = 256;  // only a made-up table is so full

std::uint64_t key_of(std::uint64_t phrase, int language) noexcept {
    std::uint64_t key = phrase ^ static_cast<std::uint64_t>(language + 1) * 0xD6E8FEB86659FD93U;
    key ^= key >> 32;
    key *= 0xD6E8FEB86659FD93U;
    return key ^ key >> 32;
}

std::uint32_t slot_at(std::string_view slots, std::size_t at) noexcept {
    std::uint32_t value = 0;
    for (std::size_t i = slot_bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(slots[at * slot_bytes + i]);
    return value;
}

std::uint32_t check_of(std::uint64_t key) noexcept {
    return static_cast<std::uint32_t>(key >> 40);
}

}  // namespace

int sentiment_language(std::string_view language) noexcept {
    const auto found = std::find(std::begin(sentiment_languages), std::end(sentiment_languages), language);
    return found == std::end(sentiment_languages) ? -1 : static_cast<int>(found - std::begin(sentiment_languages));
}

int ValenceTable::look_up(std::uint64_t key) const noexcept {
    const std::size_t mask = slots_.size() / slot_bytes - 1;
    for (std::size_t probe = 0; probe < max_probes; ++probe) {
        const std::uint32_t slot = slot_at(slots_, (key + probe) & mask);
        const int valence = static_cast<signed char>(slot & 0xFF);
        if (valence == 0) return 0;
        if (slot >> 8 == check_of(key)) return std::clamp(valence, -max_valence, max_valence);
    }
    return 0;
}

int ValenceTable::find(std::uint64_t phrase, int language) const noexcept {
    if (slots_.empty()) return 0;
    if (language >= 0) return look_up(key_of(phrase, language));
    int sum = 0, known = 0;
    for (int i = 0; i < static_cast<int>(std::size(sentiment_languages)); ++i) {
        const int valence = look_up(key_of(phrase, i));
        if (valence == 0) continue;
        if (known > 0 && (valence > 0) != (sum > 0)) return 0;
        sum += valence;
        ++known;
    }
    return known == 0 ? 0 : sum / known;
}

std::string ValenceTable::build(const Entries& entries) {
    if (entries.empty()) return {};
    std::size_t count = 1;
    while (count < 2 * entries.size()) count *= 2;
    std::string slots(count * slot_bytes, '\0');
    for (const auto& [name, valence] : entries) {
        const std::uint64_t key = key_of(name.second, name.first);
        std::size_t at = key & (count - 1);
        while (slot_at(slots, at) != 0 && slot_at(slots, at) >> 8 != check_of(key)) at = (at + 1) & (count - 1);
        const auto value = check_of(key) << 8 | static_cast<std::uint32_t>(std::clamp(valence, -max_valence, max_valence) & 0xFF);
        for (std::size_t i = 0; i < slot_bytes; ++i) slots[at * slot_bytes + i] = static_cast<char>(value >> 8 * i & 0xFF);
    }
    return slots;
}

}  // namespace vigie::text
