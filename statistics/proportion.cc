#include "statistics/proportion.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "statistics/distributions.h"
#include "statistics/interval.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

constexpr double kLargestExactCount = 9007199254740992.0;  // 2^53

absl::Status Validate(const Proportion& proportion, double alpha) {
  if (absl::Status status = RequireOpenProbability("alpha", alpha); !status.ok()) return status;
  if (proportion.trials == 0) return Refuse(Refusal::kTooFewUnits, "a proportion of no trials");
  if (proportion.successes < 0 || proportion.successes > proportion.trials) {
    return Refuse(Refusal::kArgumentOutOfRange,
                  "successes: got " + std::to_string(proportion.successes) + " of " +
                      std::to_string(proportion.trials) + " trials, want 0 <= successes <= trials");
  }
  return absl::OkStatus();
}

// Wilson's score interval for a given z: (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n).
Interval WilsonForZ(const Proportion& proportion, double z) {
  const double n = static_cast<double>(proportion.trials);
  const double failures = n - static_cast<double>(proportion.successes);
  const double p = proportion.rate();
  const double centre = p + z * z / (2.0 * n);
  const double half_width = z * std::sqrt(p * (failures / n) / n + z * z / (4.0 * n * n));
  const double scale = 1.0 + z * z / n;
  Interval interval{(centre - half_width) / scale, (centre + half_width) / scale};
  // At the ends the bound is the end itself; rounding must not let a perfect score miss it.
  if (proportion.successes == 0) interval.lower = 0.0;
  if (failures == 0.0) interval.upper = 1.0;
  return interval;
}

// The one-sided critical value; negative for alpha > 1/2, which swaps the two bounds.
double CriticalValue(double alpha) { return -NormalQuantile(alpha); }

}  // namespace

absl::StatusOr<double> WilsonLowerBound(const Proportion& proportion, double alpha) {
  if (absl::Status status = Validate(proportion, alpha); !status.ok()) return status;
  return WilsonForZ(proportion, CriticalValue(alpha)).lower;
}

absl::StatusOr<double> WilsonUpperBound(const Proportion& proportion, double alpha) {
  if (absl::Status status = Validate(proportion, alpha); !status.ok()) return status;
  return WilsonForZ(proportion, CriticalValue(alpha)).upper;
}

absl::StatusOr<std::int64_t> CasesNeededToDecideFloor(double rate, double floor, double alpha) {
  if (absl::Status status = RequireOpenProbability("alpha", alpha); !status.ok()) return status;
  if (absl::Status status = RequireOpenProbability("floor", floor); !status.ok()) return status;
  if (!(rate >= 0.0 && rate <= 1.0)) {
    return Refuse(Refusal::kArgumentOutOfRange, "rate: want a value between 0 and 1");
  }
  if (alpha >= 0.5) {
    return Refuse(Refusal::kArgumentOutOfRange,
                  "alpha: want less than 1/2 to decide about a floor");
  }
  const double distance = rate - floor;
  if (distance == 0.0) {
    return Refuse(Refusal::kRateAtFloor, "the observed rate equals the floor");
  }
  const double z = CriticalValue(alpha);
  const double cases = std::ceil(z * z * floor * (1.0 - floor) / (distance * distance));
  if (!(cases <= kLargestExactCount)) {
    return Refuse(Refusal::kArgumentOutOfRange, "the observed rate is too close to the floor");
  }
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(cases));
}

}  // namespace flywheel::statistics
