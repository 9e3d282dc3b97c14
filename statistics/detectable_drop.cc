#include "statistics/detectable_drop.h"

#include <algorithm>
#include <cmath>

#include "statistics/distributions.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

constexpr double kLargestExactCount = 9007199254740992.0;  // 2^53

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

absl::StatusOr<std::int64_t> RoundUp(double cases) {
  if (!(cases <= kLargestExactCount)) {
    return Refuse(Refusal::kArgumentOutOfRange, "drop: too small for any number of cases");
  }
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(cases)));
}

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

absl::StatusOr<std::int64_t> PairedCasesNeeded(double drop, double discordant_share, double alpha,
                                               double power) {
  absl::StatusOr<double> k = PowerConstant(alpha, power);
  if (!k.ok()) return k.status();
  if (!IsShare(drop) || !IsShare(discordant_share) || drop > discordant_share) {
    return Refuse(Refusal::kArgumentOutOfRange, "want 0 < drop <= discordant_share <= 1");
  }
  return RoundUp(*k * *k * (discordant_share / (drop * drop) - 1.0));
}

absl::StatusOr<std::int64_t> UnpairedCasesNeeded(double drop, double rate, double alpha,
                                                 double power) {
  absl::StatusOr<double> k = PowerConstant(alpha, power);
  if (!k.ok()) return k.status();
  if (absl::Status status = RequireOpenProbability("rate", rate); !status.ok()) return status;
  if (!IsShare(drop)) {
    return Refuse(Refusal::kArgumentOutOfRange, "drop: want a value above 0 and at most 1");
  }
  return RoundUp(2.0 * *k * *k * rate * (1.0 - rate) / (drop * drop));
}

}  // namespace flywheel::statistics
