#include "cli/scan/scan_patience.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace flywheel::cli {
namespace {

class ScanPatienceTest : public ::testing::Test {
 protected:
  void Note(const std::string& project, int64_t records) {
    ingest::v1::StoreScan scan;
    scan.set_project(project);
    scan.set_records(records);
    patience_.Note(scan);
  }

  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  ScanPatience patience_{[this] { return now_; }};
};

TEST_F(ScanPatienceTest, EndsTwoMinutesAfterTheFirstFailure) {
  // However long a try took before it failed.
  Note("shop", 200);
  now_ += absl::Hours(3);
  EXPECT_FALSE(patience_.IsOver());
  now_ += absl::Seconds(119);
  EXPECT_FALSE(patience_.IsOver());
  now_ += absl::Seconds(1);
  EXPECT_TRUE(patience_.IsOver());
}

TEST_F(ScanPatienceTest, BeginsAnewWithEachRecordAndNotWithWhatIsToldAgain) {
  Note("bank", 0);
  Note("shop", 200);
  EXPECT_FALSE(patience_.IsOver());
  now_ += absl::Seconds(90);
  Note("shop", 201);
  EXPECT_FALSE(patience_.IsOver());
  now_ += absl::Seconds(90);
  Note("bank", 0);
  Note("shop", 201);
  EXPECT_FALSE(patience_.IsOver());
  now_ += absl::Seconds(30);
  EXPECT_TRUE(patience_.IsOver());
}

}  // namespace
}  // namespace flywheel::cli
