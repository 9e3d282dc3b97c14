#include "statistics/quantile_likelihood.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "statistics/special_functions.h"

namespace flywheel::statistics {
namespace {

using Steps = std::vector<QuantileSample::Step>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// How many standard errors the order statistics of StandardError lie from the quantile.
constexpr double kOrderStatisticReach = 2.0;

// The least DC + DT of a step of the control's and one of the treatment's that `meet`. The further
// one of them goes, the less far the other has to.
template <typename Meet>
double LeastDeviance(const Steps& control, const Steps& treatment, const Meet& meet) {
  double least = kInfinity;
  size_t other = treatment.size();
  for (const QuantileSample::Step& step : control) {
    if (step.deviance >= least) break;
    while (other > 0 && meet(step.x, treatment[other - 1].x)) --other;
    // Now treatment[other] is the nearest one that meets this step.
    if (other < treatment.size())
      least = std::min(least, step.deviance + treatment[other].deviance);
  }
  return least;
}

// The largest `gain` of a step of either with DC + DT of at most `budget`.
template <typename Gain>
double Furthest(const Steps& control, const Steps& treatment, double budget, const Gain& gain) {
  double furthest = -kInfinity;
  size_t other = treatment.size();
  for (const QuantileSample::Step& step : control) {
    if (step.deviance > budget) break;
    while (other > 0 && step.deviance + treatment[other - 1].deviance > budget) --other;
    if (other == 0) break;
    furthest = std::max(furthest, gain(step.x, treatment[other - 1].x));
  }
  return furthest;
}

double Square(double x) { return x * x; }

// Of two ends that may both be infinite: then nothing is known.
double Difference(double treatment, double control) {
  const double difference = treatment - control;
  return std::isnan(difference) ? treatment : difference;
}

}  // namespace

QuantileSample::QuantileSample(const std::vector<ValueBucket>& buckets, double nu) : nu_(nu) {
  knots_.reserve(buckets.size());
  for (const ValueBucket& bucket : buckets) {
    knots_.push_back({bucket, units_});
    units_ += bucket.count;
  }
  const double wanted = nu_ * units_;
  const auto own = std::find_if(knots_.begin(), knots_.end() - 1,
                                [&](const Knot& knot) { return wanted <= knot.after(); });
  // Through the next bucket, where as many lie below as up to this one.
  upwards_.push_back({own->bucket.upper, 0.0});
  for (auto knot = own; knot != knots_.end(); ++knot) {
    const double next = knot + 1 == knots_.end() ? kInfinity : (knot + 1)->bucket.upper;
    upwards_.push_back({next, Deviance(knot->after())});
  }
  downwards_.push_back({own->bucket.lower, 0.0});
  for (auto knot = own;; --knot) {
    const bool first = knot == knots_.begin();
    downwards_.push_back({first ? -kInfinity : (knot - 1)->bucket.lower, Deviance(knot->before)});
    if (first) break;
  }
}

double QuantileSample::ValueAt(double share) const {
  const double wanted = std::clamp(share, 0.0, 1.0) * units_;
  const auto knot =
      std::lower_bound(knots_.begin(), knots_.end() - 1, wanted,
                       [](const Knot& one, double sought) { return one.after() < sought; });
  const double within = std::clamp((wanted - knot->before) / knot->bucket.count, 0.0, 1.0);
  return knot->bucket.lower + within * (knot->bucket.upper - knot->bucket.lower);
}

double QuantileSample::Deviance(double count) const {
  const double above = std::max(0.0, units_ - count);
  return 2 * (DevianceTerm(count, units_ * nu_) + DevianceTerm(above, units_ * (1 - nu_)));
}

double QuantileSample::StandardError() const {
  const double away = kOrderStatisticReach * std::sqrt(nu_ * (1 - nu_) / units_);
  return (ValueAt(nu_ + away) - ValueAt(nu_ - away)) / (2 * kOrderStatisticReach);
}

double QuantilePair::StandardError() const {
  return std::hypot(control_.StandardError(), treatment_.StandardError());
}

double QuantilePair::ZOfDifference(double difference) const {
  const bool treatment_above = treatment_.estimate() >= control_.estimate() + difference;
  if (treatment_above) {
    return std::sqrt(LeastDeviance(
        control_.upwards(), treatment_.downwards(),
        [&](double control, double treatment) { return control + difference >= treatment; }));
  }
  return -std::sqrt(LeastDeviance(
      control_.downwards(), treatment_.upwards(),
      [&](double control, double treatment) { return control + difference <= treatment; }));
}

double QuantilePair::ZOfRatio(double ratio) const {
  if (!(control_.estimate() > 0 && ratio >= 0)) return 0;
  // 0 times a control without bounds says nothing.
  const auto of_control = [&](double control) { return ratio == 0 ? 0 : ratio * control; };
  const bool treatment_above = treatment_.estimate() >= of_control(control_.estimate());
  if (treatment_above) {
    return std::sqrt(LeastDeviance(
        control_.upwards(), treatment_.downwards(),
        [&](double control, double treatment) { return of_control(control) >= treatment; }));
  }
  // A control's quantile of 0 or below has no ratio: there the hypothesis is "both are 0".
  return -std::sqrt(LeastDeviance(control_.downwards(), treatment_.upwards(),
                                  [&](double control, double treatment) {
                                    return of_control(std::max(0.0, control)) <= treatment;
                                  }));
}

Interval QuantilePair::DifferenceWithin(double below, double above) const {
  const auto difference = [](double control, double treatment) {
    return Difference(treatment, control);
  };
  const auto turned = [](double control, double treatment) {
    return -Difference(treatment, control);
  };
  return {-Furthest(control_.upwards(), treatment_.downwards(), Square(below), turned),
          Furthest(control_.downwards(), treatment_.upwards(), Square(above), difference)};
}

Interval QuantilePair::RatioWithin(double below, double above) const {
  const auto ratio = [](double control, double treatment) {
    if (!(control > 0)) return kInfinity;
    return std::isinf(treatment) ? kInfinity : std::max(0.0, treatment / control);
  };
  const auto turned = [](double control, double treatment) {
    if (std::isinf(control)) return -0.0;
    return -std::max(0.0, treatment / control);
  };
  return {-Furthest(control_.upwards(), treatment_.downwards(), Square(below), turned),
          Furthest(control_.downwards(), treatment_.upwards(), Square(above), ratio)};
}

}  // namespace flywheel::statistics
