#include <algorithm>
#include <numeric>

#include "vigie/doc/decode.hpp"

namespace vigie::doc {
namespace {

constexpr std::size_t max_word = 64;

/// Optimal string alignment: insertions, deletions, replacements, and swaps of neighbours (Damerau 1964, restricted form), on bytes.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        std::swap(before_last, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& words) {
    std::string best;
    if (word.size() > max_word) return best;
    std::size_t best_distance = word.size() / 3 + 1;
    if (word.size() < 3) best_distance = std::min<std::size_t>(word.size(), 2);
    for (const auto& candidate : words) {
        if (candidate.size() > max_word) continue;
        const auto d = distance(word, candidate);
        if (d < best_distance) {
            best_distance = d;
            best = candidate;
        }
    }
    return best;
}

}  // namespace vigie::doc
