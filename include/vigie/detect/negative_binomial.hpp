// The tails of the negative binomial distribution: how improbable a count is when counts vary more than a Poisson law allows.
// Thread-safety: pure functions.
#pragma once

namespace vigie::detect {

/// log10 P(X >= n) for X with this mean and size r (variance mean + mean^2 / r). n: any number, rounded up, at most 1e12; mean > 0; size >
/// 0. 0 for n <= 0. By the regularised incomplete beta function I_q(n, r), q = mean / (mean + r) (Abramowitz and Stegun 26.5.26); below
/// 1e-250 by the first term of the tail and a geometric bound on the rest. Never NaN.
double log10_at_least(double n, double mean, double size) noexcept;
/// log10 P(X <= n), the same way.
double log10_at_most(double n, double mean, double size) noexcept;

}  // namespace vigie::detect
