// Values of a candidate's outputs: one answer a case.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_OUTPUT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_OUTPUT_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// The answer to one case.
struct CaseOutput {
  std::string case_id;
  std::string output;
  std::vector<ToolCall> tool_calls;
  // Not empty: the candidate failed to answer.
  std::string error;
};

// The first answer that came, and whether another one came too.
struct Answer {
  CaseOutput output;
  // For ever: which of two answers is the candidate's own, nobody can say afterwards.
  bool duplicate = false;
};

// The answers of one model version to one suite, by case id.
using Answers = absl::flat_hash_map<std::string, Answer>;

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_OUTPUT_H_
