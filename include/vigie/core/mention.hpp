// What intake makes of an item: its language, its sentiment, and the brands that it mentions.
// Thread-safety: values.
#pragma once

#include <array>
#include <cstddef>
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

/// What near copies of an item's text are found by. text/near_copies.hpp makes it and says what it is good for; it is never stored, because
/// the item gives it again.
struct CopySketch {
    static constexpr std::size_t bands = 16;
    static constexpr std::size_t max_shingles = 64;

    std::uint64_t words = 0;  ///< of the words in their order, equal for equal texts; 0: too short to tell a copy from a coincidence
    std::uint64_t stem = 0;   ///< the same without the name of a site at its end; 0: it has none
    std::uint64_t site = 0;   ///< of that name
    std::uint64_t cut = 0;    ///< of the words before an ellipsis that ends it; 0: it has none
    std::vector<std::uint64_t> headlines;     ///< of an article or a video: what readers share it as
    std::vector<std::uint32_t> shingles;      ///< sorted, the smallest if there are more; empty: only equal texts are its copies
    std::array<std::uint32_t, bands> keys{};  ///< near copies have at least one in common, most likely; of no use without shingles
    bool cut_short = false;                   ///< there are more shingles than these
    bool press = false;                       ///< an article or a video, not somebody's post
    bool repeats = false;                     ///< says itself that it is another's text ("RT @ana: ...")
    bool share_mark = false;                  ///< a share button or an app wrote it ("... via @paper")
    bool own_site = false;                    ///< it links to the site whose name ends it
    friend bool operator==(const CopySketch&, const CopySketch&) = default;
};

/// An item after intake. No match: it is dropped, and counted as such.
struct AnalysedItem {
    Item item;
    std::string language;  ///< as intake tells it: "fr", "en", ..., "und"
    Sentiment sentiment;
    std::vector<BrandMatch> matches;  ///< sorted by brand
    CopySketch copy;                  ///< empty if nothing matches
    bool bare_link = false;           ///< it says nothing but a link
    friend bool operator==(const AnalysedItem&, const AnalysedItem&) = default;
};

}  // namespace vigie
