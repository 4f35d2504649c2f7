// Words and phrases with the feeling they carry, by hash: what a lexicon becomes in a weight file.
// Thread-safety: a table borrows its bytes and never changes; find() may run on any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace vigie::text {

inline constexpr int max_valence = 6;            ///< in half steps: -6..6
inline constexpr std::size_t valence_terms = 3;  ///< words of the longest phrase

/// The languages that posts and lexicons were at hand for: of another one the model has nothing of its own to say.
inline constexpr std::string_view sentiment_languages[] = {"de", "en", "es", "fr", "it", "pt"};
/// The position in sentiment_languages, or -1.
int sentiment_language(std::string_view language) noexcept;

/// The key of a phrase grows word by word: next_word(next_word(0, a), b). A word's own hash is hash64 of its folded letters.
constexpr std::uint64_t next_word(std::uint64_t phrase, std::uint64_t word) noexcept {
    return (phrase + 1) * 0x9E3779B97F4A7C15U + word;
}

/// Open addressing (linear probing) over slots of four bytes, little-endian: 24 bits of the key, and the valence; a valence of 0 is an
/// empty slot. One lookup in some 2^24 finds what isn't there.
class ValenceTable {
public:
    ValenceTable() = default;
    /// Borrows 4 * 2^k bytes; none: an empty table.
    explicit ValenceTable(std::string_view slots) : slots_(slots) {}

    std::string_view slots() const noexcept { return slots_; }
    /// The valence of a phrase in one language (a position in sentiment_languages), or, of -1, what all languages that know it agree on;
    /// 0 if there is none.
    int find(std::uint64_t phrase, int language) const noexcept;

    /// The slots for some entries, half full at most. Of each: (language, phrase) and a valence.
    using Entries = std::map<std::pair<int, std::uint64_t>, int>;
    static std::string build(const Entries& entries);

private:
    int look_up(std::uint64_t key) const noexcept;
    std::string_view slots_;
};

}  // namespace vigie::text
