// Decision boundary: how far from a hypothesis the data must be to call it a gain or a harm.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DECISION_BOUNDARY_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DECISION_BOUNDARY_H_

#include <cstdint>
#include <optional>

#include "statistics/mixture_boundary.h"
#include "statistics/obrien_fleming.h"

namespace flywheel::experiment {

// The boundaries of one metric of one treatment, at an error `alpha` for all looks together and
// both sides, in standard errors, for so many units of both arms.
//
// Harm needs no plan: |z| of the mixture over plans at alpha (statistics/mixture_boundary.h), of
// which half an alpha lies on the side of harm. A gain spends the other half in two parts,
// whichever is reached first: O'Brien and Fleming's boundary up to the planned units, which hardly
// costs power there, and the mixture for ever. Without a plan the mixture has both parts. One
// question alone, "is it not worse by the margin", spends all of alpha on its one side in the same
// way.
//
// Immutable, so thread-safe.
class DecisionBoundary {
 public:
  // REQUIRES: 0 < alpha < 1; planned_units >= 0, 0 for no plan.
  DecisionBoundary(double alpha, int64_t planned_units);

  // z <= -Harm(units) is harm.
  double Harm(double units) const { return harm_.Multiplier(units); }
  // z >= Gain(units) is a gain,
  double Gain(double units) const { return Earlier(gain_, gain_plan_, units); }
  // and z >= GainAlone(units) is one where the other side is not asked.
  double GainAlone(double units) const { return Earlier(alone_, alone_plan_, units); }

  // ln of the p-value of "no difference": at most ln(alpha) exactly where z is beyond Harm or Gain.
  double LogPValue(double z, double units) const;

 private:
  using Mixture = statistics::MixtureBoundary;
  using Plan = std::optional<statistics::OBrienFlemingBoundary>;

  static double Earlier(const Mixture& mixture, const Plan& plan, double units);

  Mixture harm_;
  Mixture gain_;
  Plan gain_plan_;
  Mixture alone_;
  Plan alone_plan_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DECISION_BOUNDARY_H_
