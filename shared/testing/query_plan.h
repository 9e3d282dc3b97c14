// Test fixture for SQLite query plans (EXPLAIN QUERY PLAN).
#ifndef FLYWHEEL_SHARED_TESTING_QUERY_PLAN_H_
#define FLYWHEEL_SHARED_TESTING_QUERY_PLAN_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "shared/sql/connection.h"
#include "shared/sql/migration.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::testing {

// The plans of the statements that a piece of code runs, on an empty store: SQLite keeps no
// statistics here, so a full store has the same plans.
class QueryPlans : public ::testing::Test {
 protected:
  explicit QueryPlans(absl::Span<const sql::Migration> migrations) {
    const std::string path = dir_.path() + "/store.db";
    auto opened = sql::Connection::Open(path, sql::Access::kWrite);
    EXPECT_OK(opened);
    connection_ = *std::move(opened);
    EXPECT_OK(sql::Migrate(*connection_, path, migrations));
  }

  // A line a step, of all statements that `run` prepared for the first time in this test.
  std::string PlanOf(absl::FunctionRef<void(sql::Connection&)> run) {
    const auto before = connection_->PreparedSql();
    run(*connection_);
    std::string plan;
    for (const std::string& statement : connection_->PreparedSql()) {
      if (before.contains(statement)) continue;
      sql::Statement explain = connection_->Prepare("EXPLAIN QUERY PLAN " + statement);
      while (explain.Next()) plan += explain.Text(3) + "\n";
      EXPECT_OK(explain.status()) << statement;
    }
    EXPECT_NE(plan, "") << "nothing was prepared";
    return plan;
  }

  TempDir dir_;
  std::unique_ptr<sql::Connection> connection_;
};

// A plan that goes along this index.
MATCHER_P(UsesIndex, index, "goes along " + std::string(index)) {
  return arg.find("INDEX " + std::string(index) + " ") != std::string::npos ||
         arg.find("INDEX " + std::string(index) + "\n") != std::string::npos;
}

// A plan that reads no table from end to end and sorts nothing: what it costs does not grow with
// the store.
MATCHER(NeitherScansNorSorts, "has no SCAN and no TEMP B-TREE") {
  return arg.find("SCAN") == std::string::npos && arg.find("TEMP B-TREE") == std::string::npos;
}

}  // namespace flywheel::testing

#endif  // FLYWHEEL_SHARED_TESTING_QUERY_PLAN_H_
