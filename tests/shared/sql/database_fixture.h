// Test fixture: a database with one table, in a directory of its own.
#ifndef FLYWHEEL_TESTS_SHARED_SQL_DATABASE_FIXTURE_H_
#define FLYWHEEL_TESTS_SHARED_SQL_DATABASE_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "shared/sql/database.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::sql {

inline constexpr Migration kSchema[] = {
    {"notes", "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY)"}};

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

}  // namespace flywheel::sql

#endif  // FLYWHEEL_TESTS_SHARED_SQL_DATABASE_FIXTURE_H_
