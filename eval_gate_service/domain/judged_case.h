// Value of an evaluation: what became of a case.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_JUDGED_CASE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_JUDGED_CASE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eval_gate_service/domain/case_outcome.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// All that the rules look at, and no text of any case: what was said is dropped once it is judged.
// Points into the suite and its evaluators, which outlive it.
struct JudgedCase {
  // Empty: the case belongs to the whole suite only.
  std::string_view cohort = {};
  // Further ones that it belongs to where the bar names their labels, each once: LabelCohortName.
  std::span<const std::string_view> label_cohorts = {};
  // Cases that share one are not independent of each other; empty: alone.
  std::string_view group = {};
  // It must not fail.
  bool critical = false;
  // kPassed where every attempt passed, else that of the first that did not.
  CaseOutcome outcome = CaseOutcome::kMissing;
  // The first evaluator that says so, where the outcome is kFailed.
  std::string_view failed_by = {};
  int attempts = 1;
  int passed_attempts = 0;
  // See AnswerKey: of the first attempt's answer, 0 where there is none, and of what would be
  // right.
  uint64_t answer_key = 0;
  uint64_t ideal_key = 0;

  // Every attempt did.
  bool passed() const { return outcome == CaseOutcome::kPassed; }
};

// What the evaluators of a suite look at.
struct LooksAt {
  bool text = true;
  bool calls = false;
};

// Equal for answers that the evaluators cannot tell apart: a hash of the normalised text, of the
// calls in their order, or of both, and never 0; 0 where they look at neither. The same for ever.
uint64_t AnswerKey(const LooksAt& looks_at, const std::string& text,
                   const std::vector<ToolCall>& calls);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_JUDGED_CASE_H_
