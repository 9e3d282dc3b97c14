// A disk that takes as long for a commit as this test wants it to.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "tests/fault/fault_service.h"

namespace flywheel::fault {
namespace {

class SlowDiskTest : public FaultTest {
 protected:
  // Together more than the queue and the commit that is under way can hold.
  static constexpr int kWriters = 24;
  static constexpr int kItems = 150;

  SlowDiskTest() { std::ofstream(gate_path_) << "locked while the disk is held\n"; }
  ~SlowDiskTest() override { Release(); }

  std::vector<std::string> Wrapper() const {
    return {"/usr/bin/env", "LD_PRELOAD=" + cli::BinDir() + "/libheld_sync.so",
            "FLYWHEEL_SYNC_GATE=" + gate_path_,
            // A build with AddressSanitizer wants to be loaded first, and is not.
            "ASAN_OPTIONS=verify_asan_link_order=0"};
  }

  // Until Release no sync of the service returns.
  void Hold() {
    gate_ = open(gate_path_.c_str(), O_RDONLY | O_CLOEXEC);
    ASSERT_GE(gate_, 0);
    ASSERT_EQ(flock(gate_, LOCK_EX), 0);
  }
  void Release() {
    if (gate_ >= 0) close(std::exchange(gate_, -1));
  }

  // Sends one batch, and gives it up where it is refused, so that it is known what must be there
  // and what must not.
  void Write(const std::string& prefix) {
    const absl::Status status = Store(MakeBatch(prefix, kItems));
    absl::MutexLock lock(&mutex_);
    if (status.ok()) {
      acknowledged_.insert(prefix);
      return;
    }
    ASSERT_EQ(errors::ReasonOf(status), Reason::kBackPressure) << status;
    ASSERT_TRUE(errors::RetryDelayOf(status).has_value());
    ++refused_;
  }

  // Whether a writer was refused, within half a minute.
  bool AwaitRefusal() {
    const auto any = [this] {
      mutex_.AssertReaderHeld();
      return refused_ > 0;
    };
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&any), absl::Seconds(30));
  }

  size_t acknowledged() {
    absl::MutexLock lock(&mutex_);
    return acknowledged_.size();
  }

  void ExpectWhatWasAcknowledgedAndNothingElse() {
    const auto all = List();
    ASSERT_OK(all);
    absl::MutexLock lock(&mutex_);
    EXPECT_EQ(all->size(), acknowledged_.size() * kItems);
    for (const std::string& prefix : acknowledged_) {
      for (int i = 0; i < kItems; ++i) {
        EXPECT_TRUE(all->contains(fmt::format("{}-{}", prefix, i))) << prefix;
      }
    }
  }

  const std::string gate_path_ = dir_.path() + "/gate";
  int gate_ = -1;
  absl::Mutex mutex_;
  std::set<std::string> acknowledged_ ABSL_GUARDED_BY(mutex_);
  int refused_ ABSL_GUARDED_BY(mutex_) = 0;
};

TEST_F(SlowDiskTest, PushesBackWithinItsMemoryLosesNothingAndGoesOnReading) {
  Serve(Wrapper(), {"--max-message-bytes", "1048576", "--max-queued-bytes", "1048576"});
  Write("before");
  ASSERT_EQ(acknowledged(), 1u);
  Hold();
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([this, i] { Write(fmt::format("held-{}", i)); });
  }
  EXPECT_TRUE(AwaitRefusal()) << "the memory for writes that wait is full";
  // A read that waited for the disk would not come back before its deadline.
  for (int i = 0; i < 20; ++i) {
    ingest::v1::GetStatsResponse stats;
    EXPECT_OK(Call(&Stub::GetStats, ingest::v1::GetStatsRequest(), &stats));
    EXPECT_EQ(stats.interactions(), kItems) << "nothing is seen that is not on the disk";
  }
  EXPECT_EQ(List()->size(), static_cast<size_t>(kItems));
  EXPECT_EQ(acknowledged(), 1u) << "nothing is acknowledged that is not on the disk";
  Release();
  for (std::thread& writer : writers) writer.join();
  EXPECT_GT(acknowledged(), 1u) << "those that waited";
  Write("after");
  ExpectWhatWasAcknowledgedAndNothingElse();
  // And all of it is on the disk.
  child_->Kill();
  Serve();
  ExpectWhatWasAcknowledgedAndNothingElse();
}

}  // namespace
}  // namespace flywheel::fault
