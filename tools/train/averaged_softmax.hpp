// Multinomial logistic regression on sparse features, by AdaGrad (Duchi, Hazan and Singer 2011) with the mean of the weights along the way
// (Polyak and Juditsky 1992), on features scaled by how far apart they hold the classes (Wang and Manning 2012). Weights go out as int8.
// Thread-safety: one thread.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace vigie::train {

inline constexpr std::size_t moods = 3;

/// A text as the model sees it; two, where it depends on whether its language is told.
struct Sample {
    struct Feature {
        std::uint32_t bucket;
        float value;
    };
    std::vector<Feature> told, untold;
    std::size_t truth = 0;
    float weight = 1;
};

struct Recipe {
    unsigned bits = 19;
    int epochs = 6;
    float rate = 0.05F;
    float shrink = 0.3F;  ///< L2, in samples: shared out over the occurrences of a feature
    int untold = 4;       ///< one time in so many the language is not told
    int seeds = 4;        ///< models, of which the weights' mean is taken
};

/// A row of weights; four floats, so that a row is one register.
using Row = std::array<float, 4>;

/// How far apart the classes are, of each bucket: the span of the log counts of Wang and Manning, add-one smoothed, and a little more.
std::vector<float> class_spans(const std::vector<Sample>& samples, unsigned bits, std::vector<float>& counts);

/// The weights of 2^bits buckets.
std::vector<Row> train(const std::vector<Sample>& samples, const Recipe& recipe, std::uint64_t seed);

std::array<float, moods> probabilities(const std::vector<Row>& rows, const std::vector<Sample::Feature>& features);

}  // namespace vigie::train
