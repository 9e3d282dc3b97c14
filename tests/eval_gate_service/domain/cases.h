// Builders of suites and outputs for tests.
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_DOMAIN_CASES_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_DOMAIN_CASES_H_

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/cohort_tally.h"
#include "eval_gate_service/domain/judged_case.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// By case.
using Outputs = std::map<std::string, CaseOutput>;

// Adds `count` cases of a cohort, each with its own ideal output.
inline void AddCases(int count, const std::string& cohort, std::vector<SuiteCase>& cases) {
  for (int i = 0; i < count; ++i) {
    const std::string id = fmt::format("case-{:05}", cases.size());
    cases.push_back({id, "question " + id, "answer " + id, {}, cohort});
  }
}

inline std::vector<SuiteCase> MakeCases(int count, const std::string& cohort = "") {
  std::vector<SuiteCase> cases;
  AddCases(count, cohort, cases);
  return cases;
}

// Right answers to all cases but `wrong` of them, from case number `first_wrong` on.
inline Outputs MakeOutputs(const std::vector<SuiteCase>& cases, size_t wrong,
                           size_t first_wrong = 0) {
  Outputs outputs;
  for (size_t i = 0; i < cases.size(); ++i) {
    const bool is_wrong = i >= first_wrong && i < first_wrong + wrong;
    outputs[cases[i].case_id] = {
        cases[i].case_id,
        is_wrong ? "no idea about " + cases[i].case_id : cases[i].ideal_output,
        {},
        ""};
  }
  return outputs;
}

// What became of the cases where the ideal output alone is right. Points into the cases.
inline std::vector<JudgedCase> JudgeCases(const std::vector<SuiteCase>& cases,
                                          const Outputs& outputs, const LooksAt& looks_at = {}) {
  std::vector<JudgedCase> judged;
  for (const SuiteCase& one : cases) {
    const CaseOutput& output = outputs.at(one.case_id);
    JudgedCase& added = judged.emplace_back();
    added.cohort = one.cohort;
    if (!output.error.empty()) {
      added.outcome = CaseOutcome::kErrored;
      continue;
    }
    added.answer_key = AnswerKey(looks_at, output.output, output.tool_calls);
    added.ideal_key = AnswerKey(looks_at, one.ideal_output,
                                one.expected_tool_calls.value_or(std::vector<ToolCall>()));
    if (output.output == one.ideal_output) {
      added.outcome = CaseOutcome::kPassed;
      added.passed_attempts = 1;
    } else {
      added.outcome = CaseOutcome::kFailed;
      added.failed_by = "exact";
    }
  }
  return judged;
}

// A cohort, or (named "") a whole suite, of which so many passed.
inline CohortTally MakeTally(const std::string& cohort, int64_t cases, int64_t passed) {
  CohortTally tally;
  tally.cohort = cohort;
  tally.cases = cases;
  tally.passed = passed;
  return tally;
}

// The tallies of a suite of these cohorts: the whole before them.
inline std::vector<CohortTally> WithWhole(std::vector<CohortTally> cohorts) {
  CohortTally whole;
  for (const CohortTally& one : cohorts) {
    whole.cases += one.cases;
    whole.passed += one.passed;
    whole.baseline_passed += one.baseline_passed;
    whole.regressed += one.regressed;
    whole.improved += one.improved;
  }
  cohorts.insert(cohorts.begin(), whole);
  return cohorts;
}

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_TESTS_EVAL_GATE_SERVICE_DOMAIN_CASES_H_
