// Values of a candidate's outputs: one an attempt at a case.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_OUTPUT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_OUTPUT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "eval_gate_service/domain/case_outcome.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// What came for one attempt at a case.
struct CaseOutput {
  std::string case_id;
  std::string output;
  std::vector<ToolCall> tool_calls;
  // Not empty: the candidate failed to answer.
  std::string error;
  // Not empty: what the candidate runs on failed, so that this is no answer.
  std::string infrastructure_error = {};
  // From 1.
  int attempt = 1;
  // Contexts, figures and what others say of it, as the contract encodes them; empty for none.
  std::string details = {};
};

// An output on its way in.
struct SentOutput {
  // As it is stored, without personal data.
  CaseOutput stored;
  // As it came, where that is another thing.
  std::optional<CaseOutput> sent = {};
};

// What became of an output, once it was judged.
struct OutputJudgement {
  CaseOutcome outcome = CaseOutcome::kMissing;
  // The place among the suite's evaluators of the first that says so, where it is kFailed; else -1.
  int failed_by = -1;
  // Equal where answers are equal for what the evaluators look at; 0 where there is no answer.
  uint64_t answer_key = 0;
};

// What it takes on the wire and in memory, about.
inline size_t BytesOf(const CaseOutput& output) {
  return output.output.size() + output.error.size() + output.infrastructure_error.size() +
         output.details.size() + BytesOf(output.tool_calls);
}

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_OUTPUT_H_
