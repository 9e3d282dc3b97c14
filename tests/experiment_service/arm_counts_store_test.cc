#include "experiment_service/store/arm_counts_store.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <utility>
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

class ArmCountsStoreTest : public ::testing::Test {
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
        const UnitKey key{1, "unit-" + std::to_string(unit), unit % 2};
        ASSIGN_OR_RETURN(const UnitState before, UnitStore(connection).Find(key, 1));
        UnitState after = before;
        if (!after.exposed()) after.expose_time = absl::FromUnixSeconds(1'800'000'000 + i);
        after.totals.resize(1);
        if (i % 10 != 0) after.totals[0].Add(0.1 * (i % 23));
        RETURN_IF_ERROR(UnitStore(connection).Put(key, before, after));
        ASSIGN_OR_RETURN(ArmCounts arm, ArmCountsStore(connection).Find(1, key.arm, 1));
        arm.Count(experiment.plan.metrics, before, after);
        RETURN_IF_ERROR(ArmCountsStore(connection).Put({1, key.arm, arm}));
      }
      for (size_t arm = 0; arm < 2; ++arm) {
        ASSIGN_OR_RETURN(ArmCounts read, ArmCountsStore(connection).Find(1, arm, 1));
        counts.push_back({1, arm, std::move(read)});
      }
      return absl::OkStatus();
    }));
    return counts;
  }

  static std::vector<StoredUnit> Units(sql::Database& database) {
    std::vector<StoredUnit> units;
    EXPECT_OK(database.Read([&](sql::Connection& connection) {
      return UnitStore(connection)
          .ForEachIn(1, absl::UnixEpoch(), absl::FromUnixSeconds(int64_t{2} * 1000 * 1000 * 1000),
                     1, [&](const StoredUnit& unit) {
                       units.push_back(unit);
                       return absl::OkStatus();
                     });
    }));
    return units;
  }

  testing::TempDir directory_;
};

TEST_F(ArmCountsStoreTest, KeepsWhatAllUnitsAddUpTo) {
  const auto database = Open(Migrations());
  const std::vector<StoredCounts> counts = RecordMany(*database);
  ASSERT_EQ(counts.size(), 2u);
  for (const StoredCounts& stored : counts) {
    ArmCounts from_units(1);
    for (const StoredUnit& unit : Units(*database)) {
      if (unit.key.arm == stored.arm) from_units.Count({Metric()}, {}, unit.state);
    }
    EXPECT_EQ(stored.counts.exposed_units, from_units.exposed_units);
    EXPECT_GT(stored.counts.metrics[0].units(), 30);
    EXPECT_TRUE(stored.counts.metrics[0].parts() == from_units.metrics[0].parts());
  }
}

TEST_F(ArmCountsStoreTest, IsFilledFromTheUnitsOfAnOlderStore) {
  const auto everything = Migrations();
  std::vector<StoredCounts> before;
  std::vector<StoredUnit> units;
  {
    const auto database = Open(everything);
    before = RecordMany(*database);
    units = Units(*database);
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
                 unit, m.name, m.goal, m.min_lift, m.margin, alpha, planned_units,
                 min_units_per_arm, 'ada', waiver_reason, create_time_us, state, stop_time_us,
                 stop_reason
          FROM newest.experiments JOIN newest.experiment_metrics AS m ON m.experiment = ordinal;
        INSERT INTO experiment_arms
          SELECT experiment, position, arm_id, model_version, weight, control
          FROM newest.experiment_arms;)sql";
    ASSERT_OK((*connection)->Execute(copy.c_str()));
    for (const StoredUnit& unit : units) {
      const UnitTotal& total = unit.state.totals[0];
      std::vector<double> sum = total.sum.parts();
      sum.resize(2);
      sql::Statement insert = (*connection)->Prepare(R"sql(
          INSERT INTO experiment_units VALUES (?, LOWER(HEX(?)), ?, ?, ?, ?, ?))sql");
      insert.Bind(unit.key.experiment, sql::Blob{unit.key.unit_hash},
                  static_cast<int64_t>(unit.key.arm), *unit.state.expose_time, total.outcomes,
                  sum[0], sum[1]);
      ASSERT_OK(insert.Run());
    }
  }
  const auto database = Open(everything, "first.db");
  std::vector<StoredCounts> after;
  std::optional<StoredExperiment> experiment;
  ASSERT_OK(database->Read([&](sql::Connection& connection) -> absl::Status {
    for (size_t arm = 0; arm < 2; ++arm) {
      ASSIGN_OR_RETURN(ArmCounts read, ArmCountsStore(connection).Find(1, arm, 1));
      after.push_back({1, arm, std::move(read)});
    }
    ASSIGN_OR_RETURN(experiment, ExperimentStore(connection).Find("p", "exp"));
    return absl::OkStatus();
  }));
  EXPECT_FALSE(experiment->experiment.arms[0].waived);
  EXPECT_TRUE(experiment->experiment.arms[1].waived) << "until then a waiver covered them all";
  ASSERT_EQ(after.size(), before.size());
  for (size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].arm, before[i].arm);
    EXPECT_EQ(after[i].counts.exposed_units, before[i].counts.exposed_units);
    const OutcomeCounts& now = after[i].counts.metrics[0];
    const OutcomeCounts& then = before[i].counts.metrics[0];
    EXPECT_EQ(now.units(), then.units());
    EXPECT_EQ(now.outcomes(), then.outcomes());
    EXPECT_EQ(now.parts().other_units, then.parts().other_units);
    EXPECT_NEAR(now.moments().mean(), then.moments().mean(), 1e-13);
    EXPECT_NEAR(now.moments().variance(), then.moments().variance(), 1e-12);
  }
}

}  // namespace
}  // namespace flywheel::experiment
