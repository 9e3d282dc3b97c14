// Words of findings about how cases were counted.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_TALLY_TEXT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_TALLY_TEXT_H_

#include <string>

#include "eval_gate_service/domain/bar.h"
#include "eval_gate_service/domain/cohort_tally.h"

namespace flywheel::evalgate {

// Such as "95 of 100 passed", or "10 of 50 passed all 4 attempts".
std::string PassedText(const Bar& bar, const CohortTally& tally);

// Such as "400 cases in 100 groups tell as much as 163 that stand alone, "; empty where all do.
std::string ClustersText(const CohortTally& tally, double effective_cases);

// Why nothing is shown where all cases are of one group.
std::string OneGroupText();

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_TALLY_TEXT_H_
