// Multinomial logistic regression on sparse features, by AdaGrad (Duchi, Hazan and Singer 2011), and its weights as int8.
// Thread-safety: one thread.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "text/weights.hpp"

namespace vigie::train {

template <std::size_t Classes>
class Softmax {
public:
    struct Feature {
        std::uint32_t bucket;
        float value;
    };

    Softmax(unsigned bits, float rate, float decay)
        : bits_(bits), rate_(rate), decay_(decay), weights_(Classes << bits), squares_(Classes << bits) {}

    std::array<float, Classes> probabilities(const std::vector<Feature>& features) const {
        std::array<float, Classes> p{};
        for (const Feature& f : features)
            for (std::size_t k = 0; k < Classes; ++k) p[k] += weights_[f.bucket * Classes + k] * f.value;
        const float top = *std::max_element(p.begin(), p.end());
        float total = 0;
        for (float& x : p) total += x = std::exp(x - top);
        for (float& x : p) x /= total;
        return p;
    }

    /// One step towards class `truth`, of importance `weight`.
    void learn(const std::vector<Feature>& features, std::size_t truth, float weight) {
        std::array<float, Classes> error = probabilities(features);
        error[truth] -= 1;
        for (std::size_t k = 0; k < Classes; ++k) {
            if (std::fabs(error[k]) < 1e-3F) continue;
            for (const Feature& f : features) {
                const std::size_t i = f.bucket * Classes + k;
                const float gradient = error[k] * weight * f.value + decay_ * weights_[i];
                squares_[i] += gradient * gradient;
                weights_[i] -= rate_ * gradient / std::sqrt(squares_[i] + 1e-6F);
            }
        }
    }

    /// Rounded to int8; weights beyond `limit` are cut to it.
    std::string quantised(std::vector<std::string> names, std::size_t stride, float limit) const {
        float largest = 0;
        for (const float w : weights_) largest = std::max(largest, std::fabs(w));
        const float scale = std::min(largest, limit) / 127.0F;
        std::string rows((std::size_t{1} << bits_) * stride, '\0');
        for (std::size_t row = 0; row < std::size_t{1} << bits_; ++row)
            for (std::size_t k = 0; k < Classes; ++k) {
                const float steps = std::clamp(weights_[row * Classes + k] / scale, -127.0F, 127.0F);
                rows[row * stride + k] = static_cast<char>(static_cast<signed char>(std::lround(steps)));
            }
        text::Weights file;
        file.bits = bits_;
        file.classes = static_cast<std::uint32_t>(names.size());
        file.stride = static_cast<std::uint32_t>(stride);
        file.scale = scale;
        file.names = std::move(names);
        file.rows = rows;
        return text::write_weights(file);
    }

private:
    unsigned bits_;
    float rate_, decay_;
    std::vector<float> weights_, squares_;
};

}  // namespace vigie::train
