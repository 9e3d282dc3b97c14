// "May this version ship?": what cannot be asked, bought or renamed until the answer is yes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/eval_gate_service/ship_decision_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using ShipDecisions = ShipDecisionFixture;

TEST_F(ShipDecisions, SayWhatThePolicyFound) {
  v1::GetShipDecisionResponse response = ShipDecision("m1");
  EXPECT_EQ(response.decision(), v1::DECISION_UNSPECIFIED);
  EXPECT_EQ(ReasonOf(response), v1::STANDING_REASON_NOT_JUDGED);
  EXPECT_THAT(response.message(), HasSubstr("not judged on suite 's1' yet"));
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().policy_version(), 1);
  EXPECT_EQ(judged_.verdict().look(), 1);
  EXPECT_EQ(judged_.verdict().baseline_model_version(), "m0") << "the policy says it";
  response = ShipDecision("m1", "helper", "m0");
  EXPECT_TRUE(response.may_ship());
  EXPECT_EQ(response.decision(), v1::DECISION_PASS);
  EXPECT_EQ(response.policy_version(), 1);
  EXPECT_EQ(response.baseline_model_version(), "m0");
  EXPECT_EQ(response.suites(0).verdict().findings_size(), judged_.verdict().findings_size());
}

TEST_F(ShipDecisions, AreNotConfiguredWithoutAPolicy) {
  const v1::GetShipDecisionResponse response = ShipDecision("m1", "another");
  EXPECT_EQ(response.decision(), v1::DECISION_NOT_CONFIGURED);
  EXPECT_FALSE(response.may_ship());
  EXPECT_THAT(response.message(), HasSubstr("no release policy"));
}

TEST_F(ShipDecisions, NobodyWhoIsJudgedChoosesTheBarOrTheBaseline) {
  bar_.emplace().set_pass_rate_floor(0.001);
  EXPECT_THAT(Judge("v1", "bad"), HasReason(Reason::kInvalidArgument));
  bar_.reset();
  SubmitAll("junk", 400, /*wrong=*/400);
  const grpc::Status status = Judge("v1", "bad", "junk");
  EXPECT_THAT(status, HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(status.error_message(), HasSubstr("'m0', which release policy 1"));
  ASSERT_OK(Judge("v1", "bad", "m0"));
  ExpectBlocked("bad", "v1");
}

TEST_F(ShipDecisions, ExplorationsNeitherGiveNorTakeAPass) {
  ASSERT_OK(Create(SuiteRequest("own")));
  SubmitAll("m1", 400, /*wrong=*/4, "own");
  SubmitAll("bad", 400, /*wrong=*/80, "own");
  bar_.emplace().set_pass_rate_floor(0.001);
  ASSERT_OK(Judge("own-pass", "bad", "", "own"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  EXPECT_EQ(ShipDecision("bad").decision(), v1::DECISION_UNSPECIFIED);
  bar_->set_pass_rate_floor(1.0);
  ASSERT_OK(Judge("own-block", "m1", "", "own"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  bar_.reset();
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_TRUE(ShipDecision("m1").may_ship());
}

TEST_F(ShipDecisions, AnExplorationOfBeforeIsNoReplayOfWhatCounts) {
  ASSERT_OK(Create(SuiteRequest("later")));
  SubmitAll("m1", 400, /*wrong=*/4, "later");
  SubmitAll("m0", 400, /*wrong=*/4, "later");
  ASSERT_OK(Judge("e1", "m1", "", "later"));
  ASSERT_OK(SetPolicy(PolicyRequest(2, "later")));
  EXPECT_THAT(Judge("e1", "m1", "", "later"), HasReason(Reason::kAlreadyExistsWithOtherContent));
  ASSERT_OK(Judge("v1", "m1", "", "later"));
  EXPECT_TRUE(ShipDecision("m1").may_ship());
}

TEST_F(ShipDecisions, ABlockIsNotTakenBackByALargerVersionOfTheSuite) {
  ASSERT_OK(Judge("v1", "bad"));
  MakeVersion("s2", 1'000);
  SubmitAll("bad", 1'000, /*wrong=*/0, "s2");
  ASSERT_OK(Judge("v2", "bad", "", "s2"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  ExpectBlocked("bad", "v1");
}

TEST_F(ShipDecisions, ABlockIsNotTakenBackByANewBar) {
  ASSERT_OK(Judge("v1", "bad"));
  bar_.emplace().set_pass_rate_floor(0.1);
  ASSERT_OK(SetPolicy(PolicyRequest(2)));
  ExpectBlocked("bad", "v1");
}

TEST_F(ShipDecisions, APassForABarOfBeforeHasToBeShownAgain) {
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_TRUE(ShipDecision("m1").may_ship());
  bar_.emplace().set_pass_rate_floor(0.95);
  ASSERT_OK(SetPolicy(PolicyRequest(2)));
  EXPECT_EQ(ReasonOf(ShipDecision("m1")), v1::STANDING_REASON_OTHER_BAR);
  ASSERT_OK(Judge("v2", "m1"));
  EXPECT_EQ(judged_.verdict().look(), 1) << "it is another question";
  EXPECT_TRUE(ShipDecision("m1").may_ship());
  // The same bar under another number is the same question.
  bar_.emplace().set_pass_rate_floor(0.95);
  ASSERT_OK(SetPolicy(PolicyRequest(3)));
  EXPECT_TRUE(ShipDecision("m1").may_ship());
}

TEST_F(ShipDecisions, APassAgainstABaselineOfBeforeHasToBeShownAgain) {
  ASSERT_OK(Judge("v1", "m1"));
  SubmitAll("m2", 400, /*wrong=*/2);
  ASSERT_OK(Judge("v2", "m2"));
  ASSERT_OK(Approve("m2"));
  EXPECT_EQ(ReasonOf(ShipDecision("m1")), v1::STANDING_REASON_OTHER_BASELINE);
  EXPECT_TRUE(ShipDecision("m2").may_ship()) << "it serves";
  ASSERT_OK(Judge("v3", "m1"));
  EXPECT_EQ(judged_.verdict().baseline_model_version(), "m2");
  EXPECT_EQ(ShipDecision("m1", "helper", "m0").decision(), v1::DECISION_INCONCLUSIVE);
}

TEST_F(ShipDecisions, AWaiverLetsShipUntilItsEnd) {
  ASSERT_OK(Judge("v1", "bad"));
  v1::WaiveVerdictsRequest request = WaiverRequest("BAD");
  ASSERT_OK(Waive(request));
  v1::GetShipDecisionResponse response = ShipDecision("bad");
  EXPECT_TRUE(response.may_ship());
  EXPECT_EQ(response.decision(), v1::DECISION_BLOCK);
  EXPECT_EQ(response.suites(0).waiver().owner(), "the owner");
  EXPECT_THAT(response.message(), HasSubstr("waived by the owner until"));
  ASSERT_OK(Waive(request));
  EXPECT_TRUE(waived_.replayed());
  request.mutable_waiver()->set_reason("another one");
  EXPECT_THAT(Waive(request), HasReason(Reason::kAlreadyExistsWithOtherContent));
  clock_.Advance(absl::Hours(24));
  EXPECT_FALSE(ShipDecision("bad").may_ship());
  for (const absl::Duration wrong : {absl::ZeroDuration(), absl::Hours(24 * 367)}) {
    EXPECT_THAT(Waive(WaiverRequest("m1", wrong)), HasReason(Reason::kInvalidArgument));
  }
  // One that ends at once takes the others back.
  v1::WaiveVerdictsRequest again = WaiverRequest("bad");
  again.mutable_waiver()->set_waiver_id("again");
  ASSERT_OK(Waive(again));
  EXPECT_TRUE(ShipDecision("bad").may_ship());
  v1::WaiveVerdictsRequest end = WaiverRequest("bad", absl::ZeroDuration());
  end.mutable_waiver()->set_waiver_id("end");
  ASSERT_OK(Waive(end));
  EXPECT_FALSE(ShipDecision("bad").may_ship());
}

TEST_F(ShipDecisions, CountTheSuitesOfTheAgentAlone) {
  PutRows(400, "", "d-other");
  curation_.SetAgent("d-other", "another");
  v1::CreateSuiteRequest request = SuiteRequest("other", "d-other");
  request.set_suite_name("s1");
  ASSERT_OK(Create(request));
  SubmitAll("m1", 400, /*wrong=*/0, "other");
  ASSERT_OK(Judge("v1", "m1", "", "other"));
  EXPECT_EQ(judged_.verdict().policy_version(), 0);
  EXPECT_EQ(ShipDecision("m1").decision(), v1::DECISION_UNSPECIFIED);
}

TEST_F(ShipDecisions, OfAFirstVersionRestOnItsFloor) {
  MakeSuiteOf("fresh", 400);
  ASSERT_OK(SetPolicy(PolicyRequest(1, "fresh")));
  SubmitAll("m1", 400, /*wrong=*/4, "fresh");
  ASSERT_OK(Judge("v1", "m1", "", "fresh"));
  EXPECT_EQ(judged_.verdict().baseline_model_version(), "");
  EXPECT_TRUE(ShipDecision("m1", "fresh").may_ship());
  bar_.emplace().set_pass_rate_floor(0);
  ASSERT_OK(SetPolicy(PolicyRequest(2, "fresh")));
  const grpc::Status status = Judge("v2", "m1", "", "fresh");
  EXPECT_THAT(status, HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(status.error_message(), HasSubstr("ApproveBaseline"));
}

TEST_F(ShipDecisions, NeedTheOutputsOfEveryVersionThatTheyCompare) {
  ASSERT_OK(Create(SuiteRequest("next")));
  ASSERT_OK(SetPolicy(PolicyRequest(2, "next")));
  SubmitAll("m1", 400, /*wrong=*/4, "next");
  const grpc::Status status = Judge("v1", "m1", "", "next");
  EXPECT_THAT(status, HasReason(Reason::kNotFound));
  EXPECT_THAT(status.error_message(), HasSubstr("'m0'"));
}

// Whoever makes the suite would else choose what judges it.
TEST_F(ShipDecisions, ThePolicySaysWhatJudges) {
  v1::SetReleasePolicyRequest policy = PolicyRequest(2);
  v1::Bar& bar = *policy.mutable_policy()->mutable_suites(0)->mutable_bar();
  bar.add_evaluators()->set_kind("normalised");
  v1::EvaluatorSpec& length = *bar.add_evaluators();
  length.set_kind("length");
  length.set_parameters_json(R"({"unit": "words", "most": 9})");
  ASSERT_OK(SetPolicy(policy));
  EXPECT_EQ(policy_.policy().suites(0).bar().evaluators(1).evaluator_id(), "length");
  EXPECT_EQ(policy_.policy().suites(0).bar().evaluators(1).threshold(), 1);
  const grpc::Status status = Judge("v1", "m1");
  EXPECT_THAT(status, HasReason(Reason::kOutdated));
  EXPECT_THAT(status.error_message(), HasSubstr("want 'normalised', 'length', as the release"));
  // The same ones, in other words.
  v1::CreateSuiteRequest next = SuiteRequest("s2", "d1");
  next.set_suite_name("s1");
  next.add_evaluators()->set_kind("normalised");
  *next.add_evaluators() = length;
  next.mutable_evaluators(1)->set_parameters_json("{\"most\":9,\n\"unit\":\"words\"}");
  ASSERT_OK(Create(next));
  for (const char* version : {"m0", "m1"}) SubmitAll(version, 400, 4, "s2");
  ASSERT_OK(Judge("v2", "m1", "", "s2"));
  EXPECT_EQ(judged_.verdict().bar().evaluators_size(), 2);
  EXPECT_TRUE(ShipDecision("m1").may_ship());
  // What was judged otherwise has to be judged again.
  policy.mutable_policy()->set_policy_version(3);
  length.set_parameters_json(R"({"most": 8})");
  ASSERT_OK(SetPolicy(policy));
  EXPECT_FALSE(ShipDecision("m1").may_ship());
}

// The plain rule: a cohort that was seen below the floor blocks, and nothing else is asked.
TEST_F(ShipDecisions, APointFloorIsEnoughWhereNothingElseIsAsked) {
  MakeSuiteOf("router", 100);
  bar_.emplace().set_pass_rate_floor(0);
  bar_->set_point_floor(0.92);
  v1::SetReleasePolicyRequest policy = PolicyRequest(1, "router");
  ASSERT_OK(SetPolicy(policy));
  SubmitAll("right", 100, 8, "router");
  SubmitAll("wrong", 100, 9, "router");
  ASSERT_OK(Judge("r1", "right", "", "router"));
  EXPECT_EQ(judged_.verdict().findings(0).kind(), v1::FINDING_KIND_AT_POINT_FLOOR);
  EXPECT_TRUE(ShipDecision("right", "router").may_ship());
  ASSERT_OK(Judge("r2", "wrong", "", "router"));
  EXPECT_EQ(judged_.verdict().findings(0).kind(), v1::FINDING_KIND_BELOW_POINT_FLOOR);
  EXPECT_EQ(ShipDecision("wrong", "router").decision(), v1::DECISION_BLOCK);
}

TEST_F(ShipDecisions, NeedTheAgentAndTheVersion) {
  v1::GetShipDecisionRequest whole;
  whole.set_model_version("m1");
  whole.set_agent("helper");
  const auto refusal_of = [&](const v1::GetShipDecisionRequest& request) {
    v1::GetShipDecisionResponse response;
    const grpc::Status status =
        Call(&v1::EvalGateService::Stub::GetShipDecision, request, response);
    EXPECT_THAT(status, HasReason(Reason::kInvalidArgument)) << request.ShortDebugString();
    return status.error_message();
  };
  v1::GetShipDecisionRequest request = whole;
  request.clear_model_version();
  EXPECT_THAT(refusal_of(request), HasSubstr("model_version"));
  request = whole;
  request.clear_agent();
  EXPECT_THAT(refusal_of(request), HasSubstr("agent"));
  request = whole;
  request.set_baseline_model_version(std::string(129, 'm'));
  EXPECT_THAT(refusal_of(request), HasSubstr("baseline_model_version"));
}

}  // namespace
}  // namespace flywheel::evalgate
