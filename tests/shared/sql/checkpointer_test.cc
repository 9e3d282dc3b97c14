#include "shared/sql/checkpointer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "shared/sql/database.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::sql {
namespace {

constexpr Migration kSchema[] = {{"notes", "CREATE TABLE notes (text TEXT NOT NULL)"}};
constexpr int kRows = 200;

class CheckpointerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = Database::Open({"sqlite:" + path_}, kSchema);
    ASSERT_OK(opened);
    database_ = *std::move(opened);
  }

  // So many commits of 1.6 MB.
  void Write(int commits) {
    for (int i = 0; i < commits; ++i) {
      ASSERT_OK(database_->Write([&](Connection& connection) -> absl::Status {
        for (int row = 0; row < kRows; ++row) {
          RETURN_IF_ERROR(
              connection.Prepare("INSERT INTO notes (text) VALUES (?)").Bind(text_).Run());
        }
        return absl::OkStatus();
      }));
    }
  }

  int64_t Count() {
    int64_t count = -1;
    EXPECT_OK(database_->Read([&](Connection& connection) -> absl::Status {
      Statement select = connection.Prepare("SELECT COUNT(*) FROM notes");
      if (select.Next()) count = select.Int64(0);
      return select.status();
    }));
    return count;
  }

  int64_t LogBytes() const {
    return static_cast<int64_t>(std::filesystem::file_size(path_ + "-wal"));
  }

  testing::TempDir dir_;
  const std::string path_ = dir_.path() + "/test.db";
  const std::string text_ = std::string(8'000, 'x');
  std::unique_ptr<Database> database_;
};

TEST_F(CheckpointerTest, KeepsTheLogShortWhileCommitsGoOn) {
  Write(200);
  EXPECT_EQ(Count(), 200 * kRows);
  // All 320 MB that were written would be in a log that never begins anew.
  EXPECT_LT(LogBytes(), 260'000'000);
}

TEST_F(CheckpointerTest, LetsTheLogBeEmptiedRightAfterItWasToldToMovePages) {
  Write(25);  // More than what it begins at.
  const absl::StatusOr<bool> emptied = database_->TruncateWal();
  ASSERT_OK(emptied);
  EXPECT_TRUE(*emptied);
  EXPECT_EQ(LogBytes(), 0);
  Write(1);
  EXPECT_EQ(Count(), 26 * kRows);
}

TEST_F(CheckpointerTest, EmptiesALongLogBetweenReadsThatOverlap) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      while (!stop) Count();
    });
  }
  Write(150);
  EXPECT_LT(LogBytes(), 220'000'000);
  const absl::StatusOr<bool> emptied = database_->TruncateWal();
  ASSERT_OK(emptied);
  EXPECT_TRUE(*emptied);
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(Count(), 150 * kRows);
}

TEST_F(CheckpointerTest, LeavesWhatAReaderStillLooksAt) {
  Write(1);
  ASSERT_OK(database_->Read([&](Connection& connection) -> absl::Status {
    Statement before = connection.Prepare("SELECT COUNT(*) FROM notes");
    EXPECT_TRUE(before.Next());
    EXPECT_EQ(before.Int64(0), kRows);
    std::thread([&] { Write(60); }).join();
    Statement after = connection.Prepare("SELECT COUNT(*), SUM(length(text)) FROM notes");
    EXPECT_TRUE(after.Next());
    EXPECT_EQ(after.Int64(0), kRows);
    EXPECT_EQ(after.Int64(1), kRows * static_cast<int64_t>(text_.size()));
    return after.status();
  }));
  EXPECT_EQ(Count(), 61 * kRows);
}

}  // namespace
}  // namespace flywheel::sql
