// Whatever a candidate sends as arguments, the evaluator answers; a call that equals the expected
// one always passes, and a second call never does.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "eval_gate_service/domain/evaluators.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace flywheel::evalgate;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const size_t half = text.size() / 2;
  const ToolCall one{"tool", text.substr(0, half)};
  const ToolCall other{"tool", text.substr(half)};
  const CaseOutcome itself = MatchToolCalls({one}, {one});
  const CaseOutcome there = MatchToolCalls({one}, {other});
  const CaseOutcome back = MatchToolCalls({other}, {one});
  if ((there == CaseOutcome::kPassed) != (back == CaseOutcome::kPassed)) std::abort();
  if (there == CaseOutcome::kPassed && itself != CaseOutcome::kPassed) std::abort();
  if (MatchToolCalls({one}, {one, other}) == CaseOutcome::kPassed) std::abort();
  return 0;
}
