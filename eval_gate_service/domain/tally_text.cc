#include "eval_gate_service/domain/tally_text.h"

#include <fmt/format.h>

namespace flywheel::evalgate {

std::string PassedText(const Bar& bar, const CohortTally& tally) {
  std::string text = fmt::format("{} of {} passed", tally.passed, tally.cases);
  if (tally.attempts <= 1) return text;
  return text + fmt::format(" {} {} attempts",
                            bar.repeat_rule == RepeatRule::kAny ? "any of" : "all", tally.attempts);
}

std::string ClustersText(const CohortTally& tally, double effective_cases) {
  if (tally.clusters.empty()) return "";
  const auto groups = static_cast<int64_t>(tally.clusters.size());
  const std::string what = groups == tally.cases
                               ? fmt::format("{} cases of {} attempts", tally.cases, tally.attempts)
                               : fmt::format("{} cases in {} groups", tally.cases, groups);
  return fmt::format("{} tell as much as {:.0f} that stand alone, ", what, effective_cases);
}

std::string OneGroupText() {
  return "all of one group, which does not show how groups vary: at least 2 are needed";
}

}  // namespace flywheel::evalgate
