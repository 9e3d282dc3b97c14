// A disk that takes a fifth of a second for every commit.
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "tests/fault/fault_service.h"

namespace flywheel::fault {
namespace {

class SlowDiskTest : public FaultTest {
 protected:
  static constexpr int kWriters = 16;
  static constexpr int kItems = 150;

  static std::vector<std::string> Wrapper() {
    return {"/usr/bin/env", "LD_PRELOAD=" + cli::BinDir() + "/libslow_sync.so",
            "FLYWHEEL_SYNC_DELAY_MS=200"};
  }

  // Each sends its batches and gives up those that are refused, so that it is known what must be
  // there and what must not.
  void Write(int writer, absl::Time end) {
    for (int i = 0; absl::Now() < end; ++i) {
      const std::string prefix = fmt::format("w{}-{}", writer, i);
      const absl::Status status = Store(MakeBatch(prefix, kItems));
      absl::MutexLock lock(&mutex_);
      if (status.ok()) {
        acknowledged_.insert(prefix);
        continue;
      }
      ASSERT_EQ(errors::ReasonOf(status), Reason::kBackPressure) << status;
      ASSERT_TRUE(errors::RetryDelayOf(status).has_value());
      refused_.insert(prefix);
    }
  }

  void ExpectWhatWasAcknowledgedAndNothingElse() {
    const auto all = List();
    ASSERT_OK(all);
    EXPECT_EQ(all->size(), acknowledged_.size() * kItems);
    for (const std::string& prefix : acknowledged_) {
      for (int i = 0; i < kItems; ++i) {
        EXPECT_TRUE(all->contains(fmt::format("{}-{}", prefix, i))) << prefix;
      }
    }
  }

  absl::Mutex mutex_;
  std::set<std::string> acknowledged_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> refused_ ABSL_GUARDED_BY(mutex_);
};

TEST_F(SlowDiskTest, PushesBackWithinItsMemoryLosesNothingAndGoesOnReading) {
  Serve(Wrapper(), {"--max-message-bytes", "1048576", "--max-queued-bytes", "1048576"});
  const absl::Time end = absl::Now() + absl::Seconds(4);
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) writers.emplace_back([this, i, end] { Write(i, end); });
  int reads = 0;
  absl::Duration longest;
  while (absl::Now() < end) {
    const absl::Time start = absl::Now();
    ingest::v1::GetStatsResponse stats;
    EXPECT_OK(Call(&Stub::GetStats, ingest::v1::GetStatsRequest(), &stats));
    longest = std::max(longest, absl::Now() - start);
    ++reads;
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_GT(acknowledged_.size(), 0u);
  EXPECT_GT(refused_.size(), 0u);
  EXPECT_GT(reads, 20) << "reads wait for the disk; the longest took " << longest;
  ExpectWhatWasAcknowledgedAndNothingElse();
  // And all of it is on the disk.
  child_->Kill();
  Serve();
  ExpectWhatWasAcknowledgedAndNothingElse();
}

}  // namespace
}  // namespace flywheel::fault
