// Verdicts on runs that try each case several times, and on cases that share groups or are
// critical.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/eval_gate_service/runs_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class RepeatsTest : public RunsFixture {
 protected:
  // A finished run of "s1" in which attempt k at case i passes where `passes` says so.
  template <typename Passes>
  void Run(const std::string& model_version, int cases, int attempts, Passes passes) {
    const std::string run_id = "run-of-" + model_version;
    ASSERT_OK(StartRun(run_id, model_version, "s1", attempts));
    v1::SubmitOutputsRequest request;
    request.set_run_id(run_id);
    for (int i = 0; i < cases; ++i) {
      for (int k = 1; k <= attempts; ++k) {
        const bool passed = passes(i, k);
        AddOutput(CaseId(i), (passed ? "answer " : "wrong ") + CaseId(i), request);
        v1::CaseOutput& output = *request.mutable_outputs(request.outputs_size() - 1);
        output.set_attempt(k);
        if (!external_) continue;
        v1::ExternalGrade& grade = *output.add_external_grades();
        grade.set_name("reward");
        grade.set_score(passed ? 1 : 0);
      }
    }
    ASSERT_OK(Call(&v1::RunService::Stub::SubmitOutputs, request, outputs_));
    ASSERT_OK(FinishRun(run_id));
  }

  void ExpectReplay(const std::string& verdict_id) {
    v1::ReplayVerdictRequest request;
    request.set_verdict_id(verdict_id);
    v1::ReplayVerdictResponse response;
    ASSERT_OK(Call(&v1::EvalGateService::Stub::ReplayVerdict, request, response));
    EXPECT_EQ(response.result(), v1::REPLAY_RESULT_MATCHES) << response.DebugString();
  }

  // Whether the outputs bring a reward.
  bool external_ = false;
};

TEST_F(RepeatsTest, TryACaseSeveralTimes) {
  MakeSuite(60);
  ASSERT_OK(StartRun("base", "m1", "s1", 3));
  ASSERT_OK(SendAll("base", 60, 3));
  ASSERT_OK(FinishRun("base"));
  ASSERT_OK(StartRun("r1", "m2", "s1", 3));
  EXPECT_EQ(started_.run().attempts(), 180);
  ASSERT_OK(Send("r1", {Output(0, "x", 4), Output(0, "wrong", 2)}));
  EXPECT_EQ(outputs_.results(0).reason(), common::v1::ERROR_REASON_INVALID_ARGUMENT);
  EXPECT_THAT(outputs_.results(0).message(), HasSubstr("1 to 3"));
  EXPECT_EQ(outputs_.missing(), 179);
  ASSERT_OK(SendAll("r1", 60, 3));
  EXPECT_EQ(outputs_.missing(), 0);
  ASSERT_OK(FinishRun("r1"));
  ASSERT_OK(Judge("v1", "m2", "m1"));
  EXPECT_EQ(judged_.verdict().attempts_per_case(), 3);
  const auto flaky = Results("m2", v1::CASE_FILTER_FLAKY, "m1");
  ASSERT_THAT(flaky.results(), SizeIs(1));
  const v1::CaseResult& one = flaky.results(0);
  EXPECT_EQ(one.case_id(), CaseId(0));
  EXPECT_EQ(one.outcome(), v1::CASE_OUTCOME_FAILED);
  ASSERT_THAT(one.attempts(), SizeIs(3));
  EXPECT_EQ(one.attempts(0).outcome(), v1::CASE_OUTCOME_PASSED);
  EXPECT_EQ(one.attempts(1).outcome(), v1::CASE_OUTCOME_FAILED);
  EXPECT_EQ(one.attempts(1).output().output(), "wrong");
  EXPECT_EQ(one.baseline_outcome(), v1::CASE_OUTCOME_PASSED);
  EXPECT_THAT(Results("m2", v1::CASE_FILTER_REGRESSED, "m1").results(), SizeIs(1));
  EXPECT_THAT(Results("m1", v1::CASE_FILTER_IMPROVED, "m2").results(), SizeIs(1));
}

TEST_F(RepeatsTest, TheVerdictSaysHowOftenAttemptsPass) {
  MakeSuite(60);
  Run("m1", 60, 2, [](int i, int k) { return i >= 30 || k == 1; });
  ASSERT_OK(Judge("v1", "m1"));
  const v1::Verdict verdict = judged_.verdict();
  EXPECT_EQ(verdict.attempts_per_case(), 2);
  ASSERT_THAT(verdict.pass_all_of(), SizeIs(2));
  EXPECT_DOUBLE_EQ(verdict.pass_all_of(0), 0.75);
  EXPECT_DOUBLE_EQ(verdict.pass_all_of(1), 0.5);
  ASSERT_THAT(verdict.pass_any_of(), SizeIs(2));
  EXPECT_DOUBLE_EQ(verdict.pass_any_of(0), 0.75);
  EXPECT_DOUBLE_EQ(verdict.pass_any_of(1), 1.0);
  EXPECT_DOUBLE_EQ(verdict.findings(0).estimate(), 0.75) << "the mean, where the bar says nothing";
  Restart();
  v1::GetVerdictRequest request;
  request.set_verdict_id("v1");
  v1::GetVerdictResponse response;
  ASSERT_OK(Call(&v1::EvalGateService::Stub::GetVerdict, request, response));
  EXPECT_EQ(response.verdict().SerializeAsString(), verdict.SerializeAsString());
  ExpectReplay("v1");
}

TEST_F(RepeatsTest, TheBarSaysWhatCounts) {
  MakeSuite(60);
  Run("m1", 60, 2, [](int i, int k) { return i >= 30 || k == 1; });
  bar_.emplace();
  bar_->set_least_attempts(2);
  bar_->set_repeat_rule(v1::REPEAT_RULE_ANY);
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  bar_->set_repeat_rule(v1::REPEAT_RULE_ALL);
  ASSERT_OK(Judge("v2", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  EXPECT_DOUBLE_EQ(judged_.verdict().findings(0).estimate(), 0.5);
  EXPECT_EQ(judged_.verdict().bar().repeat_rule(), v1::REPEAT_RULE_ALL);
  ExpectReplay("v1");
  ExpectReplay("v2");
}

TEST_F(RepeatsTest, NoVerdictOnFewerAttemptsThanTheBarWants) {
  MakeSuite(60);
  const auto right = [](int, int) { return true; };
  Run("m1", 60, 2, right);
  Run("m2", 60, 3, right);
  bar_.emplace();
  bar_->set_least_attempts(3);
  const grpc::Status status = Judge("v1", "m1");
  EXPECT_THAT(status, HasReason(Reason::kNotEnoughData));
  EXPECT_THAT(status.error_message(), HasSubstr("attempts at each case in run 'run-of-m1'"));
  EXPECT_THAT(Judge("v1", "m2", "m1"), HasReason(Reason::kNotEnoughData)) << "the baseline's too";
  ASSERT_OK(Judge("v1", "m2"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
}

TEST_F(RepeatsTest, CasesOfAGroupCountTogether) {
  const auto cases = [](int per_group) {
    std::vector<v1::UploadedCase> made;
    for (int i = 0; i < 400; ++i) {
      made.push_back(UploadedCase(CaseId(i)));
      made.back().set_group(fmt::format("talk-{}", i / per_group));
    }
    return made;
  };
  // 20 of 400 are wrong: of single cases enough to show .92.
  ASSERT_OK(Upload(Header("s1"), cases(1)));
  SubmitAll("m1", 400, /*wrong=*/20);
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  ASSERT_OK(Upload(Header("s2"), cases(4)));
  SubmitAll("m1", 400, /*wrong=*/20, "s2");
  ASSERT_OK(Judge("v2", "m1", "", "s2"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_INCONCLUSIVE);
  EXPECT_THAT(judged_.verdict().findings(0).message(), HasSubstr("400 cases in 100 groups"));
  ExpectReplay("v2");
  ASSERT_OK(Upload(Header("s3"), cases(400)));
  SubmitAll("m1", 400, /*wrong=*/0, "s3");
  ASSERT_OK(Judge("v3", "m1", "", "s3"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_INCONCLUSIVE);
  EXPECT_THAT(judged_.verdict().findings(0).message(), HasSubstr("all of one group"));
}

TEST_F(RepeatsTest, ACriticalCaseThatFailsBlocks) {
  std::vector<v1::UploadedCase> cases;
  for (int i = 0; i < 100; ++i) cases.push_back(UploadedCase(CaseId(i)));
  cases[0].set_critical(true);
  cases[99].set_critical(true);
  ASSERT_OK(Upload(Header("s1"), cases));
  SubmitAll("m1", 100);
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  SubmitAll("m2", 100, /*wrong=*/1);
  ASSERT_OK(Judge("v2", "m2"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  EXPECT_EQ(judged_.verdict().findings(0).kind(), v1::FINDING_KIND_CRITICAL_CASES_FAILED);
  EXPECT_THAT(judged_.verdict().findings(0).message(), HasSubstr("1 of 2 critical cases"));
}

// 50 tasks of tau-bench's airline with 4 trials each, graded by its own reward.
TEST_F(RepeatsTest, OfARealAgentHaveItsPublishedRates) {
  const char* directory = std::getenv("FLYWHEEL_DATA_DIR");
  const std::string path = std::string(directory == nullptr ? "../shared/data" : directory) +
                           "/tau_bench_airline/gpt-4o-airline.json";
  std::ifstream file(path);
  const auto trials = nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!trials.is_array()) {
    GTEST_SKIP() << path << " is not here: set FLYWHEEL_DATA_DIR to run this test";
  }
  std::vector<std::vector<bool>> passed(50, std::vector<bool>(4));
  for (const auto& trial : trials) {
    passed.at(trial["task_id"].get<size_t>()).at(trial["trial"].get<size_t>()) =
        trial["reward"].get<double>() == 1.0;
  }
  external_ = true;
  PutRows(50);
  v1::CreateSuiteRequest suite = SuiteRequest("s1");
  suite.clear_evaluators();
  v1::EvaluatorSpec& reward = *suite.add_evaluators();
  reward.set_kind("external");
  reward.set_parameters_json(R"({"name": "reward"})");
  ASSERT_OK(Create(suite));
  const auto tried = [&passed](int first) {
    return [&passed, first](int i, int k) {
      return passed[static_cast<size_t>(i)][static_cast<size_t>(first + k - 1)];
    };
  };
  Run("gpt-4o", 50, 4, tried(0));
  bar_.emplace();
  bar_->set_pass_rate_floor(0);
  for (int trial = 0; trial < 4; ++trial) {
    Run(fmt::format("trial-{}", trial), 50, 1, tried(trial));
  }
  ASSERT_OK(Judge("v1", "gpt-4o", "trial-0"));
  const double published[] = {0.420, 0.273, 0.220, 0.200};
  ASSERT_THAT(judged_.verdict().pass_all_of(), SizeIs(4));
  for (int k = 0; k < 4; ++k) EXPECT_NEAR(judged_.verdict().pass_all_of(k), published[k], 5e-4);
  for (int first = 0; first < 4; ++first) {
    for (int second = 0; second < 4; ++second) {
      if (first == second) continue;
      ASSERT_OK(Judge(fmt::format("v-{}-{}", first, second), fmt::format("trial-{}", first),
                      fmt::format("trial-{}", second)));
      EXPECT_NE(judged_.verdict().decision(), v1::DECISION_BLOCK);
    }
  }
}

}  // namespace
}  // namespace flywheel::evalgate
