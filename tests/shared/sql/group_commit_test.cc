// The writes of a Database: shared commits, what is undone, back-pressure, a full disk, the end.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "tests/shared/sql/database_fixture.h"

namespace flywheel::sql {
namespace {

using testing::HasReason;

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

}  // namespace
}  // namespace flywheel::sql
