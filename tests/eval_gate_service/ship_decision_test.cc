// "May this version ship?": what cannot be asked, bought or renamed until the answer is yes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;

class ShipDecisions : public EvalGateTest {
 protected:
  // "s1": 400 cases, and the policy's only suite. "m0" serves; "m1" is as good, "bad" is not.
  void SetUp() override {
    MakeSuite(400);
    ASSERT_OK(SetPolicy(PolicyRequest()));
    ASSERT_OK(Approve("m0"));
    SubmitAll("m0", 400, /*wrong=*/4);
    SubmitAll("m1", 400, /*wrong=*/4);
    SubmitAll("bad", 400, /*wrong=*/80);
  }

  // A version of "s1" with `count` cases, of which the serving version has `wrong` wrong.
  void MakeVersion(const std::string& suite_id, int count, int wrong = 0) {
    PutRows(count, "", "d-" + suite_id);
    v1::CreateSuiteRequest request = SuiteRequest(suite_id, "d-" + suite_id);
    request.set_suite_name("s1");
    ASSERT_OK(Create(request));
    SubmitAll("m0", count, wrong, suite_id);
  }

  // A suite of an agent of its own, of which nothing is approved yet.
  void MakeSuiteOf(const std::string& agent, int count) {
    agent_ = agent;
    PutRows(count, "", "d-" + agent);
    curation_.SetAgent("d-" + agent, agent);
    ASSERT_OK(Create(SuiteRequest(agent, "d-" + agent)));
  }

  v1::StandingReason ReasonOf(const v1::GetShipDecisionResponse& response) {
    return response.suites_size() == 0 ? v1::STANDING_REASON_UNSPECIFIED
                                       : response.suites(0).reason();
  }

  void ExpectBlocked(const std::string& model_version, const std::string& verdict_id) {
    const v1::GetShipDecisionResponse response = ShipDecision(model_version);
    EXPECT_FALSE(response.may_ship());
    EXPECT_EQ(response.decision(), v1::DECISION_BLOCK);
    EXPECT_EQ(response.suites(0).verdict().verdict_id(), verdict_id);
  }
};

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

TEST_F(ShipDecisions, ABlockIsNotEscapedByAnotherSpellingOfTheVersion) {
  ASSERT_OK(Judge("v1", "bad"));
  for (const char* spelling : {"BAD", " bad ", "ｂａｄ", "Bad"}) ExpectBlocked(spelling, "v1");
  for (const char* hidden : {"bad\u200b", "ba\u00add", "bad\n", " "}) {
    v1::SubmitOutputsRequest request = OutputsRequest(hidden);
    AddOutput(CaseId(0), "answer", request);
    EXPECT_THAT(Submit(request), HasReason(Reason::kInvalidArgument)) << hidden;
  }
}

TEST_F(ShipDecisions, AnotherSpellingIsNoSecondTry) {
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

TEST_F(ShipDecisions, NobodyLooksAtCasesOfThePolicyBeforeTheVerdict) {
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

TEST_F(ShipDecisions, ANewBaselineOnTheSameCasesIsTheSameLook) {
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

TEST_F(ShipDecisions, AnInconclusiveVerdictTakesMoreCasesThreeTimesAtMost) {
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

// Each week a version that fails 1.3 % of the cases more, which is less than the margin: against
// the version before it every one passes. The best that was approved says when it is enough.
TEST_F(ShipDecisions, SmallLossesDoNotAddUpUnseen) {
  MakeSuiteOf("weeks", 380);
  bar_.emplace().set_pass_rate_floor(0.5);
  ASSERT_OK(SetPolicy(PolicyRequest(1, "weeks")));
  SubmitAll("week-0", 380, 0, "weeks");
  ASSERT_OK(Approve("week-0"));
  int shipped = 0;
  for (int week = 1; week <= 8; ++week) {
    const std::string version = "week-" + std::to_string(week);
    SubmitAll(version, 380, week * 5, "weeks");
    ASSERT_OK(Judge("v" + std::to_string(week), version, "", "weeks"));
    if (!ShipDecision(version, "weeks").may_ship()) break;
    ++shipped;
    ASSERT_OK(Approve(version));
    EXPECT_EQ(approved_.approval().reference_model_version(), "week-0");
  }
  EXPECT_GE(shipped, 1) << "one small loss is within the margin";
  EXPECT_LE(shipped, 2) << "and no more than the margin is lost in all";
}

TEST_F(ShipDecisions, TheReferenceIsTheBestThatWasApproved) {
  EXPECT_EQ(approved_.approval().reference_model_version(), "m0") << "the first";
  SubmitAll("better", 400, /*wrong=*/0);
  SubmitAll("little-worse", 400, /*wrong=*/5);
  ASSERT_OK(Judge("v1", "little-worse"));
  ASSERT_TRUE(ShipDecision("little-worse").may_ship());
  ASSERT_OK(Approve("little-worse"));
  EXPECT_EQ(approved_.approval().reference_model_version(), "m0");
  ASSERT_OK(Judge("v2", "better"));
  EXPECT_EQ(judged_.verdict().baseline_model_version(), "little-worse");
  EXPECT_EQ(judged_.verdict().reference_model_version(), "m0");
  ASSERT_OK(Approve("better"));
  EXPECT_EQ(approved_.approval().reference_model_version(), "better") << "4 won, none lost";
  ASSERT_OK(Approve("bad"));
  EXPECT_EQ(approved_.approval().reference_model_version(), "better") << "nobody judged it";
  ASSERT_OK(Approve("better", "again"));
  EXPECT_EQ(approved_.approval().reference_model_version(), "better");
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
