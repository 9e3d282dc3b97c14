// What a reader of the feed has erased is reported, once for each receipt of ingest.
#include "shared/sql/erasure_log.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "shared/sql/database.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::sql {
namespace {

constexpr Migration kErasures[] = {{"erasures", R"sql(
    CREATE TABLE erasures (
      project TEXT NOT NULL, erasure_id TEXT NOT NULL, erased_rows INTEGER NOT NULL,
      last_sequence INTEGER NOT NULL, complete INTEGER NOT NULL, reported INTEGER NOT NULL,
      PRIMARY KEY (project, erasure_id)))sql"}};

class ErasureLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = Database::Open({"sqlite:" + dir_.path() + "/test.db", 1 << 20}, kErasures);
    ASSERT_OK(opened);
    database_ = *std::move(opened);
  }

  void Tombstone(int64_t sequence, bool last) {
    ASSERT_OK(database_->Write([&](Connection& connection) {
      return ErasureLog(connection).AddTombstone("shop", "march", 1, sequence, last);
    }));
  }

  // Those that wait, which are reported hereby.
  std::vector<int64_t> Report() {
    std::vector<int64_t> rows;
    EXPECT_OK(database_->Write([&](Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(const std::vector<UnreportedErasure> waiting,
                       ErasureLog(connection).Unreported(10));
      for (const UnreportedErasure& erasure : waiting) {
        rows.push_back(erasure.erased_rows);
        RETURN_IF_ERROR(ErasureLog(connection).SetReported(erasure));
      }
      return absl::OkStatus();
    }));
    return rows;
  }

  testing::TempDir dir_;
  std::unique_ptr<Database> database_;
};

TEST_F(ErasureLogTest, ReportsWhatIsCompleteOnce) {
  Tombstone(7, false);
  EXPECT_TRUE(Report().empty());
  Tombstone(9, true);
  EXPECT_EQ(Report(), (std::vector<int64_t>{2}));
  EXPECT_TRUE(Report().empty());
  // The batch came again.
  Tombstone(9, true);
  EXPECT_TRUE(Report().empty());
}

TEST_F(ErasureLogTest, ReportsAgainWhatIngestAsksAgain) {
  Tombstone(7, true);
  ASSERT_EQ(Report().size(), 1u);
  Tombstone(12, false);
  EXPECT_TRUE(Report().empty());
  Tombstone(13, true);
  EXPECT_EQ(Report().size(), 1u);
}

}  // namespace
}  // namespace flywheel::sql
