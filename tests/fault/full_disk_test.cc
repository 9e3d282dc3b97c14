// A disk without space: a file system of a few megabytes. Needs the right to mount one.
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "tests/fault/fault_service.h"

namespace flywheel::fault {
namespace {

class FullDiskTest : public FaultTest {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(data());
    if (mount("flywheel-test", data().c_str(), "tmpfs", 0, "size=24m") != 0) {
      GTEST_SKIP() << "no right to mount a file system (" << std::strerror(errno)
                   << "): run as root to test a full disk";
    }
    mounted_ = true;
  }
  void TearDown() override {
    if (child_) child_->Kill();
    if (mounted_) {
      EXPECT_EQ(umount2(data().c_str(), MNT_DETACH), 0);
    }
  }

  // Fills the disk up to the last byte.
  void Fill() {
    std::ofstream ballast(data() + "/ballast", std::ios::binary);
    const std::string megabyte(1 << 20, '.');
    while (ballast.write(megabyte.data(), static_cast<std::streamsize>(megabyte.size())).flush()) {
    }
  }
  void MakeSpace() { std::filesystem::remove(data() + "/ballast"); }

  // Sends batches until one is refused; how many were not.
  int StoreUntilRefused(const std::string& name, absl::Status* refusal) {
    for (int i = 0;; ++i) {
      *refusal = Store(MakeBatch(fmt::format("{}-{}", name, i), 100));
      if (!refusal->ok()) return i;
    }
  }

  bool mounted_ = false;
};

TEST_F(FullDiskTest, RefusesWritesGoesOnReadingAndRecoversByItself) {
  Serve();
  ASSERT_OK(Store(MakeBatch("before", 100)));
  Fill();
  absl::Status refusal;
  const int stored = StoreUntilRefused("while", &refusal);
  EXPECT_EQ(refusal.code(), absl::StatusCode::kResourceExhausted) << refusal;
  EXPECT_EQ(errors::ReasonOf(refusal), Reason::kStorageFull);
  EXPECT_TRUE(errors::RetryDelayOf(refusal).has_value());
  const auto all = List();
  ASSERT_OK(all);
  EXPECT_EQ(all->size(), 100u * (1 + static_cast<size_t>(stored)))
      << "of a refused batch nothing is stored";
  MakeSpace();
  EXPECT_OK(Store(MakeBatch("after", 100)));
  const auto later = List();
  ASSERT_OK(later);
  EXPECT_EQ(later->size(), all->size() + 100);
}

TEST_F(FullDiskTest, LosesNothingWhenItIsKilledWhileTheDiskIsFull) {
  Serve();
  ASSERT_OK(Store(MakeBatch("before", 100)));
  Fill();
  absl::Status refusal;
  const int stored = StoreUntilRefused("while", &refusal);
  child_->Kill();
  MakeSpace();
  Serve();
  const auto all = List();
  ASSERT_OK(all);
  EXPECT_EQ(all->size(), 100u * (1 + static_cast<size_t>(stored)));
}

TEST_F(FullDiskTest, DoesNotStartOnAFullDiskWithoutAWordAboutIt) {
  Fill();
  Launch();
  ASSERT_TRUE(child_->WaitForExit(absl::Seconds(30)));
  EXPECT_NE(Log().find("error: "), std::string::npos) << Log();
  EXPECT_NE(Log().find("make space on the disk of '" + data()), std::string::npos) << Log();
  MakeSpace();
  Serve();
  EXPECT_OK(Store(MakeBatch("a", 1)));
}

}  // namespace
}  // namespace flywheel::fault
