#include "text/sentiment_ridge.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace vigie::text {
namespace {

constexpr std::size_t classes = 3;
constexpr float first_rate = 0.1F;
constexpr std::size_t steps_aimed_at = 20'000;
constexpr std::size_t min_epochs = 5, max_epochs = 60;

std::array<float, classes> softmax(std::array<float, classes> scores) {
    const float top = *std::max_element(scores.begin(), scores.end());
    float total = 0;
    for (float& s : scores) total += s = std::exp(s - top);
    for (float& s : scores) s /= total;
    return scores;
}

std::array<float, classes> scores_of(const RidgeSample& sample, const Delta& delta, float factor) {
    std::array<float, classes> sums{};
    for (const auto& [number, value] : sample.features)
        for (std::size_t k = 0; k < classes; ++k) sums[k] += value * delta[number][k];
    for (std::size_t k = 0; k < classes; ++k) sums[k] = sample.base[k] + factor * sums[k];
    return sums;
}

}  // namespace

Delta ridge_fit(const std::vector<RidgeSample>& samples, const std::vector<std::uint32_t>& which, std::size_t features, float ridge) {
    Delta delta(features), mean(features);
    if (which.empty()) return delta;
    const std::size_t epochs = std::clamp(steps_aimed_at / which.size(), min_epochs, max_epochs);
    const float shrink = ridge / static_cast<float>(which.size());
    const float begin = std::min(first_rate, 0.5F / std::max(shrink, 1e-6F));  // more would overshoot
    std::mt19937_64 random(1);
    std::vector<std::uint32_t> order = which;
    float factor = 1;  // the delta is factor * delta: to shrink it all costs one multiplication
    std::size_t step = 0, looks = 0;
    for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
        for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
        for (const std::uint32_t i : order) {
            const RidgeSample& sample = samples[i];
            const float rate = begin / (1 + begin * shrink * static_cast<float>(step++));
            std::array<float, classes> error = softmax(scores_of(sample, delta, factor));
            error[sample.truth] -= 1;
            factor *= 1 - rate * shrink;
            for (const auto& [number, value] : sample.features)
                for (std::size_t k = 0; k < classes; ++k) delta[number][k] -= rate * sample.weight * error[k] * value / factor;
        }
        for (auto& row : delta)
            for (float& d : row) d *= factor;
        factor = 1;
        if (epoch < epochs / 2) continue;
        ++looks;
        for (std::size_t i = 0; i < features; ++i)
            for (std::size_t k = 0; k < classes; ++k) mean[i][k] += delta[i][k];
    }
    for (auto& row : mean)
        for (float& d : row) d /= static_cast<float>(looks);
    return mean;
}

std::array<float, classes> ridge_probabilities(const RidgeSample& sample, const Delta* delta) {
    return softmax(delta == nullptr ? sample.base : scores_of(sample, *delta, 1));
}

}  // namespace vigie::text
