// Values of case results: what one or two versions answered to a case.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_CASE_RESULT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_CASE_RESULT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "eval_gate_service/domain/case_outcome.h"
#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/grader.h"

namespace flywheel::evalgate {

// What one version answered in one attempt.
struct AttemptResult {
  int attempt = 1;
  CaseOutcome outcome = CaseOutcome::kMissing;
  // Nothing where none came, or all of a result's outputs would not fit in a message.
  std::optional<CaseOutput> output;
  // What every evaluator says of it; their explanations where the ideal was asked for, which they
  // may quote.
  std::vector<Grade> grades;
};

// What one version answered to a case.
struct VersionResult {
  // kPassed where every attempt passed, else that of the first that did not.
  CaseOutcome outcome = CaseOutcome::kMissing;
  std::vector<AttemptResult> attempts;

  int64_t passed() const;
};

// A case with what one or two versions answered.
struct CaseResult {
  SuiteCase suite_case;
  VersionResult version;
  // Nothing where no baseline was asked for.
  std::optional<VersionResult> baseline;
};

struct CaseResultPage {
  // By case id.
  std::vector<CaseResult> results;
  // The last case that was looked at, where there may be more behind it; empty at the end.
  std::string next_after_case_id;
};

// Whether the run still lacks it: an error of the version's own is its answer.
bool IsUnanswered(CaseOutcome outcome);

// What it takes in a message, about.
size_t BytesOf(const CaseResult& result);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_CASE_RESULT_H_
