// A promised error rate, held against what a simulation found.
#ifndef FLYWHEEL_TESTS_SIMULATIONS_PROPERTY_H_
#define FLYWHEEL_TESTS_SIMULATIONS_PROPERTY_H_

#include <cstdint>
#include <string>
#include <vector>

namespace flywheel::simulations {

// One figure. All are chances, 0 to 1.
struct Property {
  std::string name;
  double value = 0;
  // The exact two-sided 95 % interval of a share of runs; both are the value where it was computed.
  double lower = 0;
  double upper = 0;
  double target = 0;
  // False where the interval lies on the wrong side of the target.
  bool ok = false;
};

// `count` of `runs` is to be at most, or at least, `target`.
Property AtMost(const std::string& name, int64_t count, int64_t runs, double target);
Property AtLeast(const std::string& name, int64_t count, int64_t runs, double target);

// A number that was computed, not drawn, and is to be at most `target`.
Property ExactlyAtMost(const std::string& name, double value, double target);

}  // namespace flywheel::simulations

#endif  // FLYWHEEL_TESTS_SIMULATIONS_PROPERTY_H_
