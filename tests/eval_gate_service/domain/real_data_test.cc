// The gate on outputs of real models. Needs a directory with the public data sets; a checkout
// without them skips these tests.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "eval_gate_service/domain/verdict_decision.h"
#include "shared/testing/status_matchers.h"
#include "statistics/clustered.h"
#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

std::string DataFile(const std::string& name) {
  const char* directory = std::getenv("FLYWHEEL_DATA_DIR");
  return std::string(directory == nullptr ? "../shared/data" : directory) + "/" + name;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// RFC 4180: quoted fields may hold commas, line feeds and doubled quotes.
std::vector<std::vector<std::string>> ParseCsv(const std::string& text) {
  std::vector<std::vector<std::string>> rows = {{""}};
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        rows.back().back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        rows.back().back() += text[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      rows.back().emplace_back();
    } else if (c == '\n') {
      rows.push_back({""});
    } else if (c != '\r') {
      rows.back().back() += c;
    }
  }
  if (rows.back().size() == 1) rows.pop_back();
  return rows;
}

TEST(RealData, MixtralIsBlockedAgainstGpt4OnGsm8k) {
  const std::string path = DataFile("gsm8k_two_models/responses.csv");
  const auto rows = ParseCsv(ReadFile(path));
  if (rows.empty()) GTEST_SKIP() << path << " is not here: set FLYWHEEL_DATA_DIR to run this test";
  ASSERT_EQ(rows.size(), 1320u);
  ASSERT_EQ(rows[0][2], "gpt-4-1106-preview");
  std::vector<SuiteCase> cases = MakeCases(1319);
  Outputs mixtral;
  Outputs gpt4;
  for (size_t i = 0; i < cases.size(); ++i) {
    const std::vector<std::string>& row = rows[i + 1];
    ASSERT_EQ(row.size(), 5u) << "row " << i + 1;
    cases[i].input = row[0];
    cases[i].ideal_output = "True";
    mixtral[cases[i].case_id] = {cases[i].case_id, row[1], {}, ""};
    gpt4[cases[i].case_id] = {cases[i].case_id, row[2], {}, ""};
  }
  Bar bar;
  bar.pass_rate_floor = 0.6;
  const auto decided =
      DecideVerdict(bar, JudgeCases(cases, mixtral), {{"gpt-4", JudgeCases(cases, gpt4)}});
  ASSERT_OK(decided);
  EXPECT_EQ(decided->decision, Decision::kBlock);
  EXPECT_EQ(decided->findings.at(0).regressed, 383);
  EXPECT_EQ(decided->findings.at(0).improved, 95);
  const Finding& finding = decided->findings.at(0);
  EXPECT_EQ(finding.kind, FindingKind::kWorseThanBaseline);
  EXPECT_EQ(finding.passed, 842);
  EXPECT_NEAR(finding.estimate, (842.0 - 1130.0) / 1319.0, 1e-12);
  EXPECT_THAT(finding.message, ::testing::HasSubstr("that one 1130; 383 regressed, 95 improved"));
  const auto reversed =
      DecideVerdict(bar, JudgeCases(cases, gpt4), {{"mixtral", JudgeCases(cases, mixtral)}});
  ASSERT_OK(reversed);
  EXPECT_EQ(reversed->decision, Decision::kPass);
}

// 50 tasks of tau-bench's airline with 4 trials each by gpt-4o, and whether each passed.
class TauBench : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string path = DataFile("tau_bench_airline/gpt-4o-airline.json");
    const auto trials = nlohmann::json::parse(ReadFile(path), nullptr, /*allow_exceptions=*/false);
    if (!trials.is_array()) {
      GTEST_SKIP() << path << " is not here: set FLYWHEEL_DATA_DIR to run this test";
    }
    for (const auto& trial : trials) {
      passed_[trial["task_id"].get<int>()][trial["trial"].get<int>()] =
          trial["reward"].get<double>() == 1.0;
    }
    ASSERT_EQ(passed_.size(), 50u);
  }

  // The tasks with these trials as attempts.
  std::vector<JudgedCase> Tried(const std::vector<int>& trials) const {
    std::vector<JudgedCase> cases;
    for (const auto& [task, passed] : passed_) {
      JudgedCase& one = cases.emplace_back();
      one.attempts = static_cast<int>(trials.size());
      for (const int trial : trials) one.passed_attempts += passed.at(trial) ? 1 : 0;
      one.outcome =
          one.passed_attempts == one.attempts ? CaseOutcome::kPassed : CaseOutcome::kFailed;
    }
    return cases;
  }

  std::map<int, std::map<int, bool>> passed_;
};

TEST_F(TauBench, HasItsPublishedRatesAndTheErrorOfItsTasks) {
  const std::vector<JudgedCase> cases = Tried({0, 1, 2, 3});
  Bar bar;
  bar.pass_rate_floor = 0.3;
  const auto decided = DecideVerdict(bar, cases, {});
  ASSERT_OK(decided);
  const double published[] = {0.420, 0.273, 0.220, 0.200};
  ASSERT_EQ(decided->pass_all_of.size(), 4u);
  for (size_t k = 0; k < 4; ++k) EXPECT_NEAR(decided->pass_all_of[k], published[k], 5e-4);
  EXPECT_NEAR(decided->pass_any_of[0], 0.420, 1e-12);
  EXPECT_NEAR(decided->pass_any_of[3], 36.0 / 50.0, 1e-12);

  std::vector<statistics::Moments> tasks;
  for (const JudgedCase& one : cases) {
    tasks.push_back(statistics::Moments::OfProportion(one.passed_attempts, one.attempts));
  }
  const auto mean = statistics::ClusteredMean(tasks, 0.05);
  ASSERT_OK(mean);
  EXPECT_NEAR(mean->standard_error, 0.0522, 5e-5);
  EXPECT_NEAR(mean->naive_standard_error, 0.0350, 5e-5);
  // The gate's bounds know that error: Student's t of 49 degrees is 1.677, and exact bounds are a
  // little wider.
  const Finding& finding = decided->findings.at(0);
  EXPECT_NEAR(finding.estimate, 0.42, 1e-12);
  EXPECT_NEAR((finding.estimate - finding.lower) / 0.0522, 1.68, 0.2) << finding.message;
  EXPECT_NEAR((finding.upper - finding.estimate) / 0.0522, 1.68, 0.2) << finding.message;
}

TEST_F(TauBench, ATrialAgainstAnotherOneIsNeverBlocked) {
  Bar bar;
  bar.pass_rate_floor = 0;
  for (int first = 0; first < 4; ++first) {
    for (int second = 0; second < 4; ++second) {
      if (first == second) continue;
      const auto decided = DecideVerdict(bar, Tried({first}), {{"other", Tried({second})}});
      ASSERT_OK(decided);
      EXPECT_NE(decided->decision, Decision::kBlock) << first << " against " << second;
    }
  }
  const std::vector<std::pair<std::vector<int>, std::vector<int>>> halves = {
      {{0, 1}, {2, 3}}, {{0, 2}, {1, 3}}, {{0, 3}, {1, 2}}};
  for (const auto& [first, second] : halves) {
    for (const RepeatRule rule : {RepeatRule::kMean, RepeatRule::kAll, RepeatRule::kAny}) {
      bar.repeat_rule = rule;
      bar.least_attempts = 2;
      for (const bool reversed : {false, true}) {
        const auto decided = DecideVerdict(bar, Tried(reversed ? second : first),
                                           {{"other", Tried(reversed ? first : second)}});
        ASSERT_OK(decided);
        EXPECT_NE(decided->decision, Decision::kBlock);
      }
    }
  }
}

}  // namespace
}  // namespace flywheel::evalgate
