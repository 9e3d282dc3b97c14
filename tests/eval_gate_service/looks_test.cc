// Looks: nobody looks at the cases before the verdict, and nobody looks again under another name.
#include <gtest/gtest.h>

#include <string>

#include "tests/eval_gate_service/ship_decision_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using LooksTest = ShipDecisionFixture;

TEST_F(LooksTest, ABlockIsNotEscapedByAnotherSpellingOfTheVersion) {
  ASSERT_OK(Judge("v1", "bad"));
  for (const char* spelling : {"BAD", " bad ", "ｂａｄ", "Bad"}) ExpectBlocked(spelling, "v1");
  for (const char* hidden : {"bad\u200b", "ba\u00add", "bad\n", " "}) {
    v1::SubmitOutputsRequest request = OutputsRequest(hidden);
    AddOutput(CaseId(0), "answer", request);
    EXPECT_THAT(Submit(request), HasReason(Reason::kInvalidArgument)) << hidden;
  }
}

TEST_F(LooksTest, AnotherSpellingIsNoSecondTry) {
  v1::SubmitOutputsRequest request = OutputsRequest("BAD");
  for (int i = 0; i < 400; ++i) AddOutput(CaseId(i), "answer " + CaseId(i), request);
  ASSERT_OK(Judge("v1", "Bad"));
  EXPECT_THAT(Submit(request), HasReason(Reason::kAlreadyEnded));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  v1::ListVerdictsRequest list;
  list.set_model_version("bad");
  v1::ListVerdictsResponse listed;
  ASSERT_OK(Call(&v1::EvalGateService::Stub::ListVerdicts, list, listed));
  EXPECT_EQ(listed.verdicts_size(), 1);
  // And what serves may be approved under any.
  ASSERT_OK(Approve("M0"));
  ASSERT_OK(Judge("v2", "m1"));
}

TEST_F(LooksTest, NobodyLooksAtCasesOfThePolicyBeforeTheVerdict) {
  v1::ListCaseResultsRequest request;
  request.set_suite_id("s1");
  request.set_model_version("bad");
  v1::ListCaseResultsResponse response;
  const auto list = [&] {
    return Call(&v1::EvalGateService::Stub::ListCaseResults, request, response);
  };
  const grpc::Status early = list();
  EXPECT_THAT(early, HasReason(Reason::kNotEnoughData));
  EXPECT_THAT(early.error_message(), HasSubstr("judge it first"));
  request.set_filter(v1::CASE_FILTER_UNANSWERED);
  EXPECT_OK(list()) << "what is missing has to be known";
  request.set_filter(v1::CASE_FILTER_FAILED);
  request.set_model_version("m0");
  EXPECT_OK(list()) << "what serves is known";
  request.set_baseline_model_version("bad");
  EXPECT_THAT(list(), HasReason(Reason::kNotEnoughData)) << "nor beside another version";
  request.set_filter(v1::CASE_FILTER_UNANSWERED);
  EXPECT_THAT(list(), HasReason(Reason::kNotEnoughData));
  request.set_filter(v1::CASE_FILTER_FAILED);
  request.clear_baseline_model_version();
  request.set_model_version("bad");
  ASSERT_OK(Judge("v1", "bad"));
  EXPECT_OK(list());
  ASSERT_OK(Approve("m1"));
  request.set_baseline_model_version("m0");
  EXPECT_OK(list()) << "a verdict compared with it";
}

TEST_F(LooksTest, ANewBaselineOnTheSameCasesIsTheSameLook) {
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().look(), 1);
  SubmitAll("base-2", 400, /*wrong=*/4);
  ASSERT_OK(Approve("base-2"));
  ASSERT_OK(Judge("v2", "m1"));
  EXPECT_EQ(judged_.verdict().look(), 1) << "the floor says what it said";
  // On new cases the floor is asked about again, whatever the baseline is.
  MakeVersion("s2", 500);
  for (const char* version : {"m1", "base-2", "base-3"}) SubmitAll(version, 500, 5, "s2");
  ASSERT_OK(Approve("base-3"));
  ASSERT_OK(Judge("v3", "m1", "", "s2"));
  EXPECT_EQ(judged_.verdict().look(), 2);
  ASSERT_OK(Approve("base-2", "again"));
  ASSERT_OK(Judge("v4", "m1", "", "s2"));
  EXPECT_EQ(judged_.verdict().look(), 2);
}

TEST_F(LooksTest, AnInconclusiveVerdictTakesMoreCasesThreeTimesAtMost) {
  // Too few to show the floor, however right.
  int number = 0;
  const auto judge_on = [&](const std::string& suite_id, int count) {
    PutRows(count, "", "d-" + suite_id);
    v1::CreateSuiteRequest request = SuiteRequest(suite_id, "d-" + suite_id);
    request.set_suite_name("small");
    EXPECT_OK(Create(request));
    SubmitAll("m0", count, 0, suite_id);
    SubmitAll("m1", count, 0, suite_id);
    return Judge("look-" + std::to_string(++number), "m1", "", suite_id);
  };
  ASSERT_OK(SetPolicy(PolicyRequest(2, "small")));
  ASSERT_OK(judge_on("n1", 20));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_INCONCLUSIVE);
  EXPECT_THAT(Judge("again", "m1", "", "n1"), HasReason(Reason::kAlreadyEnded));
  EXPECT_THAT(judge_on("n2", 20), HasReason(Reason::kAlreadyEnded)) << "no case is new";
  EXPECT_THAT(ShipDecision("m1").message(), HasSubstr("a larger version of the suite"));
  ASSERT_OK(judge_on("n3", 30));
  EXPECT_EQ(judged_.verdict().look(), 2);
  EXPECT_THAT(Judge("older", "m1", "", "n1"), HasReason(Reason::kOutdated));
  ASSERT_OK(judge_on("n4", 40));
  EXPECT_EQ(judged_.verdict().look(), 3);
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_INCONCLUSIVE)
      << "40 of 40 show the floor at alpha, and not at the share of the third look";
  EXPECT_THAT(judge_on("n5", 1'000), HasReason(Reason::kAlreadyEnded));
  EXPECT_EQ(ShipDecision("m1").decision(), v1::DECISION_INCONCLUSIVE);
}

}  // namespace
}  // namespace flywheel::evalgate
