// A generator of our own, so that one seed gives the same story with every compiler and library.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace vigie::demo {

/// SplitMix64 (Steele, Lea, Flood 2014).
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
        return z ^ (z >> 31);
    }
    /// [0, 1)
    double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    /// [0, n)
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(uniform() * static_cast<double>(n)); }
    bool chance(double p) { return uniform() < p; }
    template <class T>
    const T& pick(const std::vector<T>& list) {
        return list[below(list.size())];
    }
    /// Knuth's method; mean up to a few dozen.
    int poisson(double mean) {
        const double limit = std::exp(-mean);
        int n = -1;
        for (double product = 1; product > limit || n < 0; product *= uniform()) ++n;
        return n;
    }
    /// exp(N(mu, sigma)), by Box and Muller.
    double lognormal(double mu, double sigma) {
        const double u = 1.0 - uniform();
        const double v = uniform();
        return std::exp(mu + sigma * std::sqrt(-2 * std::log(u)) * std::cos(6.283185307179586 * v));
    }

private:
    std::uint64_t state_;
};

}  // namespace vigie::demo
