// Values of a candidate's outputs: one a case.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_OUTPUT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_OUTPUT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// What came for one case.
struct CaseOutput {
  std::string case_id;
  std::string output;
  std::vector<ToolCall> tool_calls;
  // Not empty: the candidate failed to answer.
  std::string error;
  // Not empty: what the candidate runs on failed, so that this is no answer.
  std::string infrastructure_error = {};
};

// Of its texts together.
inline size_t BytesOf(const CaseOutput& output) {
  size_t bytes = output.output.size() + output.error.size() + output.infrastructure_error.size();
  for (const ToolCall& call : output.tool_calls) {
    bytes += call.name.size() + call.arguments_json.size();
  }
  return bytes;
}

// The outputs of one model version for one suite, by case id.
using Outputs = absl::flat_hash_map<std::string, CaseOutput>;

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_OUTPUT_H_
