// What intake makes of an item: its language, its sentiment, and the brands that it mentions.
// Thread-safety: values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vigie/core/record.hpp"

namespace vigie {

/// Position of a brand in the running configuration. Never stored.
using BrandIndex = std::uint32_t;

enum class SentimentLabel : std::uint8_t { negative, neutral, positive };
std::string_view to_string(SentimentLabel label) noexcept;

struct Sentiment {
    SentimentLabel label = SentimentLabel::neutral;
    std::array<float, 3> p{0, 1, 0};  ///< P(negative), P(neutral), P(positive); they add up to 1
    /// P(positive) - P(negative), -1..1.
    double polarity() const noexcept { return static_cast<double>(p[2]) - static_cast<double>(p[0]); }
    friend bool operator==(const Sentiment&, const Sentiment&) = default;
};

/// One brand that an item mentions, and which of its business functions (bit i = the i-th function of the brand's configuration).
struct BrandMatch {
    BrandIndex brand = 0;
    std::uint64_t functions = 0;
    friend bool operator==(const BrandMatch&, const BrandMatch&) = default;
};

/// An item after intake. No match: it is dropped, and counted as such.
struct AnalysedItem {
    Item item;
    std::string language;  ///< as intake tells it: "fr", "en", ..., "und"
    Sentiment sentiment;
    std::vector<BrandMatch> matches;  ///< sorted by brand
    friend bool operator==(const AnalysedItem&, const AnalysedItem&) = default;
};

}  // namespace vigie
