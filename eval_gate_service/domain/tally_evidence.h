// What the counts of a cohort show: of its pass rate, and of its difference from a baseline.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_TALLY_EVIDENCE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_TALLY_EVIDENCE_H_

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/cohort_tally.h"
#include "eval_gate_service/domain/paired_bound.h"

namespace flywheel::evalgate {

// Where all cases stand alone and count 0 or 1, exact (Clopper and Pearson), else of as many
// independent cases as the clusters are worth (statistics/clustered_rate.h).
struct RateEvidence {
  double lower = 0;
  double upper = 1;
  // The chance of so high a rate, or of so low a one, where the floor is the true rate.
  double p_value_above = 1;
  double p_value_below = 1;
  // Independent cases that tell as much; the cases themselves where they are independent.
  double effective_cases = 0;
  // All cases share a group: how they vary is not to be seen, so that nothing is shown.
  bool of_one_group = false;
};

absl::StatusOr<RateEvidence> EvidenceOfRate(const CohortTally& tally, double floor, double alpha);

// The p_value_below of these cases where none passed, whatever their results are: about the
// smallest that they can give.
absl::StatusOr<double> SmallestPValueBelow(const CohortTally& tally, double floor);

// Where all cases stand alone and count 0 or 1, McNemar's exact test and Tango's bounds; else the
// test that flips the sign of whole clusters (statistics/sign_flip.h), and Tango's bounds of as
// many independent cases as the clusters are worth.
struct PairedEvidence {
  // What the lower bound is of.
  PairedCounts counts;
  double lower = -1;
  double upper = 1;
  double p_value_worse = 1;
  bool of_one_group = false;
};

absl::StatusOr<PairedEvidence> EvidenceOfDifference(const CohortTally& tally, double alpha);

// The smallest p_value_worse that results of these cases can give: that of all regressed.
double SmallestPValueWorse(const CohortTally& tally);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_TALLY_EVIDENCE_H_
