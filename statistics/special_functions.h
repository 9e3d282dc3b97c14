// Special functions under the distributions.
#ifndef FLYWHEEL_STATISTICS_SPECIAL_FUNCTIONS_H_
#define FLYWHEEL_STATISTICS_SPECIAL_FUNCTIONS_H_

// The special functions under the distributions. All are pure and thread-safe, return NaN outside
// their domain, and give logarithms where the plain value would underflow.

namespace flywheel::statistics {

// ln Gamma(x), x > 0. Thread-safe, unlike std::lgamma, which writes the global `signgam`.
double LogGamma(double x);

// ln Gamma(x) - [(x - 1/2) ln x - x + ln(2 pi)/2], x > 0: what Stirling's formula leaves out.
// Differences of huge LogGammas lose all digits; differences of these lose none.
double StirlingError(double x);

// x ln(x/mean) + mean - x for x >= 0, mean > 0, without cancellation when x is near `mean`.
// Source: Loader 2000, "Fast and accurate computation of binomial probabilities".
double DevianceTerm(double x, double mean);

// ln I_x(a, b), the log of the regularised incomplete beta function, for a, b > 0 and
// 0 <= x <= 1. `y` is 1 - x, passed so that a caller who knows it exactly loses no digits.
// Continued fraction of DiDonato and Morris with Loader's prefactor; the relative error of I_x is
// about 1e-13 while the result is above 1e-100, and the log keeps 14 digits below.
double LogIncompleteBeta(double a, double b, double x, double y);

// ln Q(a, x), the log of the regularised upper incomplete gamma function, for a > 0, x >= 0.
// Series below a + 1, Lentz's continued fraction above; accuracy as of LogIncompleteBeta.
double LogUpperIncompleteGamma(double a, double x);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_SPECIAL_FUNCTIONS_H_
