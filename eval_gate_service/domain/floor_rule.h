// Pass rate floors: whether the suite and every cohort reach their own.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_FLOOR_RULE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_FLOOR_RULE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/bar.h"
#include "eval_gate_service/domain/cohort_tally.h"
#include "eval_gate_service/domain/verdict.h"

namespace flywheel::evalgate {

// Nothing where the bar has no floor. Else one finding for the whole suite, the first of
// `tallies`, and one for every cohort of at least min_cohort_cases, in their order. Each is about
// the true pass rate that the cases are a sample of; all bounds are exact (Clopper and Pearson),
// and where cases share groups or count a share, those of tally_evidence.h.
//
// AT_FLOOR where the one-sided lower bound at alpha reaches the floor, which a rate exactly at the
// floor does with a chance of at most alpha. A wrong PASS needs every floor to be wrongly reached,
// so these tests need no correction.
//
// BELOW_FLOOR where the exact p-value P(X <= passed | floor) stays at or below `block_alpha` after
// Holm's correction over all floors of the suite. A wrong BLOCK needs only one wrong cohort: 20
// cohorts that all are at their floors would block about every second time without it. Cohorts too
// small to block beside the others are not tested, and cost the others nothing
// (statistics/multiple_testing.h).
//
// TOO_SMALL where the cohort has so few cases that even passing all of them would not show the
// floor. It keeps no version from passing, because the whole suite holds its cases too, unless
// cohort_floors names the cohort: who sets a floor for it wants it shown, however few cases it has,
// and though none is left. So is a cohort whose cases all share one group, which shows nothing; a
// whole suite of one group is undecided.
//
// Else UNDECIDED, with the cases that would decide it with a power of 80 %.
//
// The whole suite is held against pass_rate_floor; where cohort_floors asks less of some cohorts,
// against the mean floor of its cases if that is less: a suite whose cohorts all are at their
// floors is at its own. The floors of cohorts by label, which share cases, lower nothing.
absl::StatusOr<std::vector<Finding>> FloorFindings(const Bar& bar, double block_alpha,
                                                   const std::vector<CohortTally>& tallies);

// By cohort that has a finding: the level of its p-value, uncorrected, at which it blocks while
// nothing else does; 0 where it is not tested.
absl::StatusOr<std::map<std::string, double>> FloorLevels(const Bar& bar, double block_alpha,
                                                          const std::vector<CohortTally>& tallies);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_FLOOR_RULE_H_
