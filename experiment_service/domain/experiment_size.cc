#include "experiment_service/domain/experiment_size.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "experiment_service/domain/decision_boundary.h"
#include "experiment_service/domain/metric_comparison.h"
#include "statistics/binomial_rates.h"
#include "statistics/distributions.h"
#include "statistics/likelihood_ratio.h"

namespace flywheel::experiment {
namespace {

using statistics::BinomialRate;
using statistics::BinomialRates;
using statistics::BinomialSample;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Of the boundary at the plan, which is the same for every plan.
constexpr int64_t kAnyPlan = 10'000;
// Rates of 0 and 1 alone have no noise at all; this is as good as none.
constexpr double kLeastNoise = 1e-6;
// So many halvings leave nothing of an interval.
constexpr int kHalvings = 200;
// So many leave 1e-6 of a size that is only an estimate.
constexpr int kHalvingsOfSize = 24;
// The units of the expected counts: theta^2 is in proportion to them.
constexpr double kExpectedUnits = 1e6;

double Square(double x) { return x * x; }

double NormalCdf(double x) { return statistics::NormalSf(-x); }

// P(Z > x)/exp(-x^2/2) for x >= 0, which does not underflow: Mills' ratio over sqrt(2 pi).
double ScaledSf(double x) {
  if (x < 30) return statistics::NormalSf(x) * std::exp(0.5 * x * x);
  const double r = 1 / (x * x);
  return (1 - r * (1 - 3 * r)) / (x * std::sqrt(2 * std::numbers::pi));
}

// The chance that a Brownian motion with drift `theta` >= 0 and variance noise^2 reaches `boundary`
// by the time 1. The second term is written so that nothing overflows.
double ReachProbability(double theta, double noise, double boundary) {
  const double ahead = (theta - boundary) / noise;
  return NormalCdf(ahead) + std::exp(-0.5 * ahead * ahead) * ScaledSf((theta + boundary) / noise);
}

// The point of [low, high] where `reached` turns true; it is at `high`, and stays so from there on.
template <typename Predicate>
double FirstReached(double low, double high, const Predicate& reached) {
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = low + 0.5 * (high - low);
    (reached(middle) ? high : low) = middle;
  }
  return high;
}

double LogOdds(double success, double failure) { return std::log(success) - std::log(failure); }

// What the chance in one arm's rate adds to theta^2 sigma^2, a unit; 0 where there is none.
double Noise(double rate, const BinomialRate& likeliest) {
  if (rate <= 0 || rate >= 1) return 0;
  return rate * (1 - rate) *
         Square(LogOdds(rate, 1 - rate) - LogOdds(likeliest.success, likeliest.failure));
}

double LeastExpected(const BinomialRate& likeliest) {
  return std::min(likeliest.success, likeliest.failure);
}

int64_t WholeUnits(double units) { return static_cast<int64_t>(std::ceil(units)); }

}  // namespace

ExperimentSize::ExperimentSize(const SizeQuestion& question) : question_(question) {
  const double alpha = question_.alpha / question_.treatments;
  const DecisionBoundary boundary(alpha, kAnyPlan);
  const bool alone = question_.metric.goal == Goal::kNotInferior;
  boundary_ = alone ? boundary.GainAlone(kAnyPlan) : boundary.Gain(kAnyPlan);
  fixed_boundary_ = -statistics::NormalQuantile(alone ? alpha : 0.5 * alpha);
}

double ExperimentSize::LiftSign() const { return question_.metric.gain_sign(); }

// As Contrast has it: a rate so near 1 that no relative lift of the wanted size is left.
bool ExperimentSize::IsOutOfRange() const {
  const Metric& metric = question_.metric;
  return question_.is_rate() && metric.goal == Goal::kSuperior &&
         metric.scale == Scale::kRelative && metric.gain_sign() > 0 &&
         question_.control_mean * (1 + metric.min_lift) > 1;
}

double ExperimentSize::GoalLift() const {
  const Metric& metric = question_.metric;
  if (IsOutOfRange()) {
    return std::min(1.0, metric.min_lift) * (1 - question_.control_mean) / question_.control_mean;
  }
  return LiftSign() * (metric.goal == Goal::kNotInferior ? -metric.margin : metric.min_lift);
}

double ExperimentSize::BestLift() const {
  if (!question_.is_rate()) return LiftSign() * kInfinity;
  const double rate = question_.control_mean;
  const double farthest = LiftSign() > 0 ? 1 - rate : -rate;
  return question_.metric.scale == Scale::kRelative ? farthest / rate : farthest;
}

bool ExperimentSize::IsBeyondGoal(double lift) const {
  return LiftSign() * (lift - GoalLift()) > 0 && LiftSign() * (lift - BestLift()) <= 0;
}

double ExperimentSize::RateAt(double lift) const {
  const double rate = question_.control_mean;
  const double difference = question_.metric.scale == Scale::kRelative ? lift * rate : lift;
  return std::clamp(rate + difference, 0.0, 1.0);
}

double ExperimentSize::DriftOfMeans() const {
  const double share = question_.treatment_share;
  const double variance = Square(*question_.standard_deviation);
  double scale = 1;
  double control_factor = 1;
  if (question_.metric.scale == Scale::kRelative) {
    const double goal = GoalLift();
    scale = std::fabs(question_.control_mean);
    control_factor = 1 + std::copysign(goal, question_.control_mean * goal);
  }
  return scale / std::sqrt(variance / share + Square(control_factor) * variance / (1 - share));
}

ExperimentSize::Signal ExperimentSize::SignalOfRates(double lift) const {
  const double share = question_.treatment_share;
  double control_rate = question_.control_mean;
  double treatment_rate = RateAt(lift);
  double sign = LiftSign();
  const bool out_of_range = IsOutOfRange();
  if (out_of_range) {  // Then the goal is about the zeros, of which there shall be fewer.
    control_rate = 1 - control_rate;
    treatment_rate = 1 - treatment_rate;
    sign = -sign;
  }
  const double control_units = (1 - share) * kExpectedUnits;
  const double treatment_units = share * kExpectedUnits;
  const BinomialSample control{control_rate * control_units, control_units};
  const BinomialSample treatment{treatment_rate * treatment_units, treatment_units};
  const bool relative = question_.metric.scale == Scale::kRelative;
  const double excess = out_of_range ? -std::min(1.0, question_.metric.min_lift) : GoalLift();
  const double z =
      sign * (relative ? statistics::SignedRootOfRatio(control, treatment, 1 + excess)
                       : statistics::SignedRootOfDifference(control, treatment, excess))
                 .value_or(0);
  if (!(z > 0) || !std::isfinite(z)) return Signal();
  const BinomialRates likeliest =
      relative ? statistics::LikeliestAtRatio(control, treatment, 1 + excess, excess)
               : statistics::LikeliestAtDifference(control, treatment, excess);
  const double drift = z / std::sqrt(kExpectedUnits);
  const double variance = share * Noise(treatment_rate, likeliest.treatment) +
                          (1 - share) * Noise(control_rate, likeliest.control);
  return {drift, std::max(kLeastNoise, std::sqrt(variance) / drift),
          std::min(share * LeastExpected(likeliest.treatment),
                   (1 - share) * LeastExpected(likeliest.control))};
}

ExperimentSize::Signal ExperimentSize::SignalAt(double lift) const {
  if (question_.is_rate()) return SignalOfRates(lift);
  return {DriftOfMeans() * LiftSign() * (lift - GoalLift()), 1, kInfinity};
}

double ExperimentSize::Power(double lift, double units) const {
  const Signal signal = SignalAt(lift);
  if (!(signal.drift > 0) || units * signal.least_expected < kMinExpectedCount) return 0;
  return ReachProbability(signal.drift * std::sqrt(units), signal.noise, boundary_);
}

double ExperimentSize::ThetaForPower(double noise) const {
  // What a test with one look at this boundary would need has more power than is wanted.
  const double enough =
      std::max(0.0, boundary_ + noise * statistics::NormalQuantile(question_.power));
  return FirstReached(0, enough, [&](double theta) {
    return ReachProbability(theta, noise, boundary_) >= question_.power;
  });
}

double ExperimentSize::MinUnits() const {
  const AnalysisPlan plan;
  const double smaller_share = std::min(question_.treatment_share, 1 - question_.treatment_share);
  return std::max(static_cast<double>(plan.min_units),
                  static_cast<double>(plan.min_units_per_arm) / smaller_share);
}

std::optional<Size> ExperimentSize::SizeFor(double lift) const {
  const Signal signal = SignalAt(lift);
  if (!(signal.drift > 0)) return std::nullopt;
  const double fixed_theta =
      std::max(0.0, fixed_boundary_ + signal.noise * statistics::NormalQuantile(question_.power));
  const double fixed_units = Square(fixed_theta / signal.drift);
  const double units = std::max({Square(ThetaForPower(signal.noise) / signal.drift),
                                 kMinExpectedCount / signal.least_expected, MinUnits()});
  const auto most = static_cast<double>(kMaxPlannedUnits);
  if (!(units <= most) || !(fixed_units <= most)) return std::nullopt;
  Size size;
  size.planned_units = WholeUnits(units);
  size.fixed_sample_units = WholeUnits(fixed_units);
  size.power = Power(lift, static_cast<double>(size.planned_units));
  return size;
}

std::optional<double> ExperimentSize::UnitsWithoutPlan(double lift) const {
  const Signal signal = SignalAt(lift);
  if (!(signal.drift > 0)) return std::nullopt;
  const DecisionBoundary boundary(question_.alpha / question_.treatments, /*planned_units=*/0);
  const bool alone = question_.metric.goal == Goal::kNotInferior;
  const double ahead = signal.noise * statistics::NormalQuantile(question_.power);
  const auto is_enough = [&](double log_units) {
    const double units = std::exp(log_units);
    const double reach = alone ? boundary.GainAlone(units) : boundary.Gain(units);
    return signal.drift * std::sqrt(units) - reach >= ahead &&
           units * signal.least_expected >= kMinExpectedCount;
  };
  double low = std::log(2.0 * kMinUnitsForHarm);
  double high = std::log(static_cast<double>(kMaxPlannedUnits));
  if (!is_enough(high)) return std::nullopt;
  for (int i = 0; i < kHalvingsOfSize; ++i) {
    const double middle = 0.5 * (low + high);
    (is_enough(middle) ? high : low) = middle;
  }
  return std::exp(high);
}

std::optional<double> ExperimentSize::DetectableLift(double units) const {
  if (units < MinUnits()) return std::nullopt;
  const double goal = GoalLift();
  if (!question_.is_rate()) {
    const double distance = ThetaForPower(1) / (DriftOfMeans() * std::sqrt(units));
    const double lift = goal + LiftSign() * distance;
    return std::isfinite(lift) ? std::optional(lift) : std::nullopt;
  }
  const double best = BestLift();
  if (!std::isfinite(best) || !IsBeyondGoal(best) || Power(best, units) < question_.power)
    return std::nullopt;
  const double whole = std::fabs(best - goal);
  const double distance = FirstReached(0, whole, [&](double gain) {
    return Power(goal + LiftSign() * gain, units) >= question_.power;
  });
  return goal + LiftSign() * distance;
}

}  // namespace flywheel::experiment
