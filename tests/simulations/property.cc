#include "tests/simulations/property.h"

#include "statistics/proportion.h"

namespace flywheel::simulations {
namespace {

// Of each side of the interval.
constexpr double kAlpha = 0.025;

Property Share(const std::string& name, int64_t count, int64_t runs, double target) {
  const statistics::Proportion share{count, runs};
  return {name,
          share.rate(),
          statistics::ClopperPearsonLowerBound(share, kAlpha).value(),
          statistics::ClopperPearsonUpperBound(share, kAlpha).value(),
          target,
          /*ok=*/false};
}

}  // namespace

Property AtMost(const std::string& name, int64_t count, int64_t runs, double target) {
  Property property = Share(name, count, runs, target);
  property.ok = property.lower <= target;
  return property;
}

Property AtLeast(const std::string& name, int64_t count, int64_t runs, double target) {
  Property property = Share(name, count, runs, target);
  property.ok = property.upper >= target;
  return property;
}

Property ExactlyAtMost(const std::string& name, double value, double target) {
  return {name, value, value, value, target, value <= target};
}

}  // namespace flywheel::simulations
