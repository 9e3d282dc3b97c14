// Outcome counts of an arm: its sufficient statistics, and how one more outcome is counted.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_COUNTS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_COUNTS_H_

#include <cstddef>
#include <cstdint>

#include "experiment_service/domain/exact_sum.h"
#include "statistics/moments.h"

namespace flywheel::experiment {

// The outcomes of the plan's metric of one unit. They count as one value, their mean: the unit is
// what was randomised, and its outcomes resemble each other.
struct UnitTotal {
  int64_t outcomes = 0;
  ExactSum sum;

  void Add(double value) {
    ++outcomes;
    sum.Add(value);
  }
  // REQUIRES: outcomes > 0.
  double mean() const { return sum.value() / static_cast<double>(outcomes); }
};

// How one write changed one unit: what the counts of its arm have to follow.
struct UnitChange {
  size_t arm = 0;
  bool newly_exposed = false;
  UnitTotal before;
  UnitTotal after;
};

// All that an analysis needs of an arm. Depends only on the units' totals, not on the order in
// which they came to be: counts that followed every change equal those that are made from the
// totals at the end (to about 1e-15, and bit for bit where outcomes are 0 and 1). A value type.
class OutcomeCounts {
 public:
  // What it consists of, for the store.
  struct Parts {
    int64_t exposed_units = 0;
    int64_t units = 0;
    int64_t outcomes = 0;
    int64_t other_units = 0;  // Whose value is neither 0 nor 1.
    ExactSum sum;
    ExactSum sum_of_squares;
  };

  OutcomeCounts() = default;
  explicit OutcomeCounts(const Parts& parts) : parts_(parts) {}
  const Parts& parts() const { return parts_; }

  // Counts one change of one unit.
  void Count(const UnitChange& change);

  // Units that were assigned or had an outcome.
  int64_t exposed_units() const { return parts_.exposed_units; }
  // Units with an outcome of the metric.
  int64_t units() const { return parts_.units; }
  // Outcomes that were counted.
  int64_t outcomes() const { return parts_.outcomes; }
  // Whether every unit's value is 0 or 1, so that the arm is a proportion.
  bool binary() const { return parts_.other_units == 0; }
  // Over the units' values.
  statistics::Moments moments() const;

 private:
  void AddUnit(double mean);
  void RemoveUnit(double mean);

  Parts parts_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_COUNTS_H_
