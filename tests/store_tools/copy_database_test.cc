#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>

#include "shared/sql/backup.h"
#include "shared/sql/database.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::sql {
namespace {

using testing::HasReason;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr Migration kMigrations[] = {
    {"pairs",
     "CREATE TABLE pairs (id INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL);"
     "CREATE INDEX pairs_by_text ON pairs (text)"}};

absl::Status AddPair(Connection& connection, int64_t id) {
  // Two rows a transaction: a copy with an odd number of them is of no moment.
  for (int64_t row = 2 * id; row < 2 * id + 2; ++row) {
    RETURN_IF_ERROR(connection.Prepare("INSERT INTO pairs (id, text) VALUES (?, ?)")
                        .Bind(row, std::string(500, 'x') + std::to_string(row))
                        .Run());
  }
  return absl::OkStatus();
}

int64_t Rows(const std::string& path) {
  const auto connection = *Connection::Open(path, Access::kRead);
  Statement select = connection->Prepare("SELECT COUNT(*) FROM pairs");
  return select.Next() ? select.Int64(0) : -1;
}

TEST(CopyDatabase, CopiesOneMomentWhileOthersWrite) {
  testing::TempDir dir;
  const std::string path = dir.path() + "/a.db";
  const auto database = *Database::Open({"sqlite:" + path}, kMigrations);
  ASSERT_OK(database->Write([](Connection& connection) -> absl::Status {
    for (int64_t id = 0; id < 20'000; ++id) RETURN_IF_ERROR(AddPair(connection, id));
    return absl::OkStatus();
  }));
  std::atomic<bool> stop = false;
  std::atomic<int64_t> written = 20'000;
  std::thread writer([&] {
    for (int64_t id = 20'000; !stop; ++id) {
      ASSERT_OK(database->Write([&](Connection& connection) { return AddPair(connection, id); }));
      ++written;
    }
  });
  int64_t last_done = 0, last_total = 0;
  for (int copy = 0; copy < 3; ++copy) {
    const int64_t before = written;
    const std::string target = fmt::format("{}/copy{}.db", dir.path(), copy);
    ASSERT_OK(CopyDatabase(path, target, [&](int64_t done, int64_t total) {
      last_done = done;
      last_total = total;
    }));
    const auto damage = FindDamage(target);
    ASSERT_OK(damage);
    EXPECT_THAT(*damage, IsEmpty());
    EXPECT_EQ(Rows(target) % 2, 0);
    EXPECT_GE(Rows(target), 2 * before) << "what was committed before is in it";
    EXPECT_EQ(last_done, last_total);
    EXPECT_GT(last_total, 1'000);
  }
  stop = true;
  writer.join();
}

TEST(CopyDatabase, LeavesNothingWhereItFails) {
  testing::TempDir dir;
  std::ofstream(dir.path() + "/no.db") << std::string(8192, 'z');
  EXPECT_THAT(CopyDatabase(dir.path() + "/no.db", dir.path() + "/copy.db", nullptr),
              HasReason(Reason::kStoreCorrupt));
  EXPECT_FALSE(std::ifstream(dir.path() + "/copy.db").good());
  EXPECT_THAT(CopyDatabase(dir.path() + "/nowhere.db", dir.path() + "/copy.db", nullptr),
              HasReason(Reason::kStorageUnavailable));
  EXPECT_THAT(CopyDatabase(dir.path() + "/no.db", dir.path() + "/no.db", nullptr),
              HasReason(Reason::kInvalidConfiguration));
}

TEST(FindDamage, FindsAByteThatIsNotWhatWasWritten) {
  testing::TempDir dir;
  const std::string path = dir.path() + "/a.db";
  {
    const auto database = *Database::Open({"sqlite:" + path}, kMigrations);
    ASSERT_OK(database->Write([](Connection& connection) -> absl::Status {
      for (int64_t id = 0; id < 1'000; ++id) RETURN_IF_ERROR(AddPair(connection, id));
      return absl::OkStatus();
    }));
  }
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(40 * 8192 + 3);  // How many cells a page of rows or of the index has.
  file.write("\x7F\x7F", 2);
  file.close();
  const auto damage = FindDamage(path);
  ASSERT_OK(damage);
  EXPECT_THAT(*damage, Not(IsEmpty()));
}

}  // namespace
}  // namespace flywheel::sql
