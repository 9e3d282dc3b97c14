// Whether every cohort reaches its floor.
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
// Each is a one-sided Wilson test at alpha: lower bound >= floor is AT_FLOOR, upper bound < floor
// is BELOW_FLOOR, else UNDECIDED with the cases that would decide. A wrong PASS needs every cohort
// to be wrongly at its floor, so those tests need no correction. A wrong BLOCK needs only one, so
// BELOW_FLOOR also asks that the p-value P(Z <= (rate - floor) / sqrt(floor (1 - floor) / n)) stays
// below alpha after Holm's correction over all floors of the suite: the chance that any of them
// blocks wrongly is alpha, however many cohorts there are.
//
// The whole suite is held against pass_rate_floor; where cohort_floors asks less of some cohorts,
// against the mean floor of its cases if that is less: a suite whose cohorts all are at their
// floors is at its own.
absl::StatusOr<std::vector<Finding>> FloorFindings(const SuitePolicy& policy,
                                                   const std::vector<JudgedCase>& cases);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_FLOOR_RULE_H_
