// Value of an evaluation: a case with its output and its outcome.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_JUDGED_CASE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_JUDGED_CASE_H_

#include <string>

#include "eval_gate_service/domain/case_outcome.h"
#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// Points into the suite and the outputs, which outlive it.
struct JudgedCase {
  const SuiteCase* suite_case = nullptr;
  // Null where none came.
  const CaseOutput* output = nullptr;
  CaseOutcome outcome = CaseOutcome::kMissing;
  // The first evaluator that says so, where the outcome is kFailed.
  std::string failed_by = {};

  bool passed() const { return outcome == CaseOutcome::kPassed; }
};

// What the evaluators of a suite look at.
struct LooksAt {
  bool text = true;
  bool calls = false;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_JUDGED_CASE_H_
