#include "shared/sql/migration.h"

#include <gtest/gtest.h>

#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::sql {
namespace {

using testing::HasReason;

constexpr Migration kFirst = {"a table", "CREATE TABLE t (id INTEGER NOT NULL)"};
constexpr Migration kSecond = {"a column",
                               "ALTER TABLE t ADD COLUMN note TEXT NOT NULL DEFAULT ''"};
constexpr Migration kBroken = {"a mistake", "CREATE TABLE u (id INTEGER); CREATE NONSENSE"};

class MigrationTest : public ::testing::Test {
 protected:
  MigrationTest() : path_(dir_.path() + "/test.db") {
    connection_ = *Connection::Open(path_, Access::kWrite);
  }

  testing::TempDir dir_;
  std::string path_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(MigrationTest, GoesFromEveryVersionToTheNewestAndKeepsTheData) {
  const std::vector<Migration> old = {kFirst};
  const std::vector<Migration> newest = {kFirst, kSecond};
  ASSERT_OK(Migrate(*connection_, path_, old));
  ASSERT_OK(connection_->Execute("INSERT INTO t (id) VALUES (7)"));
  ASSERT_OK(Migrate(*connection_, path_, newest));
  ASSERT_OK(Migrate(*connection_, path_, newest));
  Statement select = connection_->Prepare("SELECT id, note FROM t");
  ASSERT_TRUE(select.Next());
  EXPECT_EQ(select.Int64(0), 7);
  EXPECT_EQ(select.Text(1), "");
}

TEST_F(MigrationTest, RefusesADatabaseOfANewerProgramAndChangesNothing) {
  const std::vector<Migration> newest = {kFirst, kSecond};
  const std::vector<Migration> old = {kFirst};
  ASSERT_OK(Migrate(*connection_, path_, newest));
  const absl::Status status = Migrate(*connection_, path_, old);
  EXPECT_THAT(status, HasReason(Reason::kStoreTooNew));
  EXPECT_NE(errors::MessageOf(status).find("version 2"), std::string::npos);
  EXPECT_OK(connection_->Execute("INSERT INTO t (id, note) VALUES (1, 'still there')"));
}

TEST_F(MigrationTest, LeavesAWholeVersionBehindWhereAStepFails) {
  const std::vector<Migration> steps = {kFirst, kBroken};
  EXPECT_THAT(Migrate(*connection_, path_, steps), HasReason(Reason::kInternal));
  EXPECT_OK(connection_->Execute("INSERT INTO t (id) VALUES (1)"));
  EXPECT_FALSE(connection_->Execute("INSERT INTO u (id) VALUES (1)").ok());
}

}  // namespace
}  // namespace flywheel::sql
