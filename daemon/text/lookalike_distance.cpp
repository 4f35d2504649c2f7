#include "text/lookalike_distance.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "text/lookalike_skeleton.hpp"

namespace vigie::text::lookalike {
namespace {

// qwerty, azerty and qwertz, row by row, each shifted as on the keyboard.
constexpr std::array<std::array<std::string_view, 4>, 3> keyboards = {{
    {"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"},
    {"1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn"},
    {"1234567890", "qwertzuiop", "asdfghjkl", "yxcvbnm"},
}};

bool near_on(const std::array<std::string_view, 4>& keyboard, char a, char b) noexcept {
    int row_a = -1, row_b = -1, column_a = 0, column_b = 0;
    for (int row = 0; row < 4; ++row) {
        const std::size_t at_a = keyboard[static_cast<std::size_t>(row)].find(a);
        const std::size_t at_b = keyboard[static_cast<std::size_t>(row)].find(b);
        if (at_a != std::string_view::npos) row_a = row, column_a = static_cast<int>(at_a);
        if (at_b != std::string_view::npos) row_b = row, column_b = static_cast<int>(at_b);
    }
    return row_a >= 0 && row_b >= 0 && std::abs(row_a - row_b) <= 1 && std::abs(column_a - column_b) <= 1;
}

constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

bool vowel(char32_t c) noexcept {
    return c == U'a' || c == U'e' || c == U'i' || c == U'o' || c == U'u' || c == U'y';
}

// Pairs that sound or look alike, in either order.
constexpr std::string_view alike = "ckkqqcszsxmnnrnhuvvwbdgqgjceftijpqpbdtfvlioq";

bool compute_likely(char a, char b) noexcept {
    const auto wide = [](char c) { return static_cast<char32_t>(static_cast<unsigned char>(c)); };
    if (vowel(wide(a)) && vowel(wide(b))) return true;
    for (std::size_t i = 0; i + 1 < alike.size(); i += 2)
        if ((alike[i] == a && alike[i + 1] == b) || (alike[i] == b && alike[i + 1] == a)) return true;
    const unsigned bits = static_cast<unsigned>(a) ^ static_cast<unsigned>(b);
    if ((bits & (bits - 1)) == 0) return true;
    return std::any_of(keyboards.begin(), keyboards.end(), [&](const auto& keyboard) { return near_on(keyboard, a, b); });
}

std::size_t place(char32_t c) noexcept {
    return c < 0x80 ? alphabet.find(static_cast<char>(c)) : std::string_view::npos;
}

bool likely_swap(char32_t a, char32_t b) noexcept {
    static const auto table = [] {
        std::array<std::array<bool, alphabet.size()>, alphabet.size()> all{};
        for (std::size_t i = 0; i < alphabet.size(); ++i)
            for (std::size_t j = 0; j < alphabet.size(); ++j) all[i][j] = compute_likely(alphabet[i], alphabet[j]);
        return all;
    }();
    const std::size_t i = place(a);
    const std::size_t j = place(b);
    return i != std::string_view::npos && j != std::string_view::npos && table[i][j];
}

bool equal(const char32_t* a, const char32_t* b, std::size_t size) noexcept {
    return std::equal(a, a + size, b);
}

// `longer` has one letter more than `shorter`, at `at`; whether it doubles a neighbour, and whether a finger would put it there.
Edit one_more(const Letters& longer, std::size_t at, bool added) noexcept {
    Edit edit;
    edit.distance = 1;
    const char32_t letter = longer.look[at];
    edit.doubled = (at > 0 && longer.look[at - 1] == letter) || (at + 1 < longer.size && longer.look[at + 1] == letter);
    edit.likely = true;
    if (!added || edit.doubled || at + 1 == longer.size) return edit;
    const char32_t plain = longer.plain[at];
    edit.likely = plain == U's' || (at > 0 && likely_swap(plain, longer.plain[at - 1])) || likely_swap(plain, longer.plain[at + 1]);
    return edit;
}

Edit one_edit(const Letters& name, const Letters& seen) noexcept {
    Edit far;
    far.distance = 2;
    const std::size_t shorter = std::min(name.size, seen.size);
    std::size_t same = 0;
    while (same < shorter && name.look[same] == seen.look[same]) ++same;
    const char32_t* a = name.look + same;
    const char32_t* b = seen.look + same;
    if (name.size == seen.size) {
        Edit edit;
        if (same == name.size) return edit;
        edit.distance = 1;
        const std::size_t rest = name.size - same;
        if (equal(a + 1, b + 1, rest - 1)) {
            edit.likely = likely_swap(name.plain[same], seen.plain[same]);
            return edit;
        }
        if (rest >= 2 && a[0] == b[1] && a[1] == b[0] && equal(a + 2, b + 2, rest - 2)) {
            edit.likely = true;
            return edit;
        }
        return far;
    }
    if (seen.size == name.size + 1) return equal(a, b + 1, name.size - same) ? one_more(seen, same, true) : far;
    if (name.size == seen.size + 1) return equal(a + 1, b, seen.size - same) ? one_more(name, same, false) : far;
    return far;
}

}  // namespace

Edit edit_between(const Letters& name, const Letters& seen, std::size_t limit) noexcept {
    const Edit one = one_edit(name, seen);
    if (limit < 2 || one.distance < 2) return one;
    Edit edit;
    edit.distance = 3;
    const std::size_t n = name.size;
    const std::size_t m = seen.size;
    if (n > m + 2 || m > n + 2) return edit;
    // Three rows of the table; only cells within two of the diagonal can stay below three.
    constexpr std::uint8_t far = 3;
    std::array<std::array<std::uint8_t, max_letters + 1>, 3> rows;
    for (auto& row : rows) row.fill(far);
    for (std::size_t j = 0; j <= std::min<std::size_t>(m, 2); ++j) rows[0][j] = static_cast<std::uint8_t>(j);
    for (std::size_t i = 1; i <= n; ++i) {
        auto& row = rows[i % 3];
        const auto& above = rows[(i + 2) % 3];
        const auto& twice_above = rows[(i + 1) % 3];
        row.fill(far);
        if (i <= 2) row[0] = static_cast<std::uint8_t>(i);
        for (std::size_t j = i > 2 ? i - 2 : 1; j <= std::min(m, i + 2); ++j) {
            const int change = name.look[i - 1] == seen.look[j - 1] ? 0 : 1;
            int best = std::min({above[j - 1] + change, above[j] + 1, row[j - 1] + 1});
            const bool swapped = i > 1 && j > 1 && name.look[i - 1] == seen.look[j - 2] && name.look[i - 2] == seen.look[j - 1];
            if (swapped) best = std::min(best, twice_above[j - 2] + 1);
            row[j] = static_cast<std::uint8_t>(std::min<int>(best, far));
        }
    }
    edit.distance = rows[n % 3][m];
    return edit;
}

}  // namespace vigie::text::lookalike
