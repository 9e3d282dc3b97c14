#include "experiment_service/store/outcome_counts_store.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/migrations.h"
#include "experiment_service/store/unit_store.h"
#include "shared/sql/database.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::experiment {
namespace {

class OutcomeCountsStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<sql::Database> Open(absl::Span<const sql::Migration> migrations,
                                      const std::string& name = "test.db") {
    auto database = sql::Database::Open({"sqlite:" + directory_.path() + "/" + name}, migrations);
    EXPECT_OK(database);
    return *std::move(database);
  }

  // Values of units 0 to 99, several for most, through the store; returns the counts.
  static std::vector<StoredCounts> RecordMany(sql::Database& database) {
    std::mt19937_64 random(3);
    std::vector<StoredCounts> counts;
    EXPECT_OK(database.Write([&](sql::Connection& connection) -> absl::Status {
      Experiment experiment;
      experiment.experiment_id = "exp";
      experiment.arms = {{"a", "v1", 1, true}, {"b", "v2", 1, false}};
      RETURN_IF_ERROR(ExperimentStore(connection).Insert("p", experiment, "hash").status());
      for (int i = 0; i < 400; ++i) {
        const uint64_t unit = random() % 100;
        const auto value = i % 10 == 0 ? std::nullopt : std::optional<double>(0.1 * (i % 23));
        ASSIGN_OR_RETURN(const UnitChange change,
                         UnitStore(connection)
                             .Record({1, "unit-" + std::to_string(unit), unit % 2}, value,
                                     absl::FromUnixSeconds(1'800'000'000)));
        RETURN_IF_ERROR(OutcomeCountsStore(connection).Update({{1, change}}).status());
      }
      return OutcomeCountsStore(connection).ForEach([&](const StoredCounts& stored) {
        counts.push_back(stored);
      });
    }));
    return counts;
  }

  testing::TempDir directory_;
};

TEST_F(OutcomeCountsStoreTest, KeepsWhatAllUnitsAddUpTo) {
  const auto database = Open(Migrations());
  const std::vector<StoredCounts> counts = RecordMany(*database);
  ASSERT_EQ(counts.size(), 2u);
  for (const StoredCounts& stored : counts) {
    OutcomeCounts from_units;
    ASSERT_OK(database->Read([&](sql::Connection& connection) -> absl::Status {
      sql::Statement select = connection.Prepare(R"sql(
          SELECT outcomes, value_sum, value_sum_rest FROM experiment_units
          WHERE arm = ? ORDER BY unit_hash)sql");
      select.Bind(static_cast<int64_t>(stored.arm));
      while (select.Next()) {
        UnitChange change;
        change.newly_exposed = true;
        change.after = {select.Int64(0), ExactSum(select.Double(1), select.Double(2))};
        from_units.Count(change);
      }
      return select.status();
    }));
    EXPECT_EQ(stored.counts.exposed_units(), from_units.exposed_units());
    EXPECT_EQ(stored.counts.units(), from_units.units());
    EXPECT_EQ(stored.counts.outcomes(), from_units.outcomes());
    EXPECT_EQ(stored.counts.binary(), from_units.binary());
    EXPECT_DOUBLE_EQ(stored.counts.moments().mean(), from_units.moments().mean());
    EXPECT_NEAR(stored.counts.moments().variance(), from_units.moments().variance(), 1e-15);
  }
}

TEST_F(OutcomeCountsStoreTest, IsFilledFromTheUnitsOfAnOlderStore) {
  const auto everything = Migrations();
  std::vector<StoredCounts> before;
  {
    const auto database = Open(everything);
    before = RecordMany(*database);
  }
  // The same units in a store of the first version, which has no counts.
  const std::string path = directory_.path() + "/first.db";
  {
    auto connection = sql::Connection::Open(path, sql::Access::kWrite);
    ASSERT_OK(connection);
    ASSERT_OK(sql::Migrate(**connection, path, everything.first(1)));
    const std::string copy = "ATTACH '" + directory_.path() + "/test.db' AS newest;" + R"sql(
        INSERT INTO experiments
          SELECT ordinal, project, experiment_id, CAST(LOWER(HEX(request_hash)) AS BLOB), agent,
                 unit, metric, goal, min_lift, margin, alpha, planned_units, min_units_per_arm,
                 'ada', waiver_reason, create_time_us, state, stop_time_us, stop_reason
          FROM newest.experiments;
        INSERT INTO experiment_arms
          SELECT experiment, position, arm_id, model_version, weight, control
          FROM newest.experiment_arms;
        INSERT INTO experiment_units
          SELECT experiment, LOWER(HEX(unit_hash)), arm, expose_time_us, outcomes, value_sum,
                 value_sum_rest
          FROM newest.experiment_units;)sql";
    ASSERT_OK((*connection)->Execute(copy.c_str()));
  }
  const auto database = Open(everything, "first.db");
  std::vector<StoredCounts> after;
  std::optional<StoredExperiment> experiment;
  ASSERT_OK(database->Read([&](sql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(OutcomeCountsStore(connection).ForEach([&](const StoredCounts& stored) {
      after.push_back(stored);
    }));
    ASSIGN_OR_RETURN(experiment, ExperimentStore(connection).Find("p", "exp"));
    return absl::OkStatus();
  }));
  EXPECT_FALSE(experiment->experiment.arms[0].waived);
  EXPECT_TRUE(experiment->experiment.arms[1].waived) << "until then a waiver covered them all";
  ASSERT_EQ(after.size(), before.size());
  for (size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].arm, before[i].arm);
    EXPECT_EQ(after[i].counts.exposed_units(), before[i].counts.exposed_units());
    EXPECT_EQ(after[i].counts.units(), before[i].counts.units());
    EXPECT_EQ(after[i].counts.outcomes(), before[i].counts.outcomes());
    EXPECT_EQ(after[i].counts.parts().other_units, before[i].counts.parts().other_units);
    EXPECT_NEAR(after[i].counts.moments().mean(), before[i].counts.moments().mean(), 1e-13);
    EXPECT_NEAR(after[i].counts.moments().variance(), before[i].counts.moments().variance(), 1e-12);
  }
}

}  // namespace
}  // namespace flywheel::experiment
