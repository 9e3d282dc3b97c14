// Point floor: the plain rule that a rate below it blocks, whatever chance has to do with it.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_POINT_FLOOR_RULE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_POINT_FLOOR_RULE_H_

#include <vector>

#include "eval_gate_service/domain/bar.h"
#include "eval_gate_service/domain/cohort_tally.h"
#include "eval_gate_service/domain/verdict.h"

namespace flywheel::evalgate {

// Nothing where the bar has no point floor. BELOW_POINT_FLOOR for the whole suite, the first of
// `tallies`, and for every cohort of at least min_cohort_cases whose rate, as it was seen, is below
// the floor; where there is none, one AT_POINT_FLOOR for all of them.
//
// A version whose true rate is exactly the floor is blocked about every second time, and one whose
// true rate is below it passes as often as few cases let it: a floor that is to be shown is
// FloorFindings'.
std::vector<Finding> PointFloorFindings(const Bar& bar, const std::vector<CohortTally>& tallies);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_POINT_FLOOR_RULE_H_
