// A promised error rate, held against what a simulation found.
#ifndef FLYWHEEL_TESTS_SIMULATIONS_PROPERTY_H_
#define FLYWHEEL_TESTS_SIMULATIONS_PROPERTY_H_

#include <cstdint>
#include <string>
#include <vector>

namespace flywheel::simulations {

// One figure: a chance, 0 to 1, or what its name says.
struct Property {
  std::string name;
  double value = 0;
  // The two-sided 95 % interval, exact for a share of runs or a median; both are the value where it
  // was computed.
  double lower = 0;
  double upper = 0;
  double target = 0;
  // False where the interval lies on the wrong side of the target.
  bool ok = false;
};

// `count` of `runs` is to be at most, or at least, `target`.
Property AtMost(const std::string& name, int64_t count, int64_t runs, double target);
Property AtLeast(const std::string& name, int64_t count, int64_t runs, double target);

// Shares of as many runs each that are all to be at most `target`: a single one is not ok where it
// is significantly above among so many (Holm).
struct Count {
  std::string name;
  int64_t count = 0;
};
std::vector<Property> AllAtMost(const std::vector<Count>& counts, int64_t runs, double target);

// The median of what was drawn is to be at most `target`.
Property MedianAtMost(const std::string& name, std::vector<double> values, double target);

// The mean of `values` over that of `others`, which were drawn without regard to each other, is to
// be at most `target`.
Property RatioOfMeansAtMost(const std::string& name, const std::vector<double>& values,
                            const std::vector<double>& others, double target);

// A number that was computed, not drawn, and is to be at most `target`.
Property ExactlyAtMost(const std::string& name, double value, double target);

}  // namespace flywheel::simulations

#endif  // FLYWHEEL_TESTS_SIMULATIONS_PROPERTY_H_
