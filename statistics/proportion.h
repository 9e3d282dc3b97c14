// Clopper-Pearson bounds of a proportion, and the sample size that decides about a floor.
#ifndef FLYWHEEL_STATISTICS_PROPORTION_H_
#define FLYWHEEL_STATISTICS_PROPORTION_H_

#include <cstdint>

#include "absl/status/statusor.h"

namespace flywheel::statistics {

// Successes among independent trials. The bounds below refuse with kTooFewUnits when trials is 0
// and with kArgumentOutOfRange unless 0 <= successes <= trials and 0 < alpha < 1.
struct Proportion {
  std::int64_t successes = 0;
  std::int64_t trials = 0;

  // NaN when trials is 0.
  double rate() const { return static_cast<double>(successes) / static_cast<double>(trials); }
};

// One-sided exact bounds of coverage at least 1 - alpha, x of n:
//   lower = Beta quantile(alpha; x, n - x + 1), the rate at which P(X >= x) = alpha; 0 for x = 0
//   upper = Beta quantile(1 - alpha; x + 1, n - x), the rate at which P(X <= x) = alpha; 1 for x =
//   n
// Source: Clopper and Pearson 1934. Unlike Wilson's score bound, which is too sure next to 0 and 1
// (a rate of exactly .92 reaches a floor of .92 in 6.9 % of samples of 32 at alpha .05), they never
// exceed alpha, whatever the rate and the number of trials. They refuse with kArgumentOutOfRange
// above 1e15 trials too.
absl::StatusOr<double> ClopperPearsonLowerBound(const Proportion& proportion, double alpha);
absl::StatusOr<double> ClopperPearsonUpperBound(const Proportion& proportion, double alpha);

// The fewest trials that can show a rate of at least `floor` at all, as all of them succeed:
// ceil(ln alpha / ln floor); 36 for .92 at .05. Refuses with kArgumentOutOfRange unless 0 < floor <
// 1 and 0 < alpha < 1, or when the answer exceeds 2^53.
absl::StatusOr<std::int64_t> CasesNeededToReachFloor(double floor, double alpha);

// About how many cases decide about `floor` with probability `power` where the true rate is `rate`:
//   ((z_alpha sqrt(floor (1 - floor)) + z_power sqrt(rate (1 - rate))) / (rate - floor))^2,
// the normal approximation, and for a rate above the floor at least CasesNeededToReachFloor.
// Refuses with kRateAtFloor when they are equal, and with kArgumentOutOfRange unless
// 0 <= rate <= 1, 0 < floor < 1, 0 < alpha < 1/2 and 1/2 <= power < 1, or when the answer exceeds
// 2^53.
absl::StatusOr<std::int64_t> CasesNeededToDecideFloor(double rate, double floor, double alpha,
                                                      double power);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_PROPORTION_H_
