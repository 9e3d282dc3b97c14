// Confidence sequence and always-valid p-value of the normal mixture (mixture SPRT).
#ifndef FLYWHEEL_STATISTICS_SEQUENTIAL_H_
#define FLYWHEEL_STATISTICS_SEQUENTIAL_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "statistics/effect.h"
#include "statistics/interval.h"

namespace flywheel::statistics {

enum class Sides {
  kTwoSided,  // "the effect is not 0": interval with two ends
  kGreater,   // "the effect is above 0": interval with a lower end only
};

// What one look at an experiment says when it may be looked at as often as anybody likes.
struct SequentialLook {
  double p_value = 1.0;
  double log_p_value = 0.0;  // natural logarithm, finite where p_value underflows
  Interval interval;         // coverage 1 - alpha over ALL looks together
};

// The always-valid boundary for an estimate that becomes normal as units arrive: with probability
// 1 - alpha no look, however many there are, excludes the true effect.
//
// With N the units of both arms together and N* the planned number of them:
//
//   rho^2 = (-2 ln a + ln(1 - 2 ln a)) / N*                 a = alpha, or 2 alpha for kGreater
//   kTwoSided: half-width = SE sqrt( (N rho^2+1)/(N rho^2) ln((N rho^2+1)/alpha^2) )
//              p = min(1, 1/E), E = exp( rho^2 N z^2 / (2 (N rho^2+1)) ) / sqrt(N rho^2+1)
//   kGreater:  half-width = SE sqrt( 2 (N rho^2+1)/(N rho^2) ln(1 + sqrt(N rho^2+1)/(2 alpha)) )
//              p = sqrt(N rho^2+1) / (2 expm1( rho^2 N z^2 / (2 (N rho^2+1)) )), z > 0, capped at
//              1
//
// where z = estimate/SE. Source: Waudby-Smith et al., arXiv 2103.06476v7, as in GrowthBook's
// gbstats, frequentist/tests.py; the one-sided p is the inverse of its interval in closed form.
//
// N* only tunes where the interval is narrowest. It must be fixed before the first look and never
// changed, or the guarantee is gone. The guarantee is asymptotic: a caller first asks for enough
// units in each arm, and with rare conversions for enough of them.
//
// Immutable and thread-safe. Example:
//   auto boundary = SequentialBoundary::Create(5000, 0.05, Sides::kTwoSided);
//   state.Observe(boundary->Look(*EstimateEffect(control, treatment, EffectScale::kRelative)));
class SequentialBoundary {
 public:
  // Refuses with kArgumentOutOfRange unless 0 < planned_units < infinity and 0 < alpha < 1 (below
  // 1/2 for kGreater).
  static absl::StatusOr<SequentialBoundary> Create(double planned_units, double alpha, Sides sides);

  double rho_squared() const { return rho_squared_; }

  // Half-width of the interval in standard errors at `units` in all; infinite for none.
  double Multiplier(double units) const;

  // ln p for `z` = estimate/SE at `units` in all; 0 (p = 1) where nothing can be said.
  double LogPValue(double z, double units) const;

  // P-value and interval of an effect. An effect without a positive, finite standard error says
  // nothing: p = 1 and the whole line.
  SequentialLook Look(const Effect& effect) const;

 private:
  SequentialBoundary(double alpha, double rho_squared, Sides sides)
      : alpha_(alpha), rho_squared_(rho_squared), sides_(sides) {}

  double alpha_;
  double rho_squared_;
  Sides sides_;
};

// What all looks so far say together: the smallest p-value and the intersection of the intervals,
// which are as valid as each look and never get worse. A plain value: store the three fields and
// restore them. One state belongs to one boundary and one parameter; a change of arms, weights or
// metric starts a new one.
struct SequentialState {
  std::int64_t looks = 0;
  double min_log_p_value = 0.0;
  Interval interval;

  void Observe(const SequentialLook& look);

  // The always-valid p-value so far; it may be compared with alpha at any time.
  double p_value() const;

  // True once the looks exclude every effect: either the 1-in-alpha event happened or the effect
  // changed while the experiment ran, so that no single number describes it. Do not report
  // `interval` then.
  bool contradictory() const { return interval.IsEmpty(); }
};

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_SEQUENTIAL_H_
