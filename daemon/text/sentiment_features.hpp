// What the sentiment model looks at. Model and trainer share it: a change here needs new weights.
// Thread-safety: SentimentFeatures belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::text {

inline constexpr std::size_t sentiment_bytes = 4096;  ///< of a text that are read

struct Feature {
    std::uint32_t bucket;
    float value;
};

class SentimentFeatures {
public:
    /// Replaces what it holds by the features of a text, with buckets below 2^bits. Empty if the text holds no word, emoji or emoticon.
    const std::vector<Feature>& read(std::string_view text, std::string_view language, unsigned bits);

private:
    enum class Kind : std::uint8_t { word, mark, picture, stand_in };
    struct Unit {
        std::uint32_t begin, size;
        Kind kind;
        bool shouted, stretched;
    };
    struct Scan;

    std::string_view view(const Unit& unit) const noexcept { return std::string_view(buffer_).substr(unit.begin, unit.size); }
    void add(std::uint64_t hash, float value) { features_.push_back({static_cast<std::uint32_t>(hash ^ hash >> 32) & mask_, value}); }
    void add_units();
    void add_grams(std::string_view word);
    void add_shape(std::string_view language);

    std::uint32_t mask_ = 0;
    std::string buffer_;
    std::vector<Unit> units_;
    std::vector<Feature> features_;
    int exclamations_ = 0, questions_ = 0, ellipses_ = 0;
};

}  // namespace vigie::text
