// State of a unit in an experiment: its exposure and what its outcomes add up to.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_UNIT_STATE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_UNIT_STATE_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "experiment_service/domain/exact_sum.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/segments.h"

namespace flywheel::experiment {

// Of a unit's value: a sum beyond it counts as it.
inline constexpr double kLargestValue = 1e12;
// A magnitude below it counts as 0: the digits of its square are not kept (ExactSum).
inline constexpr double kSmallestValue = 1e-15;

// What some outcomes of one unit come to.
inline double Aggregate(Aggregation aggregation, int64_t outcomes, double sum) {
  switch (aggregation) {
    case Aggregation::kMean:
      return sum / static_cast<double>(outcomes);
    case Aggregation::kSum:
      return sum;
    case Aggregation::kCount:
      return static_cast<double>(outcomes);
    case Aggregation::kAny:
      return sum > 0 ? 1 : 0;
  }
  return 0;
}

// The outcomes of one name of one unit. They count as one value, for the unit is what was
// randomised, and its outcomes resemble each other. Does not depend on their order.
struct UnitTotal {
  int64_t outcomes = 0;
  ExactSum sum;

  void Add(double value) {
    ++outcomes;
    sum.Add(value);
  }
  // Takes an outcome out that came in before.
  void Remove(double value) {
    --outcomes;
    sum.Subtract(value);
  }
  // What the unit counts as. REQUIRES: outcomes > 0.
  double Value(const Metric& metric) const {
    // What ExactSum can hold.
    double value = std::clamp(Aggregate(metric.aggregation, outcomes, sum.value()), -kLargestValue,
                              kLargestValue);
    if (std::fabs(value) < kSmallestValue) value = 0;
    return metric.cap ? std::min(value, *metric.cap) : value;
  }

  friend bool operator==(const UnitTotal&, const UnitTotal&) = default;
};

// That a unit was exposed.
struct Exposure {
  absl::Time time;
  SegmentValues segments = {};
};

// What is known of one unit. A value type.
struct UnitState {
  // When it was first exposed; nothing: never, and only mixed_fallbacks may be set then.
  std::optional<absl::Time> expose_time;
  // Whether the time in which its outcomes are expected is over.
  bool matured = false;
  // Outcomes that were served another version than its arm's: with an assignment, and without one,
  // which are known of a unit that was never exposed too.
  int64_t mixed_outcomes = 0;
  int64_t mixed_fallbacks = 0;
  // One a column (outcome_columns.h).
  std::vector<UnitTotal> totals;
  // Of its first exposure.
  SegmentValues segments = {};

  bool exposed() const { return expose_time.has_value(); }
  // What it shows may be another arm's doing: it counts apart.
  bool mixed() const { return exposed() && (mixed_outcomes > 0 || mixed_fallbacks > 0); }
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_UNIT_STATE_H_
