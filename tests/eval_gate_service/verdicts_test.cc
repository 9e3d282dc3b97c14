// Verdicts: given once, kept, and told again.
#include <gtest/gtest.h>

#include <thread>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using Stub = v1::EvalGateService::Stub;

class Verdicts : public EvalGateTest {
 protected:
  // How many there are.
  int Listed() {
    v1::ListVerdictsResponse response;
    EXPECT_OK(Call(&Stub::ListVerdicts, v1::ListVerdictsRequest(), response));
    return response.verdicts_size();
  }

  grpc::Status Get(const std::string& verdict_id) {
    v1::GetVerdictRequest request;
    request.set_verdict_id(verdict_id);
    return Call(&Stub::GetVerdict, request, got_);
  }

  v1::GetVerdictResponse got_;
};

TEST_F(Verdicts, PassACandidateThatReachesItsFloorsAndItsBaseline) {
  MakeSuite(400, "app");
  SubmitAll("m1", 400, /*wrong=*/9);
  SubmitAll("m2", 400, /*wrong=*/10);
  ASSERT_OK(Judge("v1", "m2", "m1"));
  EXPECT_FALSE(judged_.replayed());
  const v1::Verdict& verdict = judged_.verdict();
  EXPECT_EQ(verdict.decision(), v1::DECISION_PASS);
  EXPECT_EQ(verdict.verdict_id(), "v1");
  EXPECT_EQ(verdict.suite_id(), "s1");
  EXPECT_EQ(verdict.model_version(), "m2");
  EXPECT_EQ(verdict.baseline_model_version(), "m1");
  EXPECT_EQ(verdict.bar_hash().size(), 64u);
  EXPECT_EQ(verdict.policy_version(), 0) << "no policy asked for it";
  EXPECT_EQ(verdict.bar().pass_rate_floor(), 0.92);
  EXPECT_EQ(verdict.bar().cohort_margin(), 0.10);
  EXPECT_EQ(verdict.bar().cohort_margin_cases(), 150);
  EXPECT_EQ(verdict.create_time().seconds(), 1'700'000'000);
  ASSERT_EQ(verdict.findings_size(), 3);
  const v1::Finding& cohort = verdict.findings(1);
  EXPECT_EQ(cohort.kind(), v1::FINDING_KIND_COHORT_AT_FLOOR);
  EXPECT_EQ(cohort.cohort(), "app");
  EXPECT_EQ(cohort.cases(), 400);
  EXPECT_EQ(cohort.passed(), 390);
  EXPECT_DOUBLE_EQ(cohort.estimate(), 0.975);
  EXPECT_DOUBLE_EQ(cohort.bar(), 0.92);
  EXPECT_NEAR(cohort.p_value(), 1.0, 1e-4);
  EXPECT_THAT(cohort.message(), HasSubstr("cohort 'app': 390 of 400 passed, rate 0.975"));
  EXPECT_EQ(verdict.findings(2).kind(), v1::FINDING_KIND_NOT_WORSE_THAN_BASELINE);
  EXPECT_EQ(verdict.findings(2).baseline_model_version(), "m1");
}

TEST_F(Verdicts, BlockACandidateThatIsWorseThanItsBaseline) {
  MakeSuite(1'000);
  SubmitAll("m1", 1'000, /*wrong=*/5);
  SubmitAll("m2", 1'000, /*wrong=*/40);
  ASSERT_OK(Judge("floors", "m2"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  ASSERT_OK(Judge("paired", "m2", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  EXPECT_EQ(judged_.verdict().findings(0).kind(), v1::FINDING_KIND_WORSE_THAN_BASELINE);
  EXPECT_LT(judged_.verdict().findings(0).p_value(), 1e-9);
}

TEST_F(Verdicts, AreInconclusiveWhereTheCasesDoNotDecide) {
  MakeSuite(30);
  SubmitAll("m1", 30);
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_INCONCLUSIVE);
  EXPECT_EQ(judged_.verdict().findings(0).kind(), v1::FINDING_KIND_COHORT_UNDECIDED);
  EXPECT_EQ(judged_.verdict().findings(0).cases_needed(), 36);
}

// A total that stays hides a cohort that fell: right in German and wrong in every ninth English
// case, then the other way round.
TEST_F(Verdicts, BlockAVersionOfWhichOneCohortFellUnderAFineTotal) {
  FakeCuration::Rows rows;
  for (int i = 0; i < 400; ++i) rows.push_back(MakeRow(CaseId(i), i % 2 == 0 ? "de" : "en"));
  curation_.Put("default", "d1", rows);
  ASSERT_OK(Create(SuiteRequest("s1")));
  bar_.emplace().set_pass_rate_floor(0.8);
  for (const bool candidate : {false, true}) {
    v1::SubmitOutputsRequest request = OutputsRequest(candidate ? "m2" : "m1");
    for (int i = 0; i < 400; ++i) {
      const bool wrong = i / 2 % 9 == 0 && (i % 2 == 0) == candidate;
      AddOutput(CaseId(i), (wrong ? "wrong " : "answer ") + CaseId(i), request);
    }
    ASSERT_OK(Submit(request));
  }
  ASSERT_OK(Judge("v1", "m2", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  const v1::Finding& fell = judged_.verdict().findings(0);
  EXPECT_EQ(fell.kind(), v1::FINDING_KIND_WORSE_THAN_BASELINE);
  EXPECT_EQ(fell.cohort(), "de");
  EXPECT_EQ(fell.regressed(), 23);
  EXPECT_EQ(fell.improved(), 0);
  // And it is kept as it was given.
  v1::GetVerdictRequest get;
  get.set_verdict_id("v1");
  v1::GetVerdictResponse kept;
  ASSERT_OK(Call(&v1::EvalGateService::Stub::GetVerdict, get, kept));
  EXPECT_EQ(kept.verdict().SerializeAsString(), judged_.verdict().SerializeAsString());
}

TEST_F(Verdicts, WithoutAFloorNeedABaseline) {
  MakeSuite(100);
  bar_.emplace().set_pass_rate_floor(0);
  SubmitAll("m1", 100, 60);
  SubmitAll("m2", 100, 60);
  const grpc::Status status = Judge("v1", "m2");
  EXPECT_THAT(status, HasReason(Reason::kInvalidArgument));
  ASSERT_OK(Judge("v1", "m2", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
}

TEST_F(Verdicts, OfACohortFloorWithoutCasesAreInconclusive) {
  MakeSuite(100, "app");
  SubmitAll("m1", 100);
  (*bar_.emplace().mutable_cohort_floors())["ap"] = 0.9;
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_INCONCLUSIVE);
  EXPECT_THAT(judged_.verdict().findings(0).message(), HasSubstr("and no case"));
}

// Cases without a cohort of their own are in none.
TEST_F(Verdicts, OfLabelsHaveAThousandCohortsAndNoMore) {
  bar_.emplace().add_cohort_labels("shop");
  for (const int shops : {1'000, 1'001}) {
    const std::string suite_id = fmt::format("of-{}", shops);
    std::vector<v1::UploadedCase> cases;
    for (int i = 0; i < shops; ++i) {
      cases.push_back(UploadedCase(CaseId(i)));
      (*cases.back().mutable_labels())["shop"] = std::to_string(i);
    }
    ASSERT_OK(Upload(Header(suite_id), cases));
    SubmitAll("m1", shops, /*wrong=*/0, suite_id);
  }
  EXPECT_OK(Judge("v1", "m1", "", "of-1000"));
  EXPECT_THAT(Judge("v2", "m1", "", "of-1001"), HasReason(Reason::kLimitExceeded));
}

TEST_F(Verdicts, OnFewerCasesThanTheBarWantsAreNotGiven) {
  MakeSuite(100);
  SubmitAll("m1", 100);
  bar_.emplace().set_least_cases(101);
  EXPECT_THAT(Judge("v1", "m1"), HasReason(Reason::kNotEnoughData));
  bar_->set_least_cases(100);
  EXPECT_OK(Judge("v1", "m1"));
}

TEST_F(Verdicts, ForAnotherBarAreOtherRequests) {
  MakeSuite(100);
  SubmitAll("m1", 100);
  ASSERT_OK(Judge("v1", "m1"));
  bar_.emplace().set_pass_rate_floor(0.5);
  EXPECT_THAT(Judge("v1", "m1"), HasReason(Reason::kAlreadyExistsWithOtherContent));
}

// A floor of one cohort alone, which counts though the cohort is below min_cohort_cases, and errors
// in every case but one.
TEST_F(Verdicts, OfErrorsAreNoPass) {
  PutRows(100, "vip");
  ASSERT_OK(Create(SuiteRequest("s1")));
  bar_.emplace().set_pass_rate_floor(0);
  (*bar_->mutable_cohort_floors())["vip"] = 0.9;
  bar_->set_min_cohort_cases(1'000);
  v1::SubmitOutputsRequest request = OutputsRequest("m1");
  for (int i = 0; i < 100; ++i) {
    AddOutput(CaseId(i), i == 0 ? "wrong" : "", request);
    if (i > 0) request.mutable_outputs(i)->set_error("boom");
  }
  ASSERT_OK(Submit(request));
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
}

TEST_F(Verdicts, JudgeToolCalls) {
  FakeCuration::Rows rows;
  for (int i = 0; i < 40; ++i) {
    rows.push_back(MakeRow(CaseId(i)));
    auto* call = rows.back().add_ideal()->add_parts()->mutable_tool_call();
    call->set_name("book");
    call->set_arguments_json(fmt::format(R"({{"seat": {}, "class": "y"}})", i));
  }
  curation_.Put("default", "d1", rows);
  v1::CreateSuiteRequest create = SuiteRequest("s1");
  create.add_evaluators()->set_kind("tool_calls");
  ASSERT_OK(Create(create));
  for (const bool right : {true, false}) {
    v1::SubmitOutputsRequest request = OutputsRequest(right ? "good" : "bad");
    for (int i = 0; i < 40; ++i) {
      AddOutput(CaseId(i), "done", request);
      auto* call = request.mutable_outputs(i)->add_tool_calls();
      call->set_name("book");
      call->set_arguments_json(right ? fmt::format(R"({{"class":"y","seat":{}.0}})", i)
                                     : fmt::format(R"({{"class":"y","seat":{})", i));
    }
    ASSERT_OK(Submit(request));
  }
  ASSERT_OK(Judge("v1", "good"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  ASSERT_OK(Judge("v2", "bad"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  EXPECT_THAT(judged_.verdict().findings(0).message(), HasSubstr("failed: 40 by 'tool_calls'"));
}

TEST_F(Verdicts, AreReplayedAndConflictByTheirId) {
  MakeSuite(100);
  SubmitAll("m1", 100);
  SubmitAll("m2", 100);
  ASSERT_OK(Judge("v1", "m1"));
  const std::string first = judged_.verdict().SerializeAsString();
  clock_.Advance(absl::Hours(5));
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_TRUE(judged_.replayed());
  EXPECT_EQ(judged_.verdict().SerializeAsString(), first);
  EXPECT_THAT(Judge("v1", "m2"), HasReason(Reason::kAlreadyExistsWithOtherContent));
  EXPECT_THAT(Judge("v1", "m1", "m2"), HasReason(Reason::kAlreadyExistsWithOtherContent));
  EXPECT_EQ(Listed(), 1);
}

TEST_F(Verdicts, NeedOutputsOfTheCandidateAndAllOfTheBaseline) {
  EXPECT_THAT(Judge("v1", "m1"), HasReason(Reason::kNotFound));
  MakeSuite(100);
  const grpc::Status nothing = Judge("v1", "m1");
  EXPECT_THAT(nothing, HasReason(Reason::kNotFound));
  EXPECT_THAT(nothing.error_message(), HasSubstr("StartRun"));
  SubmitAll("m1", 100);
  EXPECT_THAT(Judge("v1", "m1", "base"), HasReason(Reason::kNotFound));
  SubmitAll("base", 99);
  EXPECT_THAT(Judge("v1", "m1", "base"), HasReason(Reason::kNotEnoughData));
  SubmitAll("base", 100);
  EXPECT_OK(Judge("v1", "m1", "base"));
}

// Once a verdict may be given, nothing more comes that it would have to be about.
TEST_F(Verdicts, AreAboutEveryOutput) {
  constexpr int kCases = 300;
  MakeSuite(kCases);
  v1::SubmitOutputsRequest first = OutputsRequest("m1");
  AddOutput(CaseId(0), "answer " + CaseId(0), first);
  ASSERT_OK(Submit(first));
  std::thread submitter([&] {
    for (int i = 1; i < kCases; ++i) {
      v1::SubmitOutputsRequest request = OutputsRequest("m1");
      AddOutput(CaseId(i), (i == 5 ? "wrong " : "answer ") + CaseId(i), request);
      grpc::ClientContext context;
      v1::SubmitOutputsResponse response;
      EXPECT_TRUE(run_stub_->SubmitOutputs(&context, request, &response).ok());
    }
  });
  grpc::Status status = Judge("v1", "m1");
  while (errors::ReasonOf(rpc::FromGrpcStatus(status)) == Reason::kNotEnoughData) {
    status = Judge("v1", "m1");
  }
  submitter.join();
  ASSERT_OK(status);
  EXPECT_EQ(judged_.verdict().findings(0).cases(), kCases);
  EXPECT_EQ(judged_.verdict().findings(0).passed(), kCases - 1);
}

TEST_F(Verdicts, OutliveARestart) {
  MakeSuite(100);
  SubmitAll("m1", 100);
  ASSERT_OK(Judge("v1", "m1"));
  const std::string first = judged_.verdict().SerializeAsString();
  curation_.Stop();
  Restart();
  ASSERT_OK(Get("v1"));
  EXPECT_EQ(got_.verdict().SerializeAsString(), first);
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_TRUE(judged_.replayed());
}

TEST_F(Verdicts, OfOtherProjectsDoNotExist) {
  MakeSuite(40);
  SubmitAll("m1", 40);
  ASSERT_OK(Judge("v1", "m1"));
  project_ = "other";
  EXPECT_THAT(Get("v1"), HasReason(Reason::kNotFound));
  EXPECT_EQ(Listed(), 0);
}

}  // namespace
}  // namespace flywheel::evalgate
