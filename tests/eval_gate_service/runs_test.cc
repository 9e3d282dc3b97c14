// Runs: how they begin and end, what they say, and how they are listed.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "eval_gate_service/store/migrations.h"
#include "shared/sql/database.h"
#include "tests/eval_gate_service/runs_fixture.h"

namespace flywheel::evalgate {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using RunsTest = RunsFixture;

TEST_F(RunsTest, TellHowMuchPassedOnceTheyAreFinishedAndNobodyLooksBeforeAVerdict) {
  MakeSuite(40);
  ASSERT_OK(StartRun("r1", "m1"));
  ASSERT_OK(SendAll("r1", 39));
  ASSERT_OK(Send("r1", {Output(39, "no idea")}));
  EXPECT_EQ(Passed("r1"), -1) << "it goes on";
  ASSERT_OK(FinishRun("r1"));
  EXPECT_EQ(Passed("r1"), 39);
  ASSERT_OK(SetPolicy(PolicyRequest()));
  EXPECT_EQ(Passed("r1"), -1) << "the policy names the suite";
  ASSERT_OK(Approve("m1"));
  EXPECT_EQ(Passed("r1"), 39) << "it serves";
  ASSERT_OK(StartRun("r2", "m2"));
  ASSERT_OK(SendAll("r2", 40));
  ASSERT_OK(FinishRun("r2"));
  EXPECT_EQ(Passed("r2"), -1);
  ASSERT_OK(Judge("v2", "m2"));
  EXPECT_EQ(Passed("r2"), 40);
}

TEST_F(RunsTest, BeginTakeOutputsAndEndOnce) {
  MakeSuite(40);
  ASSERT_OK(StartRun("r1", "m1"));
  EXPECT_FALSE(started_.replayed());
  EXPECT_EQ(started_.run().agent(), "helper");
  EXPECT_EQ(started_.run().state(), v1::RUN_STATE_RUNNING);
  EXPECT_EQ(started_.run().attempts_per_case(), 1);
  EXPECT_EQ(started_.run().attempts(), 40);
  ASSERT_OK(StartRun("r1", "m1"));
  EXPECT_TRUE(started_.replayed());
  EXPECT_THAT(StartRun("r1", "m2"), HasReason(Reason::kAlreadyExistsWithOtherContent));
  EXPECT_THAT(StartRun("r1", "m1", "s1", 2), HasReason(Reason::kAlreadyExistsWithOtherContent));

  EXPECT_THAT(FinishRun("r1"), HasReason(Reason::kNotEnoughData));
  ASSERT_OK(SendAll("r1", 39));
  const grpc::Status early = FinishRun("r1");
  EXPECT_THAT(early, HasReason(Reason::kNotEnoughData));
  EXPECT_THAT(early.error_message(), HasSubstr("1 attempts without an output"));
  EXPECT_EQ(Get("r1").answered(), 39);
  ASSERT_OK(SendAll("r1", 40));
  clock_.Advance(absl::Minutes(5));
  ASSERT_OK(FinishRun("r1"));
  EXPECT_FALSE(finished_.replayed());
  const v1::Run finished = Get("r1");
  EXPECT_EQ(finished.state(), v1::RUN_STATE_FINISHED);
  EXPECT_EQ(finished.answered(), 40);
  EXPECT_EQ(finished.end_time().seconds() - finished.create_time().seconds(), 300);
  ASSERT_OK(FinishRun("r1"));
  EXPECT_TRUE(finished_.replayed());
  EXPECT_THAT(Abort("r1"), HasReason(Reason::kAlreadyEnded));

  ASSERT_OK(Send("r1", {Output(0, "answer " + CaseId(0)), Output(1, "another")}));
  EXPECT_EQ(outputs_.results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_EQ(outputs_.results(1).status(), common::v1::ITEM_STATUS_CONFLICT);
}

// Whoever could choose between runs would not be measured.
TEST_F(RunsTest, TheFirstThatFinishesCountsForEver) {
  MakeSuite(40);
  ASSERT_OK(StartRun("r1", "m1"));
  ASSERT_OK(StartRun("r2", "m1"));
  ASSERT_OK(SendAll("r2", 40));
  std::vector<v1::CaseOutput> wrong;
  for (int i = 0; i < 40; ++i) wrong.push_back(Output(i, "wrong"));
  ASSERT_OK(Send("r1", wrong));
  ASSERT_OK(FinishRun("r1"));
  const grpc::Status second = FinishRun("r2");
  EXPECT_THAT(second, HasReason(Reason::kAlreadyEnded));
  EXPECT_THAT(second.error_message(), HasSubstr("run 'r1'"));
  EXPECT_THAT(StartRun("r3", " M1 "), HasReason(Reason::kAlreadyEnded)) << "another spelling";
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  EXPECT_EQ(judged_.verdict().run_id(), "r1");
  EXPECT_EQ(judged_.verdict().attempts_per_case(), 1);
  // That it was tried twice is told.
  bool told = false;
  for (const v1::Finding& finding : judged_.verdict().findings()) {
    if (finding.kind() != v1::FINDING_KIND_UNFINISHED_RUNS) continue;
    told = true;
    EXPECT_EQ(finding.cases(), 1);
  }
  EXPECT_TRUE(told);
}

// Who calls every answer that does not please an outage leaves that behind.
TEST_F(RunsTest, ThatEndedInOutagesAreToldBesideTheOneThatFinished) {
  MakeSuite(100);
  const auto fail = [](int i, const std::string& error) {
    v1::CaseOutput output = Output(i, "");
    output.set_infrastructure_error(error);
    return output;
  };
  for (const char* run_id : {"r1", "r2", "r3"}) {
    ASSERT_OK(StartRun(run_id, "m1"));
    ASSERT_OK(Send(run_id, {fail(0, "429"), fail(1, "429"), fail(2, "timeout")}));
    EXPECT_EQ(Get(run_id).answered(), 0);
    ASSERT_OK(Abort(run_id, "an outage"));
  }
  ASSERT_OK(StartRun("begun", "m1"));
  ASSERT_OK(StartRun("r4", "m1"));
  ASSERT_OK(Send("r4", {fail(0, "429"), fail(1, "429")}));
  ASSERT_OK(Send("r4", {fail(0, "503")}));
  ASSERT_OK(SendAll("r4", 100));
  ASSERT_OK(FinishRun("r4"));
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS) << judged_.DebugString();
  std::vector<v1::Finding> told;
  for (const v1::Finding& finding : judged_.verdict().findings()) {
    if (finding.kind() == v1::FINDING_KIND_UNFINISHED_RUNS) told.push_back(finding);
  }
  ASSERT_EQ(told.size(), 1u) << judged_.DebugString();
  EXPECT_EQ(told[0].cases(), 3) << "one that took nothing is not counted";
  EXPECT_EQ(told[0].message(),
            "3 other runs of this version on the suite took outputs and did not finish: what they "
            "answered does not count. 12 errors of the infrastructure came in all of its runs");
}

// What the run itself says of them is enough.
TEST_F(RunsTest, WithErrorsOfTheInfrastructureAloneAreNoFinding) {
  MakeSuite(40);
  ASSERT_OK(StartRun("r1", "m1"));
  v1::CaseOutput error = Output(0, "");
  error.set_infrastructure_error("429");
  ASSERT_OK(Send("r1", {error}));
  ASSERT_OK(SendAll("r1", 40));
  ASSERT_OK(FinishRun("r1"));
  EXPECT_EQ(Get("r1").infrastructure_errors(), 1);
  ASSERT_OK(Judge("v1", "m1"));
  for (const v1::Finding& finding : judged_.verdict().findings()) {
    EXPECT_NE(finding.kind(), v1::FINDING_KIND_UNFINISHED_RUNS) << finding.DebugString();
  }
}

// A job that was cancelled says nothing about the version.
TEST_F(RunsTest, ThatWereAbortedSayNothing) {
  MakeSuite(40);
  ASSERT_OK(StartRun("r1", "m1"));
  std::vector<v1::CaseOutput> junk;
  for (int i = 0; i < 40; ++i) junk.push_back(Output(i, "junk"));
  ASSERT_OK(Send("r1", junk));
  ASSERT_OK(Abort("r1", "the wrong prompt"));
  EXPECT_FALSE(aborted_.replayed());
  EXPECT_EQ(aborted_.run().abort_reason(), "the wrong prompt");
  ASSERT_OK(Abort("r1", "another reason"));
  EXPECT_TRUE(aborted_.replayed());
  EXPECT_EQ(aborted_.run().abort_reason(), "the wrong prompt");
  EXPECT_THAT(FinishRun("r1"), HasReason(Reason::kAlreadyEnded));
  ASSERT_OK(Send("r1", {Output(0, "junk"), Output(0, "other")}));
  EXPECT_EQ(outputs_.results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_THAT(Judge("v1", "m1"), HasReason(Reason::kNotFound));
  v1::ListCaseResultsRequest results;
  results.set_suite_id("s1");
  results.set_model_version("m1");
  v1::ListCaseResultsResponse response;
  EXPECT_THAT(Call(&v1::EvalGateService::Stub::ListCaseResults, results, response),
              HasReason(Reason::kNotFound));
}

// A store in which outputs were not judged as they came.
TEST_F(RunsTest, OfBeforeAreJudgedAtAStart) {
  MakeSuite(40);
  SubmitAll("m1", 40, /*wrong=*/30);
  FinishRuns("s1");
  server_.reset();
  {
    auto database =
        sql::Database::Open({"sqlite:" + directory_.path() + "/eval-gate.db"}, Migrations());
    ASSERT_OK(database);
    ASSERT_OK((*database)->Write([](sql::Connection& connection) {
      return connection.Execute("UPDATE outputs SET outcome = 0, failed_by = -1, answer_key = 0");
    }));
  }
  Start();
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  EXPECT_THAT(Results("m1", v1::CASE_FILTER_FAILED).results(), SizeIs(30));
}

// The pipeline could not reach its model, and took that for an error of the model.
TEST_F(RunsTest, OfErrorsAloneCondemnNobody) {
  MakeSuite(40);
  ASSERT_OK(StartRun("r1", "m1"));
  std::vector<v1::CaseOutput> errors;
  for (int i = 0; i < 40; ++i) {
    errors.push_back(Output(i, ""));
    errors.back().set_error("connection refused");
  }
  ASSERT_OK(Send("r1", errors));
  const grpc::Status status = FinishRun("r1");
  EXPECT_THAT(status, HasReason(Reason::kNotEnoughData));
  EXPECT_THAT(status.error_message(), HasSubstr("an error for each of 40 attempts"));
  EXPECT_THAT(Judge("v1", "m1"), HasReason(Reason::kNotEnoughData));
  ASSERT_OK(Abort("r1", "the model was away"));
  ASSERT_OK(StartRun("r2", "m1"));
  ASSERT_OK(SendAll("r2", 40));
  ASSERT_OK(FinishRun("r2"));
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
}

// The suite was clean when it was uploaded; then its questions came to the train side.
TEST_F(RunsTest, OfWhoMayHaveBeenTrainedOnTheCasesDecideNothing) {
  std::vector<v1::UploadedCase> cases;
  for (int i = 0; i < 60; ++i) cases.push_back(UploadedCase(CaseId(i)));
  ASSERT_OK(Upload(Header("s1"), cases));
  SubmitAll("clean", 60);
  SubmitAll("taught", 60);
  ASSERT_OK(Judge("v1", "clean"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  for (const int i : {3, 4}) curation_.Teach("default", cases[i].input(), "unknown");
  SubmitAll("unknown", 60);
  curation_.Refuse(grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(FinishRun(RunId("unknown")), HasReason(Reason::kUpstreamUnavailable));
  curation_.Refuse(grpc::StatusCode::OK);
  ASSERT_OK(FinishRun(RunId("unknown")));
  EXPECT_EQ(finished_.run().contaminated_cases(), 2);
  EXPECT_THAT(finished_.run().contaminated_case_ids(), ElementsAre(CaseId(3), CaseId(4)));
  ASSERT_OK(Judge("v2", "unknown"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_INCONCLUSIVE);
  const v1::Finding& finding = judged_.verdict().findings(0);
  EXPECT_EQ(finding.kind(), v1::FINDING_KIND_CONTAMINATED_CASES);
  EXPECT_EQ(finding.cases(), 2);
  EXPECT_THAT(finding.message(), HasSubstr("case-00003, case-00004"));
  // What another version was taught is no fault of this one.
  ASSERT_OK(Judge("v3", "taught"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
}

TEST_F(RunsTest, AreNotBegunWithoutEnd) {
  MakeSuite(2);
  for (int i = 0; i < 100; ++i) ASSERT_OK(StartRun(fmt::format("r{}", i), "m1"));
  EXPECT_THAT(StartRun("one-more", "m1"), HasReason(Reason::kLimitExceeded));
  ASSERT_OK(StartRun("r0", "m1")) << "what there is goes on";
  ASSERT_OK(StartRun("another", "m2"));
}

TEST_F(RunsTest, AreListedByWhatTheyAre) {
  MakeSuite(2);
  PutRows(2, "", "d2");
  ASSERT_OK(Create(SuiteRequest("s2", "d2")));
  v1::StartRunRequest labelled;
  labelled.set_run_id("r1");
  labelled.set_suite_id("s1");
  labelled.set_model_version("m1");
  (*labelled.mutable_labels())["branch"] = "main";
  ASSERT_OK(Call(&Stub::StartRun, labelled, started_));
  ASSERT_OK(StartRun("r2", "m1", "s2"));
  ASSERT_OK(StartRun("r3", "m2"));
  ASSERT_OK(Abort("r3"));
  v1::ListRunsRequest request;
  EXPECT_THAT(Ids(request), ElementsAre("r3", "r2", "r1"));
  request.set_suite_id("s1");
  EXPECT_THAT(Ids(request), ElementsAre("r3", "r1"));
  request.set_state(v1::RUN_STATE_RUNNING);
  EXPECT_THAT(Ids(request), ElementsAre("r1"));
  request.Clear();
  request.set_model_version(" M1");
  request.set_order(common::v1::LIST_ORDER_OLDEST_FIRST);
  EXPECT_THAT(Ids(request), ElementsAre("r1", "r2"));
  (*request.mutable_labels())["branch"] = "main";
  EXPECT_THAT(Ids(request), ElementsAre("r1"));
  request.set_agent("nobody");
  EXPECT_THAT(Ids(request), IsEmpty());
}

// Two jobs send to one run at once: each attempt is answered once, and the counts are right.
TEST_F(RunsTest, CountOnceWhatTwoJobsSend) {
  MakeSuite(400);
  ASSERT_OK(StartRun("r1", "m1"));
  std::atomic<int> stored = 0;
  const auto job = [&] {
    for (int i = 0; i < 400; ++i) {
      v1::SubmitOutputsRequest request;
      request.set_run_id("r1");
      *request.add_outputs() = Output(i, "answer " + CaseId(i));
      grpc::ClientContext context;
      v1::SubmitOutputsResponse response;
      ASSERT_TRUE(run_stub_->SubmitOutputs(&context, request, &response).ok());
      if (response.results(0).status() == common::v1::ITEM_STATUS_STORED) ++stored;
    }
  };
  std::thread first(job);
  std::thread second(job);
  first.join();
  second.join();
  EXPECT_EQ(stored, 400);
  EXPECT_EQ(Get("r1").answered(), 400);
  ASSERT_OK(FinishRun("r1"));
}

}  // namespace
}  // namespace flywheel::evalgate
