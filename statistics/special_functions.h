// The log-gamma function, the terms of Loader's saddle-point expansion, and the log-sum-exp.
#ifndef FLYWHEEL_STATISTICS_SPECIAL_FUNCTIONS_H_
#define FLYWHEEL_STATISTICS_SPECIAL_FUNCTIONS_H_

#include <span>

// What Boost.Math lacks. All are pure and thread-safe, and return NaN outside their domain.

namespace flywheel::statistics {

// ln Gamma(x), x > 0. Thread-safe, unlike std::lgamma, which writes the global `signgam`.
double LogGamma(double x);

// ln Gamma(x) - [(x - 1/2) ln x - x + ln(2 pi)/2], x > 0: what Stirling's formula leaves out.
// Differences of huge LogGammas lose all digits; differences of these lose none.
double StirlingError(double x);

// x ln(x/mean) + mean - x for x >= 0, mean > 0, without cancellation when x is near `mean`.
// Source: Loader 2000, "Fast and accurate computation of binomial probabilities".
double DevianceTerm(double x, double mean);

// ln of the mean of e^x over `logarithms`, without overflow: of e-values, which are averaged, while
// only their logarithms are in reach of a double. NaN of none.
double LogMeanExp(std::span<const double> logarithms);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_SPECIAL_FUNCTIONS_H_
