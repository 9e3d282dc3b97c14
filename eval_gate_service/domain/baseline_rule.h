// Non-inferiority rule: whether a candidate is worse than a baseline, as a whole or in any cohort.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_BASELINE_RULE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_BASELINE_RULE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/bar.h"
#include "eval_gate_service/domain/cohort_tally.h"
#include "eval_gate_service/domain/verdict.h"

namespace flywheel::evalgate {

// One finding for the whole suite, the first of the tallies, and one for every cohort of at least
// min_cohort_cases, in their order.
//
// WORSE where the one-sided exact McNemar test of the cases that one of the two passed stays at or
// below `block_alpha` after Holm's correction over the suite and its cohorts: a candidate that is
// as good everywhere is blocked with a chance of at most block_alpha, however many cohorts there
// are. Cohorts too small to block beside the others are not tested, and cost the others nothing
// (statistics/multiple_testing.h). Where cases share groups or count a share, test and bounds are
// those of tally_evidence.h.
//
// Else, where the baseline passed any case, NOT_WORSE where the lower bound of the paired
// difference (PairedLowerBound at alpha) lies above minus the margin: non_inferiority_margin for
// the whole suite, cohort_margin for a cohort. A fine total hides a cohort that falls, so that each
// of at least cohort_margin_cases has to show it; a smaller one, or one whose cases all share a
// group, is TOO_SMALL, and listed. Without a
// correction, because a wrong PASS needs all of them to be wrong.
//
// Else UNDECIDED, with the cases that would decide it with a power of 80 %.
absl::StatusOr<std::vector<Finding>> BaselineFindings(const Bar& bar, double block_alpha,
                                                      const Comparison& comparison);

// By cohort that has a finding: the level of its p-value, uncorrected, at which it blocks while
// nothing else does; 0 where it is not tested.
absl::StatusOr<std::map<std::string, double>> BaselineLevels(
    const Bar& bar, double block_alpha, const std::vector<CohortTally>& tallies);

// What is found of one cohort, or of the whole, that blocks at this level.
absl::StatusOr<FindingKind> CompareAlone(const Bar& bar, double level, const CohortTally& tally);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_BASELINE_RULE_H_
