#include "statistics/sample_ratio.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "statistics/distributions.h"
#include "statistics/refusal.h"
#include "statistics/special_functions.h"

namespace flywheel::statistics {
namespace {

struct ArmCount {
  double count;
  double share;  // normalised weight, > 0
};

// The arms of positive weight, weights normalised to shares.
absl::StatusOr<std::vector<ArmCount>> WeightedArms(std::span<const std::int64_t> counts,
                                                   std::span<const double> weights) {
  if (counts.size() != weights.size()) {
    return Refuse(Refusal::kSizeMismatch, "want one count and one weight for each arm");
  }
  std::vector<ArmCount> arms;
  double total_weight = 0.0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] < 0) return Refuse(Refusal::kArgumentOutOfRange, "a count is negative");
    if (!(weights[i] >= 0.0) || !std::isfinite(weights[i])) {
      return Refuse(Refusal::kArgumentOutOfRange, "a weight is negative or not finite");
    }
    if (weights[i] == 0.0) continue;
    arms.push_back({static_cast<double>(counts[i]), weights[i]});
    total_weight += weights[i];
  }
  if (arms.size() < 2) {
    return Refuse(Refusal::kTooFewArms, "want at least two arms with a positive weight");
  }
  for (ArmCount& arm : arms) {
    arm.share /= total_weight;
    // Also where the sum of the weights is infinite.
    if (!(arm.share > 0.0)) {
      return Refuse(Refusal::kArgumentOutOfRange, "a weight is nothing beside the others");
    }
  }
  return arms;
}

double TotalCount(const std::vector<ArmCount>& arms) {
  double total = 0.0;
  for (const ArmCount& arm : arms) total += arm.count;
  return total;
}

// MultinomialLogEValue of arms that are in order.
double LogEValue(const std::vector<ArmCount>& arms, double concentration) {
  // With A_i = c theta_i + X_i and N = c + S, the terms x ln x of Stirling's formula collapse into
  // deviance terms of A_i from N theta_i, which do not cancel; what remains is of order ln N.
  const double posterior_total = concentration + TotalCount(arms);
  double log_e = 0.5 * std::log(posterior_total / concentration) + StirlingError(concentration) -
                 StirlingError(posterior_total);
  for (const ArmCount& arm : arms) {
    const double prior = concentration * arm.share;
    const double posterior = prior + arm.count;
    log_e += DevianceTerm(posterior, posterior_total * arm.share) -
             0.5 * std::log(posterior / prior) + StirlingError(posterior) - StirlingError(prior);
  }
  return log_e;
}

}  // namespace

absl::StatusOr<SampleRatioTestResult> SampleRatioTest(std::span<const std::int64_t> counts,
                                                      std::span<const double> weights) {
  absl::StatusOr<std::vector<ArmCount>> arms = WeightedArms(counts, weights);
  if (!arms.ok()) return arms.status();
  const double total = TotalCount(*arms);
  if (total == 0.0) return Refuse(Refusal::kTooFewUnits, "no unit has been assigned yet");

  SampleRatioTestResult result;
  result.smallest_expected = std::numeric_limits<double>::infinity();
  result.degrees_of_freedom = static_cast<double>(arms->size() - 1);
  for (const ArmCount& arm : *arms) {
    const double expected = total * arm.share;
    const double deviation = arm.count - expected;
    result.chi_square += deviation * deviation / expected;
    result.smallest_expected = std::min(result.smallest_expected, expected);
  }
  result.p_value = ChiSquareSf(result.chi_square, result.degrees_of_freedom);
  return result;
}

absl::StatusOr<double> MultinomialLogEValue(std::span<const std::int64_t> counts,
                                            std::span<const double> weights, double concentration) {
  if (!(concentration > 0.0) || !std::isfinite(concentration)) {
    return Refuse(Refusal::kArgumentOutOfRange, "concentration: want a positive, finite number");
  }
  absl::StatusOr<std::vector<ArmCount>> arms = WeightedArms(counts, weights);
  if (!arms.ok()) return arms.status();
  return LogEValue(*arms, concentration);
}

absl::StatusOr<double> SampleRatioMixtureLogEValue(std::span<const std::int64_t> counts,
                                                   std::span<const double> weights) {
  absl::StatusOr<std::vector<ArmCount>> arms = WeightedArms(counts, weights);
  if (!arms.ok()) return arms.status();
  std::array<double, kSampleRatioConcentrations.size()> log_e;
  for (std::size_t i = 0; i < log_e.size(); ++i) {
    log_e[i] = LogEValue(*arms, kSampleRatioConcentrations[i]);
  }
  return LogMeanExp(log_e);
}

double PValueOfLogEValue(double log_e_value) { return std::exp(std::min(0.0, -log_e_value)); }

}  // namespace flywheel::statistics
