// Suites of cases that the client brings.
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "shared/rpc/status_to_grpc.h"
#include "shared/status/errors.h"
#include "shared/time/poll.h"
#include "tests/eval_gate_service/suite_uploads_fixture.h"

namespace flywheel::evalgate {
namespace {

using ::testing::AllOf;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;
using Stub = v1::EvalGateService::Stub;
using SuiteUploadsTest = SuiteUploadsFixture;

TEST_F(SuiteUploadsTest, AreSealedListedAndJudgedAsAnyOther) {
  v1::UploadSuiteRequest header = Header("s1");
  header.mutable_header()->set_suite_name("smoke");
  (*header.mutable_header()->mutable_labels())["branch"] = "main";
  ASSERT_OK(Upload(header, Cases(41)));
  EXPECT_FALSE(uploaded_.replayed());
  const v1::Suite made = uploaded_.suite();
  EXPECT_EQ(made.dataset_version_id(), "");
  EXPECT_EQ(made.agent(), "helper");
  EXPECT_EQ(made.suite_name(), "smoke");
  EXPECT_EQ(made.suite_version(), 1);
  EXPECT_EQ(made.cases(), 41);
  EXPECT_EQ(made.evaluators(0).kind(), "normalised");
  EXPECT_EQ(made.labels().at("branch"), "main");
  v1::GetSuiteRequest get;
  get.set_suite_id("s1");
  v1::GetSuiteResponse got;
  ASSERT_OK(Call(&Stub::GetSuite, get, got));
  EXPECT_EQ(got.suite().SerializeAsString(), made.SerializeAsString());
  v1::ListSuitesRequest by_agent;
  by_agent.set_agent("helper");
  v1::ListSuitesResponse list;
  ASSERT_OK(Call(&Stub::ListSuites, by_agent, list));
  EXPECT_EQ(list.suites_size(), 1);
  // Another upload of the name is its next version, and a suite of a dataset version too.
  header.mutable_header()->set_suite_id("s2");
  ASSERT_OK(Upload(header, Cases(2)));
  EXPECT_EQ(uploaded_.suite().suite_version(), 2);
  PutRows(3);
  v1::CreateSuiteRequest create = SuiteRequest("s3");
  create.set_suite_name("smoke");
  ASSERT_OK(Create(create));
  EXPECT_EQ(suite_.suite().suite_version(), 3);

  bar_.emplace().set_pass_rate_floor(0.5);
  SubmitAll("m1", 41, /*wrong=*/2);
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
}

TEST_F(SuiteUploadsTest, KeepAllThatACaseSays) {
  v1::UploadedCase one = UploadedCase("c1");
  one.clear_input();
  for (const auto& [role, text] :
       std::vector<std::pair<common::v1::Role, std::string>>{{common::v1::ROLE_SYSTEM, "be brief"},
                                                             {common::v1::ROLE_USER, "hello"},
                                                             {common::v1::ROLE_ASSISTANT, "hi"},
                                                             {common::v1::ROLE_USER, "refund A1"},
                                                             {common::v1::ROLE_USER, "please"}}) {
    common::v1::Message& message = *one.add_prompt();
    message.set_role(role);
    message.add_parts()->set_text(text);
  }
  one.add_tools()->set_name("refund");
  one.add_contexts()->set_text("A1 was lost");
  one.add_ideal_outputs("another answer");
  v1::ExpectedToolCall& call = *one.mutable_expected_tool_calls()->add_calls();
  call.set_name("refund");
  call.set_arguments_json(R"({"order": ["A1", "a1"]})");
  call.set_any_of(true);
  one.set_cohort("refunds");
  one.set_group("task-7");
  one.set_critical(true);
  (*one.mutable_labels())["source"] = "desk";
  ASSERT_OK(Upload(Header("s1"), {one, UploadedCase("c2")}));
  const std::vector<v1::SuiteCase> cases = ReadCases("s1");
  ASSERT_EQ(cases.size(), 2u);
  EXPECT_EQ(cases[0].input(), "refund A1\nplease");
  ASSERT_EQ(cases[0].prompt_size(), 5);
  EXPECT_EQ(cases[0].prompt(2).parts(0).text(), "hi");
  EXPECT_EQ(cases[0].tools(0).name(), "refund");
  EXPECT_EQ(cases[0].contexts(0).text(), "A1 was lost");
  EXPECT_EQ(cases[0].cohort(), "refunds");
  EXPECT_EQ(cases[0].group(), "task-7");
  EXPECT_TRUE(cases[0].critical());
  EXPECT_EQ(cases[0].labels().at("source"), "desk");
  EXPECT_EQ(cases[1].group(), "");
  EXPECT_FALSE(cases[1].critical());
  EXPECT_THAT(cases[0].DebugString(), AllOf(Not(HasSubstr("answer c1")), Not(HasSubstr("another"))))
      << "what is right stays with the gate";
}

TEST_F(SuiteUploadsTest, AreReplayedInAnyOrderAndWithoutCuration) {
  std::vector<v1::UploadedCase> cases = Cases(7);
  ASSERT_OK(Upload(Header("s1"), cases));
  const std::string made = uploaded_.suite().SerializeAsString();
  curation_.Stop();
  clock_.Advance(absl::Hours(1));
  std::reverse(cases.begin(), cases.end());
  ASSERT_OK(Upload(Header("s1"), cases));
  EXPECT_TRUE(uploaded_.replayed());
  EXPECT_EQ(uploaded_.suite().SerializeAsString(), made);
  cases[3].set_critical(true);
  EXPECT_THAT(Upload(Header("s1"), cases), HasReason(Reason::kAlreadyExistsWithOtherContent));
  cases[3].set_critical(false);
  v1::UploadSuiteRequest other = Header("s1");
  other.mutable_header()->set_agent("another");
  EXPECT_THAT(Upload(other, cases), HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(SuiteUploadsTest, LeaveNothingWhereTheStreamBreaks) {
  v1::UploadSuiteRequest some;
  for (const v1::UploadedCase& one : Cases(3)) *some.add_cases() = one;
  EXPECT_THAT(Send({Header("s1"), some}), HasReason(Reason::kInvalidArgument))
      << "without its last message a stream is no suite";
  {
    grpc::ClientContext context;
    const auto writer = stub_->UploadSuite(&context, &uploaded_);
    writer->Write(Header("s1"));
    writer->Write(some);
    context.TryCancel();
    EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  ExpectNoSuite();
  // The id is free, and so is the place of the upload once the server has seen that it broke.
  ASSERT_TRUE(PollUntil([&] { return Upload(Header("s1"), Cases(3)).ok(); }, absl::Seconds(30)));
  for (int i = 0; i < 3; ++i) ASSERT_OK(Upload(Header("s1"), Cases(3)));
}

TEST_F(SuiteUploadsTest, NameEveryFaultyCase) {
  std::vector<v1::UploadedCase> cases = Cases(4);
  cases[0].clear_input();
  cases[1].set_case_id("not an id");
  cases[2].set_group(std::string(129, 'g'));
  cases[3].set_case_id(CaseId(0));
  const grpc::Status status = Upload(Header("s1"), cases);
  EXPECT_THAT(status, HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(
      status.error_message(),
      AllOf(HasSubstr("case 'case-00000': input: got neither it nor a prompt"),
            HasSubstr("cases[1].case_id: got 'not an id'"), HasSubstr("case 'case-00002': group"),
            HasSubstr("case 'case-00000': case_id: got the id of a case before it")));
  ExpectNoSuite();

  v1::UploadedCase call = UploadedCase("c1");
  v1::ExpectedToolCall& expected = *call.mutable_expected_tool_calls()->add_calls();
  expected.set_name("refund");
  expected.set_arguments_json(R"({"order": "A1"})");
  ASSERT_OK(Upload(Header("ok"), {call}));
  expected.set_any_of(true);
  EXPECT_THAT(Upload(Header("s1"), {call}).error_message(), HasSubstr("lists of values"));
  v1::UploadedCase large = UploadedCase("large");
  large.set_input(std::string(size_t{256} * 1024, 'x'));
  EXPECT_THAT(Upload(Header("s1"), {large}).error_message(), HasSubstr("case 'large': size"));
  v1::UploadSuiteRequest wrong = Header("s1");
  wrong.mutable_header()->add_evaluators()->set_kind("no such kind");
  EXPECT_THAT(Upload(wrong, Cases(1)), HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(Upload(Header("s1"), {}), HasReason(Reason::kNotEnoughData));
  EXPECT_THAT(Send({v1::UploadSuiteRequest()}), HasReason(Reason::kInvalidArgument))
      << "the header comes first";
}

TEST_F(SuiteUploadsTest, HaveNoCaseThatNothingCanJudge) {
  std::vector<v1::UploadedCase> cases = Cases(13);
  for (int i = 1; i < 13; ++i) cases[static_cast<size_t>(i)].clear_ideal_outputs();
  const grpc::Status status = Upload(Header("s1"), cases);
  EXPECT_THAT(status, HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(status.error_message(),
              AllOf(HasSubstr("case 'case-00001': got nothing that"), Not(HasSubstr("case-00000")),
                    HasSubstr("case-00010"), Not(HasSubstr("case-00011"))));
  ExpectNoSuite();
}

TEST_F(SuiteUploadsTest, RefuseWhatModelsWereTrainedOn) {
  std::vector<v1::UploadedCase> cases = Cases(1'203);
  for (const int place : {5, 1'001, 1'202}) {
    curation_.Teach("default", cases[static_cast<size_t>(place)].input());
  }
  curation_.Teach("shop", cases[7].input());
  const grpc::Status status = Upload(Header("s1"), cases);
  EXPECT_THAT(status, HasReason(Reason::kContaminated));
  EXPECT_THAT(status.error_message(),
              HasSubstr("3 cases whose input stands on the train side of the project (case-00005, "
                        "case-01001, case-01202)"));
  EXPECT_THAT(curation_.question_counts(), ::testing::ElementsAre(1'000, 203));
  ExpectNoSuite();
  for (int i = 0; i < 30; ++i) curation_.Teach("default", cases[static_cast<size_t>(i)].input());
  EXPECT_THAT(Upload(Header("s1"), cases).error_message(),
              AllOf(HasSubstr("case-00009, ...)"), Not(HasSubstr("case-00010"))));
  // What everybody says is no question by itself in the midst of a conversation.
  curation_.Teach("default", "yes");
  v1::UploadedCase turn = UploadedCase("turn");
  turn.set_input("yes");
  EXPECT_THAT(Upload(Header("s1"), {turn}), HasReason(Reason::kContaminated));
  turn.clear_input();
  for (const auto role :
       {common::v1::ROLE_USER, common::v1::ROLE_ASSISTANT, common::v1::ROLE_USER}) {
    common::v1::Message& message = *turn.add_prompt();
    message.set_role(role);
    message.add_parts()->set_text("yes");
  }
  EXPECT_OK(Upload(Header("s1"), {turn}));
}

TEST_F(SuiteUploadsTest, StoreNothingWhereCurationCannotBeAsked) {
  curation_.Refuse(grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(Upload(Header("s1"), Cases(3)), HasReason(Reason::kUpstreamRefused));
  curation_.Stop();
  const grpc::Status status = Upload(Header("s1"), Cases(3));
  EXPECT_THAT(status, HasReason(Reason::kUpstreamUnavailable));
  ExpectNoSuite();
}

TEST_F(SuiteUploadsTest, KeepTheirCasesWhereverPeopleAreErased) {
  ASSERT_OK(Upload(Header("s1"), Cases(3)));
  PutRows(3);
  ASSERT_OK(Create(SuiteRequest("s2")));
  curation_.Erase("default", "e1", {CaseId(1)});
  ASSERT_EQ(curation_.AwaitReports(1).size(), 1u);
  EXPECT_EQ(ReadCases("s1").size(), 3u);
  EXPECT_EQ(ReadCases("s2").size(), 2u);
}

// Somebody opens as many as they get, and says no more than the header: others of the project find
// a place all the same, and so do other projects.
TEST_F(SuiteUploadsTest, OfOneKeyLeavePlacesToOthers) {
  constexpr size_t kShare = 15;
  constexpr size_t kTried = kShare + 5;
  api_keys_file_ = directory_.path() + "/keys";
  std::ofstream(api_keys_file_) << "greedy key-of-a-greedy-job1 default operator\n"
                                << "release key-of-the-release-ci default operator\n"
                                << "nightly key-of-the-nightly-ci default operator\n"
                                << "other key-of-another-team1 other operator\n";
  Restart();
  std::array<grpc::ClientContext, kTried> contexts;
  std::array<v1::UploadSuiteResponse, kTried> responses;
  std::atomic<size_t> refused = 0;
  std::vector<std::thread> uploads;
  for (size_t i = 0; i < kTried; ++i) {
    contexts[i].AddMetadata("authorization", "Bearer key-of-a-greedy-job1");
    uploads.emplace_back([&, i] {
      const auto writer = stub_->UploadSuite(&contexts[i], &responses[i]);
      writer->Write(Header("s" + std::to_string(i)));
      const grpc::Status ended = writer->Finish();
      if (errors::ReasonOf(rpc::FromGrpcStatus(ended)) == Reason::kBusy) ++refused;
    });
  }
  EXPECT_TRUE(PollUntil([&] { return refused == kTried - kShare; }, absl::Seconds(30)));
  int made = 0;
  for (const char* const key :
       {"key-of-the-release-ci", "key-of-the-nightly-ci", "key-of-another-team1"}) {
    key_ = key;
    EXPECT_OK(Upload(Header("made-" + std::to_string(made++)), Cases(1))) << key;
  }
  for (grpc::ClientContext& context : contexts) context.TryCancel();
  for (std::thread& upload : uploads) upload.join();
  EXPECT_EQ(refused, kTried - kShare);
  key_ = "key-of-a-greedy-job1";
  EXPECT_TRUE(PollUntil([&] { return Upload(Header("mine"), Cases(1)).ok(); }, absl::Seconds(30)));
}

TEST_F(SuiteUploadsTest, HaveAtMostAThousandCohorts) {
  std::vector<v1::UploadedCase> cases = Cases(1'001);
  for (v1::UploadedCase& one : cases) one.set_cohort("of " + one.case_id());
  EXPECT_THAT(Upload(Header("s1"), cases), HasReason(Reason::kLimitExceeded));
  cases.back().set_cohort(cases.front().cohort());
  EXPECT_OK(Upload(Header("s1"), cases));
}

TEST_F(SuiteUploadsTest, AreForOperatorsAndThoseThatThePolicyNames) {
  api_keys_file_ = directory_.path() + "/keys";
  std::ofstream(api_keys_file_) << "owner key-of-the-head-of-qa default owner\n"
                                << "release key-of-the-release-ci default operator\n"
                                << "nightly key-of-the-nightly-ci default operator\n"
                                << "viewer key-of-the-viewers-1 default reader\n";
  Restart();
  key_ = "key-of-the-viewers-1";
  EXPECT_THAT(Upload(Header("s1"), Cases(2)), HasReason(Reason::kPermissionDenied));
  key_ = "key-of-the-head-of-qa";
  v1::SetReleasePolicyRequest policy = PolicyRequest();
  policy.mutable_policy()->add_judges("release");
  ASSERT_OK(SetPolicy(policy));
  key_ = "key-of-the-nightly-ci";
  EXPECT_THAT(Upload(Header("s1"), Cases(2)), HasReason(Reason::kPermissionDenied));
  EXPECT_OK(Upload(Header("s2"), Cases(2))) << "the policy does not name it";
  key_ = "key-of-the-release-ci";
  ASSERT_OK(Upload(Header("s1"), Cases(2)));
  EXPECT_EQ(uploaded_.suite().created_by(), "release");
}

// Rows of one conversation are not independent of one another.
TEST_F(SuiteUploadsTest, GroupsOfADatasetVersionAreItsSessions) {
  FakeCuration::Rows rows = {MakeRow("r1"), MakeRow("r2"), MakeRow("r3")};
  rows[0].set_session_id("session-1");
  rows[1].set_session_id(std::string(200, 's'));
  curation_.Put("default", "d1", rows);
  ASSERT_OK(Create(SuiteRequest("s1")));
  const std::vector<v1::SuiteCase> cases = ReadCases("s1");
  ASSERT_EQ(cases.size(), 3u);
  EXPECT_EQ(cases[0].group(), "session-1");
  EXPECT_EQ(cases[1].group().size(), 64u);
  EXPECT_EQ(cases[2].group(), "");
}

}  // namespace
}  // namespace flywheel::evalgate
