// What a verdict is decided on: outcomes of finished runs, and what the rules find in them.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_EVIDENCE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_EVIDENCE_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/case_outcomes.h"
#include "eval_gate_service/domain/run.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/domain/verdict.h"
#include "eval_gate_service/domain/verdict_decision.h"
#include "eval_gate_service/judged_question.h"
#include "eval_gate_service/store/run_store.h"

namespace flywheel::evalgate {

// A version with what became of the cases in its run.
struct VersionOutcomes {
  Run run;
  std::shared_ptr<const RunOutcomes> outcomes;
};

// All that a verdict depends on, as it stood at one moment. What is finished changes only as cases
// leave.
struct Evidence {
  Suite suite;
  JudgedQuestion question;
  // The candidate's first, then those of the versions that it is compared with.
  std::vector<VersionOutcomes> versions;
  // Of the candidate.
  UnfinishedRuns unfinished;
};

// Those that the candidate is compared with; of the evidence, which outlives them.
std::vector<JudgedVersion> ComparedVersions(const Evidence& evidence);

// What the rules decide, with all that says what was asked on what; without id, time, key and
// labels.
absl::StatusOr<Verdict> DecideEvidence(const Evidence& evidence);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_EVIDENCE_H_
