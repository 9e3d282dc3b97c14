#include "experiment_service/domain/relative_lift.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace flywheel::experiment {
namespace {

using statistics::Interval;
using statistics::Moments;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double Square(double x) { return x * x; }

double Count(const Moments& moments) { return static_cast<double>(moments.count()); }

// Rates under pT = ratio * pC, given what was seen: the root in [0, min(1, 1/ratio)] of
//   N ratio p^2 - (nT ratio + xT + nC + xC ratio) p + xT + xC = 0.
double LikeliestControlRate(const Moments& control, const Moments& treatment, double ratio) {
  const double control_ones = control.mean() * Count(control);
  const double treatment_ones = treatment.mean() * Count(treatment);
  const double a = (Count(control) + Count(treatment)) * ratio;
  const double b = (Count(treatment) + control_ones) * ratio + treatment_ones + Count(control);
  const double c = control_ones + treatment_ones;
  const double root = std::sqrt(std::fmax(0, b * b - 4 * a * c));
  return std::min({2 * c / (b + root), 1.0, 1 / ratio});
}

}  // namespace

RelativeLift::RelativeLift(const OutcomeCounts& control, const OutcomeCounts& treatment,
                           const MeanDifference& difference)
    : difference_(difference),
      binary_(control.binary() && treatment.binary()),
      control_(binary_ ? control.moments() : difference.control()),
      treatment_(binary_ ? treatment.moments() : difference.treatment()) {}

std::optional<RelativeLift> RelativeLift::Estimate(const OutcomeCounts& control,
                                                   const OutcomeCounts& treatment) {
  const auto difference = MeanDifference::Estimate(control.moments(), treatment.moments());
  if (!difference) return std::nullopt;
  const RelativeLift lift(control, treatment, *difference);
  if (lift.control_.mean() == 0 || !std::isfinite(lift.relative())) return std::nullopt;
  // Two arms of which one holds only ones and the other only zeros vary after all.
  const bool apart = lift.binary_ && lift.control_.mean() != lift.treatment_.mean();
  if (!difference->varies() && !apart) return std::nullopt;
  return lift;
}

double RelativeLift::relative() const { return absolute() / std::fabs(control_.mean()); }

double RelativeLift::units() const { return Count(control_) + Count(treatment_); }

double RelativeLift::SmallestExpectedCount() const {
  const double ones = control_.mean() * Count(control_) + treatment_.mean() * Count(treatment_);
  const double rate = ones / units();
  return std::min(rate, 1 - rate) * std::min(Count(control_), Count(treatment_));
}

double RelativeLift::ZOfNoLift() const { return binary_ ? ScoreZ(1) : difference_.Z(); }

Interval RelativeLift::Within(double multiplier) const {
  const Interval ratios = binary_ ? ScoreRatios(multiplier) : FiellerRatios(multiplier);
  // The ratio 1 + lift belongs to a positive control mean; a negative one turns the line round.
  if (control_.mean() > 0) return {ratios.lower - 1, ratios.upper - 1};
  return {1 - ratios.upper, 1 - ratios.lower};
}

double RelativeLift::ScoreZ(double ratio) const {
  const double control_rate = LikeliestControlRate(control_, treatment_, ratio);
  const double treatment_rate = std::min(1.0, ratio * control_rate);
  const double variance = treatment_rate * (1 - treatment_rate) / Count(treatment_) +
                          Square(ratio) * control_rate * (1 - control_rate) / Count(control_);
  const double distance = treatment_.mean() - ratio * control_.mean();
  if (distance == 0) return 0;
  return variance > 0 ? distance / std::sqrt(variance) : std::copysign(kInfinity, distance);
}

double RelativeLift::RatioAtScore(double z, bool upwards) const {
  // On a logarithmic line, from the estimate outwards until it is passed, then by halves.
  const double estimate = std::max(treatment_.mean() / control_.mean(), 1e-12);
  double inside = std::log(estimate);
  double step = upwards ? 0.01 : -0.01;
  double outside = inside + step;
  const auto passed = [&](double log_ratio) {
    const double score = ScoreZ(std::exp(log_ratio));
    return upwards ? score < z : score > z;
  };
  while (!passed(outside)) {
    if (std::fabs(outside) > 600) return upwards ? kInfinity : 0;
    inside = outside;
    step *= 2;
    outside += step;
  }
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (inside + outside);
    (passed(middle) ? outside : inside) = middle;
  }
  return std::exp(outside);
}

Interval RelativeLift::ScoreRatios(double multiplier) const {
  if (!std::isfinite(multiplier)) return {0, kInfinity};
  const double lower = treatment_.mean() == 0 ? 0 : RatioAtScore(multiplier, /*upwards=*/false);
  return {lower, RatioAtScore(-multiplier, /*upwards=*/true)};
}

Interval RelativeLift::FiellerRatios(double multiplier) const {
  const double t = difference_.StudentMultiplier(multiplier);
  const double control_variance = control_.variance_of_mean();
  const double treatment_variance = treatment_.variance_of_mean();
  const double g = Square(t / control_.mean()) * control_variance;
  if (!(g < 1)) return Interval();
  const double ratio = treatment_.mean() / control_.mean();
  const double half_width =
      std::fabs(t / control_.mean()) *
      std::sqrt(Square(ratio) * control_variance + (1 - g) * treatment_variance);
  return {(ratio - half_width) / (1 - g), (ratio + half_width) / (1 - g)};
}

}  // namespace flywheel::experiment
