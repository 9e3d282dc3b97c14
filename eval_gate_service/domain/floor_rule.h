// Pass rate floors: whether every cohort reaches its own.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_FLOOR_RULE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_FLOOR_RULE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/judged_case.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/domain/verdict.h"

namespace flywheel::evalgate {

// One finding for the whole suite (cohort "") and one for every named cohort of at least
// min_cohort_cases, by name. `cases` must not be empty.
//
// AT_FLOOR where the one-sided Wilson lower bound at alpha reaches the floor. A wrong PASS needs
// every cohort to be wrongly at its floor, so these tests need no correction.
//
// BELOW_FLOOR where the one-sided Wilson upper bound at alpha is below the floor, and the exact
// binomial p-value P(X <= passed) at the floor stays below alpha after Holm's correction over all
// floors of the suite. A wrong BLOCK needs only one wrong cohort, so without the correction 20
// cohorts that all are at their floors would block about every second time; and far in its tail the
// normal approximation behind Wilson's bound is too sure by a factor of two. With both, the chance
// that any floor blocks wrongly is at most alpha, however many cohorts there are and however small.
//
// Else UNDECIDED, with the cases that would decide it.
//
// The whole suite is held against pass_rate_floor; where cohort_floors asks less of some cohorts,
// against the mean floor of its cases if that is less: a suite whose cohorts all are at their
// floors is at its own.
absl::StatusOr<std::vector<Finding>> FloorFindings(const SuitePolicy& policy,
                                                   const std::vector<JudgedCase>& cases);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_FLOOR_RULE_H_
