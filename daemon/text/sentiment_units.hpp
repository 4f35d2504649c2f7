// A text cut into what the sentiment model looks at: words, pictures, marks, and stand-ins for links and handles.
// Thread-safety: SentimentUnits belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::text {

inline constexpr std::size_t sentiment_bytes = 4096;  ///< of a text that are read

class SentimentUnits {
public:
    enum class Kind : std::uint8_t { word, mark, picture, stand_in };
    struct Unit {
        std::uint32_t begin, size;
        Kind kind;
        bool shouted, stretched;
    };

    /// Replaces what it holds by the units of the text's beginning. Linear in what is read; the memory is kept.
    void read(std::string_view text);

    const std::vector<Unit>& all() const noexcept { return units_; }
    /// Folded; digits are '0', no letter stands more than twice in a row; "~url" and "~user" for links and handles.
    std::string_view view(const Unit& unit) const noexcept { return std::string_view(buffer_).substr(unit.begin, unit.size); }
    /// Whether there is a word or a picture.
    bool says_something() const noexcept;
    int exclamations() const noexcept { return exclamations_; }
    int questions() const noexcept { return questions_; }
    int ellipses() const noexcept { return ellipses_; }

private:
    struct Scan;

    std::string buffer_;
    std::vector<Unit> units_;
    int exclamations_ = 0, questions_ = 0, ellipses_ = 0;
};

}  // namespace vigie::text
