// Softmax regression that goes on from scores that are there, held back by a ridge: what adapting the sentiment model is.
// Thread-safety: free functions over values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace vigie::text {

/// A labelled text: its features by number, and the scores that the model gave it before.
struct RidgeSample {
    std::vector<std::pair<std::uint32_t, float>> features;
    std::array<float, 3> base{};
    std::size_t truth = 0;
    float weight = 1;
};

/// What is added to the weights of each feature number.
using Delta = std::vector<std::array<float, 3>>;

/// Minimises the log loss of the samples at `which`, plus ridge / 2 times the squared length of the delta, by averaged stochastic gradient
/// descent (Bottou 2012), seeded.
Delta ridge_fit(const std::vector<RidgeSample>& samples, const std::vector<std::uint32_t>& which, std::size_t features, float ridge);

/// With no delta: what the model said before.
std::array<float, 3> ridge_probabilities(const RidgeSample& sample, const Delta* delta);

}  // namespace vigie::text
