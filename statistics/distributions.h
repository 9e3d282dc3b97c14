// Distribution functions and quantiles: normal, Student's t, chi-square, binomial, beta.
#ifndef FLYWHEEL_STATISTICS_DISTRIBUTIONS_H_
#define FLYWHEEL_STATISTICS_DISTRIBUTIONS_H_

#include <cstdint>

// Sf ("survival function") is P(X > x), Cdf P(X <= x). Each tail is computed directly, because
// 1 - Cdf is exactly 0 long before a p-value is. Computed by Boost.Math, whose headers stay in
// distributions.cc.
//
// Relative errors, found against 60-digit arithmetic: below 1e-12 for every probability down to
// 1e-280 and up to a million trials or a billion degrees of freedom; of a quantile next to p = 1/2,
// where it is 0, that is the absolute error.
//
// All are pure and thread-safe, throw nothing, and return NaN outside the stated domain.

namespace flywheel::statistics {

// Standard normal.
double NormalSf(double z);
// The z with P(Z <= z) = p; p in [0, 1], the ends give infinities.
double NormalQuantile(double p);

// Student's t with 0.001 <= `degrees_of_freedom` <= 1e15, which need not be whole.
double StudentTSf(double t, double degrees_of_freedom);
// The t with P(T <= t) = p; p in [0, 1], the ends give infinities.
double StudentTQuantile(double p, double degrees_of_freedom);

// Chi-square with 0.001 <= `degrees_of_freedom` <= 1e15; `x` >= 0.
double ChiSquareSf(double x, double degrees_of_freedom);

// Binomial tails of `trials` >= 0 draws with probability 0 <= p <= 1 of success.
// P(X <= successes): 0 below zero, 1 from `trials` on.
double BinomialCdf(std::int64_t successes, std::int64_t trials, double p);
// P(X >= successes). Note that the bound itself counts, unlike in the Sf functions.
double BinomialUpperTail(std::int64_t successes, std::int64_t trials, double p);

// Beta with 0 < a, b <= 1e15: the x with P(X <= x) = p; p in [0, 1], the ends give 0 and 1.
double BetaQuantile(double p, double a, double b);
// P(X <= x) of it, 0 <= x <= 1: with a = k and b = n - k + 1 the binomial tail P(X >= k) of n
// trials at a probability of x, for k and n that need not be whole.
double BetaCdf(double x, double a, double b);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_DISTRIBUTIONS_H_
