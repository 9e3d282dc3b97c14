// O'Brien-Fleming boundary, one-sided and continuous (group-sequential design without a grid).
#ifndef FLYWHEEL_STATISTICS_OBRIEN_FLEMING_H_
#define FLYWHEEL_STATISTICS_OBRIEN_FLEMING_H_

#include "absl/status/statusor.h"

namespace flywheel::statistics {

// The boundary for whoever has a plan and keeps it: one side of a test that may be looked at as
// often as anybody likes until the planned number of units is reached. With N the units of both
// arms together and t = N/N_plan:
//
//   reject at z >= b / sqrt(t), t <= 1, where 2 (1 - Phi(b)) = alpha
//
// z sqrt(t) is asymptotically a Brownian motion W(t), and by the reflection principle
// P(max over t <= 1 of W >= b) = 2 P(W(1) >= b) = alpha. A test with two sides, each with half of
// alpha', thus has 4 (1 - Phi(b)) = alpha'. At the plan the multiplier is b, hardly above that of a
// fixed test (1.96 against 1.64 at .05), so that little power is lost; long before it the boundary
// is so far away that only the plan matters. Source: O'Brien and Fleming 1979, in the limit of
// looks after every unit.
//
// The plan must be fixed before the first look, and the share of each arm must stay what it is, or
// t is not the information's share. The guarantee is asymptotic, as that of mixture_boundary.h.
//
// Immutable and thread-safe. Example, a gain at .025 until the plan:
//   auto boundary = OBrienFlemingBoundary::Create(20000, 0.025);
//   bool gain = z >= boundary->Multiplier(units);
class OBrienFlemingBoundary {
 public:
  // `alpha` is that of this one side. Refuses with kArgumentOutOfRange unless
  // 0 < planned_units < infinity and 0 < alpha < 1.
  static absl::StatusOr<OBrienFlemingBoundary> Create(double planned_units, double alpha);

  // The z to reject at, at `units` in all: b/sqrt(t) for 0 < units <= planned_units. Infinite
  // without units, and beyond the plan: there all of alpha has been spent, and whatever were
  // rejected after it would come on top.
  double Multiplier(double units) const;

  // ln p for `z` at `units` in all, where p is the alpha at which this look would just reject:
  // 2 (1 - Phi(z sqrt(t))); finite where p underflows. 0 (p = 1) for z <= 0, for a NaN, and
  // where the multiplier is infinite.
  double LogPValue(double z, double units) const;

 private:
  OBrienFlemingBoundary(double planned_units, double multiplier_at_plan)
      : planned_units_(planned_units), multiplier_at_plan_(multiplier_at_plan) {}

  // The share of the plan that is reached, in (0, 1], or 0 where nothing can be rejected.
  double Progress(double units) const;

  double planned_units_;
  double multiplier_at_plan_;  // b
};

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_OBRIEN_FLEMING_H_
