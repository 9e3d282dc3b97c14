#include "experiment_service/store/segment_store.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "experiment_service/domain/counts_text.h"
#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/migrations.h"
#include "experiment_service/store/unit_store.h"
#include "shared/sql/database.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::experiment {
namespace {

class SegmentStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = sql::Database::Open({"sqlite:" + directory_.path() + "/test.db"}, Migrations());
    ASSERT_OK(database);
    database_ = *std::move(database);
    experiment_.experiment_id = "exp";
    experiment_.arms = {{"a", "v1", 1, true}, {"b", "v2", 1, false}};
    experiment_.plan.segments = {{"language", {"de", "fr"}}, {"plan", {"free"}}};
    ASSERT_OK(database_->Write([&](sql::Connection& connection) {
      return ExperimentStore(connection).Insert("p", experiment_, "hash").status();
    }));
  }

  testing::TempDir directory_;
  std::unique_ptr<sql::Database> database_;
  Experiment experiment_;
};

TEST_F(SegmentStoreTest, KeepsThoseOfAPlan) {
  ASSERT_OK(database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto found, ExperimentStore(connection).Find("p", "exp"));
    EXPECT_EQ(found->experiment.plan.segments, experiment_.plan.segments);
    return absl::OkStatus();
  }));
}

TEST_F(SegmentStoreTest, KeepsTheCountsOfACell) {
  ASSERT_OK(database_->Write([&](sql::Connection& connection) -> absl::Status {
    SegmentStore store(connection);
    const SegmentCell cell{0, 2, 1};
    ASSIGN_OR_RETURN(ArmCounts counts, store.FindCell(1, cell, 1));
    EXPECT_EQ(counts.exposed_units, 0);
    UnitState unit;
    unit.expose_time = absl::UnixEpoch();
    unit.totals.resize(1);
    unit.totals[0].Add(0.1);
    counts.Count(experiment_.plan.metrics, {}, unit);
    RETURN_IF_ERROR(store.PutCell(1, cell, counts));
    counts.Count(experiment_.plan.metrics, {}, unit);
    RETURN_IF_ERROR(store.PutCell(1, cell, counts));
    ASSIGN_OR_RETURN(const ArmCounts read, store.FindCell(1, cell, 1));
    EXPECT_EQ(CountsText({read}), CountsText({counts})) << "to the last bit";
    SegmentCounts cells = EmptySegmentCounts(experiment_.plan, 2);
    RETURN_IF_ERROR(store.ReadCells(1, cells));
    EXPECT_EQ(CountsText({cells[0][2][1]}), CountsText({counts}));
    EXPECT_EQ(cells[0][2][0].exposed_units, 0);
    EXPECT_EQ(cells[1][0][1].exposed_units, 0);
    return absl::OkStatus();
  }));
}

TEST_F(SegmentStoreTest, SaysWhatCannotBeRead) {
  ASSERT_OK(database_->Write([](sql::Connection& connection) {
    return connection.Execute("INSERT INTO segment_tallies VALUES (1, 0, 1, 0, 'nonsense')");
  }));
  const absl::Status found = database_->Read([](sql::Connection& connection) {
    return SegmentStore(connection).FindCell(1, {0, 1, 0}, 1).status();
  });
  EXPECT_EQ(found.code(), absl::StatusCode::kInternal);
}

TEST_F(SegmentStoreTest, KeepsTheValuesOfAUnit) {
  ASSERT_OK(database_->Write([&](sql::Connection& connection) -> absl::Status {
    UnitState unit;
    unit.expose_time = absl::UnixEpoch();
    unit.totals.resize(1);
    unit.segments = SegmentValuesOf(experiment_.plan.segments, {{"language", "fr"}});
    const UnitKey key{1, "unit", 0};
    RETURN_IF_ERROR(UnitStore(connection).Put(key, {}, unit));
    ASSIGN_OR_RETURN(const UnitState read, UnitStore(connection).Find(key, 1));
    EXPECT_EQ(read.segments, unit.segments);
    EXPECT_EQ(ValueIn(read.segments, 0), 2u);
    EXPECT_EQ(ValueIn(read.segments, 1), 0u);
    return absl::OkStatus();
  }));
}

}  // namespace
}  // namespace flywheel::experiment
