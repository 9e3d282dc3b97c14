#include "shared/audit/audit_store.h"

#include <gmock/gmock.h>

#include "shared/audit/audit_events_sql.h"
#include "shared/sql/database.h"
#include "shared/testing/query_plan.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::audit {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;

constexpr sql::Migration kMigrations[] = {{"the audit log", kAuditEventsSql}};

class AuditStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = sql::Database::Open({"sqlite:" + dir_.path() + "/test.db"}, kMigrations);
    ASSERT_OK(database);
    database_ = *std::move(database);
  }

  // An event of every second.
  void Add(const std::string& project, const std::string& key_id, const std::string& method,
           const std::string& resource_id) {
    ASSERT_OK(database_->Write([&](sql::Connection& connection) {
      return Record(connection, {project, key_id, method, "r"}, {"suite", resource_id},
                    At(++count_));
    }));
  }

  static absl::Time At(int second) { return absl::FromUnixSeconds(1'800'000'000 + second); }

  // The ids of the resources.
  std::vector<std::string> List(const AuditFilter& filter, int64_t limit = 100) {
    std::vector<std::string> ids;
    EXPECT_OK(database_->Read([&](sql::Connection& connection) -> absl::Status {
      const auto events = AuditStore(connection).List(filter, limit);
      if (!events.ok()) return events.status();
      for (const AuditEvent& event : *events) ids.push_back(event.resource.id);
      return absl::OkStatus();
    }));
    return ids;
  }

  testing::TempDir dir_;
  std::unique_ptr<sql::Database> database_;
  int count_ = 0;
};

TEST_F(AuditStoreTest, ListsInEitherOrderAndByEveryFilter) {
  Add("shop", "release", "CreateSuite", "s1");
  Add("shop", "lab", "CreateSuite", "s2");
  Add("shop", "release", "JudgeVersion", "v1");
  Add("bank", "release", "CreateSuite", "s3");
  EXPECT_THAT(List({}), ElementsAre("s3", "v1", "s2", "s1"));
  EXPECT_THAT(List({.project = "shop"}), ElementsAre("v1", "s2", "s1"));
  EXPECT_THAT(List({.project = "shop"}, 2), ElementsAre("v1", "s2"));
  EXPECT_THAT(List({.project = "shop", .beyond_sequence = 2}), ElementsAre("s1"));
  EXPECT_THAT(List({.oldest_first = true}), ElementsAre("s1", "s2", "v1", "s3"));
  EXPECT_THAT(List({.project = "shop", .oldest_first = true, .beyond_sequence = 1}, 1),
              ElementsAre("s2"));
  EXPECT_THAT(List({.key_id = "release"}), ElementsAre("s3", "v1", "s1"));
  EXPECT_THAT(List({.method = "JudgeVersion"}), ElementsAre("v1"));
  EXPECT_THAT(List({.resource_id = "s2"}), ElementsAre("s2"));
  EXPECT_THAT(List({.start_time = At(2), .end_time = At(4)}), ElementsAre("v1", "s2"));
}

TEST_F(AuditStoreTest, RemovesTheOldestFirstAndNothingThatIsNotTooOld) {
  for (const char* id : {"a", "b", "c", "d"}) Add("shop", "release", "CreateSuite", id);
  const auto remove = [&](absl::Time time, int64_t limit) {
    return database_->Write([&](sql::Connection& connection) {
      return AuditStore(connection).RemoveOlder(time, limit);
    });
  };
  const auto has_older = [&](absl::Time time) {
    return *database_->Read(
        [&](sql::Connection& connection) { return AuditStore(connection).HasOlder(time); });
  };
  EXPECT_FALSE(has_older(At(1)));
  EXPECT_TRUE(has_older(At(2)));
  EXPECT_EQ(*remove(At(4), 2), 2);
  EXPECT_THAT(List({}), ElementsAre("d", "c"));
  EXPECT_EQ(*remove(At(4), 2), 1);
  EXPECT_EQ(*remove(At(4), 2), 0);
  EXPECT_THAT(List({}), ElementsAre("d"));
}

class AuditPlans : public testing::QueryPlans {
 protected:
  AuditPlans() : QueryPlans(kMigrations) {}

  static void List(sql::Connection& connection, const AuditFilter& filter) {
    EXPECT_OK(AuditStore(connection).List(filter, 10));
  }
};

TEST_F(AuditPlans, AListGoesAlongTheProjectOrTheOrderOfCommits) {
  for (const bool oldest_first : {false, true}) {
    EXPECT_THAT(
        PlanOf(
            [&](sql::Connection& db) { List(db, {.project = "p", .oldest_first = oldest_first}); }),
        AllOf(testing::UsesIndex("audit_events_by_project"), testing::NeitherScansNorSorts()));
    EXPECT_THAT(PlanOf([&](sql::Connection& db) { List(db, {.oldest_first = oldest_first}); }),
                testing::NeitherScansNorSorts());
  }
}

TEST_F(AuditPlans, WhatIsTooOldIsFoundByItsTime) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(AuditStore(db).HasOlder(absl::UnixEpoch()));
                EXPECT_OK(AuditStore(db).RemoveOlder(absl::UnixEpoch(), 10));
              }),
              AllOf(testing::UsesIndex("audit_events_by_time"), testing::NeitherScansNorSorts()));
}

}  // namespace
}  // namespace flywheel::audit
