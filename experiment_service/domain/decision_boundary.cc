#include "experiment_service/domain/decision_boundary.h"

#include <algorithm>
#include <cmath>

namespace flywheel::experiment {
namespace {

// Of alpha: what the mixture has of a gain's half where there is a plan.
constexpr double kMixtureShare = 0.5;

std::optional<statistics::OBrienFlemingBoundary> PlanOf(int64_t planned_units, double alpha) {
  if (planned_units == 0) return std::nullopt;
  const auto plan =
      statistics::OBrienFlemingBoundary::Create(static_cast<double>(planned_units), alpha);
  return plan.ok() ? std::optional(*plan) : std::nullopt;
}

// Two-sided: half of `alpha` lies on either side.
statistics::MixtureBoundary MixtureAt(double alpha) {
  return *statistics::MixtureBoundary::Create(alpha);
}

}  // namespace

DecisionBoundary::DecisionBoundary(double alpha, int64_t planned_units)
    : harm_(MixtureAt(alpha)),
      gain_(MixtureAt(planned_units > 0 ? kMixtureShare * alpha : alpha)),
      gain_plan_(PlanOf(planned_units, 0.5 * (1 - kMixtureShare) * alpha)),
      alone_(MixtureAt(planned_units > 0 ? alpha : std::min(2 * alpha, 0.5))),
      alone_plan_(PlanOf(planned_units, (1 - kMixtureShare) * alpha)) {}

double DecisionBoundary::Earlier(const Mixture& mixture, const Plan& plan, double units) {
  const double multiplier = mixture.Multiplier(units);
  return plan ? std::min(multiplier, plan->Multiplier(units)) : multiplier;
}

double DecisionBoundary::LogPValue(double z, double units) const {
  if (!(z > 0)) return harm_.LogPValue(z, units);
  if (!gain_plan_) return gain_.LogPValue(z, units);
  // Each part reaches its share of alpha where the whole reaches alpha.
  return std::min({0.0, gain_.LogPValue(z, units) - std::log(kMixtureShare),
                   gain_plan_->LogPValue(z, units) - std::log(0.5 * (1 - kMixtureShare))});
}

}  // namespace flywheel::experiment
