// Runs: how they begin and end, attempts at a case, and what comes with an output.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

#include "eval_gate_service/store/migrations.h"
#include "shared/sql/database.h"
#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RunsTest : public EvalGateTest {
 protected:
  using Stub = v1::RunService::Stub;

  grpc::Status Abort(const std::string& run_id, const std::string& reason = "the job was ended") {
    v1::AbortRunRequest request;
    request.set_run_id(run_id);
    request.set_reason(reason);
    return Call(&Stub::AbortRun, request, aborted_);
  }

  // A run "r1" in the project "other", and one in the default project.
  void StartRunsOfTwoProjects() {
    for (const char* project : {"other", ""}) {
      project_ = project;
      curation_.Put(project_.empty() ? "default" : project_, "d1", {MakeRow(CaseId(0))});
      ASSERT_OK(Create(SuiteRequest("s1")));
      ASSERT_OK(StartRun("r1", "m1"));
    }
  }

  v1::Run Get(const std::string& run_id) {
    v1::GetRunRequest request;
    request.set_run_id(run_id);
    v1::GetRunResponse response;
    EXPECT_OK(Call(&Stub::GetRun, request, response));
    return response.run();
  }

  static v1::CaseOutput Output(int i, const std::string& text, int attempt = 0) {
    v1::CaseOutput output;
    output.set_case_id(CaseId(i));
    output.set_output(text);
    output.set_attempt(attempt);
    return output;
  }

  grpc::Status Send(const std::string& run_id, const std::vector<v1::CaseOutput>& outputs) {
    v1::SubmitOutputsRequest request;
    request.set_run_id(run_id);
    for (const v1::CaseOutput& one : outputs) *request.add_outputs() = one;
    return Call(&Stub::SubmitOutputs, request, outputs_);
  }

  // Right answers to `count` cases, each `attempts` times.
  grpc::Status SendAll(const std::string& run_id, int count, int attempts = 1) {
    std::vector<v1::CaseOutput> outputs;
    for (int i = 0; i < count; ++i) {
      for (int k = 1; k <= attempts; ++k) outputs.push_back(Output(i, "answer " + CaseId(i), k));
    }
    return Send(run_id, outputs);
  }

  std::vector<std::string> Ids(const v1::ListRunsRequest& request) {
    v1::ListRunsResponse response;
    EXPECT_OK(Call(&Stub::ListRuns, request, response));
    std::vector<std::string> ids;
    for (const v1::Run& run : response.runs()) ids.push_back(run.run_id());
    return ids;
  }

  v1::ListCaseResultsResponse Results(const std::string& version, v1::CaseFilter filter,
                                      const std::string& baseline = "") {
    v1::ListCaseResultsRequest request;
    request.set_suite_id("s1");
    request.set_model_version(version);
    request.set_baseline_model_version(baseline);
    request.set_filter(filter);
    v1::ListCaseResultsResponse response;
    EXPECT_OK(Call(&v1::EvalGateService::Stub::ListCaseResults, request, response));
    return response;
  }

  // What GetRun says that passed; -1 where it does not say it.
  int64_t Passed(const std::string& run_id) {
    v1::GetRunRequest request;
    request.set_run_id(run_id);
    v1::GetRunResponse response;
    EXPECT_OK(Call(&Stub::GetRun, request, response));
    return response.has_passed() ? response.passed() : -1;
  }

  v1::AbortRunResponse aborted_;
};

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

TEST_F(RunsTest, TryACaseSeveralTimes) {
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

TEST_F(RunsTest, WhatOthersSayAndWhatItCostIsJudgedToo) {
  PutRows(40);
  v1::CreateSuiteRequest suite = SuiteRequest("s1");
  v1::EvaluatorSpec& reward = *suite.add_evaluators();
  reward.set_kind("external");
  reward.set_parameters_json(R"({"name": "reward"})");
  v1::EvaluatorSpec& fast = *suite.add_evaluators();
  fast.set_kind("latency");
  fast.set_parameters_json(R"({"most_ms": 500})");
  ASSERT_OK(Create(suite));
  ASSERT_OK(StartRun("r1", "m1"));
  std::vector<v1::CaseOutput> outputs;
  for (int i = 0; i < 40; ++i) {
    v1::CaseOutput output = Output(i, "whatever");
    v1::ExternalGrade& grade = *output.add_external_grades();
    grade.set_name("reward");
    grade.set_score(i == 0 ? 0 : 1);
    output.mutable_latency()->set_nanos(i == 1 ? 900'000'000 : 100'000'000);
    if (i == 2) output.clear_external_grades();
    outputs.push_back(output);
  }
  ASSERT_OK(Send("r1", outputs));
  ASSERT_OK(FinishRun("r1"));
  const auto failed = Results("m1", v1::CASE_FILTER_FAILED);
  ASSERT_THAT(failed.results(), SizeIs(3));
  EXPECT_EQ(failed.results(0).attempts(0).grades(0).evaluator_id(), "external");
  EXPECT_FALSE(failed.results(0).attempts(0).grades(0).passed());
  EXPECT_FALSE(failed.results(1).attempts(0).grades(1).passed()) << "slow";
  EXPECT_FALSE(failed.results(2).attempts(0).grades(0).passed()) << "nobody said";
  EXPECT_EQ(failed.results(1).attempts(0).output().latency().nanos(), 900'000'000);

  v1::CaseOutput bad = outputs[0];
  bad.mutable_external_grades(0)->set_score(1.5);
  EXPECT_THAT(Send("r1", {bad}), HasReason(Reason::kInvalidArgument));
  bad = outputs[0];
  bad.set_cost_usd(-1);
  EXPECT_THAT(Send("r1", {bad}), HasReason(Reason::kInvalidArgument));
  bad = outputs[0];
  *bad.add_external_grades() = bad.external_grades(0);
  EXPECT_THAT(Send("r1", {bad}), HasReason(Reason::kInvalidArgument)) << "a name twice";
}

// Before the verdict whoever asks what is missing learns nothing of what was answered.
TEST_F(RunsTest, WhatIsUnansweredShowsNoAnswer) {
  MakeSuite(3);
  ASSERT_OK(StartRun("r1", "m1", "s1", 2));
  v1::CaseOutput down = Output(1, "", 2);
  down.set_infrastructure_error("429");
  ASSERT_OK(
      Send("r1", {Output(0, "wrong", 1), Output(0, "wrong", 2), Output(1, "wrong", 1), down}));
  const auto unanswered = Results("m1", v1::CASE_FILTER_UNANSWERED);
  ASSERT_THAT(unanswered.results(), SizeIs(2));
  EXPECT_EQ(unanswered.results(0).case_id(), CaseId(1));
  EXPECT_EQ(unanswered.results(0).outcome(), v1::CASE_OUTCOME_UNAVAILABLE);
  ASSERT_THAT(unanswered.results(0).attempts(), SizeIs(1));
  EXPECT_EQ(unanswered.results(0).attempts(0).attempt(), 2);
  EXPECT_THAT(unanswered.results(1).attempts(), SizeIs(2));
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

TEST_F(RunsTest, TakeManyBatchesInOneStreamAndAnswerEach) {
  constexpr int kBatches = 100;
  constexpr int kPerBatch = 100;
  MakeSuite(kBatches * kPerBatch);
  ASSERT_OK(StartRun("r1", "m1"));
  grpc::ClientContext context;
  const auto stream = run_stub_->StreamOutputs(&context);
  v1::StreamOutputsResponse answer;
  v1::StreamOutputsRequest empty;
  empty.mutable_batch()->set_run_id("r1");
  ASSERT_TRUE(stream->Write(empty));
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.reason(), common::v1::ERROR_REASON_EMPTY_BATCH);
  EXPECT_FALSE(answer.has_result());
  for (int b = 0; b < kBatches; ++b) {
    v1::StreamOutputsRequest request;
    request.mutable_batch()->set_run_id("r1");
    for (int i = b * kPerBatch; i < (b + 1) * kPerBatch; ++i) {
      *request.mutable_batch()->add_outputs() = Output(i, "answer " + CaseId(i));
    }
    ASSERT_TRUE(stream->Write(request));
    ASSERT_TRUE(stream->Read(&answer));
    ASSERT_EQ(answer.reason(), common::v1::ERROR_REASON_UNSPECIFIED) << answer.message();
    EXPECT_EQ(answer.result().results_size(), kPerBatch);
    EXPECT_EQ(answer.result().missing(), kPerBatch * (kBatches - b - 1));
  }
  stream->WritesDone();
  EXPECT_FALSE(stream->Read(&answer));
  ASSERT_OK(stream->Finish());
  ASSERT_OK(FinishRun("r1"));
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
}

TEST_F(RunsTest, AreWatchedToTheirEnd) {
  MakeSuite(4);
  ASSERT_OK(StartRun("r1", "m1"));
  grpc::ClientContext context;
  v1::WatchRunRequest request;
  request.set_run_id("r1");
  const auto reader = run_stub_->WatchRun(&context, request);
  v1::WatchRunResponse message;
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_EQ(message.run().answered(), 0);
  ASSERT_OK(SendAll("r1", 4));
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_EQ(message.run().answered(), 4);
  ASSERT_OK(FinishRun("r1"));
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_EQ(message.run().state(), v1::RUN_STATE_FINISHED);
  EXPECT_FALSE(reader->Read(&message));
  EXPECT_OK(reader->Finish());
}

// What one project holds for hours keeps nobody else out.
TEST_F(RunsTest, AreWatchedByAnotherProjectHoweverManyOneWatches) {
  constexpr size_t kShare = 15;
  StartRunsOfTwoProjects();
  v1::WatchRunRequest request;
  request.set_run_id("r1");
  v1::WatchRunResponse message;
  std::array<grpc::ClientContext, kShare + 2> contexts;
  contexts.back().AddMetadata("x-flywheel-project", "other");
  std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchRunResponse>>> readers;
  for (grpc::ClientContext& context : contexts) {
    readers.push_back(run_stub_->WatchRun(&context, request));
    const bool is_over = readers.size() == kShare + 1;
    EXPECT_EQ(readers.back()->Read(&message), !is_over) << readers.size();
  }
  const grpc::Status refused = readers[kShare]->Finish();
  EXPECT_THAT(refused, HasReason(Reason::kBusy));
  EXPECT_THAT(refused.error_message(),
              HasSubstr("WatchRun for one project, of 32 places with 15 taken and 1 kept for "
                        "others: 15 run already"));
  for (grpc::ClientContext& context : contexts) context.TryCancel();
}

TEST_F(RunsTest, AreSentByAnotherProjectHoweverManyOneSends) {
  constexpr size_t kShare = 15;
  StartRunsOfTwoProjects();
  std::array<grpc::ClientContext, kShare + 2> contexts;
  contexts.back().AddMetadata("x-flywheel-project", "other");
  v1::StreamOutputsRequest empty;
  empty.mutable_batch()->set_run_id("r1");
  v1::StreamOutputsResponse answer;
  using Stream = grpc::ClientReaderWriter<v1::StreamOutputsRequest, v1::StreamOutputsResponse>;
  std::vector<std::unique_ptr<Stream>> streams;
  for (grpc::ClientContext& context : contexts) {
    streams.push_back(run_stub_->StreamOutputs(&context));
    streams.back()->Write(empty);
    const bool is_over = streams.size() == kShare + 1;
    EXPECT_EQ(streams.back()->Read(&answer), !is_over) << streams.size();
  }
  EXPECT_THAT(streams[kShare]->Finish(), HasReason(Reason::kBusy));
  for (grpc::ClientContext& context : contexts) context.TryCancel();
}

// A key that may judge nothing holds no place of those that may.
TEST_F(RunsTest, EndAStreamWhoseFirstBatchTheyDoNotTake) {
  api_keys_file_ = directory_.path() + "/keys";
  std::ofstream(api_keys_file_) << "owner key-of-the-head-of-qa default owner\n"
                                << "release key-of-the-release-ci default operator\n"
                                << "nightly key-of-the-nightly-ci default operator\n";
  Restart();
  key_ = "key-of-the-head-of-qa";
  MakeSuite(1);
  v1::SetReleasePolicyRequest policy = PolicyRequest();
  policy.mutable_policy()->add_judges("release");
  ASSERT_OK(SetPolicy(policy));
  key_ = "key-of-the-release-ci";
  ASSERT_OK(StartRun("r1", "m1"));
  const auto send = [this](const std::string& key, const std::string& run_id) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + key);
    const auto stream = run_stub_->StreamOutputs(&context);
    v1::StreamOutputsRequest request;
    request.mutable_batch()->set_run_id(run_id);
    *request.mutable_batch()->add_outputs() = Output(0, "answer " + CaseId(0));
    stream->Write(request);
    v1::StreamOutputsResponse answer;
    if (stream->Read(&answer)) {
      stream->WritesDone();
      EXPECT_FALSE(stream->Read(&answer));
    }
    return stream->Finish();
  };
  EXPECT_THAT(send("key-of-the-nightly-ci", "r1"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(send("key-of-the-release-ci", "r2"), HasReason(Reason::kNotFound));
  EXPECT_THAT(send("key-of-the-release-ci", "no id"), HasReason(Reason::kInvalidArgument));
  EXPECT_OK(send("key-of-the-release-ci", "r1"));
  EXPECT_EQ(Get("r1").answered(), 1);
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
