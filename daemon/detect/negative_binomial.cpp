#include "vigie/detect/negative_binomial.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>

namespace vigie::detect {
namespace {

using Policy = boost::math::policies::policy<boost::math::policies::domain_error<boost::math::policies::ignore_error>,
                                             boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
                                             boost::math::policies::underflow_error<boost::math::policies::ignore_error>,
                                             boost::math::policies::evaluation_error<boost::math::policies::ignore_error>,
                                             boost::math::policies::promote_double<false>>;

constexpr double least_size = 1e-6, most_size = 1e9, least_mean = 1e-9, most_count = 1e12;
constexpr double smallest = 1e-250;

struct Law {
    Law(double mean_, double size_) : mean(std::clamp(mean_, least_mean, most_count)), size(std::clamp(size_, least_size, most_size)) {}
    double mean, size;
    double q() const { return mean / (mean + size); }
    /// ln P(X = n).
    double log_mass(double n) const {
        return std::lgamma(n + size) - std::lgamma(size) - std::lgamma(n + 1) + size * std::log(size / (mean + size)) + n * std::log(q());
    }
};

double log10_of(double p, double log_bound) {
    if (std::isfinite(p) && p > smallest) return std::min(0.0, std::log10(p));
    const double bound = log_bound / std::log(10.0);
    return std::isfinite(bound) ? std::min(0.0, bound) : -most_count;
}

}  // namespace

double log10_at_least(double n, double mean, double size) noexcept {
    n = std::ceil(std::min(n, most_count));
    if (!(n > 0)) return 0;
    const Law law(mean, size);
    const double ratio = std::min((n + law.size) / (n + 1) * law.q(), 1 - 1e-12);
    return log10_of(boost::math::ibeta(n, law.size, law.q(), Policy()), law.log_mass(n) - std::log1p(-ratio));
}

double log10_at_most(double n, double mean, double size) noexcept {
    n = std::floor(std::min(n, most_count));
    if (!(n >= 0)) n = 0;
    const Law law(mean, size);
    // Below the mean the masses fall towards zero at least as fast as this ratio.
    const double ratio = n > 0 ? std::min(n / ((n - 1 + law.size) * law.q()), 1 - 1e-12) : 0;
    return log10_of(boost::math::ibetac(n + 1, law.size, law.q(), Policy()), law.log_mass(n) - std::log1p(-ratio));
}

}  // namespace vigie::detect
