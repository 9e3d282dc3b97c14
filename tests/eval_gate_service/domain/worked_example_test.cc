// The worked example of docs/gate.md says what the rules find.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "eval_gate_service/domain/bar.h"
#include "eval_gate_service/domain/verdict_decision.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::evalgate {
namespace {

using ::testing::HasSubstr;

const char* NameOf(FindingKind kind) {
  switch (kind) {
    case FindingKind::kWorseThanBaseline:
      return "WORSE_THAN_BASELINE";
    case FindingKind::kNotWorseThanBaseline:
      return "NOT_WORSE_THAN_BASELINE";
    case FindingKind::kBaselineUndecided:
      return "BASELINE_UNDECIDED";
    case FindingKind::kBaselineCohortTooSmall:
      return "BASELINE_COHORT_TOO_SMALL";
    case FindingKind::kCohortAtFloor:
      return "COHORT_AT_FLOOR";
    case FindingKind::kCohortUndecided:
      return "COHORT_UNDECIDED";
    case FindingKind::kCohortTooSmall:
      return "COHORT_TOO_SMALL";
    default:
      return "another";
  }
}

// Cases of a cohort by what the candidate and the baseline made of them.
struct Cohort {
  const char* name;
  int both;
  int regressed;
  int improved;
  int neither;
};

void Add(const Cohort& cohort, std::vector<JudgedCase>& candidate,
         std::vector<JudgedCase>& baseline) {
  const auto add = [&](int count, bool passed, bool baseline_passed) {
    for (int i = 0; i < count; ++i) {
      for (const bool of_candidate : {true, false}) {
        auto& cases = of_candidate ? candidate : baseline;
        const bool right = of_candidate ? passed : baseline_passed;
        JudgedCase& one = cases.emplace_back(JudgedCase{.cohort = cohort.name});
        one.outcome = right ? CaseOutcome::kPassed : CaseOutcome::kFailed;
        if (!right) one.failed_by = "normalised";
        one.passed_attempts = right ? 1 : 0;
        // Each its own answer.
        one.answer_key = one.ideal_key = cases.size();
      }
    }
  };
  add(cohort.both, true, true);
  add(cohort.regressed, false, true);
  add(cohort.improved, true, false);
  add(cohort.neither, false, false);
}

TEST(WorkedExample, OfThePageIsWhatTheRulesFind) {
  std::vector<JudgedCase> candidate, baseline;
  for (const Cohort& cohort : {Cohort{"cards", 273, 2, 12, 13}, Cohort{"fraud", 38, 0, 0, 2},
                               Cohort{"transfers", 132, 14, 1, 13}}) {
    Add(cohort, candidate, baseline);
  }
  Bar bar;
  bar.pass_rate_floor = 0.85;
  const auto decided = DecideVerdict(AtLook(bar, 1), candidate, {{"v3", baseline}});
  ASSERT_OK(decided);
  std::string lines;
  for (const Finding& finding : decided->findings) {
    lines += fmt::format("    {:<26}{}\n", NameOf(finding.kind), finding.message);
  }
  std::ifstream file(std::string(FLYWHEEL_SOURCE_DIR) + "/docs/gate.md");
  std::stringstream page;
  page << file.rdbuf();
  EXPECT_THAT(page.str(), HasSubstr(lines)) << "paste this into the page:\n" << lines;
  EXPECT_EQ(decided->decision, Decision::kBlock);
  // What the page works out by hand.
  EXPECT_EQ(decided->findings.at(0).cohort, "transfers");
  EXPECT_NEAR(decided->findings.at(0).p_value, 4 * (1 + 15) / 32'768.0, 1e-12);
}

}  // namespace
}  // namespace flywheel::evalgate
