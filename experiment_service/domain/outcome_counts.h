// Outcome counts of an arm for one metric: its sufficient statistics.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_COUNTS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_COUNTS_H_

#include <cstdint>

#include "experiment_service/domain/exact_sum.h"
#include "experiment_service/domain/unit_state.h"
#include "experiment_service/domain/value_histogram.h"
#include "statistics/moments.h"

namespace flywheel::experiment {

// Moments over units of what a ratio divides, and of what it divides by.
struct RatioMoments {
  double numerator_mean = 0;
  double numerator_deviation = 0;  // As both others over n - 1.
  double denominator_mean = 0;
  double denominator_deviation = 0;
  double covariance = 0;
};

// All that an analysis needs of an arm's outcomes of one metric. Depends only on the units' totals,
// not on the order in which they came to be: counts that followed every change equal those that are
// made from the totals at the end, bit for bit. A value type.
class OutcomeCounts {
 public:
  // What it consists of, for the store.
  struct Parts {
    int64_t units = 0;
    int64_t outcomes = 0;
    int64_t matured_units = 0;  // Of `units`.
    int64_t other_units = 0;    // Whose value is neither 0 nor 1; of a ratio all of them.
    ExactSum sum;
    ExactSum sum_of_squares;
    // Of a ratio: of the units' denominators, of their squares, and of value times denominator.
    ExactSum denominator_sum;
    ExactSum denominator_sum_of_squares;
    ExactSum product_sum;
    // Of the units' values, unless the metric's are 0 and 1 by nature (AGGREGATION_ANY). It lacks
    // those that were counted before it was kept.
    ValueHistogram histogram;

    friend bool operator==(const Parts&, const Parts&) = default;
  };

  OutcomeCounts() = default;
  explicit OutcomeCounts(const Parts& parts) : parts_(parts) {}
  const Parts& parts() const { return parts_; }

  // Those of so many units with one outcome each, none of which has come of age: of values that are
  // 1 for `successes` of them and else 0. REQUIRES: 0 <= successes <= units.
  static OutcomeCounts OfSuccesses(int64_t units, int64_t successes);
  // The same of values of which mean and standard deviation (n - 1) are known. moments() gives them
  // back to a relative 1e-12 where the standard deviation is at least 1e-9 of the mean; below 3e-14
  // of it nothing of it is left. REQUIRES: standard_deviation >= 0; 0 below two units.
  static OutcomeCounts OfMoments(int64_t units, double mean, double standard_deviation);

  // The same of a ratio's numerators and denominators.
  static OutcomeCounts OfRatio(int64_t units, const RatioMoments& moments);

  // Counts a unit in, or out again, by the total of the metric's own outcomes, and of a ratio that
  // of its denominator. One without an outcome changes nothing.
  void Add(const Metric& metric, const UnitTotal& total, bool matured,
           const UnitTotal& denominator = UnitTotal());
  void Remove(const Metric& metric, const UnitTotal& total, bool matured,
              const UnitTotal& denominator = UnitTotal());

  // So many of the units have come of age.
  void CountMatured(int64_t units) { parts_.matured_units += units; }

  // Units with an outcome.
  int64_t units() const { return parts_.units; }
  // Those of them that have come of age.
  int64_t matured_units() const { return parts_.matured_units; }
  // Outcomes that were counted.
  int64_t outcomes() const { return parts_.outcomes; }
  // Whether every unit's value is 0 or 1, so that the arm is a proportion.
  bool binary() const { return parts_.other_units == 0; }
  // Whether there is something that the units' sum is to be divided by.
  bool is_ratio() const { return parts_.denominator_sum.value() > 0; }
  // Whether every unit's value is in the histogram.
  bool has_histogram() const { return parts_.histogram.units() == parts_.units; }
  const ValueHistogram& histogram() const { return parts_.histogram; }
  // Over the units' values. Of a ratio R = sum of x / sum of y the unit's linearised value stands
  // for it,
  //
  //   R + (x - R y) / mean of y,
  //
  // whose mean is R, and the variance of whose mean is that of R by the delta method (Deng,
  // Knoblich and Lu 2018): (vx - 2 R cxy + R^2 vy) / (mean of y)^2 / n. So whatever reads means and
  // variances reads ratios.
  statistics::Moments moments() const;
  // How many of its standard errors the mean that a ratio divides by lies above 0; infinite where
  // all units have the same, 0 below two units.
  double DenominatorZ() const;

  // The same with `units` more, each of `value`, without an outcome.
  OutcomeCounts WithOthers(int64_t units, double value) const;

 private:
  void Count(const Metric& metric, const UnitTotal& total, const UnitTotal& denominator,
             bool matured, int sign);
  statistics::Moments RatioMomentsOfUnits() const;

  Parts parts_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_COUNTS_H_
