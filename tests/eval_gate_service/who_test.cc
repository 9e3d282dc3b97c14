// Whose key made a suite and asked for a verdict, and whose says what decides.
#include <fstream>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using Stub = v1::EvalGateService::Stub;

TEST_F(EvalGateTest, SuitesAndVerdictsNameTheKeyThatMadeThem) {
  api_keys_file_ = directory_.path() + "/keys";
  std::ofstream(api_keys_file_) << "release key-of-the-release-ci default operator\n"
                                << "nightly key-of-the-nightly-ci default operator\n";
  Restart();
  key_ = "key-of-the-nightly-ci";
  MakeSuite(40);
  EXPECT_EQ(suite_.suite().created_by(), "nightly");
  SubmitAll("m1", 40);
  key_ = "key-of-the-release-ci";
  ASSERT_OK(Create(SuiteRequest("s1")));
  EXPECT_TRUE(suite_.replayed());
  EXPECT_EQ(suite_.suite().created_by(), "nightly") << "a replay changes nothing";
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().created_by(), "release");
  Restart();
  v1::GetSuiteRequest get;
  get.set_suite_id("s1");
  v1::GetSuiteResponse suite;
  ASSERT_OK(Call(&Stub::GetSuite, get, suite));
  EXPECT_EQ(suite.suite().created_by(), "nightly");
  v1::ListVerdictsResponse list;
  ASSERT_OK(Call(&Stub::ListVerdicts, v1::ListVerdictsRequest(), list));
  ASSERT_EQ(list.verdicts_size(), 1);
  EXPECT_EQ(list.verdicts(0).created_by(), "release");
}

class GateKeys : public EvalGateTest {
 protected:
  void SetUp() override {
    api_keys_file_ = directory_.path() + "/keys";
    std::ofstream(api_keys_file_) << "owner key-of-the-head-of-qa default owner\n"
                                  << "release key-of-the-release-ci default operator\n"
                                  << "nightly key-of-the-nightly-ci default operator\n"
                                  << "wheel key-of-all-services-1 default service\n"
                                  << "agent key-of-the-agent-prod default writer\n";
    Restart();
    key_ = "key-of-the-head-of-qa";
  }
};

// Whoever is judged chooses neither the bar nor what serves, nor goes past a verdict.
TEST_F(GateKeys, OfOwnersAloneSetPoliciesAndWaive) {
  for (const char* key :
       {"key-of-the-release-ci", "key-of-all-services-1", "key-of-the-agent-prod"}) {
    key_ = key;
    EXPECT_THAT(SetPolicy(PolicyRequest()), HasReason(Reason::kPermissionDenied)) << key;
    EXPECT_THAT(Waive(WaiverRequest("m1")), HasReason(Reason::kPermissionDenied)) << key;
  }
  for (const char* key : {"key-of-the-release-ci", "key-of-the-agent-prod"}) {
    key_ = key;
    EXPECT_THAT(Approve("m1"), HasReason(Reason::kPermissionDenied)) << key;
  }
  key_ = "key-of-all-services-1";
  EXPECT_OK(Approve("m1"));
  EXPECT_EQ(approved_.approval().created_by(), "wheel");
  key_ = "key-of-the-head-of-qa";
  EXPECT_OK(Approve("m2"));
  EXPECT_OK(SetPolicy(PolicyRequest()));
  EXPECT_EQ(policy_.policy().created_by(), "owner");
  EXPECT_OK(Waive(WaiverRequest("m1")));
  EXPECT_EQ(waived_.waiver().created_by(), "owner");
}

TEST_F(GateKeys, ThatThePolicyNamesAloneTouchItsSuites) {
  v1::SetReleasePolicyRequest policy = PolicyRequest();
  policy.mutable_policy()->add_judges("release");
  ASSERT_OK(SetPolicy(policy));
  PutRows(100);
  key_ = "key-of-the-nightly-ci";
  const grpc::Status refused = Create(SuiteRequest("s1"));
  EXPECT_THAT(refused, HasReason(Reason::kPermissionDenied));
  EXPECT_NE(refused.error_message().find("release policy 1 of agent 'helper' names the keys"),
            std::string::npos)
      << refused.error_message();
  ASSERT_OK(Upload(Header("own"), {UploadedCase(CaseId(0))})) << "cases of one's own are free";
  key_ = "key-of-the-release-ci";
  ASSERT_OK(Create(SuiteRequest("s1")));
  SubmitAll("m1", 100);
  key_ = "key-of-the-nightly-ci";
  v1::SubmitOutputsRequest outputs = OutputsRequest("m0");
  AddOutput(CaseId(0), "junk", outputs);
  EXPECT_THAT(Submit(outputs), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Judge("v1", "m1"), HasReason(Reason::kPermissionDenied));
  key_ = "key-of-the-release-ci";
  EXPECT_OK(Judge("v1", "m1"));
  EXPECT_TRUE(ShipDecision("m1").may_ship());
}

// Who may upload suites and compare them could guess the ideals one by one.
TEST_F(GateKeys, ThatThePolicyNamesAloneLearnWhatIsIdeal) {
  v1::SetReleasePolicyRequest policy = PolicyRequest();
  policy.mutable_policy()->add_judges("release");
  ASSERT_OK(SetPolicy(policy));
  key_ = "key-of-the-release-ci";
  MakeSuite(100);
  SubmitAll("m1", 100);
  ASSERT_OK(Judge("v1", "m1"));
  key_ = "key-of-the-nightly-ci";
  ASSERT_OK(Upload(Header("own"), {UploadedCase(CaseId(0))}));
  const auto compare = [&] {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + key_);
    v1::CompareSuitesRequest request;
    request.set_suite_id("own");
    request.set_other_suite_id("s1");
    v1::CompareSuitesResponse response;
    const auto reader = stub_->CompareSuites(&context, request);
    while (reader->Read(&response)) {
    }
    return reader->Finish();
  };
  v1::ListCaseResultsRequest request;
  request.set_suite_id("s1");
  request.set_model_version("m1");
  request.set_include_ideal(true);
  v1::ListCaseResultsResponse results;
  EXPECT_THAT(compare(), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Call(&Stub::ListCaseResults, request, results), HasReason(Reason::kPermissionDenied));
  key_ = "key-of-the-release-ci";
  EXPECT_OK(compare());
  EXPECT_OK(Call(&Stub::ListCaseResults, request, results));
}

// A suite of the same dataset version has the same cases, whatever it is called: its ideals, and
// what passes there, answer the suite that counts.
TEST_F(GateKeys, ThatThePolicyNamesAloneHaveItsCasesUnderAnotherName) {
  key_ = "key-of-the-nightly-ci";
  PutRows(40);
  ASSERT_OK(Create(SuiteRequest("early-twin")));
  SubmitAll("m1", 40, 0, "early-twin");
  ASSERT_OK(Judge("v1", "m1", "", "early-twin"));
  v1::ListCaseResultsRequest request;
  request.set_suite_id("early-twin");
  request.set_model_version("m1");
  request.set_include_ideal(true);
  v1::ListCaseResultsResponse results;
  ASSERT_OK(Call(&Stub::ListCaseResults, request, results)) << "no policy yet";
  key_ = "key-of-the-head-of-qa";
  v1::SetReleasePolicyRequest policy = PolicyRequest();
  policy.mutable_policy()->add_judges("release");
  ASSERT_OK(SetPolicy(policy));

  key_ = "key-of-the-nightly-ci";
  EXPECT_THAT(Create(SuiteRequest("twin")), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Submit(OutputsRequest("m2", "early-twin")), HasReason(Reason::kPermissionDenied));
  for (const bool ideal : {true, false}) {
    request.set_include_ideal(ideal);
    EXPECT_THAT(Call(&Stub::ListCaseResults, request, results),
                HasReason(Reason::kPermissionDenied));
  }
  key_ = "key-of-the-release-ci";
  EXPECT_OK(Create(SuiteRequest("twin")));
  EXPECT_OK(Call(&Stub::ListCaseResults, request, results));
}

TEST_F(GateKeys, AreNamedWhereTheBaselineAloneSaysWhatIsEnough) {
  v1::SetReleasePolicyRequest policy = PolicyRequest();
  policy.mutable_policy()->mutable_suites(0)->mutable_bar()->set_pass_rate_floor(0);
  EXPECT_THAT(SetPolicy(policy), HasReason(Reason::kInvalidArgument));
  v1::SetReleasePolicyRequest with_floor = policy;
  with_floor.mutable_policy()->mutable_suites(0)->mutable_bar()->set_point_floor(0.5);
  EXPECT_OK(SetPolicy(with_floor));
  policy.mutable_policy()->set_policy_version(2);
  policy.mutable_policy()->add_judges("release");
  EXPECT_OK(SetPolicy(policy));
}

// What others did before the policy named the keys: its cases and the first outputs, which stay.
TEST_F(GateKeys, OfOthersLeaveNothingBehindWhenThePolicyComes) {
  key_ = "key-of-the-nightly-ci";
  PutRows(60);
  ASSERT_OK(Create(SuiteRequest("s1")));
  SubmitAll("bad", 60);
  SubmitAll("good", 60, /*wrong=*/30);
  key_ = "key-of-the-head-of-qa";
  clock_.Advance(absl::Hours(1));
  v1::SetReleasePolicyRequest policy = PolicyRequest();
  policy.mutable_policy()->add_judges("release");
  ASSERT_OK(SetPolicy(policy));
  key_ = "key-of-the-release-ci";
  const grpc::Status status = Judge("v1", "bad");
  EXPECT_THAT(status, HasReason(Reason::kOutdated));
  EXPECT_NE(status.error_message().find("make the suite again"), std::string::npos)
      << status.error_message();
  clock_.Advance(absl::Hours(1));
  v1::CreateSuiteRequest next = SuiteRequest("s2");
  next.set_suite_name("s1");
  ASSERT_OK(Create(next));
  SubmitAll("good", 60, 0, "s2");
  ASSERT_OK(Judge("v2", "good", "", "s2"));
  EXPECT_TRUE(ShipDecision("good").may_ship());
  // A policy with the same keys keeps what they made; one with others does not.
  key_ = "key-of-the-head-of-qa";
  clock_.Advance(absl::Hours(1));
  v1::SetReleasePolicyRequest same = policy;
  same.mutable_policy()->set_policy_version(2);
  same.mutable_policy()->set_reason("only the words are others");
  ASSERT_OK(SetPolicy(same));
  EXPECT_TRUE(ShipDecision("good").may_ship());
  clock_.Advance(absl::Hours(1));
  v1::SetReleasePolicyRequest others = PolicyRequest(3);
  others.mutable_policy()->add_judges("nightly");
  ASSERT_OK(SetPolicy(others));
  EXPECT_FALSE(ShipDecision("good").may_ship()) << "the key is not trusted any more";
  key_ = "key-of-the-nightly-ci";
  EXPECT_THAT(Judge("v3", "good", "", "s2"), HasReason(Reason::kOutdated));
}

// Random names, suites and retries of a key that no policy names: nothing gets a PASS, and nothing
// loses one.
TEST_F(GateKeys, OfOthersBuyNoPassAndTakeNone) {
  v1::SetReleasePolicyRequest policy = PolicyRequest();
  policy.mutable_policy()->add_judges("release");
  ASSERT_OK(SetPolicy(policy));
  key_ = "key-of-the-release-ci";
  MakeSuite(60);
  SubmitAll("good", 60);
  ASSERT_OK(Judge("v1", "good"));
  key_ = "key-of-the-nightly-ci";
  ASSERT_OK(Upload(Header("own"),
                   {UploadedCase(CaseId(0)), UploadedCase(CaseId(1)), UploadedCase(CaseId(2))}));
  bar_.emplace().set_pass_rate_floor(0.001);
  int passed = 0;
  for (int i = 0; i < 1'000; ++i) {
    const std::string version = i % 10 == 0 ? "good" : fmt::format("try-{}", i);
    const std::string suite_id = i % 4 == 0 ? "s1" : "own";
    v1::SubmitOutputsRequest outputs = OutputsRequest(version, suite_id);
    for (int n = 0; n < 3; ++n) {
      AddOutput(CaseId(n), (i % 3 == 0 ? "junk " : "answer ") + CaseId(n), outputs);
    }
    const bool submitted = Submit(outputs).ok();
    EXPECT_EQ(submitted, suite_id == "own");
    const bool judged = Judge(fmt::format("try-{}", i), version, "", suite_id).ok();
    if (judged && judged_.verdict().decision() == v1::DECISION_PASS) ++passed;
    if (i % 7 == 0) {
      EXPECT_EQ(ShipDecision(version).may_ship(), version == "good") << version;
    }
  }
  EXPECT_GT(passed, 300) << "explorations with a bar of their own";
  EXPECT_TRUE(ShipDecision("good").may_ship());
  EXPECT_FALSE(ShipDecision("try-997").may_ship());
}

}  // namespace
}  // namespace flywheel::evalgate
