#include "ingest_service/payloads/paced_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "shared/sql/migration.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;

constexpr int64_t kMaxQueuedBytes = 1 << 20;
constexpr sql::Migration kNumbers[] = {
    {"numbers", "CREATE TABLE numbers (number INTEGER NOT NULL PRIMARY KEY);"}};

class PacedWriterTest : public ::testing::Test {
 protected:
  static absl::Status Insert(sql::Connection& connection, size_t number) {
    return connection.Prepare("INSERT INTO numbers (number) VALUES (?)")
        .Bind(static_cast<int64_t>(number))
        .Run();
  }

  // The numbers that are stored, which must be the first ones without a gap.
  int64_t Stored() {
    int64_t count = 0;
    EXPECT_OK(database_->Read([&](sql::Connection& connection) -> absl::Status {
      sql::Statement select =
          connection.Prepare("SELECT COUNT(*), COALESCE(MAX(number), -1) FROM numbers");
      EXPECT_TRUE(select.Next());
      count = select.Int64(0);
      EXPECT_EQ(select.Int64(1), count - 1);
      return select.status();
    }));
    return count;
  }

  testing::TempDir dir_;
  std::unique_ptr<sql::Database> database_ =
      *sql::Database::Open({"sqlite:" + dir_.path() + "/test.db", kMaxQueuedBytes}, kNumbers);
  PacedWriter writer_{database_.get(), kMaxQueuedBytes};
};

TEST_F(PacedWriterTest, DoesEverythingOnceInOrder) {
  ASSERT_OK(writer_.Write(1'050, Insert));
  EXPECT_EQ(Stored(), 1'050);
  ASSERT_OK(writer_.Write(0, Insert));
  EXPECT_EQ(Stored(), 1'050);
}

TEST_F(PacedWriterTest, AnErrorUndoesOnlyThePieceThatItStandsIn) {
  const absl::Status status = writer_.Write(1'000, [](sql::Connection& connection, size_t i) {
    return i == 450 ? errors::Internal("the 450th") : Insert(connection, i);
  });
  EXPECT_THAT(status, HasReason(Reason::kInternal));
  EXPECT_GT(Stored(), 0);
  EXPECT_LE(Stored(), 450);
}

TEST_F(PacedWriterTest, EndsBehindThePieceInWhichItIsStopped) {
  const absl::Status status = writer_.Write(1'000, [&](sql::Connection& connection, size_t i) {
    if (i == 450) writer_.Stop();
    return Insert(connection, i);
  });
  EXPECT_THAT(status, HasReason(Reason::kShuttingDown));
  EXPECT_GT(Stored(), 450);
  EXPECT_LE(Stored(), 650);
  EXPECT_THAT(writer_.Write(1, Insert), HasReason(Reason::kShuttingDown));
}

TEST_F(PacedWriterTest, StandsBackWhileMuchIsQueued) {
  absl::Notification release;
  database_->WriteAsync(
      kMaxQueuedBytes / 2,
      [&](sql::Connection&) {
        release.WaitForNotification();
        return absl::OkStatus();
      },
      [](const absl::Status& status) { EXPECT_OK(status); });
  absl::Notification done;
  std::thread background([&] {
    EXPECT_OK(writer_.Write(3, Insert));
    done.Notify();
  });
  EXPECT_FALSE(done.WaitForNotificationWithTimeout(absl::Milliseconds(60)));
  EXPECT_EQ(database_->queued_bytes(), kMaxQueuedBytes / 2);
  release.Notify();
  background.join();
  EXPECT_EQ(Stored(), 3);
}

}  // namespace
}  // namespace flywheel::ingest
