#include "shared/sql/store_vfs.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

#include "shared/sql/connection.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::sql {
namespace {

using testing::HasReason;

class StoreVfsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    writer_ = Open(path_, Access::kWrite);
    ASSERT_OK(writer_->Execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)"));
  }

  static std::unique_ptr<Connection> Open(const std::string& path, Access access) {
    auto connection = Connection::Open(path, access);
    EXPECT_OK(connection);
    return *std::move(connection);
  }

  void Insert(int rows) {
    for (int i = 0; i < rows; ++i) {
      ASSERT_OK(writer_->Prepare("INSERT INTO notes (text) VALUES (?)").Bind(text_).Run());
    }
  }

  static int64_t Count(Connection& connection) {
    Statement select = connection.Prepare("SELECT COUNT(*) FROM notes WHERE length(text) = 3000");
    const int64_t count = select.Next() ? select.Int64(0) : -1;
    EXPECT_OK(select.status());
    return count;
  }

  static std::string Integrity(Connection& connection) {
    Statement check = connection.Prepare("PRAGMA integrity_check");
    return check.Next() ? check.Text(0) : "no answer";
  }

  testing::TempDir dir_;
  const std::string path_ = dir_.path() + "/test.db";
  const std::string text_ = std::string(3'000, 'x');
  std::unique_ptr<Connection> writer_;
};

TEST_F(StoreVfsTest, ShowsEachCommitToOtherConnectionsAtOnce) {
  const auto reader = Open(path_, Access::kRead);
  for (int i = 1; i <= 100; ++i) {
    Insert(1);
    ASSERT_EQ(Count(*reader), i);
  }
}

TEST_F(StoreVfsTest, ReadsBackWhatALargeTransactionHasMovedOutOfMemory) {
  ASSERT_OK(writer_->Execute("PRAGMA cache_size = 10"));
  ASSERT_OK(writer_->Execute("BEGIN IMMEDIATE"));
  Insert(2'000);
  EXPECT_EQ(Count(*writer_), 2'000);
  EXPECT_EQ(Count(*Open(path_, Access::kRead)), 0);
  ASSERT_OK(writer_->Execute("COMMIT"));
  EXPECT_EQ(Count(*Open(path_, Access::kRead)), 2'000);
  EXPECT_EQ(Integrity(*writer_), "ok");
}

TEST_F(StoreVfsTest, LeavesNothingOfATransactionThatIsGivenUp) {
  Insert(1);
  ASSERT_OK(writer_->Execute("PRAGMA cache_size = 10"));
  ASSERT_OK(writer_->Execute("BEGIN IMMEDIATE"));
  Insert(2'000);
  ASSERT_OK(writer_->Execute("ROLLBACK"));
  Insert(1);
  EXPECT_EQ(Count(*Open(path_, Access::kRead)), 2);
  EXPECT_EQ(Integrity(*writer_), "ok");
}

TEST_F(StoreVfsTest, HasEachCommitInTheFilesWhenItIsAcknowledged) {
  for (int i = 1; i <= 20; ++i) {
    Insert(1);
    // What a crash leaves: the files as they are, without the memory that connections share.
    const std::string copy = dir_.path() + "/copy" + std::to_string(i) + ".db";
    std::filesystem::copy(path_, copy);
    std::filesystem::copy(path_ + "-wal", copy + "-wal");
    const auto reader = Open(copy, Access::kWrite);
    ASSERT_EQ(Count(*reader), i);
  }
}

// A disk that answers every write with `error`.
class FailingDisk {
 public:
  explicit FailingDisk(int error) {
    answer = error;
    Set(reinterpret_cast<sqlite3_syscall_ptr>(Refuse));
  }
  ~FailingDisk() { Set(nullptr); }

 private:
  static inline int answer = 0;

  static ssize_t Refuse(int, const void*, size_t, off_t) {
    errno = answer;
    return -1;
  }
  static void Set(sqlite3_syscall_ptr call) {
    sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
    for (const char* name : {"pwrite", "pwrite64"}) vfs->xSetSystemCall(vfs, name, call);
  }
};

TEST_F(StoreVfsTest, LosesNothingOfATransactionThatOutlivesAFullDisk) {
  ASSERT_OK(writer_->Execute("PRAGMA cache_size = 20"));
  Insert(100);
  ASSERT_OK(writer_->Execute("BEGIN IMMEDIATE"));
  Insert(300);
  absl::Status during;
  {
    const FailingDisk full(ENOSPC);
    during = writer_->Execute("UPDATE notes SET text = text || 'y' WHERE id % 7 = 0");
  }
  EXPECT_FALSE(during.ok());
  // Whether SQLite has undone the statement or the transaction: what a commit says is there.
  const bool alive = writer_->InTransaction();
  const bool committed = alive && writer_->Execute("COMMIT").ok();
  if (alive && !committed) {
    ASSERT_OK(writer_->Execute("ROLLBACK"));
  }
  EXPECT_EQ(Count(*Open(path_, Access::kRead)), committed ? 400 : 100);
  EXPECT_EQ(Integrity(*writer_), "ok");
  Insert(1);
  EXPECT_EQ(Integrity(*Open(path_, Access::kRead)), "ok");
}

TEST_F(StoreVfsTest, TakesAQuotaThatIsUsedUpForAFullDiskAndABrokenDiskForNone) {
  const auto insert_where = [&](int error) {
    const FailingDisk disk(error);
    return writer_->Prepare("INSERT INTO notes (text) VALUES (?)").Bind(text_).Run();
  };
  for (const int error : {ENOSPC, EDQUOT, EFBIG, EIO}) {
    SCOPED_TRACE(error);
    EXPECT_THAT(insert_where(error),
                HasReason(error == EIO ? Reason::kStorageUnavailable : Reason::kStorageFull));
  }
  Insert(1);
  EXPECT_EQ(Count(*writer_), 1);
}

// The real thing, as 'ulimit -f' and LimitFSIZE= of systemd have it.
TEST_F(StoreVfsTest, TakesALimitOfTheFileSizeForAFullDisk) {
  const auto before_signal = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{1 << 20, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const absl::Status full =
      writer_->Prepare("INSERT INTO notes (text) VALUES (?)").Bind(std::string(4 << 20, 'x')).Run();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, before_signal);
  EXPECT_THAT(full, HasReason(Reason::kStorageFull));
  EXPECT_EQ(Integrity(*writer_), "ok");
  Insert(1);
  EXPECT_EQ(Count(*writer_), 1);
}

}  // namespace
}  // namespace flywheel::sql
