#include "statistics/special_functions.h"

#include <math.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>

namespace flywheel::statistics {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
const double kHalfLogTwoPi = 0.5 * std::log(2.0 * std::numbers::pi);

}  // namespace

double LogGamma(double x) {
  if (!(x > 0.0)) return kUndefined;
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

double StirlingError(double x) {
  if (!(x > 0.0)) return kUndefined;
  if (x < 10.0) return LogGamma(x) - (x - 0.5) * std::log(x) + x - kHalfLogTwoPi;
  // The asymptotic series (DLMF 5.11.1); the first term left out is below 1e-15 here.
  const double r = 1.0 / (x * x);
  const double tail = 1.0 / 1680 - r * (1.0 / 1188 - r * (691.0 / 360360));
  return (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * tail))) / x;
}

double DevianceTerm(double x, double mean) {
  if (!(x >= 0.0) || !(mean >= 0.0)) return kUndefined;
  if (x == 0.0) return mean;
  const double difference = x - mean;
  if (std::fabs(difference) >= 0.1 * (x + mean)) {
    return x * (std::log(x) - std::log(mean)) - difference;
  }
  // 2x(v^3/3 + v^5/5 + ...) + difference*v with v = (x-m)/(x+m): the terms of the logarithm that
  // cancel are left out instead of subtracted. v < 0.1, so that 20 terms are more than enough.
  const double v = difference / (x + mean);
  double sum = difference * v;
  double power = 2.0 * x * v;
  for (int j = 1; j <= 20; ++j) {
    power *= v * v;
    const double next = sum + power / (2 * j + 1);
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

double LogMeanExp(std::span<const double> logarithms) {
  if (logarithms.empty()) return kUndefined;
  const double largest = *std::max_element(logarithms.begin(), logarithms.end());
  if (std::isinf(largest)) return largest;
  double sum = 0.0;
  for (const double logarithm : logarithms) sum += std::exp(logarithm - largest);
  return largest + std::log(sum / static_cast<double>(logarithms.size()));
}

}  // namespace flywheel::statistics
