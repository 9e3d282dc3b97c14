// What a case counts in a pass rate, however often it was tried.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_VALUE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_VALUE_H_

#include <vector>

#include "eval_gate_service/domain/bar.h"
#include "eval_gate_service/domain/judged_case.h"

namespace flywheel::evalgate {

// 0 to 1: what the bar's rule makes of the attempts; see RepeatRule. Of one attempt each rule says
// whether it passed. 0 where there were fewer attempts than least_attempts, which nobody judges.
double CaseValue(const Bar& bar, const JudgedCase& one);

// Whether people would say that the case passed: every attempt did, or by RepeatRule::kAny any of
// each k of them.
bool Passes(const Bar& bar, const JudgedCase& one);

// The means over all cases of the chances that k attempts at a case all pass, and that any of them
// does, element k - 1 for k = 1 up to the fewest attempts at a case.
struct PassRatesOfAttempts {
  std::vector<double> all_of;
  std::vector<double> any_of;
};
PassRatesOfAttempts RatesOfAttempts(const std::vector<JudgedCase>& cases);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_VALUE_H_
