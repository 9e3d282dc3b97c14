#include "statistics/detectable_drop.h"

#include <cmath>

#include "statistics/distributions.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

// k = normal quantile(1 - alpha/2) + normal quantile(power) > 0.
absl::StatusOr<double> PowerConstant(double alpha, double power) {
  if (absl::Status status = RequireOpenProbability("alpha", alpha); !status.ok()) return status;
  if (absl::Status status = RequireOpenProbability("power", power); !status.ok()) return status;
  if (!(power > alpha / 2.0)) {
    return Refuse(Refusal::kArgumentOutOfRange, "power: want more than alpha/2, what chance gives");
  }
  return NormalQuantile(power) - NormalQuantile(alpha / 2.0);
}

// 0 < value <= 1; a NaN is not.
bool IsShare(double value) { return value > 0.0 && value <= 1.0; }

}  // namespace

absl::StatusOr<double> MinimumDetectableDrop(std::int64_t cases, double discordant_share,
                                             double alpha, double power) {
  absl::StatusOr<double> k = PowerConstant(alpha, power);
  if (!k.ok()) return k.status();
  if (cases < 0 || !IsShare(discordant_share)) {
    return Refuse(Refusal::kArgumentOutOfRange, "want cases >= 0 and 0 < discordant_share <= 1");
  }
  const double drop = *k * std::sqrt(discordant_share / (static_cast<double>(cases) + *k * *k));
  if (drop > discordant_share) {
    return Refuse(Refusal::kTooFewUnits, "so few cases detect no drop that could exist");
  }
  return drop;
}

}  // namespace flywheel::statistics
