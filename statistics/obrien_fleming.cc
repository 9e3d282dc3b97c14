#include "statistics/obrien_fleming.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "statistics/distributions.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// ln P(Z > x) for x >= 0, where the tail itself underflows beyond 38.
double LogNormalSf(double x) {
  if (x < 35.0) return std::log(NormalSf(x));
  // The asymptotic series (DLMF 7.12.1); the first term left out is below 1e-14 here.
  const double r = 1.0 / (x * x);
  const double series = -r * (1.0 - r * (3.0 - r * (15.0 - r * (105.0 - r * 945.0))));
  return -0.5 * x * x - std::log(x) - 0.5 * std::log(2.0 * std::numbers::pi) + std::log1p(series);
}

}  // namespace

absl::StatusOr<OBrienFlemingBoundary> OBrienFlemingBoundary::Create(double planned_units,
                                                                    double alpha) {
  if (absl::Status status = RequireOpenProbability("alpha", alpha); !status.ok()) return status;
  if (!(planned_units > 0.0) || !std::isfinite(planned_units)) {
    return Refuse(Refusal::kArgumentOutOfRange, "planned_units: want a positive, finite number");
  }
  return OBrienFlemingBoundary(planned_units, -NormalQuantile(0.5 * alpha));
}

double OBrienFlemingBoundary::Progress(double units) const {
  return units > 0.0 && units <= planned_units_ ? units / planned_units_ : 0.0;
}

double OBrienFlemingBoundary::Multiplier(double units) const {
  const double progress = Progress(units);
  return progress > 0.0 ? multiplier_at_plan_ / std::sqrt(progress) : kInfinity;
}

double OBrienFlemingBoundary::LogPValue(double z, double units) const {
  const double progress = Progress(units);
  if (!(z > 0.0) || !(progress > 0.0)) return 0.0;
  return std::min(0.0, std::numbers::ln2 + LogNormalSf(z * std::sqrt(progress)));
}

}  // namespace flywheel::statistics
