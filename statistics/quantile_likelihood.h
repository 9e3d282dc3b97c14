// Empirical likelihood of the quantiles of two samples: z, and the intervals that it gives.
#ifndef FLYWHEEL_STATISTICS_QUANTILE_LIKELIHOOD_H_
#define FLYWHEEL_STATISTICS_QUANTILE_LIKELIHOOD_H_

#include <vector>

#include "statistics/interval.h"

namespace flywheel::statistics {

// Values of which no more is known than that so many lie from `lower` to `upper`; in one point
// where both are the same.
struct ValueBucket {
  double lower = 0.0;
  double upper = 0.0;
  double count = 0.0;
};

// What the values of one arm say about their quantile nu, the value that a share nu of them does
// not exceed. However the values are distributed, the number of those up to x is binomial with the
// probability nu where x is that quantile, so that
//
//   D(x) = 2 ( k ln(k / (n nu)) + (n - k) ln((n - k) / (n (1 - nu))) ),    k values up to x,
//
// is how far "the quantile is x" is from the data: asymptotically chi-square with one degree of
// freedom, 0 at the estimate, and growing to both sides. No density is estimated. Where it is not
// known how many of a bucket's values lie up to x, or x is the value of many, k is the number that
// fits best: D is never too large, and no two quantiles are called different that may lie in one
// bucket. Source: Owen 1988 (empirical likelihood), Thomas and Grunkemeier 1975.
//
// Immutable, so thread-safe.
class QuantileSample {
 public:
  // REQUIRES: buckets ascend and do not overlap, counts are above 0, at least one; 0 < nu < 1.
  QuantileSample(const std::vector<ValueBucket>& buckets, double nu);

  double units() const { return units_; }
  // As if the values of a bucket lay evenly in it.
  double estimate() const { return ValueAt(nu_); }
  // Of the estimate: how far the order statistics 2 sqrt(nu (1 - nu) / n) to either side of nu are
  // apart, by 4 (Woodruff 1952).
  double StandardError() const;

  // The furthest x with a D that is no greater; infinite with D of all values, or of none.
  struct Step {
    double x = 0.0;
    double deviance = 0.0;
  };
  // From the estimate upwards, and downwards, by ascending D; the first ones have a D of 0.
  const std::vector<Step>& upwards() const { return upwards_; }
  const std::vector<Step>& downwards() const { return downwards_; }

 private:
  struct Knot {
    ValueBucket bucket;
    double before = 0.0;  // Values below the bucket.

    double after() const { return before + bucket.count; }
  };

  double ValueAt(double share) const;
  double Deviance(double count) const;

  double nu_;
  double units_ = 0.0;
  std::vector<Knot> knots_;
  std::vector<Step> upwards_;
  std::vector<Step> downwards_;
};

// The evidence of two arms about qT - qC, or about the ratio qT / qC of quantiles above 0:
//
//   z = sign * sqrt( min over q of ( DC(q) + DT(h(q)) ) ),    h(q) = q + difference, or q * ratio,
//
// where the sign says whether treatment lies above (+) or below (-) what the hypothesis makes of
// control. z is asymptotically standard normal under the hypothesis, or nearer to 0 for the width
// of the buckets, never rises as the difference or the ratio does, and is for a boundary of
// mixture_boundary.h or obrien_fleming.h to judge. Costs a walk along the buckets between the two.
//
// Immutable, so thread-safe.
class QuantilePair {
 public:
  QuantilePair(const QuantileSample& control, const QuantileSample& treatment)
      : control_(control), treatment_(treatment) {}

  const QuantileSample& control() const { return control_; }
  const QuantileSample& treatment() const { return treatment_; }
  // Of the difference of the estimates, as QuantileSample::StandardError.
  double StandardError() const;

  double ZOfDifference(double difference) const;
  // 0 where the control's estimate is not above 0, or the ratio is below 0.
  double ZOfRatio(double ratio) const;

  // Those of which -above <= z <= below; an end is infinite where the data never exclude enough.
  // REQUIRES: below, above >= 0; infinite for an open end.
  Interval DifferenceWithin(double below, double above) const;
  // Likewise, in [0, infinity]. REQUIRES: the control's estimate is above 0.
  Interval RatioWithin(double below, double above) const;

 private:
  QuantileSample control_;
  QuantileSample treatment_;
};

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_QUANTILE_LIKELIHOOD_H_
