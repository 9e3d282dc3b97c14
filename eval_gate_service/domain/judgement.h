// The decision: outputs against a bar.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_JUDGEMENT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_JUDGEMENT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/domain/verdict.h"

namespace flywheel::evalgate {

// A decision with its reasons: what blocks first, then what is undecided, then the rest.
struct Judgement {
  Decision decision = Decision::kInconclusive;
  std::vector<Finding> findings;
};

// BLOCK where any finding blocks; else INCONCLUSIVE where any is undecided; else PASS.
Decision DecisionOf(const std::vector<Finding>& findings);

// Judges the candidate's answers; `baseline` is null where floors alone decide. Missing, duplicate
// and errored cases count as failed, and the first two block. `cases` must not be empty. The rules
// are in floor_rule.h, baseline_rule.h and constant_output.h. Deterministic: the same bar and the
// same answers give the same judgement, so a verdict can be computed again a year later.
absl::StatusOr<Judgement> JudgeAnswers(const SuitePolicy& policy,
                                       const std::vector<SuiteCase>& cases,
                                       const Answers& candidate, const Answers* baseline);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_JUDGEMENT_H_
