#include "statistics/proportion.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "statistics/distributions.h"
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

absl::StatusOr<std::int64_t> RoundUp(double cases) {
  cases = std::ceil(cases);
  if (!(cases <= kLargestExactCount)) {
    return Refuse(Refusal::kArgumentOutOfRange, "the rate is too close to the floor");
  }
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(cases));
}

double Spread(double rate) { return std::sqrt(rate * (1.0 - rate)); }

}  // namespace

absl::StatusOr<double> ClopperPearsonLowerBound(const Proportion& proportion, double alpha) {
  if (absl::Status status = Validate(proportion, alpha); !status.ok()) return status;
  if (proportion.successes == 0) return 0.0;
  const auto successes = static_cast<double>(proportion.successes);
  const auto failures = static_cast<double>(proportion.trials - proportion.successes);
  const double bound = BetaQuantile(alpha, successes, failures + 1.0);
  if (bound >= 0.0 && bound <= 1.0) return bound;
  return Refuse(Refusal::kArgumentOutOfRange,
                "trials: want at most 1e15, and an alpha that a double can invert");
}

absl::StatusOr<double> ClopperPearsonUpperBound(const Proportion& proportion, double alpha) {
  if (absl::Status status = Validate(proportion, alpha); !status.ok()) return status;
  const std::int64_t failures = proportion.trials - proportion.successes;
  // The lower bound of the failures, which keeps its digits next to 1.
  const absl::StatusOr<double> lower =
      ClopperPearsonLowerBound({failures, proportion.trials}, alpha);
  if (!lower.ok()) return lower.status();
  return 1.0 - *lower;
}

absl::StatusOr<std::int64_t> CasesNeededToReachFloor(double floor, double alpha) {
  if (absl::Status status = RequireOpenProbability("alpha", alpha); !status.ok()) return status;
  if (absl::Status status = RequireOpenProbability("floor", floor); !status.ok()) return status;
  return RoundUp(std::log(alpha) / std::log(floor));
}

absl::StatusOr<std::int64_t> CasesNeededToDecideFloor(double rate, double floor, double alpha,
                                                      double power) {
  const absl::StatusOr<std::int64_t> least = CasesNeededToReachFloor(floor, alpha);
  if (!least.ok()) return least.status();
  if (!(rate >= 0.0 && rate <= 1.0)) {
    return Refuse(Refusal::kArgumentOutOfRange, "rate: want a value between 0 and 1");
  }
  if (alpha >= 0.5 || !(power >= 0.5 && power < 1.0)) {
    return Refuse(Refusal::kArgumentOutOfRange,
                  "want alpha below 1/2, and power of at least 1/2 and below 1");
  }
  if (rate == floor) return Refuse(Refusal::kRateAtFloor, "the observed rate equals the floor");
  const double errors =
      -NormalQuantile(alpha) * Spread(floor) + NormalQuantile(power) * Spread(rate);
  const double root = errors / (rate - floor);
  absl::StatusOr<std::int64_t> cases = RoundUp(root * root);
  if (!cases.ok() || rate < floor) return cases;
  return std::max(*cases, *least);
}

}  // namespace flywheel::statistics
