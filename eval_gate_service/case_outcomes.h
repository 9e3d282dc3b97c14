// Cases as verdicts look at them: where each belongs, and what became of it in a run.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_CASE_OUTCOMES_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_CASE_OUTCOMES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/judged_case.h"
#include "eval_gate_service/domain/run.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/grader.h"
#include "shared/sql/connection.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// A case without its texts.
struct CaseOutline {
  std::string case_id;
  std::string cohort;
  std::string group;
  bool critical = false;
  // See AnswerKey: of what would be right.
  uint64_t ideal_key = 0;
};

// Of all cases of a suite that are left, by id. The error of `deadline`.
absl::StatusOr<std::vector<CaseOutline>> ReadOutline(sql::Connection& connection,
                                                     const std::string& project, const Suite& suite,
                                                     const Grader& grader,
                                                     const Deadline& deadline);

// What became of each case of the outline in a run, in its order. Points into the outline and the
// grader. An attempt without an output is kMissing. The error of `deadline`.
absl::StatusOr<std::vector<JudgedCase>> ReadOutcomes(sql::Connection& connection,
                                                     const std::string& project, const Run& run,
                                                     const std::vector<CaseOutline>& outline,
                                                     const Grader& grader,
                                                     const Deadline& deadline);

// Takes the next attempt of a case into account; `failed_by` is the evaluator that says so.
void AddAttempt(const OutputJudgement& judgement, std::string_view failed_by, JudgedCase& judged);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_CASE_OUTCOMES_H_
