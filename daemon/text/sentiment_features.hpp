// What the sentiment model looks at. Model and trainer share it: a change here needs new weights.
// Thread-safety: SentimentFeatures belongs to one thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "text/sentiment_units.hpp"
#include "text/valence_table.hpp"

namespace vigie::text {

struct Feature {
    std::uint32_t bucket;
    float value;
};

class SentimentFeatures {
public:
    /// Replaces what it holds by the features of a text, with buckets below 2^bits. Empty if the text holds no word, emoji or emoticon.
    const std::vector<Feature>& read(std::string_view text, std::string_view language, unsigned bits, const ValenceTable& valences);

private:
    struct Balance;  // of what the lexicon says of the text

    void add(std::uint64_t hash, float value) { features_.push_back({static_cast<std::uint32_t>(hash ^ hash >> 32) & mask_, value}); }
    void add_units(const ValenceTable& valences, Balance& balance);
    void add_grams(std::string_view word);
    void add_valence(int valence, bool negated, Balance& balance);
    void scale_to_length();
    void add_shape();
    void add_balance(const Balance& balance);

    std::uint32_t mask_ = 0;
    int language_ = -1;
    SentimentUnits units_;
    std::vector<Feature> features_;
};

}  // namespace vigie::text
