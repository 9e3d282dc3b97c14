// Cases as verdicts look at them: where each belongs, and what became of it in a run.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_CASE_OUTCOMES_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_CASE_OUTCOMES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/judged_case.h"
#include "eval_gate_service/domain/run.h"
#include "eval_gate_service/domain/suite.h"
#include "shared/sql/connection.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// The cases of a suite that are left, without their texts. Never changes once it is read, and is
// shared by the outcomes of all runs on the suite, which point into it.
struct SuiteOutline {
  // Of its evaluators, in their order: results say by which one a case failed. They themselves are
  // not held: what a suite's patterns are compiled to takes megabytes.
  std::vector<std::string> evaluator_ids;
  // Of the suite, when it was read: what is left of it is another outline.
  int64_t erased_cases = 0;
  // Ascending.
  std::vector<std::string> case_ids;
  // In their order: cohorts, group, criticality and ideal_key. Points into the two below.
  std::vector<JudgedCase> cases;
  // Cohorts and groups, each once.
  std::deque<std::string> names;
  // Of each case that has labels, the cohorts that they would give. Points into `names`.
  std::deque<std::vector<std::string_view>> label_cohorts;

  // Of the evaluator at this place, from 0; empty for another one.
  std::string_view EvaluatorId(int place) const;

  // What it holds in memory, about.
  size_t bytes() const;
};

// What became of each case of an outline in a finished run, in its order. Never changes.
struct RunOutcomes {
  std::shared_ptr<const SuiteOutline> outline;
  // Points into the outline.
  std::vector<JudgedCase> cases;
  // See OutcomesHash.
  std::string hash;

  size_t bytes() const;
};

// Of all cases of a suite that are left. INTERNAL where an evaluator cannot be made any more, or
// the store holds another number of cases; the error of `deadline`.
absl::StatusOr<std::shared_ptr<const SuiteOutline>> ReadOutline(sql::Connection& connection,
                                                                const std::string& project,
                                                                const Suite& suite,
                                                                const Deadline& deadline);

// An attempt without an output is kMissing. The error of `deadline`.
absl::StatusOr<std::shared_ptr<const RunOutcomes>> ReadOutcomes(
    sql::Connection& connection, const std::string& project, const Run& run,
    std::shared_ptr<const SuiteOutline> outline, const Deadline& deadline);

// Takes the next attempt of a case into account; `failed_by` is the evaluator that says so.
void AddAttempt(const OutputJudgement& judgement, std::string_view failed_by, JudgedCase& judged);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_CASE_OUTCOMES_H_
