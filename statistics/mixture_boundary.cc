#include "statistics/mixture_boundary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "statistics/refusal.h"
#include "statistics/special_functions.h"

namespace flywheel::statistics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool HasUnits(double units) { return units > 0.0 && std::isfinite(units); }

}  // namespace

absl::StatusOr<MixtureBoundary> MixtureBoundary::Create(double alpha) {
  if (absl::Status status = RequireOpenProbability("alpha", alpha); !status.ok()) return status;
  return MixtureBoundary(alpha);
}

MixtureBoundary::MixtureBoundary(double alpha) : log_threshold_(-std::log(alpha)) {
  const double log_term = 2.0 * log_threshold_;
  for (std::size_t i = 0; i < kPlans.size(); ++i) {
    rho_squared_[i] = (log_term + std::log1p(log_term)) / kPlans[i];
  }
}

MixtureBoundary::Lines MixtureBoundary::LinesAt(double units) const {
  Lines lines;
  for (std::size_t i = 0; i < kPlans.size(); ++i) {
    const double scaled = units * rho_squared_[i];
    lines.offset[i] = -0.5 * std::log1p(scaled);
    lines.slope[i] = 1.0 / (1.0 + 1.0 / scaled);
  }
  return lines;
}

double MixtureBoundary::LogEValue(double z, double units) const {
  if (!HasUnits(units) || std::isnan(z)) return 0.0;
  const double half_square = 0.5 * z * z;
  if (std::isinf(half_square)) return kInfinity;
  Lines lines = LinesAt(units);
  for (std::size_t i = 0; i < kPlans.size(); ++i) {
    lines.offset[i] += lines.slope[i] * half_square;
  }
  return LogMeanExp(lines.offset);
}

double MixtureBoundary::LogPValue(double z, double units) const {
  return std::min(0.0, -LogEValue(z, units));
}

double MixtureBoundary::Multiplier(double units) const {
  if (!HasUnits(units)) return kInfinity;
  const Lines lines = LinesAt(units);
  const double count = static_cast<double>(kPlans.size());
  // ln of the sum of the e-values is convex and increases in z^2/2. Where the first of them alone
  // reaches what the sum should be, the sum is at or above it and no term is beyond it. From there
  // on Newton's method comes down to the root without passing it.
  const double wanted = log_threshold_ + std::log(count);
  double half_square = kInfinity;
  for (std::size_t i = 0; i < kPlans.size(); ++i) {
    half_square = std::min(half_square, (wanted - lines.offset[i]) / lines.slope[i]);
  }
  if (!std::isfinite(half_square)) return kInfinity;
  for (int step = 0; step < 50; ++step) {
    double sum = 0.0;
    double weighted_slopes = 0.0;
    for (std::size_t i = 0; i < kPlans.size(); ++i) {
      const double term = std::exp(lines.offset[i] + lines.slope[i] * half_square - wanted);
      sum += term;
      weighted_slopes += term * lines.slope[i];
    }
    const double change = std::log(sum) * sum / weighted_slopes;
    half_square -= change;
    if (!(change > 1e-8 * half_square)) break;  // the next would be below 1e-15 of it
  }
  return std::sqrt(2.0 * half_square);
}

}  // namespace flywheel::statistics
