#include "statistics/paired.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "statistics/distributions.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {

absl::StatusOr<McNemarResult> McNemarTest(const DiscordantCases& cases) {
  if (cases.only_baseline < 0 || cases.only_candidate < 0) {
    return Refuse(Refusal::kArgumentOutOfRange, "a count of discordant cases is negative");
  }
  const std::int64_t discordant = cases.only_baseline + cases.only_candidate;
  const std::int64_t fewer = std::min(cases.only_baseline, cases.only_candidate);
  McNemarResult result;
  result.p_value = std::min(1.0, 2.0 * BinomialCdf(fewer, discordant, 0.5));
  result.p_value_worse = BinomialUpperTail(cases.only_baseline, discordant, 0.5);
  return result;
}

MeanEstimate MeanWithInterval(double mean, double standard_error, double degrees_of_freedom,
                              double alpha) {
  const double half_width = -standard_error * StudentTQuantile(alpha / 2.0, degrees_of_freedom);
  return {mean, standard_error, degrees_of_freedom, {mean - half_width, mean + half_width}};
}

absl::StatusOr<MeanEstimate> PairedDifference(const Moments& differences, double alpha) {
  if (absl::Status status = RequireOpenProbability("alpha", alpha); !status.ok()) return status;
  if (differences.count() < 2) {
    return Refuse(Refusal::kTooFewUnits, "want at least 2 cases to show a variance");
  }
  const double standard_error = std::sqrt(differences.variance_of_mean());
  if (!std::isfinite(differences.mean()) || !std::isfinite(standard_error)) {
    return Refuse(Refusal::kArgumentOutOfRange, "a score is not finite");
  }
  if (!(standard_error > 0.0)) {
    return Refuse(Refusal::kZeroVariance, "every case has the same difference");
  }
  return MeanWithInterval(differences.mean(), standard_error,
                          static_cast<double>(differences.count() - 1), alpha);
}

absl::StatusOr<MeanEstimate> PairedDifference(std::span<const double> baseline,
                                              std::span<const double> candidate, double alpha) {
  if (baseline.size() != candidate.size()) {
    return Refuse(Refusal::kSizeMismatch, "want one baseline and one candidate score per case");
  }
  Moments differences;
  for (std::size_t i = 0; i < baseline.size(); ++i) differences.Add(candidate[i] - baseline[i]);
  return PairedDifference(differences, alpha);
}

}  // namespace flywheel::statistics
