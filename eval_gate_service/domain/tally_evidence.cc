#include "eval_gate_service/domain/tally_evidence.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "shared/status/status_macros.h"
#include "statistics/clustered_rate.h"
#include "statistics/distributions.h"
#include "statistics/effective_items.h"
#include "statistics/mcnemar.h"
#include "statistics/proportion.h"
#include "statistics/sign_flip.h"

namespace flywheel::evalgate {
namespace {

using statistics::ClusterSum;

absl::StatusOr<RateEvidence> ExactRate(const CohortTally& tally, double floor, double alpha) {
  const statistics::Proportion proportion{tally.passed, tally.cases};
  RateEvidence evidence;
  ASSIGN_OR_RETURN(evidence.lower, statistics::ClopperPearsonLowerBound(proportion, alpha));
  ASSIGN_OR_RETURN(evidence.upper, statistics::ClopperPearsonUpperBound(proportion, alpha));
  // By the tails themselves, whose digits no inversion has cost.
  evidence.p_value_above = statistics::BinomialUpperTail(tally.passed, tally.cases, floor);
  evidence.p_value_below = std::min(1.0, statistics::BinomialCdf(tally.passed, tally.cases, floor));
  evidence.effective_cases = static_cast<double>(tally.cases);
  return evidence;
}

absl::StatusOr<PairedEvidence> ExactDifference(const CohortTally& tally, double alpha) {
  PairedEvidence evidence;
  evidence.counts = {static_cast<double>(tally.cases), static_cast<double>(tally.regressed),
                     static_cast<double>(tally.improved)};
  ASSIGN_OR_RETURN(const statistics::McNemarResult test,
                   statistics::McNemarTest({tally.regressed, tally.improved}));
  evidence.p_value_worse = test.p_value_worse;
  evidence.lower = PairedLowerBound(evidence.counts, alpha);
  evidence.upper = PairedUpperBound(evidence.counts, alpha);
  return evidence;
}

// Where the bounds do not matter.
constexpr double kAnyAlpha = 0.05;

// What of one group shows nothing.
bool IsOneGroup(const CohortTally& tally) { return tally.clusters.size() == 1; }

// The same shares of fewer cases.
PairedCounts Scaled(const PairedCounts& counts, double cases) {
  const double factor = cases / counts.cases;
  return {cases, counts.only_baseline * factor, counts.only_candidate * factor};
}

}  // namespace

absl::StatusOr<RateEvidence> EvidenceOfRate(const CohortTally& tally, double floor, double alpha) {
  if (tally.clusters.empty()) return ExactRate(tally, floor, alpha);
  RateEvidence evidence;
  evidence.of_one_group = IsOneGroup(tally);
  if (evidence.of_one_group) {
    evidence.effective_cases = 1;
    return evidence;
  }
  std::vector<ClusterSum> sums;
  sums.reserve(tally.clusters.size());
  for (const ClusterTally& one : tally.clusters)
    sums.push_back({one.cases, one.passed, one.passed});
  ASSIGN_OR_RETURN(const statistics::ClusteredRate rate,
                   statistics::EstimateClusteredRate(
                       sums, {floor, alpha, static_cast<double>(tally.attempts_counted)}));
  evidence.lower = rate.lower;
  evidence.upper = rate.upper;
  evidence.p_value_above = rate.p_value_above;
  evidence.p_value_below = rate.p_value_below;
  evidence.effective_cases = rate.effective_items;
  return evidence;
}

absl::StatusOr<double> SmallestPValueBelow(const CohortTally& tally, double floor) {
  CohortTally none = tally;
  none.passed = 0;
  for (ClusterTally& one : none.clusters) one.passed = 0;
  // Where every case stands alone, clusters are there for shares, and of nothing there are none.
  if (none.clusters.size() == static_cast<size_t>(none.cases)) none.clusters.clear();
  ASSIGN_OR_RETURN(const RateEvidence evidence, EvidenceOfRate(none, floor, kAnyAlpha));
  return evidence.p_value_below;
}

absl::StatusOr<PairedEvidence> EvidenceOfDifference(const CohortTally& tally, double alpha) {
  if (tally.clusters.empty()) return ExactDifference(tally, alpha);
  PairedEvidence evidence;
  std::vector<ClusterSum> sums;
  std::vector<double> differences;
  PairedCounts counts;
  for (const ClusterTally& one : tally.clusters) {
    differences.push_back(one.improved - one.regressed);
    sums.push_back({one.cases, one.improved - one.regressed, one.improved + one.regressed});
    counts.cases += one.cases;
    counts.only_baseline += one.regressed;
    counts.only_candidate += one.improved;
  }
  evidence.counts = counts;
  evidence.of_one_group = IsOneGroup(tally);
  if (evidence.of_one_group) return evidence;
  ASSIGN_OR_RETURN(evidence.p_value_worse, statistics::SignFlipTestWorse(differences));
  statistics::EffectiveItemsOptions options{-1.0, alpha,
                                            static_cast<double>(tally.attempts_counted)};
  ASSIGN_OR_RETURN(const double for_lower, statistics::EffectiveItems(sums, options));
  options.unseen_value = 1.0;
  ASSIGN_OR_RETURN(const double for_upper, statistics::EffectiveItems(sums, options));
  evidence.counts = Scaled(counts, for_lower);
  evidence.lower = PairedLowerBound(evidence.counts, alpha);
  evidence.upper = PairedUpperBound(Scaled(counts, for_upper), alpha);
  return evidence;
}

double SmallestPValueWorse(const CohortTally& tally) {
  if (IsOneGroup(tally)) return 1;
  const size_t signs =
      tally.clusters.empty() ? static_cast<size_t>(tally.cases) : tally.clusters.size();
  return std::exp2(-static_cast<double>(signs));
}

}  // namespace flywheel::evalgate
