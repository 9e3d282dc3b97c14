// Distribution functions and quantiles: normal, Student's t, chi-square, binomial.
#ifndef FLYWHEEL_STATISTICS_DISTRIBUTIONS_H_
#define FLYWHEEL_STATISTICS_DISTRIBUTIONS_H_

#include <cstdint>

// Distribution functions. Cdf is P(X <= x), Sf ("survival function") is P(X > x) computed
// directly, because 1 - Cdf is exactly 0 long before a p-value is; LogSf is its natural logarithm,
// which stays finite where Sf underflows (below about 1e-308). Relative errors are 1e-12 or less,
// of a LogSf 1e-14; of a quantile next to p = 1/2, where it is 0, that is the absolute error.
// All are pure and thread-safe, and return NaN outside the stated domain.

namespace flywheel::statistics {

// Standard normal.
double NormalCdf(double z);
double NormalSf(double z);
double NormalLogSf(double z);
// The z with NormalCdf(z) = p; p in [0, 1], the ends give infinities.
// Source: Wichura 1988, algorithm AS 241 (PPND16), relative error about 1e-16.
double NormalQuantile(double p);

// Student's t with `degrees_of_freedom` > 0, which need not be whole.
double StudentTCdf(double t, double degrees_of_freedom);
double StudentTSf(double t, double degrees_of_freedom);
double StudentTLogSf(double t, double degrees_of_freedom);
// The t with StudentTCdf(t) = p; p in [0, 1], the ends give infinities.
double StudentTQuantile(double p, double degrees_of_freedom);

// Chi-square with `degrees_of_freedom` > 0; `x` >= 0.
double ChiSquareSf(double x, double degrees_of_freedom);
double ChiSquareLogSf(double x, double degrees_of_freedom);

// Binomial tails of `trials` >= 0 draws with probability 0 <= p <= 1 of success.
// P(X <= successes): 0 below zero, 1 from `trials` on.
double BinomialCdf(std::int64_t successes, std::int64_t trials, double p);
// P(X >= successes). Note that the bound itself counts, unlike in the Sf functions.
double BinomialUpperTail(std::int64_t successes, std::int64_t trials, double p);
// P(X = successes).
double BinomialProbability(std::int64_t successes, std::int64_t trials, double p);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_DISTRIBUTIONS_H_
