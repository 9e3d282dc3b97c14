#include "experiment_service/domain/decision_boundary.h"

#include <algorithm>
#include <cmath>

namespace flywheel::experiment {
namespace {

// Of an alpha that there is a plan for.
constexpr double kMixtureShareOfGain = 0.5;
constexpr double kMixtureShareOfHarm = 0.75;
// No part of it is so small that a boundary cannot be made of it.
constexpr double kSmallestAlpha = 1e-12;

}  // namespace

DecisionBoundary::Side::Side(double alpha, int64_t planned_units, double mixture_share)
    // Either side of the mixture has half of what it spends.
    : mixture_alpha_(std::min(0.99, 2 * alpha * (planned_units > 0 ? mixture_share : 1))),
      mixture_(*statistics::MixtureBoundary::Create(mixture_alpha_)) {
  if (planned_units <= 0) return;
  plan_alpha_ = (1 - mixture_share) * alpha;
  plan_ =
      *statistics::OBrienFlemingBoundary::Create(static_cast<double>(planned_units), plan_alpha_);
}

double DecisionBoundary::Side::Multiplier(double units) const {
  const double mixture = mixture_.Multiplier(units);
  return plan_ ? std::min(mixture, plan_->Multiplier(units)) : mixture;
}

double DecisionBoundary::Side::LogPartOfAlpha(double z, double units) const {
  const double mixture = mixture_.LogPValue(z, units) - std::log(mixture_alpha_);
  return plan_ ? std::min(mixture, plan_->LogPValue(z, units) - std::log(plan_alpha_)) : mixture;
}

DecisionBoundary::DecisionBoundary(double alpha, int64_t planned_units)
    : alpha_(std::max(alpha, kSmallestAlpha)),
      harm_(0.5 * alpha_, planned_units, kMixtureShareOfHarm),
      gain_(0.5 * alpha_, planned_units, kMixtureShareOfGain),
      alone_(alpha_, planned_units, kMixtureShareOfGain) {}

DecisionBoundary DecisionBoundary::WithoutPlan() const {
  DecisionBoundary boundary = *this;
  for (Side* side : {&boundary.harm_, &boundary.gain_, &boundary.alone_}) side->ForgetPlan();
  return boundary;
}

double DecisionBoundary::LogPValue(double z, double units) const {
  const Side& side = z > 0 ? gain_ : harm_;
  return std::min(0.0, std::log(alpha_) + side.LogPartOfAlpha(std::fabs(z), units));
}

}  // namespace flywheel::experiment
