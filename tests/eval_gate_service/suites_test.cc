// Suites: making, sealing and reading them.
#include <gtest/gtest.h>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using testing::IsOk;
using Stub = v1::EvalGateService::Stub;

class Suites : public EvalGateTest {
 protected:
  // All cases of a suite, with the size of each message; what the stream ended with is in
  // `status_`.
  std::vector<v1::SuiteCase> ReadCases(const std::string& suite_id) {
    grpc::ClientContext context;
    if (!project_.empty()) context.AddMetadata("x-flywheel-project", project_);
    v1::ReadSuiteCasesRequest request;
    request.set_suite_id(suite_id);
    const auto reader = stub_->ReadSuiteCases(&context, request);
    std::vector<v1::SuiteCase> cases;
    message_sizes_.clear();
    v1::ReadSuiteCasesResponse response;
    while (reader->Read(&response)) {
      message_sizes_.push_back(response.cases_size());
      cases.insert(cases.end(), response.cases().begin(), response.cases().end());
    }
    status_ = reader->Finish();
    return cases;
  }

  grpc::Status status_;
  std::vector<int> message_sizes_;
};

TEST_F(Suites, AreMadeWithTheDefaultsFilledIn) {
  PutRows(40);
  ASSERT_OK(Create(SuiteRequest("s1")));
  EXPECT_FALSE(suite_.replayed());
  const v1::Suite& suite = suite_.suite();
  EXPECT_EQ(suite.suite_id(), "s1");
  EXPECT_EQ(suite.dataset_version_id(), "d1");
  EXPECT_EQ(suite.cases(), 40);
  EXPECT_EQ(suite.content_hash().size(), 64u);
  EXPECT_EQ(suite.create_time().seconds(), 1'700'000'000);
  ASSERT_EQ(suite.evaluators_size(), 1);
  EXPECT_EQ(suite.evaluators(0).evaluator_id(), "normalised");
  EXPECT_EQ(suite.evaluators(0).kind(), "normalised");
  EXPECT_EQ(suite.evaluators(0).threshold(), 1);
  EXPECT_EQ(suite.evaluators(0).version(), 1);
  EXPECT_EQ(suite.suite_name(), "s1");
  EXPECT_EQ(suite.suite_version(), 1);

  v1::GetSuiteRequest get;
  get.set_suite_id("s1");
  v1::GetSuiteResponse got;
  ASSERT_OK(Call(&Stub::GetSuite, get, got));
  EXPECT_EQ(got.suite().SerializeAsString(), suite.SerializeAsString());
}

TEST_F(Suites, AreReplayedWithoutCurationAndAlsoWithTheDefaultsSpeltOut) {
  MakeSuite(40);
  const std::string content_hash = suite_.suite().content_hash();
  curation_.Stop();
  clock_.Advance(absl::Hours(1));
  v1::CreateSuiteRequest request = SuiteRequest("s1");
  request.add_evaluators()->set_kind("normalised");
  request.set_suite_name("s1");
  ASSERT_OK(Create(request));
  EXPECT_TRUE(suite_.replayed());
  EXPECT_EQ(suite_.suite().content_hash(), content_hash);
  EXPECT_EQ(suite_.suite().create_time().seconds(), 1'700'000'000);
}

TEST_F(Suites, ConflictWhereTheContentDiffers) {
  MakeSuite(40);
  v1::CreateSuiteRequest other_name = SuiteRequest("s1");
  other_name.set_suite_name("s2");
  EXPECT_THAT(Create(other_name), HasReason(Reason::kAlreadyExistsWithOtherContent));
  v1::CreateSuiteRequest other_dataset = SuiteRequest("s1");
  other_dataset.set_dataset_version_id("d2");
  EXPECT_THAT(Create(other_dataset), HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(Suites, NeedCurationWhenTheyAreNew) {
  MakeSuite(40);
  curation_.Stop();
  const absl::Status status = rpc::FromGrpcStatus(Create(SuiteRequest("s2")));
  EXPECT_THAT(status, HasReason(Reason::kUpstreamUnavailable));
  EXPECT_TRUE(errors::RetryDelayOf(status).has_value());
  EXPECT_EQ(errors::MetadataOf(status)["service"], "curation");
  Restart();
  SubmitAll("m1", 40);
  EXPECT_OK(Judge("v1", "m1"));
}

TEST_F(Suites, SayWhoCanMendItWhereCurationRefusesTheGate) {
  PutRows(40);
  for (const auto code : {grpc::StatusCode::UNAUTHENTICATED, grpc::StatusCode::PERMISSION_DENIED}) {
    curation_.Refuse(code);
    const grpc::Status status = Create(SuiteRequest("s1"));
    EXPECT_THAT(status, HasReason(Reason::kUpstreamRefused));
    EXPECT_NE(status.error_message().find("--upstream-key-file"), std::string::npos);
    EXPECT_FALSE(errors::RetryDelayOf(rpc::FromGrpcStatus(status)).has_value());
  }
}

TEST_F(Suites, BelongToTheAgentOfTheirDatasetVersion) {
  curation_.SetAgent("d1", "router");
  MakeSuite(40);
  EXPECT_EQ(suite_.suite().agent(), "router");
  SubmitAll("m1", 40);
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().agent(), "router");
}

TEST_F(Suites, OfOneNameAreVersionsOfOneSuite) {
  PutRows(40);
  PutRows(50, "", "d2");
  v1::CreateSuiteRequest request = SuiteRequest("s1");
  request.set_suite_name("refunds");
  ASSERT_OK(Create(request));
  EXPECT_EQ(suite_.suite().suite_version(), 1);
  v1::CreateSuiteRequest next = SuiteRequest("s2", "d2");
  next.set_suite_name("refunds");
  ASSERT_OK(Create(next));
  EXPECT_EQ(suite_.suite().suite_version(), 2);
  ASSERT_OK(Create(SuiteRequest("s3")));
  EXPECT_EQ(suite_.suite().suite_version(), 1) << "its name is its id";
  ASSERT_OK(Create(request));
  EXPECT_EQ(suite_.suite().suite_version(), 1) << "a replay is what was made";
  // Of another agent it is another suite.
  curation_.SetAgent("d2", "router");
  v1::CreateSuiteRequest other = SuiteRequest("s4", "d2");
  other.set_suite_name("refunds");
  ASSERT_OK(Create(other));
  EXPECT_EQ(suite_.suite().suite_version(), 1);
}

TEST_F(Suites, AreRefusedForAnUnknownDatasetVersion) {
  PutRows(3);
  v1::CreateSuiteRequest request = SuiteRequest("s1");
  request.set_dataset_version_id("nowhere");
  EXPECT_THAT(Create(request), HasReason(Reason::kNotFound));
}

TEST_F(Suites, AreRefusedWithoutACaseToJudge) {
  PutRows(0);
  EXPECT_THAT(Create(SuiteRequest("s1")), HasReason(Reason::kNotEnoughData));
  auto blank = MakeRow("i1");
  blank.set_ideal_output(" ");
  auto train = MakeRow("i2");
  train.set_split(curation::v1::SPLIT_TRAIN);
  curation_.Put("default", "d1", {blank, train});
  EXPECT_THAT(Create(SuiteRequest("s1")), HasReason(Reason::kNotEnoughData));
  EXPECT_THAT(Judge("v1", "m1"), HasReason(Reason::kNotFound));
}

TEST_F(Suites, AskWhatWasAskedWithInstructionsToolsAndContexts) {
  auto whole = MakeRow("i1");
  common::v1::Message& told = *whole.add_prompt();
  told.set_role(common::v1::ROLE_SYSTEM);
  told.add_parts()->set_text("Be brief.");
  common::v1::Message& asked = *whole.add_prompt();
  asked.set_role(common::v1::ROLE_USER);
  asked.add_parts()->set_text(whole.input());
  whole.add_ideal()->add_parts()->set_text("not to be told");
  whole.add_tools()->set_name("book");
  whole.add_contexts()->set_text("a seat is free");
  auto short_form = MakeRow("i2");
  *short_form.add_prompt() = asked;
  short_form.mutable_prompt(0)->mutable_parts(0)->set_text(short_form.input());
  curation_.Put("default", "d1", {whole, short_form, MakeRow("i3")});
  ASSERT_OK(Create(SuiteRequest("s1")));
  const std::vector<v1::SuiteCase> cases = ReadCases("s1");
  ASSERT_EQ(cases.size(), 3u);
  ASSERT_EQ(cases[0].prompt_size(), 2);
  EXPECT_EQ(cases[0].prompt(0).SerializeAsString(), told.SerializeAsString());
  EXPECT_EQ(cases[0].prompt(1).SerializeAsString(), asked.SerializeAsString());
  EXPECT_EQ(cases[0].tools(0).name(), "book");
  EXPECT_EQ(cases[0].contexts(0).text(), "a seat is free");
  EXPECT_EQ(cases[0].SerializeAsString().find("not to be told"), std::string::npos);
  for (const size_t i : {1u, 2u}) {
    ASSERT_EQ(cases[i].prompt_size(), 1);
    EXPECT_EQ(cases[i].prompt(0).role(), common::v1::ROLE_USER);
    EXPECT_EQ(cases[i].prompt(0).parts(0).text(), cases[i].input());
  }
}

TEST_F(Suites, OfToolsNeedACallThatIsExpected) {
  PutRows(5);
  v1::CreateSuiteRequest request = SuiteRequest("s1");
  request.add_evaluators()->set_kind("tool_calls");
  EXPECT_THAT(Create(request), HasReason(Reason::kNotEnoughData));
  auto with_call = MakeRow("i1");
  with_call.add_ideal()->add_parts()->mutable_tool_call()->set_name("book");
  auto corrected = MakeRow("i2");
  corrected.set_source(curation::v1::ROW_SOURCE_USER_CORRECTION);
  curation_.Put("default", "d1", {with_call, corrected, MakeRow("i3")});
  ASSERT_OK(Create(request));
  EXPECT_EQ(suite_.suite().cases(), 2);
}

TEST_F(Suites, OfMoreRowsThanFitAreRefused) {
  PutRows(40);
  curation_.ClaimEvalRows(100'001);
  const grpc::Status status = Create(SuiteRequest("s1"));
  EXPECT_THAT(status, HasReason(Reason::kLimitExceeded));
  EXPECT_NE(status.error_message().find("100001 rows"), std::string::npos);
  curation_.ClaimEvalRows(100'000);
  EXPECT_OK(Create(SuiteRequest("s1")));
}

TEST_F(Suites, OfMoreCohortsThanAVerdictTellsAreRefused) {
  FakeCuration::Rows rows;
  for (int i = 0; i < 1'001; ++i) rows.push_back(MakeRow(CaseId(i), fmt::format("user-{}", i)));
  curation_.Put("default", "d1", rows);
  const grpc::Status status = Create(SuiteRequest("s1"));
  EXPECT_THAT(status, HasReason(Reason::kLimitExceeded));
  EXPECT_NE(status.error_message().find("cohort_attribute"), std::string::npos);
  rows.back().clear_cohort();
  curation_.Put("default", "d1", rows);
  EXPECT_OK(Create(SuiteRequest("s1")));
}

TEST_F(Suites, PassOnWhatElseCurationSays) {
  PutRows(40);
  curation_.Refuse(grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(Create(SuiteRequest("s1")).error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(Suites, AreReadInAFixedOrderWithoutTheIdealOutput) {
  MakeSuite(1'203, "app");
  const std::vector<v1::SuiteCase> cases = ReadCases("s1");
  EXPECT_OK(status_);
  ASSERT_EQ(cases.size(), 1'203u);
  EXPECT_EQ(message_sizes_, (std::vector<int>{500, 500, 203}));
  for (int i = 0; i < 1'203; ++i) {
    ASSERT_EQ(cases[static_cast<size_t>(i)].case_id(), CaseId(i));
  }
  EXPECT_EQ(cases[7].input(), "question " + CaseId(7));
  EXPECT_EQ(cases[7].cohort(), "app");
  EXPECT_EQ(cases[7].DebugString().find("answer"), std::string::npos);
}

TEST_F(Suites, OfLongInputsComeInMessagesThatAClientTakes) {
  FakeCuration::Rows rows;
  for (int i = 0; i < 10; ++i) {
    rows.push_back(MakeRow(CaseId(i)));
    rows.back().set_input(std::string(900'000, 'x'));
  }
  curation_.Put("default", "d1", rows);
  ASSERT_OK(Create(SuiteRequest("s1")));
  EXPECT_EQ(ReadCases("s1").size(), 10u);
  EXPECT_OK(status_);
  EXPECT_EQ(message_sizes_, (std::vector<int>{2, 2, 2, 2, 2}));
}

TEST_F(Suites, OfOtherProjectsDoNotExist) {
  MakeSuite(40);
  SubmitAll("m1", 40);
  project_ = "other";
  v1::GetSuiteRequest get;
  get.set_suite_id("s1");
  v1::GetSuiteResponse got;
  EXPECT_THAT(Call(&Stub::GetSuite, get, got), HasReason(Reason::kNotFound));
  EXPECT_TRUE(ReadCases("s1").empty());
  EXPECT_THAT(status_, HasReason(Reason::kNotFound));
  v1::SubmitOutputsRequest outputs = OutputsRequest("m1");
  AddOutput(CaseId(0), "x", outputs);
  EXPECT_THAT(Submit(outputs), HasReason(Reason::kNotFound));
  EXPECT_THAT(Judge("v1", "m1"), HasReason(Reason::kNotFound));
  // The dataset version is asked for in the caller's own project.
  EXPECT_THAT(Create(SuiteRequest("s1")), HasReason(Reason::kNotFound));
  curation_.Put("other", "d1", {MakeRow("i1"), MakeRow("i2")});
  ASSERT_OK(Create(SuiteRequest("s1")));
  EXPECT_EQ(suite_.suite().cases(), 2);
}

}  // namespace
}  // namespace flywheel::evalgate
