#include "curation_service/build_queue.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;

// Nobody in these tests gets a turn by waiting, unless a test says so.
absl::Time Now() { return absl::InfinitePast(); }

TEST(BuildQueue, LetsOneBuildOfAProjectRunAtATime) {
  BuildQueue queue;
  std::optional<BuildQueue::Place> first = *queue.Join("a");
  ASSERT_OK(first->AwaitTurn(Now(), Deadline()));
  BuildQueue::Place second = *queue.Join("a");
  const absl::Status busy = second.AwaitTurn(Now(), Deadline());
  EXPECT_THAT(busy, HasReason(Reason::kBusy));
  EXPECT_TRUE(errors::RetryDelayOf(busy).has_value());
  first.reset();
  EXPECT_OK(second.AwaitTurn(Now(), Deadline()));
}

TEST(BuildQueue, LetsFewProjectsBuildAtATime) {
  BuildQueue queue;
  std::vector<BuildQueue::Place> building;
  for (int i = 0; i < BuildQueue::kMaxBuilds; ++i) {
    building.push_back(*queue.Join(std::to_string(i)));
    ASSERT_OK(building.back().AwaitTurn(Now(), Deadline()));
  }
  BuildQueue::Place more = *queue.Join("more");
  EXPECT_THAT(more.AwaitTurn(Now(), Deadline()), HasReason(Reason::kBusy));
  building.pop_back();
  EXPECT_OK(more.AwaitTurn(Now(), Deadline()));
}

TEST(BuildQueue, LetsFewCallsWait) {
  BuildQueue queue;
  std::vector<BuildQueue::Place> waiting;
  for (int i = 0; i < BuildQueue::kMaxPlacesOfProject; ++i) waiting.push_back(*queue.Join("a"));
  EXPECT_THAT(queue.Join("a"), HasReason(Reason::kBusy));
  for (int i = 0; static_cast<int>(waiting.size()) < BuildQueue::kMaxPlaces; ++i) {
    waiting.push_back(*queue.Join("p" + std::to_string(i)));
  }
  EXPECT_THAT(queue.Join("another"), HasReason(Reason::kBusy));
  waiting.pop_back();
  EXPECT_OK(queue.Join("another"));
}

TEST(BuildQueue, GivesTheTurnToWhoeverWaitsForIt) {
  BuildQueue queue;
  std::optional<BuildQueue::Place> first = *queue.Join("a");
  ASSERT_OK(first->AwaitTurn(Now(), Deadline()));
  absl::Notification waits;
  absl::Status status = errors::Internal("never came back");
  std::thread other([&] {
    BuildQueue::Place second = *queue.Join("a");
    const Deadline deadline(absl::InfiniteFuture(), [&] {
      if (!waits.HasBeenNotified()) waits.Notify();
      return absl::OkStatus();
    });
    status = second.AwaitTurn(absl::InfiniteFuture(), deadline);
  });
  waits.WaitForNotification();
  first.reset();
  other.join();
  EXPECT_OK(status);
}

TEST(BuildQueue, StopsWaitingWhereNobodyWantsTheBuildAnyMore) {
  BuildQueue queue;
  BuildQueue::Place first = *queue.Join("a");
  ASSERT_OK(first.AwaitTurn(Now(), Deadline()));
  BuildQueue::Place second = *queue.Join("a");
  const Deadline cancelled(absl::InfiniteFuture(), [] { return errors::Cancelled(); });
  EXPECT_THAT(second.AwaitTurn(absl::InfiniteFuture(), cancelled), HasReason(Reason::kCancelled));
}

}  // namespace
}  // namespace flywheel::curation
