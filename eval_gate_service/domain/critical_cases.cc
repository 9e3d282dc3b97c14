#include "eval_gate_service/domain/critical_cases.h"

#include <fmt/format.h>

#include <cstdint>

#include "eval_gate_service/domain/case_value.h"

namespace flywheel::evalgate {

std::optional<Finding> CriticalCasesFinding(const Bar& bar, const std::vector<JudgedCase>& cases) {
  Finding finding;
  int64_t critical = 0;
  int64_t some_passed = 0;
  for (const JudgedCase& one : cases) {
    if (!one.critical) continue;
    ++critical;
    if (Passes(bar, one)) continue;
    ++finding.cases;
    if (one.passed_attempts > 0) ++some_passed;
  }
  if (finding.cases == 0) return std::nullopt;
  finding.kind = FindingKind::kCriticalCasesFailed;
  finding.message = fmt::format("{} of {} critical cases did not pass: none of them may fail",
                                finding.cases, critical);
  if (some_passed > 0) {
    finding.message += fmt::format("; {} of them passed in some attempts", some_passed);
  }
  return finding;
}

}  // namespace flywheel::evalgate
