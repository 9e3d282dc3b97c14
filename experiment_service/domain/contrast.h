// Contrast of a treatment with its control: lifts, how far others are from the data, and bounds.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_CONTRAST_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_CONTRAST_H_

#include <memory>
#include <optional>

#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/mean_difference.h"
#include "experiment_service/domain/outcome_counts.h"
#include "statistics/interval.h"
#include "statistics/likelihood_ratio.h"
#include "statistics/quantile_likelihood.h"

namespace flywheel::experiment {

// How many standard errors an interval reaches to either side; infinite for an open end.
struct Reach {
  double below = 0;
  double above = 0;
};

// What an arm's units say about their quantile `nu`; nothing without a unit, or where not all
// values are in the histogram. REQUIRES: 0 < nu < 1.
std::optional<statistics::QuantileSample> QuantileOf(double nu, const OutcomeCounts& counts);

// What the units of two arms say about the lift of the treatment over the control: the difference
// mT - mC of the means, or that over |mC|. Every statement comes from one statistic, so that
// intervals and p-values never contradict each other: Z(l), how far the hypothesis "the lift is l"
// is from the data, as a standard normal value, positive where the data lie above. An interval
// holds the lifts whose Z is within the reach.
//
// Where all units of both arms are 0 or 1, Z is the signed root of the likelihood ratio
// (statistics/likelihood_ratio.h): it needs neither a variance in either arm nor a control above 0,
// and its errors are balanced at splits of 99/1. Otherwise
//
//   Z(l) = (mT - mC - l |mC|) / sqrt(vT + (1 + l sign mC)^2 vC),     l relative (Fieller 1954)
//   Z(l) = (mT - mC - l) / sqrt(vT + vC),                             l absolute (Welch)
//
// with the variances of the means as MeanDifference has them (of ratios those of the delta method,
// see OutcomeCounts::moments), and Z through Student's t with
// Welch's degrees of freedom.
//
// Of a quantile, all this is said of the arms' quantiles in the place of their means, and Z is the
// empirical likelihood's (statistics/quantile_likelihood.h). Relative lifts ask for a quantile of
// the control above 0.
//
// Immutable, so thread-safe.
class Contrast {
 public:
  // Nothing below two units in an arm.
  static std::optional<Contrast> Estimate(const OutcomeCounts& control,
                                          const OutcomeCounts& treatment);
  // The same of the units' quantile `nu`; nothing either where not all values are in a histogram.
  // REQUIRES: 0 < nu < 1.
  static std::optional<Contrast> OfQuantile(double nu, const OutcomeCounts& control,
                                            const OutcomeCounts& treatment);
  // Whichever of the two the metric is.
  static std::optional<Contrast> Of(const Metric& metric, const OutcomeCounts& control,
                                    const OutcomeCounts& treatment);

  // Whether both arms are proportions.
  bool binary() const { return binary_; }
  // Units of both arms together.
  double units() const { return difference_.units(); }
  // Whether anything can be said but by SeparationLogPValue: where values other than 0 and 1 do not
  // vary within the arms, there is no standard error.
  bool computable() const { return binary_ || quantiles_ != nullptr || difference_.varies(); }

  // Of a quantile that, here and below.
  double control_mean() const { return control_mean_; }
  double absolute() const;
  // Nothing where the control's mean is 0, or its quantile not above it.
  std::optional<double> relative() const;
  // Of the absolute lift, by each arm's own variance or the pooled one, whichever is greater.
  // Of a quantile by order statistics.
  double StandardError() const {
    return quantiles_ != nullptr ? quantiles_->StandardError() : difference_.StandardError();
  }

  // 0 where nothing can be said. REQUIRES: a relative `lift` above -1 for proportions.
  double Z(Scale scale, double lift) const;
  // Z of "the treatment's zeros are `ratio` times as frequent as the control's", positive where
  // they are rarer: for rates so near 1 that no relative lift is left. 0 unless binary.
  double ZOfComplement(double ratio) const;
  // The ratio at which that is `reach` above 0; infinite for none.
  double ComplementAbove(double reach) const;
  // The whole line where nothing can be said; open where the control's mean may be 0.
  statistics::Interval Within(Scale scale, const Reach& reach) const;
  // In both scales; the relative one is the whole line where there is no relative().
  struct Intervals {
    statistics::Interval absolute;
    statistics::Interval relative;
  };
  Intervals WithinBoth(const Reach& reach) const;

  // The least number of ones or zeros that either arm may expect under a hypothesis; infinite
  // unless binary. Below 1 the normal approximation is none.
  double SmallestExpected(Scale scale, double lift) const;

  // See MeanDifference; nothing for proportions and quantiles, nor for ratios, of which units that
  // add nothing to either sum fit into any arm.
  std::optional<double> SeparationLogPValue() const;

 private:
  Contrast(const OutcomeCounts& control, const OutcomeCounts& treatment,
           const MeanDifference& difference);

  double StudentZ(double distance, double standard_error) const;
  statistics::Interval WithinQuantiles(Scale scale, const Reach& reach) const;
  // Of means, in standard errors that are estimated.
  Reach StudentReach(const Reach& reach) const;
  statistics::Interval AbsoluteMeans(const Reach& student) const;
  statistics::Interval RelativeMeans(const Reach& student) const;
  statistics::Interval FiellerRatios(double t) const;

  MeanDifference difference_;
  bool binary_;
  bool ratio_;
  double control_mean_;
  double treatment_mean_;
  // Of proportions.
  statistics::BinomialSample control_;
  statistics::BinomialSample treatment_;
  // Of a quantile; else null.
  std::shared_ptr<const statistics::QuantilePair> quantiles_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_CONTRAST_H_
