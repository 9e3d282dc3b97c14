#include "eval_gate_service/case_result.h"

#include <algorithm>

namespace flywheel::evalgate {
namespace {

// Of the names and numbers around the texts.
constexpr size_t kBytesOfAResult = 128;
constexpr size_t kBytesOfAGrade = 32;

size_t BytesOf(const VersionResult& result) {
  size_t bytes = 0;
  for (const AttemptResult& one : result.attempts) {
    bytes += kBytesOfAGrade + (one.output ? BytesOf(*one.output) : 0);
    for (const Grade& grade : one.grades) {
      bytes += grade.evaluator_id.size() + grade.kind.size() + grade.explanation.size() +
               grade.shortfall.size() + kBytesOfAGrade;
    }
  }
  return bytes;
}

}  // namespace

int64_t VersionResult::passed() const {
  return std::count_if(attempts.begin(), attempts.end(), [](const AttemptResult& one) {
    return one.outcome == CaseOutcome::kPassed;
  });
}

bool IsUnanswered(CaseOutcome outcome) {
  return outcome == CaseOutcome::kMissing || outcome == CaseOutcome::kUnavailable;
}

size_t BytesOf(const CaseResult& result) {
  return kBytesOfAResult + BytesOf(result.suite_case) + BytesOf(result.version) +
         (result.baseline ? BytesOf(*result.baseline) : 0);
}

}  // namespace flywheel::evalgate
