// What callers of BuildDatasetVersion are told, and how long they wait.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "shared/rpc/feed_token.h"
#include "shared/time/poll.h"
#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;

using DatasetCallsTest = CurationTest;

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

TEST_F(DatasetCallsTest, WaitsForTheFeedAndSaysWhenItDidNotCome) {
  AddAccepted(3);
  AwaitFeed();
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.set_min_feed_token(rpc::FeedToken(last_ + 1'000));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(700));
  v1::BuildDatasetVersionResponse response;
  const absl::Status status =
      rpc::FromGrpcStatus(stub_->BuildDatasetVersion(&context, request, &response));
  EXPECT_THAT(status, HasReason(Reason::kNotCaughtUp));
  EXPECT_TRUE(errors::RetryDelayOf(status).has_value());
}

TEST_F(DatasetCallsTest, NeedsARowToTrainOn) {
  Log({.id = "i1"});
  Reject("i1");
  v1::BuildDatasetVersionResponse response;
  const absl::Status status = rpc::FromGrpcStatus(Build(BuildRequest("v1"), response));
  EXPECT_THAT(status, HasReason(Reason::kNotEnoughData));
  EXPECT_FALSE(errors::RetryDelayOf(status).has_value());
}

TEST_F(DatasetCallsTest, SaysWhatWasReadWhereNobodyReacted) {
  Log({.id = "i1"});
  Log({.id = "i2"});
  React("i1", [](auto& signal) { signal.mutable_evaluation()->set_score(1); });
  v1::BuildDatasetVersionResponse response;
  const absl::Status status = rpc::FromGrpcStatus(Build(BuildRequest("v1"), response));
  EXPECT_THAT(status, HasReason(Reason::kNotEnoughData));
  EXPECT_NE(errors::MessageOf(status).find(
                "0 of 0 interactions that people reacted to (evaluations do not count); 2 "),
            std::string::npos)
      << errors::MessageOf(status);
}

TEST_F(DatasetCallsTest, LetsFewCallsWaitForTheFeedAndForgetsThoseWhoAreGone) {
  // As many as may wait, and one more, which is told so at once.
  std::vector<std::thread> callers;
  std::vector<grpc::ClientContext> contexts(BuildQueue::kMaxPlacesOfProject + 1);
  absl::Mutex mutex;
  int busy = 0;
  for (size_t i = 0; i < contexts.size(); ++i) {
    callers.emplace_back([&, i] {
      v1::BuildDatasetVersionRequest request;
      request.set_dataset_version_id("v" + std::to_string(i));
      request.mutable_options()->set_agent(kAgent);
      request.set_min_feed_token(rpc::FeedToken(1'000'000));
      v1::BuildDatasetVersionResponse response;
      const absl::Status status =
          rpc::FromGrpcStatus(stub_->BuildDatasetVersion(&contexts[i], request, &response));
      EXPECT_FALSE(status.ok());
      absl::MutexLock lock(&mutex);
      if (errors::ReasonOf(status) == Reason::kBusy) ++busy;
    });
  }
  {
    absl::MutexLock lock(&mutex);
    const auto refused = [&] { return busy > 0; };
    EXPECT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&refused), absl::Seconds(25)));
  }
  for (grpc::ClientContext& context : contexts) context.TryCancel();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(busy, 1);
  // They had no deadline: without a word from their callers they would wait for half a minute.
  AddAccepted(3);
  v1::BuildDatasetVersionResponse response;
  EXPECT_TRUE(
      PollUntil([&] { return Build(BuildRequest("now"), response).ok(); }, absl::Seconds(20)));
}

TEST_F(DatasetCallsTest, LetsBuildersGoWhoWaitWhenTheServerStops) {
  grpc::Status status;
  std::thread builder([&] {
    v1::BuildDatasetVersionRequest request = BuildRequest("v1");
    request.set_min_feed_token(rpc::FeedToken(1'000'000));
    v1::BuildDatasetVersionResponse response;
    status = Build(request, response);
  });
  server_->Stop(absl::Seconds(20));
  builder.join();
  EXPECT_FALSE(status.ok());
}

}  // namespace
}  // namespace flywheel::curation
