// Tests for sample ratio mismatch: chi-square, and a multinomial e-value.
#ifndef FLYWHEEL_STATISTICS_SAMPLE_RATIO_H_
#define FLYWHEEL_STATISTICS_SAMPLE_RATIO_H_

#include <array>
#include <cstdint>
#include <span>

#include "absl/status/statusor.h"

namespace flywheel::statistics {

// Did assignment really split the units as configured? A sample ratio mismatch (SRM) means that
// units got lost or were counted twice, and that no effect of the experiment can be trusted.
//
// All functions take one count and one weight per arm. Weights need not sum to 1. Arms of weight 0
// are left out, with their counts. All refuse with kSizeMismatch when the spans differ in length,
// kTooFewArms when fewer than two arms have a positive weight, and kArgumentOutOfRange for a
// negative count or a weight that is negative, not finite, or so small beside the others that its
// share is 0 as a double.

// Of SampleRatioMixtureLogEValue: 30 (1e5/30)^(k/7) for k = 0..7, to four digits. A large
// concentration tests for small deviations, a small one for large.
inline constexpr std::array<double, 8> kSampleRatioConcentrations = {
    30.0, 95.59, 304.6, 970.3, 3092.0, 9851.0, 31390.0, 100000.0};

struct SampleRatioTestResult {
  double chi_square = 0.0;
  double degrees_of_freedom = 0.0;  // arms with a positive weight, less one
  double p_value = 1.0;
  double smallest_expected = 0.0;  // in any arm; below 8 the approximation is not to be relied on
};

// Pearson's chi-square test, sum of (observed - expected)^2 / expected. For ONE look: repeated at
// .05 it raises a false alarm in 42 % of sound experiments; use SampleRatioMixtureLogEValue for
// those.
// Also refuses with kTooFewUnits when no unit is counted.
absl::StatusOr<SampleRatioTestResult> SampleRatioTest(std::span<const std::int64_t> counts,
                                                      std::span<const double> weights);

// ln E of the multinomial e-process with a Dirichlet(c theta) mixture, theta the normalised
// weights, c = `concentration` > 0, X the counts and S their sum:
//
//   ln E = lnG(c) - lnG(c+S) + sum[ lnG(c theta_i + X_i) - lnG(c theta_i) ] - sum X_i ln theta_i
//
// (lnG is the log-gamma function; it is evaluated in a rearranged form that keeps its digits at
// any count). If each counted unit fell into arm i with probability theta_i, E exceeds 1/alpha at
// any time with probability at most alpha (Ville), with no approximation at any n.
// Source: Lindon and Malek 2022 (arXiv 2011.03567), as in the package ssrm.
absl::StatusOr<double> MultinomialLogEValue(std::span<const std::int64_t> counts,
                                            std::span<const double> weights, double concentration);

// The always-valid SRM check, for losses of any size: ln of the mean of the e-values of the
// assigned units at kSampleRatioConcentrations, which is an e-value too, so that nothing has to be
// tuned. At 50/50 and .05 it finds the loss of a tenth of one arm after 3,300 units (median) and
// that of three tenths after 340, a concentration of 10,000 alone after 5,700 and 1,500; of sound
// splits it stops 3.4 to 3.8 % at .05, and .7 % at .01.
absl::StatusOr<double> SampleRatioMixtureLogEValue(std::span<const std::int64_t> counts,
                                                   std::span<const double> weights);

// min(1, 1/E). Its minimum over time is an always-valid p-value.
double PValueOfLogEValue(double log_e_value);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_SAMPLE_RATIO_H_
