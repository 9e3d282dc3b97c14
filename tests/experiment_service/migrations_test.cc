// Stores of older versions.
#include "experiment_service/store/migrations.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "assign/core/assignment.h"
#include "experiment_service/domain/assignment.h"
#include "experiment_service/store/arm_counts_store.h"
#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/feed_store.h"
#include "experiment_service/store/unit_store.h"
#include "shared/sql/database.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::experiment {
namespace {

// Two experiments, of which the second was waived, and units of the first: three of the control
// with the means 0, 0.5 and none, and one of the candidate with the mean 1.
constexpr char kExperiments[] = R"sql(
    INSERT INTO experiments VALUES (1, 'p', 'e1', 'aa', 'helper', 1, 'solved', 1, 0.02, 0.05, 0.05,
                                    5000, 30, '', '', 0, 2, 5, 'enough');
    INSERT INTO experiments VALUES (2, 'p', 'e2', 'aa', 'helper', 1, 'solved', 1, 0.02, 0.05, 0.05,
                                    5000, 30, 'ada', 'hotfix', 0, 1, 0, '');
)sql";
constexpr char kFirstArms[] = R"sql(
    INSERT INTO experiment_arms VALUES (1, 0, 'control', 'v1', 0.5, 1), (1, 1, 'new', 'v2', 0.5, 0),
                                       (2, 0, 'control', 'v1', 0.5, 1), (2, 1, 'new', 'v3', 0.5, 0);
)sql";
constexpr char kSecondArms[] = R"sql(
    INSERT INTO experiment_arms VALUES
        (1, 0, 'control', 'v1', 0.5, 1, 0), (1, 1, 'new', 'v2', 0.5, 0, 0),
        (2, 0, 'control', 'v1', 0.5, 1, 0), (2, 1, 'new', 'v3', 0.5, 0, 1);
)sql";
constexpr char kUnits[] = R"sql(
    INSERT INTO experiment_units VALUES (1, '0a', 0, 0, 1, 0, 0), (1, '0b', 0, 0, 2, 1, 0),
                                        (1, '0c', 0, 0, 0, 0, 0), (1, '0d', 1, 0, 3, 3, 0);
)sql";

// The first column of every row, as text.
std::vector<std::string> Column(sql::Connection& connection, const std::string& query) {
  sql::Statement select = connection.Prepare(query);
  std::vector<std::string> values;
  while (select.Next()) values.push_back(select.Text(0));
  EXPECT_OK(select.status());
  return values;
}

TEST(OlderStores, OfEveryVersionKeepTheirWaiversAndCounts) {
  for (const size_t version : {1, 2}) {
    SCOPED_TRACE(version);
    const testing::TempDir directory;
    const std::string url = "sqlite:" + directory.path() + "/test.db";
    {
      auto database = sql::Database::Open({url}, Migrations().subspan(0, version));
      ASSERT_OK(database);
      ASSERT_OK((*database)->Write([&](sql::Connection& connection) {
        const std::string content =
            std::string(kExperiments) + (version == 1 ? kFirstArms : kSecondArms) + kUnits;
        return connection.Execute(content.c_str());
      }));
    }
    auto database = sql::Database::Open({url}, Migrations());
    ASSERT_OK(database);
    ASSERT_OK((*database)->Read([](sql::Connection& connection) {
      using Values = std::vector<std::string>;
      EXPECT_EQ(Column(connection, "SELECT model_version FROM experiment_arms WHERE waived = 1"),
                (Values{"v3"}));
      EXPECT_EQ(Column(connection,
                       "SELECT exposed_units || ' ' || mixed_units || ' ' || matured_units "
                       "FROM arm_tallies ORDER BY arm"),
                (Values{"3 0 0", "1 0 0"}));
      EXPECT_EQ(Column(connection,
                       "SELECT exposed_units || ' ' || mixed_units || ' ' || matured_units "
                       "FROM arm_tallies ORDER BY arm"),
                (Values{"3 0 0", "1 0 0"}));
      EXPECT_EQ(Column(connection,
                       "SELECT units || ' ' || outcomes || ' ' || other_units || ' ' || "
                       "HEX(SUBSTR(value_sum, 1, 4)) || ' ' || HEX(SUBSTR(square_sum, 1, 4)) "
                       "FROM metric_tallies ORDER BY arm"),
                (Values{"2 3 1 3FE00000 3FD00000", "1 3 0 3FF00000 3FF00000"}));
      EXPECT_EQ(Column(connection, "SELECT DISTINCT quote(segments) FROM experiment_units"),
                (Values{"X''"}));
      // Units as they were, so that the next outcome of one takes out what it was counted as.
      ArmCounts from_units(1);
      EXPECT_OK(UnitStore(connection)
                    .ForEachIn(1, absl::FromUnixSeconds(-1), absl::FromUnixSeconds(4'000'000'000),
                               1, [&](const StoredUnit& unit) {
                                 if (unit.key.arm == 0)
                                   from_units.Count({Metric()}, {}, unit.state);
                                 return absl::OkStatus();
                               }));
      auto kept = ArmCountsStore(connection).Find(1, 0, 1);
      EXPECT_OK(kept);
      // Histograms begin with what comes after the migration.
      OutcomeCounts::Parts rebuilt = from_units.metrics[0].parts();
      rebuilt.histogram = {};
      EXPECT_TRUE(rebuilt == kept->metrics[0].parts());
      EXPECT_FALSE(kept->metrics[0].has_histogram());
      return absl::OkStatus();
    }));
  }
}

// Nobody who is in an experiment of before changes arms.
TEST(OlderStores, HaveExperimentsWithoutASalt) {
  const testing::TempDir directory;
  const std::string url = "sqlite:" + directory.path() + "/test.db";
  {
    auto database = sql::Database::Open({url}, Migrations().subspan(0, 1));
    ASSERT_OK(database);
    ASSERT_OK((*database)->Write([](sql::Connection& connection) {
      return connection.Execute((std::string(kExperiments) + kFirstArms).c_str());
    }));
  }
  auto database = sql::Database::Open({url}, Migrations());
  ASSERT_OK(database);
  ASSERT_OK((*database)->Read([](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<StoredExperiment> found,
                     ExperimentStore(connection).Find("p", "e2"));
    EXPECT_TRUE(found.has_value());
    if (!found) return absl::OkStatus();
    EXPECT_EQ(found->assignment_salt, "");
    EXPECT_EQ(Assignment("p", found->experiment, found->assignment_salt).seed(),
              assign::HashText(assign::HashText(0, "p"), "e2"));
    return absl::OkStatus();
  }));
}

TEST(OlderStores, HaveMetricsWhoseOutcomesClientsSend) {
  const testing::TempDir directory;
  const std::string url = "sqlite:" + directory.path() + "/test.db";
  {
    auto database = sql::Database::Open({url}, Migrations().subspan(0, 1));
    ASSERT_OK(database);
    ASSERT_OK((*database)->Write([](sql::Connection& connection) {
      return connection.Execute((std::string(kExperiments) + kFirstArms).c_str());
    }));
  }
  auto database = sql::Database::Open({url}, Migrations());
  ASSERT_OK(database);
  ASSERT_OK((*database)->Read([](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<StoredExperiment> found,
                     ExperimentStore(connection).Find("p", "e2"));
    EXPECT_TRUE(found.has_value() && !found->experiment.plan.HasSource());
    ASSIGN_OR_RETURN(const int64_t cursor, FeedStore(connection).Cursor());
    EXPECT_EQ(cursor, 0) << "the feed is read from its beginning";
    return absl::OkStatus();
  }));
}

TEST(ExperimentStore, KeepsASalt) {
  const testing::TempDir directory;
  auto database = sql::Database::Open({"sqlite:" + directory.path() + "/test.db"}, Migrations());
  ASSERT_OK(database);
  Experiment experiment;
  experiment.experiment_id = "e";
  experiment.agent = "helper";
  experiment.arms = {{"control", "v1", 1, true}, {"new", "v2", 1, false}};
  const std::string salt("\0\1binary\xff\0", 10);
  ASSERT_OK((*database)->Write([&](sql::Connection& connection) {
    return ExperimentStore(connection).Insert("p", experiment, "hash", salt).status();
  }));
  ASSERT_OK((*database)->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<StoredExperiment> found,
                     ExperimentStore(connection).Find("p", "e"));
    EXPECT_EQ(found ? found->assignment_salt : "", salt);
    return absl::OkStatus();
  }));
}

}  // namespace
}  // namespace flywheel::experiment
