// ExplainVerdict: stored verdicts in words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

class ExplainVerdictTest : public EvalGateTest {
 protected:
  v1::ExplainVerdictResponse Explain(const std::string& verdict_id) {
    v1::ExplainVerdictRequest request;
    request.set_verdict_id(verdict_id);
    v1::ExplainVerdictResponse response;
    EXPECT_OK(Call(&v1::EvalGateService::Stub::ExplainVerdict, request, response));
    return response;
  }
};

TEST_F(ExplainVerdictTest, SaysWhatWouldHaveTippedABlock) {
  MakeSuite(100, "app");
  SubmitAll("m1", 100);
  SubmitAll("m2", 100, /*wrong=*/30);
  ASSERT_OK(SetPolicy(PolicyRequest()));
  ASSERT_OK(Approve("m1"));
  ASSERT_OK(Judge("v1", "m2"));
  const v1::ExplainVerdictResponse explained = Explain("v1");
  EXPECT_EQ(explained.verdict().SerializeAsString(), judged_.verdict().SerializeAsString());
  EXPECT_THAT(explained.question(), HasSubstr("release policy 1 of agent 'helper', at look 1"));
  EXPECT_THAT(explained.question(), HasSubstr("on 100 cases of suite 's1', version 1"));
  EXPECT_THAT(explained.question(), HasSubstr("the baseline 'm1'"));
  EXPECT_THAT(explained.summary(), HasSubstr("BLOCK"));
  ASSERT_GE(explained.findings_size(), 2);
  for (const v1::FindingExplanation& one : explained.findings()) {
    EXPECT_GT(one.change().cases(), 0) << one.message();
    EXPECT_LE(one.change().cases(), 30) << one.message();
  }
  EXPECT_EQ(explained.findings_left_out(), 0);
  // The same after a restart, and after people were erased.
  curation_.Erase("default", "e1", {CaseId(0)});
  ASSERT_EQ(curation_.AwaitReports(1).size(), 1u);
  Restart();
  EXPECT_EQ(Explain("v1").SerializeAsString(), explained.SerializeAsString());
}

// What it says of a PASS is what the gate then does.
TEST_F(ExplainVerdictTest, NamesTheNumberOfFailuresThatEndsAPass) {
  MakeSuite(100, "app");
  SubmitAll("good", 100);
  ASSERT_OK(Judge("v1", "good"));
  ASSERT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  const v1::VerdictChange change = Explain("v1").change();
  EXPECT_EQ(change.kind(), v1::VERDICT_CHANGE_KIND_MORE_FAILED);
  ASSERT_GT(change.cases(), 0);
  const int failures = static_cast<int>(change.cases());
  SubmitAll("just", 100, failures - 1);
  ASSERT_OK(Judge("v2", "just"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  SubmitAll("one-more", 100, failures);
  ASSERT_OK(Judge("v3", "one-more"));
  EXPECT_EQ(judged_.verdict().decision(), change.decision());
}

// Counts alone do not say how often each case passed: the runs do.
TEST_F(ExplainVerdictTest, CountsTheCasesThemselvesWhereTheyWereTriedSeveralTimes) {
  MakeSuite(100, "app");
  ASSERT_OK(StartRun("r1", "m1", "s1", 3));
  v1::SubmitOutputsRequest outputs;
  outputs.set_run_id("r1");
  for (int i = 0; i < 300; ++i) {
    AddOutput(CaseId(i / 3), (i == 7 ? "wrong " : "answer ") + CaseId(i / 3), outputs);
    outputs.mutable_outputs(i)->set_attempt(i % 3 + 1);
  }
  ASSERT_OK(Call(&v1::RunService::Stub::SubmitOutputs, outputs, outputs_));
  ASSERT_OK(FinishRun("r1"));
  ASSERT_OK(Judge("v1", "m1"));
  ASSERT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  const v1::ExplainVerdictResponse explained = Explain("v1");
  EXPECT_EQ(explained.change().kind(), v1::VERDICT_CHANGE_KIND_MORE_FAILED);
  EXPECT_GT(explained.change().cases(), 0);
  EXPECT_LT(explained.change().cases(), 10);
  EXPECT_THAT(explained.summary(), HasSubstr(" With about "));
  curation_.Erase("default", "e1", {CaseId(0)});
  ASSERT_EQ(curation_.AwaitReports(1).size(), 1u);
  EXPECT_FALSE(Explain("v1").has_change());
  EXPECT_THAT(Explain("v1").summary(), HasSubstr("What would have changed it cannot be told"));
}

TEST_F(ExplainVerdictTest, KnowsNoVerdictThatWasNotGiven) {
  v1::ExplainVerdictRequest request;
  v1::ExplainVerdictResponse response;
  EXPECT_THAT(Call(&v1::EvalGateService::Stub::ExplainVerdict, request, response),
              HasReason(Reason::kInvalidArgument));
  request.set_verdict_id("v1");
  EXPECT_THAT(Call(&v1::EvalGateService::Stub::ExplainVerdict, request, response),
              HasReason(Reason::kNotFound));
}

}  // namespace
}  // namespace flywheel::evalgate
