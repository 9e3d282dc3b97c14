// Value of an evaluation: a case with its output and its outcome.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_JUDGED_CASE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_JUDGED_CASE_H_

#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/evaluators.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// Points into the suite and the outputs, which outlive it.
struct JudgedCase {
  const SuiteCase* suite_case = nullptr;
  // Null where none came.
  const CaseOutput* output = nullptr;
  CaseOutcome outcome = CaseOutcome::kMissing;

  bool passed() const { return outcome == CaseOutcome::kPassed; }
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_JUDGED_CASE_H_
