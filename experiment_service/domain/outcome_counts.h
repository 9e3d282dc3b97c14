// Outcome counts of an arm for one metric: its sufficient statistics.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_COUNTS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_COUNTS_H_

#include <cstdint>

#include "experiment_service/domain/exact_sum.h"
#include "experiment_service/domain/unit_state.h"
#include "statistics/moments.h"

namespace flywheel::experiment {

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
    int64_t other_units = 0;    // Whose value is neither 0 nor 1.
    ExactSum sum;
    ExactSum sum_of_squares;
    // Of a ratio: of the units' denominators, of their squares, and of value times denominator.
    ExactSum denominator_sum;
    ExactSum denominator_sum_of_squares;
    ExactSum product_sum;

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

  // Counts a unit in, or out again. One without an outcome changes nothing.
  void Add(const Metric& metric, const UnitTotal& total, bool matured);
  void Remove(const Metric& metric, const UnitTotal& total, bool matured);

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
  // Over the units' values.
  statistics::Moments moments() const;

  // The same with `units` more, each of `value`, without an outcome.
  OutcomeCounts WithOthers(int64_t units, double value) const;

 private:
  Parts parts_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_COUNTS_H_
