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
// Each side spends half an alpha, in two parts, whichever is reached first: O'Brien and Fleming's
// boundary up to the planned units (statistics/obrien_fleming.h), which hardly costs power there,
// and a mixture over plans for ever (statistics/mixture_boundary.h). Of a gain's half either part
// has a half. Of harm's the mixture has three quarters, because it finds great harm after a few
// units; the last quarter is for harm that is rare, such as half of a rate of 2 % in a canary of 1
// %, which the mixture alone finds after 1.25 sizes of a fixed test, and both after .95 (median).
// Without a plan the mixture has all. One question alone, "is it not worse by the margin", spends
// all of alpha on its one side, as a gain does its half.
//
// Immutable, so thread-safe.
class DecisionBoundary {
 public:
  // REQUIRES: alpha < 1; planned_units >= 0, 0 for no plan. An alpha below 1e-12 counts as that.
  DecisionBoundary(double alpha, int64_t planned_units);

  // The same without the part for the plan, whose alpha is then not spent: for units whose values
  // go on changing while their number stands still, which would be looks that the plan knows
  // nothing of.
  DecisionBoundary WithoutPlan() const;

  // z <= -Harm(units) is harm.
  double Harm(double units) const { return harm_.Multiplier(units); }
  // z >= Gain(units) is a gain,
  double Gain(double units) const { return gain_.Multiplier(units); }
  // and z >= GainAlone(units) is one where the other side is not asked.
  double GainAlone(double units) const { return alone_.Multiplier(units); }

  // ln of the p-value of "no difference": at most ln(alpha) exactly where z is beyond Harm or Gain.
  double LogPValue(double z, double units) const;

 private:
  class Side {
   public:
    // `alpha` of this one side, of which the mixture has a part where there is a plan.
    Side(double alpha, int64_t planned_units, double mixture_share);

    void ForgetPlan() { plan_.reset(); }

    double Multiplier(double units) const;
    // ln of the part of `alpha` at which this look would just reject z >= 0; not above 0 there.
    double LogPartOfAlpha(double z, double units) const;

   private:
    double mixture_alpha_;  // Of both sides.
    statistics::MixtureBoundary mixture_;
    double plan_alpha_ = 0;
    std::optional<statistics::OBrienFlemingBoundary> plan_;
  };

  double alpha_;
  Side harm_;
  Side gain_;
  Side alone_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_DECISION_BOUNDARY_H_
