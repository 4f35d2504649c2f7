// What the language model looks at. Model and trainer share it: a change here needs new weights.
// Thread-safety: free functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vigie::text {

inline constexpr std::size_t language_bytes = 300;  ///< of prepared text

struct LanguageText {
    std::string prepared;  ///< small letters and apostrophes, accents kept, one blank between words and at both ends
    std::size_t words = 0;
    std::size_t latin_letters = 0;
    std::size_t other_letters = 0;  ///< of other scripts, which are not in `prepared`
};

/// Replaces `out`. Drops URLs, handles, digits and punctuation; cuts hashtags into their words; shortens what is drawn out.
void prepare_language(std::string_view text, LanguageText& out);

/// Calls visit(bucket, times) for each feature of prepared text; buckets are below 2^bits. Words count double.
template <class Visit>
void for_each_language_feature(std::string_view prepared, unsigned bits, Visit&& visit) {
    constexpr std::size_t longest = 5;
    constexpr std::uint32_t prime = 16777619U;
    const auto bucket = [bits](std::uint32_t h) { return ((h ^ h >> 15) * 2654435761U) >> (32 - bits); };
    const std::size_t size = prepared.size();
    for (std::size_t begin = 0; begin + 1 < size; ++begin) {
        std::uint32_t h = 2166136261U;
        for (std::size_t end = begin; end < size && end < begin + longest; ++end) {
            h = (h ^ static_cast<unsigned char>(prepared[end])) * prime;
            if (end > begin) visit(bucket(h), 1);
        }
    }
    std::uint32_t word = 77;
    bool inside = false;
    for (const char c : prepared) {
        if (c != ' ') {
            word = (word ^ static_cast<unsigned char>(c)) * prime;
            inside = true;
        } else if (inside) {
            visit(bucket(word), 2);
            word = 77;
            inside = false;
        }
    }
}

}  // namespace vigie::text
