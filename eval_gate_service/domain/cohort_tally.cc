#include "eval_gate_service/domain/cohort_tally.h"

#include <map>
#include <string_view>
#include <utility>

namespace flywheel::evalgate {
namespace {

void AddPair(bool passed, const JudgedCase& baseline, CohortTally& tally) {
  const bool baseline_passed = baseline.passed();
  if (baseline.outcome == CaseOutcome::kErrored) ++tally.baseline_errors;
  if (baseline_passed) ++tally.baseline_passed;
  if (baseline_passed && !passed) ++tally.regressed;
  if (!baseline_passed && passed) ++tally.improved;
}

}  // namespace

std::vector<CohortTally> TallyCohorts(const std::vector<JudgedCase>& candidate,
                                      const std::vector<JudgedCase>* baseline) {
  CohortTally whole;
  std::map<std::string_view, CohortTally> cohorts;
  for (size_t i = 0; i < candidate.size(); ++i) {
    const bool passed = candidate[i].passed();
    for (CohortTally* tally : {&whole, &cohorts[candidate[i].cohort]}) {
      ++tally->cases;
      if (passed) ++tally->passed;
      if (baseline != nullptr) AddPair(passed, (*baseline)[i], *tally);
    }
  }
  std::vector<CohortTally> tallies = {std::move(whole)};
  for (auto& [name, tally] : cohorts) {
    if (name.empty()) continue;
    tally.cohort = name;
    tallies.push_back(std::move(tally));
  }
  return tallies;
}

}  // namespace flywheel::evalgate
