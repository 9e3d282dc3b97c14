#include "shared/sql/database.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::sql {
namespace {

using testing::HasReason;

constexpr Migration kSchema[] = {{"notes", "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY)"}};

class DatabaseTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(64 << 20); }

  void Open(int64_t max_queued_bytes) {
    database_.reset();
    auto opened = Database::Open({"sqlite:" + dir_.path() + "/test.db", max_queued_bytes}, kSchema);
    ASSERT_OK(opened);
    database_ = *std::move(opened);
  }

  absl::Status Insert(int64_t id) {
    return database_->Write([id](Connection& connection) {
      return connection.Prepare("INSERT INTO notes (id) VALUES (?)").Bind(id).Run();
    });
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

  testing::TempDir dir_;
  std::unique_ptr<Database> database_;
};

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

TEST_F(DatabaseTest, UndoesAWriteThatFailsAndOnlyThat) {
  absl::BlockingCounter done(3);
  std::vector<absl::Status> results(3);
  absl::Notification go;
  // The first write holds the writer, so that the other three share a commit.
  database_->WriteAsync(
      0, [&](Connection&) { return go.WaitForNotification(), absl::OkStatus(); },
      [](const absl::Status&) {});
  for (int64_t id = 0; id < 3; ++id) {
    database_->WriteAsync(
        0,
        [id](Connection& connection) -> absl::Status {
          RETURN_IF_ERROR(connection.Prepare("INSERT INTO notes (id) VALUES (?)").Bind(id).Run());
          return id == 1 ? errors::NotFound("thing", "x", "") : absl::OkStatus();
        },
        [&, id](absl::Status status) {
          results[static_cast<size_t>(id)] = std::move(status);
          done.DecrementCount();
        });
  }
  go.Notify();
  done.Wait();
  EXPECT_OK(results[0]);
  EXPECT_THAT(results[1], HasReason(Reason::kNotFound));
  EXPECT_OK(results[2]);
  EXPECT_EQ(Count(), 2);
}

TEST_F(DatabaseTest, RunsEachAloneAfterAWriteThatUndoesTheCommit) {
  absl::BlockingCounter done(4);
  std::vector<absl::Status> results(4);
  absl::Notification go;
  database_->WriteAsync(
      0, [&](Connection&) { return go.WaitForNotification(), absl::OkStatus(); },
      [](const absl::Status&) {});
  for (int64_t id = 0; id < 4; ++id) {
    database_->WriteAsync(
        0,
        [id](Connection& connection) -> absl::Status {
          RETURN_IF_ERROR(connection.Prepare("INSERT INTO notes (id) VALUES (?)").Bind(id).Run());
          return id == 1 ? errors::StorageUnavailable("x") : absl::OkStatus();
        },
        [&, id](absl::Status status) {
          results[static_cast<size_t>(id)] = std::move(status);
          done.DecrementCount();
        },
        // Both kinds share commits.
        id == 3 ? Database::OnError::kUndoWrite : Database::OnError::kUndoCommit);
  }
  go.Notify();
  done.Wait();
  EXPECT_THAT(results[1], HasReason(Reason::kStorageUnavailable));
  for (const size_t id : {0, 2, 3}) EXPECT_OK(results[id]) << id;
  EXPECT_EQ(Count(), 3);
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

TEST_F(DatabaseTest, SharesCommitsBetweenManyCallersAndLosesNone) {
  std::vector<std::thread> threads;
  std::atomic<int> failures = 0;
  for (int64_t thread = 0; thread < 16; ++thread) {
    threads.emplace_back([&, thread] {
      for (int64_t i = 0; i < 50; ++i) failures += !Insert(thread * 1'000 + i).ok();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(Count(), 800);
}

TEST_F(DatabaseTest, AnswersBackPressureAboveItsBoundAndTakesWorkAgainLater) {
  Open(/*max_queued_bytes=*/10'000);
  absl::Notification go, finished;
  database_->WriteAsync(
      6'000, [&](Connection&) { return go.WaitForNotification(), absl::OkStatus(); },
      [&](const absl::Status&) { finished.Notify(); });
  absl::Status refused;
  database_->WriteAsync(
      6'000, [](Connection&) { return absl::OkStatus(); },
      [&](absl::Status status) { refused = std::move(status); });
  EXPECT_THAT(refused, HasReason(Reason::kBackPressure));
  EXPECT_TRUE(errors::RetryDelayOf(refused).has_value());
  go.Notify();
  finished.WaitForNotification();
  EXPECT_OK(Insert(1));
}

TEST_F(DatabaseTest, AnswersBackPressureToCallersThatWaitAsWell) {
  Open(/*max_queued_bytes=*/5'000);
  absl::Notification started, go, finished;
  database_->WriteAsync(
      4'000,
      [&](Connection&) {
        started.Notify();
        return go.WaitForNotification(), absl::OkStatus();
      },
      [&](const absl::Status&) { finished.Notify(); });
  started.WaitForNotification();
  EXPECT_THAT(Insert(1), HasReason(Reason::kBackPressure));
  go.Notify();
  finished.WaitForNotification();
  EXPECT_OK(Insert(1));
}

TEST_F(DatabaseTest, AnswersWhatIsQueuedWhenItClosesAndTakesNoMore) {
  std::atomic<int> answered = 0;
  for (int id = 1; id <= 100; ++id) {
    database_->WriteAsync(
        Database::kSmallWriteBytes,
        [id](Connection& connection) {
          return connection.Prepare("INSERT INTO notes (id) VALUES (?)").Bind(id).Run();
        },
        [&](const absl::Status& status) { answered += status.ok() ? 1 : 0; });
  }
  database_->Close();
  EXPECT_EQ(answered, 100);
  EXPECT_THAT(Insert(101), HasReason(Reason::kShuttingDown));
  database_->Close();
  EXPECT_EQ(Count(), 100) << "it can still be read";
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

TEST_F(DatabaseTest, AnswersAFullDiskReadsOnAndRecovers) {
  ASSERT_OK(database_->Write([](Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Execute("CREATE TABLE big (data BLOB NOT NULL)"));
    return connection.Execute("PRAGMA max_page_count = 20");
  }));
  const std::string data(200'000, 'x');
  const auto insert = [&] {
    return database_->Write([&](Connection& connection) {
      return connection.Prepare("INSERT INTO big (data) VALUES (?)").Bind(Blob{data}).Run();
    });
  };
  const absl::Status full = insert();
  EXPECT_THAT(full, HasReason(Reason::kStorageFull));
  EXPECT_TRUE(errors::RetryDelayOf(full).has_value());
  EXPECT_EQ(Count(), 0);
  ASSERT_OK(database_->Write(
      [](Connection& connection) { return connection.Execute("PRAGMA max_page_count = 100000"); }));
  EXPECT_OK(insert());
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
