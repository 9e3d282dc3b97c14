// Builder of verdicts for tests: what the rules decide on counts.
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_DOMAIN_DECIDED_VERDICT_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_DOMAIN_DECIDED_VERDICT_H_

#include <algorithm>
#include <string>
#include <vector>

#include "eval_gate_service/domain/verdict.h"
#include "eval_gate_service/domain/verdict_decision.h"
#include "shared/testing/status_matchers.h"
#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {

// A cohort beside a version, of which the version passed `passed` - `improved` + `regressed`.
inline CohortTally MakePair(const std::string& cohort, int64_t cases, int64_t passed,
                            int64_t regressed, int64_t improved) {
  CohortTally tally = MakeTally(cohort, cases, passed);
  tally.baseline_passed = passed - improved + regressed;
  tally.regressed = regressed;
  tally.improved = improved;
  return tally;
}

// A verdict of a policy on these tallies, the whole first. The first comparison is with the
// baseline, the second one with the reference.
inline Verdict DecideTallies(const Bar& bar, int look, const std::vector<CohortTally>& tallies,
                             const std::vector<Comparison>& comparisons = {}) {
  Verdict verdict;
  verdict.verdict_id = "v1";
  verdict.agent = "helper";
  verdict.suite_name = "held-out";
  verdict.suite_version = 2;
  verdict.suite_cases = tallies.front().cases;
  verdict.model_version = "m2";
  verdict.bar = bar;
  verdict.look = look;
  verdict.policy_version = look > 0 ? 3 : 0;
  if (!comparisons.empty()) verdict.baseline_model_version = comparisons[0].model_version;
  if (comparisons.size() > 1) verdict.reference_model_version = comparisons[1].model_version;
  auto findings = RuleFindings(AtLook(bar, look), tallies, comparisons);
  EXPECT_OK(findings);
  verdict.findings = *std::move(findings);
  std::stable_sort(
      verdict.findings.begin(), verdict.findings.end(),
      [](const Finding& a, const Finding& b) { return SeverityOf(a.kind) < SeverityOf(b.kind); });
  verdict.decision = DecisionOf(verdict.findings);
  return verdict;
}

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_TESTS_EVAL_GATE_SERVICE_DOMAIN_DECIDED_VERDICT_H_
