#include "experiment_service/domain/contrast.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "statistics/distributions.h"

namespace flywheel::experiment {
namespace {

using statistics::BinomialSample;
using statistics::Interval;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double Square(double x) { return x * x; }

BinomialSample Sample(const OutcomeCounts& counts) {
  return {counts.parts().sum.value(), static_cast<double>(counts.units())};
}

BinomialSample Zeros(const BinomialSample& ones) {
  return {ones.units - ones.successes, ones.units};
}

}  // namespace

std::optional<statistics::QuantileSample> QuantileOf(double nu, const OutcomeCounts& counts) {
  if (counts.units() == 0 || !counts.has_histogram()) return std::nullopt;
  std::vector<statistics::ValueBucket> buckets;
  for (const ValueHistogram::Bucket& bucket : counts.histogram().Buckets()) {
    buckets.push_back({bucket.lower, bucket.upper, static_cast<double>(bucket.units)});
  }
  return statistics::QuantileSample(buckets, nu);
}

Contrast::Contrast(const OutcomeCounts& control, const OutcomeCounts& treatment,
                   const MeanDifference& difference)
    : difference_(difference),
      binary_(control.binary() && treatment.binary()),
      ratio_(control.is_ratio() || treatment.is_ratio()),
      control_mean_(difference.control().mean()),
      treatment_mean_(difference.treatment().mean()) {
  if (!binary_) return;
  control_ = Sample(control);
  treatment_ = Sample(treatment);
}

std::optional<Contrast> Contrast::Estimate(const OutcomeCounts& control,
                                           const OutcomeCounts& treatment) {
  const auto difference = MeanDifference::Estimate(control.moments(), treatment.moments());
  if (!difference) return std::nullopt;
  return Contrast(control, treatment, *difference);
}

std::optional<Contrast> Contrast::OfQuantile(double nu, const OutcomeCounts& control,
                                             const OutcomeCounts& treatment) {
  const auto of_control = QuantileOf(nu, control);
  const auto of_treatment = QuantileOf(nu, treatment);
  std::optional<Contrast> contrast = Estimate(control, treatment);
  if (!of_control || !of_treatment || !contrast) return std::nullopt;
  contrast->binary_ = false;
  contrast->quantiles_ =
      std::make_shared<const statistics::QuantilePair>(*of_control, *of_treatment);
  contrast->control_mean_ = contrast->quantiles_->control().estimate();
  contrast->treatment_mean_ = contrast->quantiles_->treatment().estimate();
  return contrast;
}

std::optional<Contrast> Contrast::Of(const Metric& metric, const OutcomeCounts& control,
                                     const OutcomeCounts& treatment) {
  return metric.quantile ? OfQuantile(*metric.quantile, control, treatment)
                         : Estimate(control, treatment);
}

double Contrast::absolute() const { return treatment_mean_ - control_mean_; }

std::optional<double> Contrast::relative() const {
  const double lift = absolute() / std::fabs(control_mean_);
  if (control_mean_ == 0 || !std::isfinite(lift)) return std::nullopt;
  if (quantiles_ != nullptr && control_mean_ < 0) return std::nullopt;
  return lift;
}

double Contrast::StudentZ(double distance, double standard_error) const {
  return difference_.ZOf(distance / standard_error);
}

double Contrast::Z(Scale scale, double lift) const {
  if (!computable()) return 0;
  if (quantiles_ != nullptr) {
    // "No lift" is the same in either scale, and needs no ratio.
    return scale == Scale::kRelative && lift != 0 ? quantiles_->ZOfRatio(1 + lift)
                                                  : quantiles_->ZOfDifference(lift);
  }
  if (binary_) {
    const auto z = scale == Scale::kRelative
                       ? statistics::SignedRootOfRatio(control_, treatment_, 1 + lift)
                       : statistics::SignedRootOfDifference(control_, treatment_, lift);
    return z.value_or(0);
  }
  if (scale == Scale::kAbsolute) return StudentZ(absolute() - lift, StandardError());
  const double ratio = 1 + std::copysign(lift, control_mean_ * lift);
  const double variance = difference_.treatment().variance_of_mean() +
                          Square(ratio) * difference_.control().variance_of_mean();
  return StudentZ(absolute() - lift * std::fabs(control_mean_), std::sqrt(variance));
}

double Contrast::ZOfComplement(double ratio) const {
  if (!binary_) return 0;
  return -statistics::SignedRootOfRatio(Zeros(control_), Zeros(treatment_), ratio).value_or(0);
}

double Contrast::ComplementAbove(double reach) const {
  if (!binary_) return kInfinity;
  const auto ratios = statistics::RatioWithin(Zeros(control_), Zeros(treatment_), kInfinity, reach);
  return ratios.ok() ? ratios->upper : kInfinity;
}

Interval Contrast::Within(Scale scale, const Reach& reach) const {
  if (!computable()) return Interval();
  if (quantiles_ != nullptr) return WithinQuantiles(scale, reach);
  if (!binary_) {
    const Reach student = StudentReach(reach);
    return scale == Scale::kRelative ? RelativeMeans(student) : AbsoluteMeans(student);
  }
  if (scale == Scale::kAbsolute) {
    return statistics::DifferenceWithin(control_, treatment_, reach.below, reach.above)
        .value_or(Interval());
  }
  const auto ratios = statistics::RatioWithin(control_, treatment_, reach.below, reach.above);
  return ratios.ok() ? Interval{ratios->lower - 1, ratios->upper - 1} : Interval();
}

Contrast::Intervals Contrast::WithinBoth(const Reach& reach) const {
  const bool has_relative = relative().has_value();
  if (!computable() || binary_ || quantiles_ != nullptr) {
    return {Within(Scale::kAbsolute, reach),
            has_relative ? Within(Scale::kRelative, reach) : Interval()};
  }
  const Reach student = StudentReach(reach);
  return {AbsoluteMeans(student), has_relative ? RelativeMeans(student) : Interval()};
}

Reach Contrast::StudentReach(const Reach& reach) const {
  const auto student = [&](double multiplier) {
    return std::isinf(multiplier) ? multiplier : difference_.StudentMultiplier(multiplier);
  };
  return {student(reach.below), student(reach.above)};
}

Interval Contrast::AbsoluteMeans(const Reach& student) const {
  return {difference_.WithinStudent(student.below).lower,
          difference_.WithinStudent(student.above).upper};
}

Interval Contrast::WithinQuantiles(Scale scale, const Reach& reach) const {
  if (scale == Scale::kAbsolute) return quantiles_->DifferenceWithin(reach.below, reach.above);
  if (!(control_mean_ > 0)) return Interval();
  const Interval ratios = quantiles_->RatioWithin(reach.below, reach.above);
  return {ratios.lower - 1, ratios.upper - 1};
}

Interval Contrast::RelativeMeans(const Reach& student) const {
  const Interval below = FiellerRatios(control_mean_ > 0 ? student.below : student.above);
  const Interval above = FiellerRatios(control_mean_ > 0 ? student.above : student.below);
  // The ratio 1 + lift belongs to a positive control mean; a negative one turns the line round.
  if (control_mean_ > 0) return {below.lower - 1, above.upper - 1};
  return {1 - above.upper, 1 - below.lower};
}

Interval Contrast::FiellerRatios(double t) const {
  const double control_variance = difference_.control().variance_of_mean();
  const double g = Square(t / control_mean_) * control_variance;
  if (!(g < 1)) return Interval();
  const double ratio = treatment_mean_ / control_mean_;
  const double half_width = std::fabs(t / control_mean_) *
                            std::sqrt(Square(ratio) * control_variance +
                                      (1 - g) * difference_.treatment().variance_of_mean());
  return {(ratio - half_width) / (1 - g), (ratio + half_width) / (1 - g)};
}

double Contrast::SmallestExpected(Scale scale, double lift) const {
  if (!binary_) return kInfinity;
  const auto expected = scale == Scale::kRelative
                            ? statistics::SmallestExpectedAtRatio(control_, treatment_, 1 + lift)
                            : statistics::SmallestExpectedAtDifference(control_, treatment_, lift);
  return expected.value_or(0);
}

std::optional<double> Contrast::SeparationLogPValue() const {
  if (binary_ || ratio_ || quantiles_ != nullptr) return std::nullopt;
  return difference_.SeparationLogPValue();
}

}  // namespace flywheel::experiment
