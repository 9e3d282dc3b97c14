// Builders of suites and outputs for tests.
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_DOMAIN_CASES_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_DOMAIN_CASES_H_

#include <fmt/format.h>

#include <string>
#include <vector>

#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/judged_case.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

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
inline Answers MakeAnswers(const std::vector<SuiteCase>& cases, size_t wrong,
                           size_t first_wrong = 0) {
  Answers answers;
  for (size_t i = 0; i < cases.size(); ++i) {
    const bool is_wrong = i >= first_wrong && i < first_wrong + wrong;
    Answer answer;
    answer.output.case_id = cases[i].case_id;
    answer.output.output = is_wrong ? "no idea about " + cases[i].case_id : cases[i].ideal_output;
    answers[cases[i].case_id] = answer;
  }
  return answers;
}

// The first `passed` of `cases` passed, the others not.
inline std::vector<JudgedCase> MakeJudged(const std::vector<SuiteCase>& cases, size_t passed) {
  std::vector<JudgedCase> judged;
  for (size_t i = 0; i < cases.size(); ++i) {
    judged.push_back(
        {&cases[i], nullptr, i < passed ? CaseOutcome::kPassed : CaseOutcome::kWrongOutput});
  }
  return judged;
}

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_TESTS_EVAL_GATE_SERVICE_DOMAIN_CASES_H_
