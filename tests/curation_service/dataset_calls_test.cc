// What callers of BuildDatasetVersion are told, and what becomes of the build.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "shared/rpc/feed_token.h"
#include "shared/sql/connection.h"
#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;

using Stub = v1::CurationService::Stub;

class DatasetCallsTest : public CurationTest {
 protected:
  v1::DatasetVersion Get(const std::string& id) {
    v1::GetDatasetVersionRequest request;
    request.set_dataset_version_id(id);
    v1::GetDatasetVersionResponse response;
    EXPECT_OK(Call(&Stub::GetDatasetVersion, request, response));
    return response.dataset_version();
  }
  v1::CancelDatasetBuildResponse Cancelled(const std::string& id, const std::string& reason) {
    v1::CancelDatasetBuildRequest request;
    request.set_dataset_version_id(id);
    request.set_reason(reason);
    v1::CancelDatasetBuildResponse response;
    EXPECT_OK(Call(&Stub::CancelDatasetBuild, request, response));
    return response;
  }
  // In the file of the server, beside it.
  int64_t CountRows(const std::string& table) {
    const auto connection =
        sql::Connection::Open(data_.path() + "/curation.db", sql::Access::kRead);
    EXPECT_OK(connection);
    sql::Statement select = (*connection)->Prepare("SELECT COUNT(*) FROM " + table);
    return select.Next() ? select.Int64(0) : -1;
  }
};

TEST_F(DatasetCallsTest, ReplaysABuildAndRefusesAnotherUnderTheSameId) {
  AddAccepted(10);
  const v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  v1::BuildDatasetVersionResponse first, second, third;
  ASSERT_OK(Build(request, first));
  EXPECT_FALSE(first.replayed());
  AddAccepted(10, "b");
  AwaitFeed();
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(Build(request, second));
  EXPECT_TRUE(second.replayed());
  EXPECT_EQ(first.dataset_version().SerializeAsString(),
            second.dataset_version().SerializeAsString());
  v1::BuildDatasetVersionRequest explicit_default = request;
  explicit_default.mutable_options()->set_eval_share(0.1);
  ASSERT_OK(Build(explicit_default, third));
  EXPECT_TRUE(third.replayed());
  v1::BuildDatasetVersionRequest other = request;
  other.mutable_options()->set_eval_share(0.2);
  EXPECT_THAT(Build(other, third), HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(DatasetCallsTest, AnswersAtOnceWithAVersionThatIsBeingBuilt) {
  AddAccepted(3);
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  // What the next three accepted interactions bring, two records each, three places apart.
  request.set_min_feed_token(rpc::FeedToken(last_ + 18));
  v1::BuildDatasetVersionResponse begun;
  ASSERT_OK(Begin(request, begun));
  EXPECT_FALSE(begun.replayed());
  const v1::DatasetVersion& version = begun.dataset_version();
  EXPECT_EQ(version.state(), v1::DATASET_VERSION_STATE_BUILDING);
  EXPECT_EQ(version.progress().stage(), v1::BUILD_STAGE_WAITING_FOR_FEED);
  EXPECT_EQ(version.options().agent(), kAgent);
  EXPECT_TRUE(version.has_create_time());
  EXPECT_FALSE(version.has_failure());

  v1::BuildDatasetVersionResponse again;
  ASSERT_OK(Begin(request, again));
  EXPECT_TRUE(again.replayed());
  EXPECT_EQ(Get("v1").SerializeAsString(), version.SerializeAsString());
  v1::ListDatasetVersionsResponse list;
  ASSERT_OK(Call(&Stub::ListDatasetVersions, v1::ListDatasetVersionsRequest(), list));
  ASSERT_EQ(list.dataset_versions_size(), 1);
  EXPECT_EQ(list.dataset_versions(0).state(), v1::DATASET_VERSION_STATE_BUILDING);
  request.mutable_options()->set_eval_share(0.5);
  EXPECT_THAT(Begin(request, again), HasReason(Reason::kAlreadyExistsWithOtherContent));

  AddAccepted(3, "b");
  const v1::DatasetVersion built = Watch("v1");
  EXPECT_EQ(built.state(), v1::DATASET_VERSION_STATE_READY);
  EXPECT_FALSE(built.has_progress());
  EXPECT_EQ(built.candidate_rows(), 6);
  EXPECT_EQ(built.create_time().seconds(), version.create_time().seconds());
  EXPECT_EQ(Get("v1").SerializeAsString(), built.SerializeAsString());
}

TEST_F(DatasetCallsTest, GivesNoRowsOfAVersionThatIsNotReady) {
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.set_min_feed_token(rpc::FeedToken(1'000'000));
  v1::BuildDatasetVersionResponse response;
  ASSERT_OK(Begin(request, response));
  ASSERT_OK(Build(BuildRequest("failed"), response));
  for (const auto& [id, reason] : std::map<std::string, Reason>{
           {"v1", Reason::kNotCaughtUp}, {"failed", Reason::kAlreadyEnded}}) {
    v1::ReadDatasetRowsRequest read;
    read.set_dataset_version_id(id);
    grpc::ClientContext context;
    const auto rows = stub_->ReadDatasetRows(&context, read);
    v1::ReadDatasetRowsResponse message;
    EXPECT_FALSE(rows->Read(&message));
    EXPECT_THAT(rows->Finish(), HasReason(reason));
    v1::OpenTrainingRunRequest open;
    open.set_training_run_id("r1");
    open.set_dataset_version_id(id);
    open.set_force_reason("test");
    v1::OpenTrainingRunResponse opened;
    EXPECT_THAT(Call(&Stub::OpenTrainingRun, open, opened), HasReason(reason));
  }
}

TEST_F(DatasetCallsTest, GoesOnAfterARestart) {
  AddAccepted(3);
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.set_min_feed_token(rpc::FeedToken(last_ + 6));
  v1::BuildDatasetVersionResponse begun;
  ASSERT_OK(Begin(request, begun));
  Restart();
  EXPECT_EQ(Get("v1").state(), v1::DATASET_VERSION_STATE_BUILDING);
  AddAccepted(1, "b");
  EXPECT_EQ(Watch("v1").candidate_rows(), 4);
  ASSERT_OK(Begin(request, begun));
  EXPECT_TRUE(begun.replayed());
  EXPECT_EQ(begun.dataset_version().state(), v1::DATASET_VERSION_STATE_READY);
}

TEST_F(DatasetCallsTest, CancelsABuildThatWaitsAndGivesItsIdToTheNext) {
  AddAccepted(3);
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.set_min_feed_token(rpc::FeedToken(1'000'000));
  v1::BuildDatasetVersionResponse begun;
  ASSERT_OK(Begin(request, begun));
  v1::WatchDatasetVersionRequest watch;
  watch.set_dataset_version_id("v1");
  grpc::ClientContext context;
  const auto reader = stub_->WatchDatasetVersion(&context, watch);
  v1::WatchDatasetVersionResponse told;
  ASSERT_TRUE(reader->Read(&told));

  const v1::CancelDatasetBuildResponse cancelled = Cancelled("v1", "too early");
  EXPECT_FALSE(cancelled.replayed());
  const v1::DatasetVersion& version = cancelled.dataset_version();
  EXPECT_EQ(version.state(), v1::DATASET_VERSION_STATE_CANCELLED);
  EXPECT_EQ(version.cancel_reason(), "too early");
  EXPECT_FALSE(version.has_progress());
  EXPECT_FALSE(version.has_failure());
  while (reader->Read(&told)) {
  }
  EXPECT_OK(reader->Finish());
  EXPECT_EQ(told.dataset_version().SerializeAsString(), version.SerializeAsString());
  EXPECT_TRUE(Cancelled("v1", "another reason").replayed());
  Restart();
  EXPECT_EQ(Get("v1").SerializeAsString(), version.SerializeAsString());
  v1::ListDatasetVersionsRequest list;
  list.set_state(v1::DATASET_VERSION_STATE_CANCELLED);
  v1::ListDatasetVersionsResponse listed;
  ASSERT_OK(Call(&Stub::ListDatasetVersions, list, listed));
  EXPECT_EQ(listed.dataset_versions_size(), 1);
  v1::OpenTrainingRunRequest open;
  open.set_training_run_id("r1");
  open.set_dataset_version_id("v1");
  open.set_force_reason("test");
  v1::OpenTrainingRunResponse opened;
  EXPECT_THAT(Call(&Stub::OpenTrainingRun, open, opened), HasReason(Reason::kAlreadyEnded));

  ASSERT_OK(Build(BuildRequest("v1"), begun));
  EXPECT_FALSE(begun.replayed());
  EXPECT_EQ(begun.dataset_version().state(), v1::DATASET_VERSION_STATE_READY);
  EXPECT_EQ(begun.dataset_version().cancel_reason(), "");
}

TEST_F(DatasetCallsTest, CancelsNothingThatIsReadyFailedOrUnknown) {
  v1::CancelDatasetBuildRequest request;
  request.set_dataset_version_id("v1");
  request.set_reason("test");
  v1::CancelDatasetBuildResponse response;
  EXPECT_THAT(Call(&Stub::CancelDatasetBuild, request, response), HasReason(Reason::kNotFound));
  v1::BuildDatasetVersionResponse built;
  ASSERT_OK(Build(BuildRequest("v1"), built));
  ASSERT_EQ(built.dataset_version().state(), v1::DATASET_VERSION_STATE_FAILED);
  EXPECT_THAT(Call(&Stub::CancelDatasetBuild, request, response), HasReason(Reason::kAlreadyEnded));
  AddAccepted(3);
  Built(BuildRequest("v1"));
  EXPECT_THAT(Call(&Stub::CancelDatasetBuild, request, response), HasReason(Reason::kAlreadyEnded));
  EXPECT_EQ(Get("v1").state(), v1::DATASET_VERSION_STATE_READY);
}

TEST_F(DatasetCallsTest, CancelsABuildThatRunsAndLeavesNothingOfIt) {
  // Some labels for many inputs: their review takes seconds.
  for (int i = 0; i < 3'000; ++i) {
    const std::string id = "i" + std::to_string(i);
    Log({.id = id,
         .input = "question " + std::to_string(i % 97) + " of " + std::to_string(i),
         .output = "label " + std::to_string(i % 30)});
    Accept(id);
  }
  AwaitFeed();
  v1::BuildDatasetVersionResponse begun;
  ASSERT_OK(Begin(BuildRequest("v1"), begun));
  ASSERT_TRUE(PollUntil([&] { return Get("v1").progress().stage() >= v1::BUILD_STAGE_READING; },
                        absl::Seconds(30), absl::Milliseconds(1)));
  EXPECT_EQ(Cancelled("v1", "test").dataset_version().state(), v1::DATASET_VERSION_STATE_CANCELLED);
  // One of the project runs at a time: these begin when that one has gone, also under its id.
  v1::BuildDatasetVersionRequest next = BuildRequest("v2");
  next.mutable_options()->set_skip_label_review(true);
  v1::BuildDatasetVersionResponse again;
  ASSERT_OK(Begin(next, again));
  EXPECT_EQ(Get("v1").state(), v1::DATASET_VERSION_STATE_CANCELLED);
  next.set_dataset_version_id("v1");
  ASSERT_OK(Begin(next, again));
  EXPECT_FALSE(again.replayed());
  EXPECT_EQ(Watch("v2").candidate_rows(), 3'000);
  EXPECT_TRUE(Watch("v1").options().skip_label_review());
  EXPECT_EQ(Watch("v1").state(), v1::DATASET_VERSION_STATE_READY);
  EXPECT_EQ(CountRows("dataset_versions"), 2);
  EXPECT_EQ(CountRows("dataset_rows"), Watch("v1").train_rows() + Watch("v1").eval_rows() +
                                           Watch("v2").train_rows() + Watch("v2").eval_rows());
}

TEST_F(DatasetCallsTest, SaysWhyTheFeedDoesNotCome) {
  ingest_.Stop();
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.set_min_feed_token(rpc::FeedToken(1'000'000));
  v1::BuildDatasetVersionResponse begun;
  ASSERT_OK(Begin(request, begun));
  const auto detail = [&] { return Get("v1").progress().detail(); };
  ASSERT_TRUE(
      PollUntil([&] { return !detail().empty(); }, absl::Seconds(30), absl::Milliseconds(1)));
  EXPECT_EQ(detail(), Progress().feed_error());
  EXPECT_THAT(detail(), ::testing::HasSubstr(ingest_.address()));
  v1::WatchDatasetVersionRequest watch;
  watch.set_dataset_version_id("v1");
  grpc::ClientContext context;
  const auto reader = stub_->WatchDatasetVersion(&context, watch);
  v1::WatchDatasetVersionResponse told;
  ASSERT_TRUE(reader->Read(&told));
  EXPECT_NE(told.dataset_version().progress().detail(), "");
  ingest_.Start();
  ASSERT_TRUE(reader->Read(&told));
  EXPECT_EQ(told.dataset_version().progress().detail(), "") << "it is on its way";
  context.TryCancel();
  reader->Finish();
}

TEST_F(DatasetCallsTest, FailsWhereNoRowIsLeftToTrainOnAndGivesItsIdToTheNext) {
  Log({.id = "i1"});
  Reject("i1");
  v1::BuildDatasetVersionResponse response;
  ASSERT_OK(Build(BuildRequest("v1"), response));
  const v1::DatasetVersion failed = response.dataset_version();
  EXPECT_EQ(failed.state(), v1::DATASET_VERSION_STATE_FAILED);
  EXPECT_EQ(failed.failure().reason(), common::v1::ERROR_REASON_NOT_ENOUGH_DATA);
  EXPECT_FALSE(failed.has_progress());
  Restart();
  EXPECT_EQ(Get("v1").SerializeAsString(), failed.SerializeAsString());
  AddAccepted(3);
  ASSERT_OK(Build(BuildRequest("v1"), response));
  EXPECT_FALSE(response.replayed());
  EXPECT_EQ(response.dataset_version().state(), v1::DATASET_VERSION_STATE_READY);
  v1::ListDatasetVersionsResponse list;
  ASSERT_OK(Call(&Stub::ListDatasetVersions, v1::ListDatasetVersionsRequest(), list));
  EXPECT_EQ(list.dataset_versions_size(), 1);
}

TEST_F(DatasetCallsTest, SaysWhatWasReadWhereNobodyReacted) {
  Log({.id = "i1"});
  Log({.id = "i2"});
  React("i1", [](auto& signal) { signal.mutable_evaluation()->set_score(1); });
  v1::BuildDatasetVersionResponse response;
  ASSERT_OK(Build(BuildRequest("v1"), response));
  EXPECT_THAT(response.dataset_version().failure().message(),
              ::testing::HasSubstr(
                  "0 of 0 interactions that people reacted to (evaluations do not count); 2 "));
}

TEST_F(DatasetCallsTest, TellsAWatcherEveryStepUntilTheEnd) {
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.set_min_feed_token(rpc::FeedToken(20));
  v1::BuildDatasetVersionResponse begun;
  ASSERT_OK(Begin(request, begun));
  v1::WatchDatasetVersionRequest watch;
  watch.set_dataset_version_id("v1");
  grpc::ClientContext context;
  const auto reader = stub_->WatchDatasetVersion(&context, watch);
  v1::WatchDatasetVersionResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.dataset_version().progress().stage(), v1::BUILD_STAGE_WAITING_FOR_FEED);
  AddAccepted(10);
  int last_stage = v1::BUILD_STAGE_WAITING_FOR_FEED;
  while (reader->Read(&response)) {
    if (response.dataset_version().state() != v1::DATASET_VERSION_STATE_BUILDING) continue;
    EXPECT_GE(response.dataset_version().progress().stage(), last_stage);
    last_stage = response.dataset_version().progress().stage();
  }
  EXPECT_OK(reader->Finish());
  EXPECT_EQ(response.dataset_version().state(), v1::DATASET_VERSION_STATE_READY);
  watch.set_dataset_version_id("missing");
  grpc::ClientContext other;
  const auto none = stub_->WatchDatasetVersion(&other, watch);
  EXPECT_FALSE(none->Read(&response));
  EXPECT_THAT(none->Finish(), HasReason(Reason::kNotFound));
}

TEST_F(DatasetCallsTest, HasFewBuildsOfAProjectUnderWay) {
  v1::BuildDatasetVersionRequest request = BuildRequest("v");
  request.set_min_feed_token(rpc::FeedToken(1'000'000));
  v1::BuildDatasetVersionResponse response;
  const auto begin = [&](const std::string& project, int number) {
    request.set_dataset_version_id("v" + std::to_string(number));
    return Begin(request, response, project);
  };
  for (int i = 0; i < DatasetBuilds::kMaxUnderWayOfProject; ++i) ASSERT_OK(begin("", i));
  const absl::Status busy = rpc::FromGrpcStatus(begin("", 100));
  EXPECT_THAT(busy, HasReason(Reason::kBusy));
  EXPECT_TRUE(errors::RetryDelayOf(busy).has_value());
  EXPECT_OK(begin("", 0)) << "a replay takes no room";
  const int more = DatasetBuilds::kMaxUnderWay - DatasetBuilds::kMaxUnderWayOfProject;
  for (int i = 0; i < more; ++i) ASSERT_OK(begin("p" + std::to_string(i % 6), i));
  EXPECT_THAT(begin("another", 0), HasReason(Reason::kBusy));
}

TEST_F(DatasetCallsTest, HasAThreadForFewWatchers) {
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.set_min_feed_token(rpc::FeedToken(1'000'000));
  v1::BuildDatasetVersionResponse begun;
  ASSERT_OK(Begin(request, begun));
  v1::WatchDatasetVersionRequest watch;
  watch.set_dataset_version_id("v1");
  v1::WatchDatasetVersionResponse response;
  // Of 64 places a key alone has half, but for the one that is kept for other keys of its project.
  constexpr size_t kOfOneKey = 31;
  std::vector<grpc::ClientContext> contexts(kOfOneKey + 1);
  std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchDatasetVersionResponse>>> readers;
  for (grpc::ClientContext& context : contexts) {
    readers.push_back(stub_->WatchDatasetVersion(&context, watch));
    if (readers.size() <= kOfOneKey) {
      ASSERT_TRUE(readers.back()->Read(&response));
    }
  }
  EXPECT_FALSE(readers.back()->Read(&response));
  EXPECT_THAT(readers.back()->Finish(), HasReason(Reason::kBusy));
  readers.pop_back();
  grpc::ClientContext other;
  other.AddMetadata("x-flywheel-project", "other");
  EXPECT_THAT(stub_->WatchDatasetVersion(&other, watch)->Finish(), HasReason(Reason::kNotFound))
      << "another project has its place";
  for (grpc::ClientContext& context : contexts) context.TryCancel();
  for (const auto& reader : readers) {
    while (reader->Read(&response)) {
    }
    EXPECT_FALSE(reader->Finish().ok());
  }
}

TEST_F(DatasetCallsTest, LetsWatchersGoWhenTheServerStops) {
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.set_min_feed_token(rpc::FeedToken(1'000'000));
  v1::BuildDatasetVersionResponse begun;
  ASSERT_OK(Begin(request, begun));
  v1::WatchDatasetVersionRequest watch;
  watch.set_dataset_version_id("v1");
  grpc::ClientContext context;
  const auto reader = stub_->WatchDatasetVersion(&context, watch);
  v1::WatchDatasetVersionResponse response;
  ASSERT_TRUE(reader->Read(&response));
  server_->Stop(absl::Seconds(20));
  while (reader->Read(&response)) {
  }
  EXPECT_THAT(reader->Finish(), HasReason(Reason::kShuttingDown));
}

}  // namespace
}  // namespace flywheel::curation
