// A text as words, handles and ends of sentences; and phrases found in it.
// Thread-safety: Speech is a value; a PhraseTable is immutable once made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vigie::text::lookalike {

inline constexpr std::size_t max_announced_bytes = 256;
/// Words that may stand between two of a phrase: "account (has been) suspended".
inline constexpr std::size_t max_gap = 2;

struct Spoken {
    enum Kind : std::uint8_t { word, handle, stop };
    Kind kind = word;
    std::uint32_t begin = 0, end = 0;  ///< in Speech::letters
};

struct Speech {
    /// Reads the first 64 kB.
    explicit Speech(std::string_view text);
    std::string_view text(std::size_t token) const noexcept {
        return std::string_view(letters).substr(tokens[token].begin, tokens[token].end - tokens[token].begin);
    }
    std::string letters;  ///< folded words and handles, one behind the other
    std::vector<Spoken> tokens;
};

struct PhraseGroup {
    int label;
    std::string_view phrases;  ///< folded words, parted by blanks; phrases parted by '|'; a literal
};
struct PhraseHit {
    std::size_t begin, end;  ///< its first and last token
    int label;
};

class PhraseTable {
public:
    PhraseTable(std::initializer_list<PhraseGroup> groups);
    /// Adds the phrases that begin with the token at `at`.
    void find(const Speech& speech, std::size_t at, std::vector<PhraseHit>& out) const;
    /// The table's own copy of a phrase's first word; empty where there is none.
    std::string_view word(std::string_view first) const {
        const auto it = by_first_.find(first);
        return it == by_first_.end() ? std::string_view() : it->first;
    }

private:
    struct Phrase {
        int label = 0;
        std::vector<std::string_view> words;
    };
    std::unordered_map<std::string_view, std::vector<Phrase>> by_first_;
};

}  // namespace vigie::text::lookalike
