#include "vigie/detect/negative_binomial.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <limits>

using namespace vigie::detect;

namespace {

double mass(int n, double mean, double size) {
    return std::exp(std::lgamma(n + size) - std::lgamma(size) - std::lgamma(n + 1.0) + size * std::log(size / (mean + size)) +
                    n * std::log(mean / (mean + size)));
}

}  // namespace

TEST_CASE("tails agree with the sum of the masses") {
    for (const double mean : {0.3, 4.0, 60.0}) {
        for (const double size : {0.5, 3.0, 40.0}) {
            double below = 0;
            for (int n = 0; n < 60; ++n) {
                CAPTURE(mean);
                CAPTURE(size);
                CAPTURE(n);
                const double upper = 1 - below;
                if (upper > 1e-9) CHECK(log10_at_least(n, mean, size) == doctest::Approx(std::log10(upper)).epsilon(1e-6));
                below += mass(n, mean, size);
                CHECK(log10_at_most(n, mean, size) == doctest::Approx(std::log10(std::min(1.0, below))).epsilon(1e-6));
            }
        }
    }
}

TEST_CASE("a nearly Poisson law is the Poisson law") {
    CHECK(log10_at_least(1, 0.01, 1e9) == doctest::Approx(std::log10(1 - std::exp(-0.01))).epsilon(1e-4));
}

TEST_CASE("far out the tail goes on, finite and falling") {
    double last = 0;
    for (const double n : {10.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e9}) {
        const double p = log10_at_least(n, 5, 4);
        CHECK(std::isfinite(p));
        CHECK(p < last);
        last = p;
    }
    CHECK(log10_at_least(1e5, 5, 4) == doctest::Approx(1e5 * std::log10(5.0 / 9)).epsilon(0.001));
    CHECK(std::isfinite(log10_at_most(0, 1e7, 1e6)));
    CHECK(log10_at_most(0, 1e7, 1e6) < -1e5);
}

TEST_CASE("nonsense in is never NaN out") {
    const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    for (const double n : {-1.0, 0.0, 3.5, inf, nan}) {
        for (const double mean : {0.0, -2.0, 1e-300, 5.0, inf}) {
            for (const double size : {0.0, -1.0, 1e-300, 5.0, inf}) {
                CAPTURE(n);
                CAPTURE(mean);
                CAPTURE(size);
                CHECK_FALSE(std::isnan(log10_at_least(n, mean, size)));
                CHECK_FALSE(std::isnan(log10_at_most(n, mean, size)));
                CHECK(log10_at_least(n, mean, size) <= 0);
            }
        }
    }
}
