#include "tests/simulations/property.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "statistics/distributions.h"
#include "statistics/moments.h"
#include "statistics/multiple_testing.h"
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

std::vector<Property> AllAtMost(const std::vector<Count>& counts, int64_t runs, double target) {
  std::vector<Property> properties;
  std::vector<double> p_values;
  for (const auto& [name, count] : counts) {
    properties.push_back(AtMost(name, count, runs, target));
    p_values.push_back(statistics::BinomialUpperTail(count, runs, target));
  }
  const std::vector<double> adjusted = statistics::Holm(p_values).value();
  for (size_t i = 0; i < properties.size(); ++i) properties[i].ok = adjusted[i] > kAlpha;
  return properties;
}

Property MedianAtMost(const std::string& name, std::vector<double> values, double target) {
  std::sort(values.begin(), values.end());
  // The order statistics that the median lies between.
  const auto runs = static_cast<int64_t>(values.size());
  int64_t below = 0;
  while (statistics::BinomialCdf(below, runs, 0.5) <= kAlpha) ++below;
  const auto at = [&](int64_t position) {
    return values[static_cast<size_t>(std::clamp<int64_t>(position, 0, runs - 1))];
  };
  const double lower = at(below - 1);
  return {name, at(runs / 2), lower, at(runs - below), target, lower <= target};
}

Property RatioOfMeansAtMost(const std::string& name, const std::vector<double>& values,
                            const std::vector<double>& others, double target) {
  statistics::Moments above, below;
  for (const double value : values) above.Add(value);
  for (const double value : others) below.Add(value);
  const double ratio = above.mean() / below.mean();
  const double relative_variance = above.variance_of_mean() / (above.mean() * above.mean()) +
                                   below.variance_of_mean() / (below.mean() * below.mean());
  const double half_width =
      -statistics::NormalQuantile(kAlpha) * ratio * std::sqrt(relative_variance);
  return {
      name, ratio, ratio - half_width, ratio + half_width, target, ratio - half_width <= target};
}

Property ExactlyAtMost(const std::string& name, double value, double target) {
  return {name, value, value, value, target, value <= target};
}

}  // namespace flywheel::simulations
