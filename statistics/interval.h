// A closed interval of real numbers.
#ifndef FLYWHEEL_STATISTICS_INTERVAL_H_
#define FLYWHEEL_STATISTICS_INTERVAL_H_

#include <algorithm>
#include <limits>

namespace flywheel::statistics {

// A closed interval of the real line, in the unit of the estimate that it belongs to. The default
// is the whole line: the confidence interval of somebody who has seen nothing.
struct Interval {
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();

  bool Contains(double value) const { return lower <= value && value <= upper; }

  // True when no value is left, which only an intersection can bring about.
  bool IsEmpty() const { return lower > upper; }

  Interval Intersect(const Interval& other) const {
    return {std::max(lower, other.lower), std::min(upper, other.upper)};
  }
};

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_INTERVAL_H_
