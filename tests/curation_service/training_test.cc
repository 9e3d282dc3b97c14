// Training runs, from the trigger to the model version.
#include <gtest/gtest.h>

#include "tests/curation_service/training_fixture.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;
using Stub = v1::CurationService::Stub;

class TrainingOfTwoAgents : public TrainingTest {
 protected:
  // Of the agent "another", with a dataset of its own.
  void OpenForAnotherAgent(const std::string& run) {
    for (int i = 0; i < 20; ++i) {
      const std::string id = "other-" + std::to_string(i);
      Log({.id = id, .input = "another question " + id, .agent = "another"});
      Accept(id);
    }
    v1::BuildDatasetVersionRequest build = BuildRequest("other-dataset");
    build.mutable_options()->set_agent("another");
    Built(build);
    v1::OpenTrainingRunRequest request = OpenRequest(run);
    request.set_dataset_version_id("other-dataset");
    request.set_force_reason("test");
    ASSERT_OK(Open(request));
  }
};

TEST_F(TrainingTest, OpensARunOnlyWhereTheTriggerSaysSoOrSomebodyInsists) {
  ASSERT_OK(Open(OpenRequest("r1")));
  EXPECT_EQ(opened_.training_run().state(), v1::TRAINING_RUN_STATE_OPEN);
  EXPECT_EQ(opened_.training_run().trigger().reason(), v1::TRIGGER_REASON_OVERDUE);
  Lease("t");
  ASSERT_OK(Complete(Success("r1", "t", "m1")));
  EXPECT_THAT(Open(OpenRequest("r2")), HasReason(Reason::kNotTriggered));
  v1::OpenTrainingRunRequest forced = OpenRequest("r2");
  forced.set_force_reason("ops: hotfix");
  ASSERT_OK(Open(forced));
  EXPECT_EQ(opened_.training_run().trigger().reason(), v1::TRIGGER_REASON_FORCED);
  EXPECT_TRUE(opened_.training_run().trigger().should_train());
}

TEST_F(TrainingTest, OpensNoSecondRunWhileOneIsUnderWayUnlessSomebodyInsists) {
  ASSERT_OK(Open(OpenRequest("r1")));
  EXPECT_THAT(Open(OpenRequest("r2")), HasReason(Reason::kAlreadyUnderWay));
  Lease("t");
  const grpc::Status leased = Open(OpenRequest("r2"));
  EXPECT_THAT(leased, HasReason(Reason::kAlreadyUnderWay));
  EXPECT_NE(leased.error_message().find("'r1', which 't' has leased"), std::string::npos);
  clock_.Advance(absl::Minutes(2));
  const grpc::Status waiting = Open(OpenRequest("r2"));
  EXPECT_THAT(waiting, HasReason(Reason::kAlreadyUnderWay));
  EXPECT_NE(waiting.error_message().find("'r1', which waits"), std::string::npos);
  ASSERT_OK(Open(OpenRequest("r1")));
  EXPECT_TRUE(opened_.replayed());
  Force("forced");

  for (const char* run : {"r1", "forced"}) {
    EXPECT_EQ(Lease("t").training_run().training_run_id(), run);
    v1::CompleteTrainingRunRequest failure;
    failure.set_training_run_id(run);
    failure.set_trainer("t");
    failure.mutable_failure()->set_message("out of memory");
    ASSERT_OK(Complete(failure));
  }
  ASSERT_OK(Open(OpenRequest("r2")));
}

TEST_F(TrainingTest, ReplaysAnOpeningAndRefusesAnotherUnderTheSameId) {
  ASSERT_OK(Open(OpenRequest("r1")));
  const v1::TrainingRun first = opened_.training_run();
  EXPECT_FALSE(opened_.replayed());
  clock_.Advance(absl::Minutes(1));
  ASSERT_OK(Open(OpenRequest("r1")));
  EXPECT_TRUE(opened_.replayed());
  EXPECT_EQ(opened_.training_run().SerializeAsString(), first.SerializeAsString());
  v1::OpenTrainingRunRequest other = OpenRequest("r1");
  other.set_performance_change(-0.5);
  EXPECT_THAT(Open(other), HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(TrainingTest, NeedsADatasetThatExists) {
  v1::OpenTrainingRunRequest request = OpenRequest("r1");
  request.set_dataset_version_id("missing");
  EXPECT_THAT(Open(request), HasReason(Reason::kNotFound));
}

TEST_F(TrainingTest, LeasesTheOldestRunToOneTrainerAtATime) {
  EXPECT_FALSE(Lease("t1").has_training_run());
  Force("r1");
  Force("r2");
  EXPECT_EQ(Lease("t1").training_run().training_run_id(), "r1");
  EXPECT_EQ(Lease("t2").training_run().training_run_id(), "r2");
  EXPECT_FALSE(Lease("t3").has_training_run());
  const v1::TrainingRun run = Run("r1");
  EXPECT_EQ(run.state(), v1::TRAINING_RUN_STATE_LEASED);
  EXPECT_EQ(run.trainer(), "t1");
}

TEST_F(TrainingTest, RenewsALeaseForTheTrainerThatHoldsIt) {
  Force("r1");
  const v1::TrainingRun first = Lease("t1").training_run();
  clock_.Advance(absl::Seconds(30));
  const v1::TrainingRun again = Lease("t1").training_run();
  EXPECT_EQ(again.training_run_id(), "r1");
  EXPECT_EQ(again.lease_expire_time().seconds() - first.lease_expire_time().seconds(), 30);
  clock_.Advance(absl::Seconds(59));
  EXPECT_FALSE(Lease("t2").has_training_run());
}

TEST_F(TrainingTest, OpensARunAgainWhenItsLeaseEnds) {
  Force("r1");
  Lease("t1");
  clock_.Advance(absl::Seconds(60));
  const v1::TrainingRun run = Run("r1");
  EXPECT_EQ(run.state(), v1::TRAINING_RUN_STATE_OPEN);
  EXPECT_EQ(run.trainer(), "");
  EXPECT_FALSE(run.has_lease_expire_time());
  EXPECT_EQ(Lease("t2").training_run().training_run_id(), "r1");
  EXPECT_THAT(Complete(Success("r1", "t1", "m1")), HasReason(Reason::kLeaseLost));
  EXPECT_OK(Complete(Success("r1", "t2", "m1")));
}

TEST_F(TrainingTest, TakesTheReportOfALateTrainerWhomNobodyReplaced) {
  Force("r1");
  Lease("t1");
  clock_.Advance(absl::Hours(5));
  ASSERT_OK(Complete(Success("r1", "t1", "m1")));
  const v1::TrainingRun& run = completed_.training_run();
  EXPECT_EQ(run.state(), v1::TRAINING_RUN_STATE_SUCCEEDED);
  EXPECT_EQ(run.model_version(), "m1");
  EXPECT_EQ(run.artifact_uri(), "file:///model");
  EXPECT_EQ(run.metrics().at("loss"), 0.25);
  EXPECT_TRUE(run.has_complete_time());
}

TEST_F(TrainingTest, TakesNoReportFromATrainerThatNeverLeasedTheRun) {
  Force("r1");
  EXPECT_THAT(Complete(Success("r1", "t1", "m1")), HasReason(Reason::kLeaseLost));
  EXPECT_THAT(Complete(Success("missing", "t1", "m1")), HasReason(Reason::kNotFound));
}

TEST_F(TrainingTest, ReplaysAReportAndRefusesAnother) {
  Force("r1");
  Lease("t1");
  ASSERT_OK(Complete(Success("r1", "t1", "m1")));
  const v1::TrainingRun first = completed_.training_run();
  EXPECT_FALSE(completed_.replayed());
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(Complete(Success("r1", "t1", "m1")));
  EXPECT_TRUE(completed_.replayed());
  EXPECT_EQ(completed_.training_run().complete_time().seconds(), first.complete_time().seconds());
  EXPECT_THAT(Complete(Success("r1", "t1", "m2")),
              HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(TrainingTest, MakesAModelVersionOnce) {
  Force("r1");
  Lease("t1");
  ASSERT_OK(Complete(Success("r1", "t1", "m1")));
  Force("r2");
  Lease("t1");
  EXPECT_THAT(Complete(Success("r2", "t1", "m1")),
              HasReason(Reason::kAlreadyExistsWithOtherContent));
  EXPECT_OK(Complete(Success("r2", "t1", "m2")));
}

TEST_F(TrainingTest, ListsRunsByTheStateThatTheyAreInNow) {
  for (int i = 1; i <= 5; ++i) Force("r" + std::to_string(i));
  Lease("t1");  // r1, whose lease is about to end.
  clock_.Advance(absl::Minutes(2));
  Lease("t2");  // r1 again.
  v1::ListTrainingRunsRequest request;
  request.set_state(v1::TRAINING_RUN_STATE_OPEN);
  request.set_page_size(3);
  v1::ListTrainingRunsResponse response;
  ASSERT_OK(Call(&Stub::ListTrainingRuns, request, response));
  ASSERT_EQ(response.training_runs_size(), 3);
  EXPECT_EQ(response.training_runs(0).training_run_id(), "r5");
  request.set_page_token(response.next_page_token());
  ASSERT_OK(Call(&Stub::ListTrainingRuns, request, response));
  ASSERT_EQ(response.training_runs_size(), 1);
  EXPECT_EQ(response.training_runs(0).training_run_id(), "r2");
  EXPECT_EQ(response.next_page_token(), "");
  clock_.Advance(absl::Minutes(2));
  request.clear_page_token();
  request.set_page_size(0);
  ASSERT_OK(Call(&Stub::ListTrainingRuns, request, response));
  EXPECT_EQ(response.training_runs_size(), 5);
  request.set_state(v1::TRAINING_RUN_STATE_LEASED);
  ASSERT_OK(Call(&Stub::ListTrainingRuns, request, response));
  EXPECT_EQ(response.training_runs_size(), 0);
}

TEST_F(TrainingOfTwoAgents, LeasesRunsOfTheTrainersAgentsAlone) {
  Force("r1");
  OpenForAnotherAgent("other-run");
  Force("r2");
  EXPECT_EQ(Run("other-run").agent(), "another");
  EXPECT_FALSE(Lease("t1", {"nobody", "helper2"}).has_training_run());
  EXPECT_EQ(Lease("t1", {"another"}).training_run().training_run_id(), "other-run");
  EXPECT_EQ(Lease("t1", {"another"}).training_run().training_run_id(), "other-run") << "renewed";
  EXPECT_FALSE(Lease("t2", {"another"}).has_training_run());
  EXPECT_EQ(Lease("t2", {"another", kAgent}).training_run().training_run_id(), "r1");
  EXPECT_EQ(Lease("t1", {kAgent, "another"}).training_run().training_run_id(), "other-run")
      << "what it holds comes before what waits";
  EXPECT_EQ(Lease("t3", {kAgent, kAgent}).training_run().training_run_id(), "r2");
  EXPECT_EQ(Run("r2").trainer(), "t3");
}

TEST_F(TrainingOfTwoAgents, LeasesTheOldestRunOfAllAgentsThatTheTrainerNames) {
  OpenForAnotherAgent("older");
  Force("newer");
  EXPECT_EQ(Lease("t1", {kAgent, "another"}).training_run().training_run_id(), "older");
  clock_.Advance(absl::Minutes(2));
  EXPECT_EQ(Lease("t2", {kAgent, "another"}).training_run().training_run_id(), "older")
      << "whose lease has ended";
}

TEST_F(TrainingOfTwoAgents, ListsTheRunsOfOneAgent) {
  Force("r1");
  OpenForAnotherAgent("other-1");
  Force("r2");
  Lease("t", {"another"});
  v1::ListTrainingRunsRequest request;
  request.set_agent(kAgent);
  request.set_page_size(1);
  v1::ListTrainingRunsResponse response;
  ASSERT_OK(Call(&Stub::ListTrainingRuns, request, response));
  ASSERT_EQ(response.training_runs_size(), 1);
  EXPECT_EQ(response.training_runs(0).training_run_id(), "r2");
  EXPECT_EQ(response.training_runs(0).agent(), kAgent);
  request.set_page_token(response.next_page_token());
  ASSERT_OK(Call(&Stub::ListTrainingRuns, request, response));
  ASSERT_EQ(response.training_runs_size(), 1);
  EXPECT_EQ(response.training_runs(0).training_run_id(), "r1");
  EXPECT_EQ(response.next_page_token(), "");
  request.Clear();
  request.set_agent("another");
  request.set_state(v1::TRAINING_RUN_STATE_OPEN);
  ASSERT_OK(Call(&Stub::ListTrainingRuns, request, response));
  EXPECT_EQ(response.training_runs_size(), 0);
  request.set_state(v1::TRAINING_RUN_STATE_LEASED);
  ASSERT_OK(Call(&Stub::ListTrainingRuns, request, response));
  EXPECT_EQ(response.training_runs_size(), 1);
}

TEST_F(TrainingTest, ACancelledRunNoLongerBlocksItsAgent) {
  ASSERT_OK(Open(OpenRequest("r1")));
  EXPECT_THAT(Open(OpenRequest("r2")), HasReason(Reason::kAlreadyUnderWay));
  ASSERT_OK(Cancel("r1", "grace: nobody can train it"));
  EXPECT_FALSE(cancelled_.replayed());
  const v1::TrainingRun run = Run("r1");
  EXPECT_EQ(cancelled_.training_run().SerializeAsString(), run.SerializeAsString());
  EXPECT_EQ(run.state(), v1::TRAINING_RUN_STATE_CANCELLED);
  EXPECT_EQ(run.cancel_reason(), "grace: nobody can train it");
  EXPECT_TRUE(run.has_complete_time());
  EXPECT_EQ(run.failure(), "");
  EXPECT_FALSE(Lease("t").has_training_run());
  EXPECT_EQ(Check().reason(), v1::TRIGGER_REASON_OVERDUE) << "it was no training";
  ASSERT_OK(Open(OpenRequest("r2")));
  ASSERT_OK(Open(OpenRequest("r1")));
  EXPECT_TRUE(opened_.replayed());
  EXPECT_EQ(opened_.training_run().state(), v1::TRAINING_RUN_STATE_CANCELLED);
}

TEST_F(TrainingTest, CancellingAgainChangesNothing) {
  Force("r1");
  ASSERT_OK(Cancel("r1", "first"));
  const v1::TrainingRun first = cancelled_.training_run();
  clock_.Advance(absl::Hours(1));
  Restart();
  ASSERT_OK(Cancel("r1", "second"));
  EXPECT_TRUE(cancelled_.replayed());
  EXPECT_EQ(cancelled_.training_run().SerializeAsString(), first.SerializeAsString());
  EXPECT_THAT(Cancel("missing", "why"), HasReason(Reason::kNotFound));
}

TEST_F(TrainingTest, ATrainerLearnsThatItsRunWasCancelled) {
  Force("r1");
  Lease("t1");
  ASSERT_OK(Cancel("r1", "wrong dataset"));
  EXPECT_EQ(cancelled_.training_run().trainer(), "");
  EXPECT_FALSE(cancelled_.training_run().has_lease_expire_time());
  const grpc::Status late = Complete(Success("r1", "t1", "m1"));
  EXPECT_THAT(late, HasReason(Reason::kAlreadyEnded));
  EXPECT_NE(late.error_message().find("cancelled (wrong dataset)"), std::string::npos);
  EXPECT_EQ(Run("r1").model_version(), "");
  Force("r2");
  EXPECT_EQ(Lease("t1").training_run().training_run_id(), "r2");
  ASSERT_OK(Complete(Success("r2", "t1", "m1"))) << "the name is free";
}

TEST_F(TrainingTest, WhatIsCompleteIsNotCancelled) {
  Force("r1");
  Lease("t1");
  ASSERT_OK(Complete(Success("r1", "t1", "m1")));
  const grpc::Status status = Cancel("r1", "too late");
  EXPECT_THAT(status, HasReason(Reason::kAlreadyEnded));
  EXPECT_NE(status.error_message().find("model version 'm1'"), std::string::npos);
  EXPECT_EQ(Run("r1").state(), v1::TRAINING_RUN_STATE_SUCCEEDED);
}

TEST_F(TrainingTest, KeepsRunsAcrossARestart) {
  Force("r1");
  Lease("t1");
  Restart();
  ASSERT_OK(Complete(Success("r1", "t1", "m1")));
  Restart();
  EXPECT_EQ(Run("r1").model_version(), "m1");
}

}  // namespace
}  // namespace flywheel::curation
