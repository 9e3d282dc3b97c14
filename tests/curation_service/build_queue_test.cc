#include "curation_service/build_queue.h"

#include <gtest/gtest.h>

#include <string>

namespace flywheel::curation {
namespace {

const absl::Time kStart = absl::UnixEpoch();
const absl::Time kLater = kStart + absl::Minutes(10);

// The id of what begins next, or nothing.
std::string Take(BuildQueue& queue, int64_t feed_sequence = 0, absl::Time now = kStart) {
  const auto build = queue.Take(feed_sequence, now);
  return build ? build->project + "/" + build->dataset_version_id : "";
}

TEST(BuildQueue, LetsOneBuildOfAProjectRunAtATime) {
  BuildQueue queue;
  queue.Add({"a", "1", 0, kLater});
  queue.Add({"a", "2", 0, kLater});
  queue.Add({"b", "1", 0, kLater});
  EXPECT_EQ(Take(queue), "a/1");
  EXPECT_EQ(Take(queue), "b/1");
  EXPECT_EQ(Take(queue), "");
  EXPECT_FALSE(queue.empty());
  queue.Finish("b");
  EXPECT_EQ(Take(queue), "");
  queue.Finish("a");
  EXPECT_EQ(Take(queue), "a/2");
  EXPECT_TRUE(queue.empty());
}

TEST(BuildQueue, LetsOthersPassWhoeverWaitsForTheFeed) {
  BuildQueue queue;
  queue.Add({"a", "late", 100, kLater});
  queue.Add({"a", "now", 99, kLater});
  EXPECT_EQ(Take(queue, 99), "a/now");
  queue.Finish("a");
  EXPECT_EQ(Take(queue, 99), "");
  EXPECT_EQ(Take(queue, 100), "a/late");
}

TEST(BuildQueue, ForgetsOneBuildAndNotAnotherOfItsId) {
  BuildQueue queue;
  queue.Add({"a", "1", 100, kLater, 7});
  queue.Add({"b", "1", 0, kLater, 7});
  queue.Add({"a", "1", 0, kLater, 8});
  queue.Remove("a", 7);
  EXPECT_EQ(Take(queue, 100), "b/1");
  EXPECT_EQ(Take(queue, 100), "a/1");
  EXPECT_TRUE(queue.empty());
  queue.Remove("a", 8);
}

TEST(BuildQueue, LetsNobodyWaitForTheFeedForEver) {
  BuildQueue queue;
  queue.Add({"a", "1", 100, kLater});
  EXPECT_EQ(Take(queue, 0, kLater - absl::Seconds(1)), "");
  EXPECT_EQ(Take(queue, 0, kLater), "a/1");
}

}  // namespace
}  // namespace flywheel::curation
