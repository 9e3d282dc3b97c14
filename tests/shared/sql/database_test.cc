#include "shared/sql/database.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "tests/shared/sql/database_fixture.h"

namespace flywheel::sql {
namespace {

using testing::HasReason;

TEST_F(DatabaseTest, KeepsWhatItAcknowledgedAcrossReopening) {
  ASSERT_OK(Insert(1));
  Open(64 << 20);
  EXPECT_EQ(Count(), 1);
}

TEST_F(DatabaseTest, ReturnsWhatAClosureReturned) {
  const absl::StatusOr<int64_t> written =
      database_->Write([&](Connection& connection) -> absl::StatusOr<int64_t> {
        RETURN_IF_ERROR(connection.Prepare("INSERT INTO notes (id) VALUES (7)").Run());
        return connection.ChangedRows();
      });
  ASSERT_OK(written);
  EXPECT_EQ(*written, 1);
  const auto read = [&](int64_t id) {
    return database_->Read([id](Connection& connection) -> absl::StatusOr<int64_t> {
      Statement select = connection.Prepare("SELECT id FROM notes WHERE id = ?");
      if (!select.Bind(id).Next()) return errors::NotFound("note", std::to_string(id), "");
      return select.Int64(0);
    });
  };
  EXPECT_EQ(*read(7), 7);
  EXPECT_THAT(read(8).status(), HasReason(Reason::kNotFound));
}

// A call that waits for the writer or a reader, from where it could wait for itself.
using DatabaseDeathTest = DatabaseTest;

TEST_F(DatabaseDeathTest, AbortsWhereACallWouldWaitForItself) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto nothing = [](Connection&) { return absl::OkStatus(); };
  const auto read = [&](Connection&) { return database_->Read(nothing); };
  const auto write = [&](Connection&) { return database_->Write(nothing); };
  const auto truncate = [&](Connection&) { return database_->TruncateWal().status(); };
  constexpr char kWhy[] = "no Read, Write or TruncateWal inside a Read, a Write or a `done`";
  EXPECT_DEATH(static_cast<void>(database_->Read(read)), kWhy);
  EXPECT_DEATH(static_cast<void>(database_->Read(write)), kWhy);
  EXPECT_DEATH(static_cast<void>(database_->Read(truncate)), kWhy);
  EXPECT_DEATH(static_cast<void>(database_->Write(read)), kWhy);
  EXPECT_DEATH(static_cast<void>(database_->Write(write)), kWhy);
  EXPECT_DEATH(static_cast<void>(database_->Write(truncate)), kWhy);
  EXPECT_DEATH(
      {
        database_->WriteAsync(
            0, nothing, [&](const absl::Status&) { static_cast<void>(database_->Write(nothing)); });
        database_.reset();
      },
      kWhy);
}

TEST_F(DatabaseTest, KeepsItsLocksWhenItsLogIsEmptied) {
  ASSERT_OK(Insert(1));
  ASSERT_OK(database_->TruncateWal());
  ASSERT_OK(Insert(2));
  // Another program that believes to be the last one would delete the log when it ends.
  const std::string command = "sqlite3 " + dir_.path() + "/test.db 'SELECT COUNT(*) FROM notes'";
  if (std::system("command -v sqlite3 >/dev/null") != 0) GTEST_SKIP() << "there is no sqlite3";
  ASSERT_EQ(std::system((command + " >/dev/null").c_str()), 0);
  EXPECT_TRUE(std::filesystem::exists(dir_.path() + "/test.db-wal"));
  ASSERT_OK(Insert(3));
  Open(64 << 20);
  EXPECT_EQ(Count(), 3);
}

TEST_F(DatabaseTest, SeesOneSnapshotInARead) {
  ASSERT_OK(Insert(1));
  std::vector<int64_t> counts;
  ASSERT_OK(database_->Read([&](Connection& connection) -> absl::Status {
    for (int64_t id = 2; id < 4; ++id) {
      Statement select = connection.Prepare("SELECT COUNT(*) FROM notes");
      if (select.Next()) counts.push_back(select.Int64(0));
      RETURN_IF_ERROR(select.status());
      std::thread([&] { EXPECT_OK(Insert(id)); }).join();
    }
    return absl::OkStatus();
  }));
  EXPECT_EQ(counts, (std::vector<int64_t>{1, 1}));
  EXPECT_EQ(Count(), 3);
}

TEST_F(DatabaseTest, ReadsBesideEachOtherInNoMoreConnectionsThanItsBound) {
  absl::Mutex mutex;
  int running = 0, most = 0;
  // Each stays until as many as may are in, and a little longer, so that one more would be seen.
  const auto full = [&] { return most >= 16; };
  const auto too_many = [&] { return most > 16; };
  std::vector<std::thread> threads;
  for (int i = 0; i < 40; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 3; ++j) {
        EXPECT_OK(database_->Read([&](Connection&) {
          absl::MutexLock lock(&mutex);
          most = std::max(most, ++running);
          mutex.AwaitWithTimeout(absl::Condition(&full), absl::Seconds(20));
          mutex.AwaitWithTimeout(absl::Condition(&too_many), absl::Milliseconds(10));
          --running;
          return absl::OkStatus();
        }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(most, 16);
}

TEST_F(DatabaseTest, BelongsToOneOwnerAtATime) {
  const auto second = Database::Open({"sqlite:" + dir_.path() + "/test.db", 1}, kSchema);
  EXPECT_THAT(second, HasReason(Reason::kInvalidConfiguration));
  database_.reset();
  EXPECT_OK(Database::Open({"sqlite:" + dir_.path() + "/test.db", 1}, kSchema));
}

TEST_F(DatabaseTest, RefusesAUrlOfAnUnknownEngine) {
  EXPECT_THAT(Database::Open({"postgresql:somewhere", 1}, kSchema),
              HasReason(Reason::kInvalidConfiguration));
}

TEST_F(DatabaseTest, SaysThatAFileIsNoDatabase) {
  const std::string path = dir_.path() + "/broken.db";
  FILE* file = fopen(path.c_str(), "w");
  ASSERT_NE(file, nullptr);
  for (int i = 0; i < 500; ++i) fputs("this is no database\n", file);
  fclose(file);
  EXPECT_THAT(Database::Open({"sqlite:" + path, 1}, kSchema), HasReason(Reason::kStoreCorrupt));
}

TEST_F(DatabaseTest, ReadsWhileAnotherConnectionHoldsTheWriteLock) {
  ASSERT_OK(Insert(1));
  auto other = Connection::Open(dir_.path() + "/test.db", Access::kWrite);
  ASSERT_OK(other);
  ASSERT_OK((*other)->Execute("BEGIN IMMEDIATE"));
  EXPECT_EQ(Count(), 1);
  ASSERT_OK((*other)->Execute("ROLLBACK"));
}

TEST_F(DatabaseTest, AStatementInUseCanBePreparedAgain) {
  ASSERT_OK(Insert(1));
  ASSERT_OK(Insert(2));
  int pairs = 0;
  ASSERT_OK(database_->Read([&](Connection& connection) -> absl::Status {
    Statement outer = connection.Prepare("SELECT id FROM notes ORDER BY id");
    while (outer.Next()) {
      Statement inner = connection.Prepare("SELECT id FROM notes ORDER BY id");
      while (inner.Next()) ++pairs;
    }
    return outer.status();
  }));
  EXPECT_EQ(pairs, 4);
}

}  // namespace
}  // namespace flywheel::sql
