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

// What it takes on the wire and in memory, about: an empty call is not free.
inline size_t BytesOf(const std::vector<ToolCall>& calls) {
  constexpr size_t kBytesOfACall = 32;
  size_t bytes = 0;
  for (const ToolCall& call : calls) {
    bytes += kBytesOfACall + call.name.size() + call.arguments_json.size();
  }
  return bytes;
}
inline size_t BytesOf(const CaseOutput& output) {
  return output.output.size() + output.error.size() + output.infrastructure_error.size() +
         BytesOf(output.tool_calls);
}

// The outputs of one model version for one suite, by case id.
using Outputs = absl::flat_hash_map<std::string, CaseOutput>;

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_OUTPUT_H_
