// Always-valid boundary of a mixture over plans (mean of normal-mixture e-values).
#ifndef FLYWHEEL_STATISTICS_MIXTURE_BOUNDARY_H_
#define FLYWHEEL_STATISTICS_MIXTURE_BOUNDARY_H_

#include <array>
#include <cstddef>

#include "absl/status/statusor.h"

namespace flywheel::statistics {

// The always-valid boundary for whoever has no plan: it is near its narrowest from a hundred units
// to a million. With N the units of both arms together, E the mean over N* = 1e2, 1e3, 1e4, 1e5 and
// 1e6 of the two-sided e-values of the normal mixture that is tuned for so many units:
//
//   rho^2 = (-2 ln alpha + ln(1 - 2 ln alpha)) / N*
//   E     = mean of exp( rho^2 N z^2 / (2 (N rho^2+1)) ) / sqrt(N rho^2+1)
//
// where z = estimate/SE, or the signed root of a likelihood ratio (likelihood_ratio.h). Each
// e-value has a mean of at most 1 whenever one stops, so their mean has too: E exceeds 1/alpha at
// any look, however many there are, with probability at most alpha (Ville). A version that falls
// from 90 % to 0 costs 10 units of its arm at 50/50, where N* = 5,000 alone costs 32; the price is
// about a fifth more units where an effect is small. Source: Waudby-Smith et al., arXiv
// 2103.06476v7, as in GrowthBook's gbstats, for one N*; the grid of N* is ours, alpha only tunes
// it.
//
// It is two-sided: a caller who rejects on one side alone may still do so at alpha. The guarantee
// is asymptotic: a caller first asks for enough units in each arm, and with rare events for enough
// of them.
//
// Immutable and thread-safe; half a microsecond for a multiplier. Example:
//   auto boundary = MixtureBoundary::Create(0.05);
//   bool harm = z <= -boundary->Multiplier(units);
class MixtureBoundary {
 public:
  static constexpr std::array<double, 5> kPlans = {1e2, 1e3, 1e4, 1e5, 1e6};

  // Refuses with kArgumentOutOfRange unless 0 < alpha < 1.
  static absl::StatusOr<MixtureBoundary> Create(double alpha);

  // ln E for `z` at `units` in all; infinite for an infinite z, and 0 (E = 1: nothing has been
  // bet) for a NaN and unless 0 < units < infinity.
  double LogEValue(double z, double units) const;

  // ln of the always-valid p-value, min(0, -ln E).
  double LogPValue(double z, double units) const;

  // The |z| at which E = 1/alpha at `units` in all, to a relative 1e-12: the half-width of the
  // interval in standard errors. Infinite unless 0 < units < infinity.
  double Multiplier(double units) const;

 private:
  // ln of each e-value is `offset` + `slope` z^2/2.
  struct Lines {
    std::array<double, kPlans.size()> offset;
    std::array<double, kPlans.size()> slope;
  };

  explicit MixtureBoundary(double alpha);

  Lines LinesAt(double units) const;

  double log_threshold_;  // ln(1/alpha)
  std::array<double, kPlans.size()> rho_squared_;
};

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_MIXTURE_BOUNDARY_H_
