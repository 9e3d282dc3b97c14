// Signed root of the likelihood ratio of two binomial samples, and the intervals that it gives.
#ifndef FLYWHEEL_STATISTICS_LIKELIHOOD_RATIO_H_
#define FLYWHEEL_STATISTICS_LIKELIHOOD_RATIO_H_

#include "absl/status/statusor.h"
#include "statistics/binomial_rates.h"
#include "statistics/interval.h"

namespace flywheel::statistics {

// The evidence of two arms about their rates pT and pC, whatever the split and however rare the
// outcome. With l(pT, pC) = xT ln pT + (nT-xT) ln(1-pT) + xC ln pC + (nC-xC) ln(1-pC), 0 ln 0 = 0:
//
//   z = sign * sqrt( 2 (max of l - max of l under the hypothesis) )
//
// where the sign says whether treatment is above (+) or below (-) what the hypothesis makes of
// control. z is asymptotically standard normal under the hypothesis, so it is for
// mixture_boundary.h or obrien_fleming.h to judge; it falls as the ratio or the difference of the
// hypothesis grows. Source: Wilks 1938; at splits of 99/1, where the score test
// errs on one side and Wald's on both, its errors are balanced. Ask SmallestExpected... for at
// least 1 before you rely on the approximation. For ONE look at tiny arms prefer a score interval:
// at 9,900/100 units and a rate of .02 this one covers 88.5 % instead of 95.
//
// All of this file are pure and thread-safe, and refuse with kArgumentOutOfRange unless the samples
// are in range, 0 <= ratio <= infinity, -1 <= difference <= 1, and the multipliers are above 0.

// z under pT = ratio * pC. At a ratio of 1 it tests whether there is any difference. Infinite where
// the hypothesis is impossible: +infinity at a ratio of 0 if treatment has a success, -infinity at
// an infinite ratio if control has one.
absl::StatusOr<double> SignedRootOfRatio(const BinomialSample& control,
                                         const BinomialSample& treatment, double ratio);

// z under pT = pC + difference. Infinite at 1 and -1, unless that is what was seen.
absl::StatusOr<double> SignedRootOfDifference(const BinomialSample& control,
                                              const BinomialSample& treatment, double difference);

// The ratios pT/pC that are not rejected, { r : -upper_multiplier <= z(r) <= lower_multiplier }, in
// [0, infinity]: z at the lower end is `lower_multiplier`, at the upper end -`upper_multiplier`.
// The ends are right to a relative 1e-12, for half a microsecond each. An infinite multiplier
// leaves its end open (0 or infinity), as do no successes of treatment below, of control above, and
// an end that no double can hold.
absl::StatusOr<Interval> RatioWithin(const BinomialSample& control, const BinomialSample& treatment,
                                     double lower_multiplier, double upper_multiplier);

// The same for differences pT - pC, in [-1, 1]; the ends are right to 1e-12 of the interval's
// width.
absl::StatusOr<Interval> DifferenceWithin(const BinomialSample& control,
                                          const BinomialSample& treatment, double lower_multiplier,
                                          double upper_multiplier);

// The least number of successes or failures that is expected in either arm, at the likeliest rates
// under the hypothesis.
absl::StatusOr<double> SmallestExpectedAtRatio(const BinomialSample& control,
                                               const BinomialSample& treatment, double ratio);
absl::StatusOr<double> SmallestExpectedAtDifference(const BinomialSample& control,
                                                    const BinomialSample& treatment,
                                                    double difference);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_LIKELIHOOD_RATIO_H_
