// What the store's queries cost however much it holds: each goes along an index of its own.
#include <gtest/gtest.h>

#include "experiment_service/store/arm_counts_store.h"
#include "experiment_service/store/decision_store.h"
#include "experiment_service/store/epsilon_store.h"
#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/migrations.h"
#include "experiment_service/store/outcome_store.h"
#include "experiment_service/store/promotion_store.h"
#include "experiment_service/store/ramp_store.h"
#include "experiment_service/store/segment_store.h"
#include "experiment_service/store/unit_store.h"
#include "experiment_service/store/untold_promotion_store.h"
#include "shared/testing/query_plan.h"

namespace flywheel::experiment {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::NeitherScansNorSorts;
using testing::UsesIndex;

class ExperimentPlans : public testing::QueryPlans {
 protected:
  ExperimentPlans() : QueryPlans(Migrations()) {}
};

TEST_F(ExperimentPlans, AnExperimentIsFoundByIdAndByTheTrafficThatItTakes) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(ExperimentStore(db).Find("p", "e")); }),
              AllOf(UsesIndex("experiments_by_id"), NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(ExperimentStore(db).FindRunning("p", "a")); }),
      AllOf(UsesIndex("experiments_running"), NeitherScansNorSorts()));
}

TEST_F(ExperimentPlans, WhatAProjectSpentIsFoundByTheProject) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(EpsilonStore(db).SpentSince("p", absl::UnixEpoch()));
                EXPECT_OK(EpsilonStore(db).IsPaid("p", "hash"));
                EXPECT_OK(EpsilonStore(db).DeleteBefore("p", absl::UnixEpoch()));
              }),
              AllOf(UsesIndex("sqlite_autoindex_epsilon_spends_1"), NeitherScansNorSorts()));
}

TEST_F(ExperimentPlans, ListsGoAlongTheirIndexesInEitherOrder) {
  for (const bool oldest_first : {false, true}) {
    const auto experiments = [&](const std::string& agent) {
      return PlanOf([&](sql::Connection& db) {
        EXPECT_OK(ExperimentStore(db).List("p", {agent, oldest_first, 100}, 10));
      });
    };
    EXPECT_THAT(experiments(""),
                AllOf(UsesIndex("experiments_by_project"), NeitherScansNorSorts()));
    EXPECT_THAT(experiments("a"), AllOf(UsesIndex("experiments_by_agent"), NeitherScansNorSorts()));
    const auto promotions = [&](const std::string& agent, const std::string& model_version) {
      const PromotionFilter filter{{.agent = agent, .oldest_first = oldest_first}, model_version};
      return PlanOf(
          [&](sql::Connection& db) { EXPECT_OK(PromotionStore(db).List("p", filter, 100, 10)); });
    };
    EXPECT_THAT(promotions("", ""),
                AllOf(UsesIndex("promotions_by_ordinal"), NeitherScansNorSorts()));
    EXPECT_THAT(promotions("a", ""),
                AllOf(UsesIndex("promotions_by_agent"), NeitherScansNorSorts()));
    EXPECT_THAT(promotions("a", "m"),
                AllOf(UsesIndex("promotions_by_model_version"), NeitherScansNorSorts()));
  }
}

TEST_F(ExperimentPlans, AgentsGoByTheKeyOfTheirActiveVersionsAndAreCountedByIndexes) {
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(PromotionStore(db).ListActive("p", "a", 10)); }),
      AllOf(HasSubstr("sqlite_autoindex_active_versions_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(PromotionStore(db).Count("p", "a")); }),
              AllOf(UsesIndex("promotions_by_agent"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(ExperimentStore(db).Count("p", "a")); }),
              AllOf(UsesIndex("experiments_by_agent"), NeitherScansNorSorts()));
}

TEST_F(ExperimentPlans, AStartReadsRowByRowWithoutSorting) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(ExperimentStore(db).ForEach([](const StoredExperiment&) {}));
                EXPECT_OK(PromotionStore(db).ForEachActive([](const StoredPromotion&) {}));
              }),
              ::testing::Not(::testing::HasSubstr("TEMP B-TREE")));
}

TEST_F(ExperimentPlans, UnitsAndOutcomesAreFoundByTheirKeys) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                ASSERT_OK(db.Execute("PRAGMA foreign_keys = OFF"));
                UnitState exposed;
                exposed.expose_time = absl::UnixEpoch();
                exposed.totals.resize(1);
                const UnitKey key{1, "unit", 0};
                EXPECT_OK(UnitStore(db).Put(key, {}, exposed));
                EXPECT_OK(UnitStore(db).Find(key, 1));
                EXPECT_OK(ArmCountsStore(db).Find(1, 0, 1));
                EXPECT_OK(SegmentStore(db).Read(1));
                EXPECT_OK(SegmentStore(db).FindCell(1, {}, 1));
                EXPECT_OK(SegmentStore(db).PutCell(1, {}, ArmCounts(1)));
                SegmentCounts cells;
                EXPECT_OK(SegmentStore(db).ReadCells(1, cells));
              }),
              NeitherScansNorSorts());
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(OutcomeStore(db).Find("p", "o")); }),
              NeitherScansNorSorts());
}

TEST_F(ExperimentPlans, UnitsThatComeOfAgeAreFoundByTheirExposure) {
  const absl::Time from = absl::UnixEpoch();
  const absl::Time until = absl::FromUnixSeconds(1);
  EXPECT_THAT(PlanOf([&](sql::Connection& db) {
                EXPECT_OK(UnitStore(db).HasUnitsIn(1, from, until));
                EXPECT_OK(UnitStore(db).EndOfRange(1, from, until, 10));
              }),
              AllOf(UsesIndex("experiment_units_by_time"), NeitherScansNorSorts()));
  const auto take = [](const StoredUnit& /*unit*/) { return absl::OkStatus(); };
  EXPECT_THAT(PlanOf([&](sql::Connection& db) {
                EXPECT_OK(UnitStore(db).ForEachIn(1, from, until, 1, take));
              }),
              AllOf(UsesIndex("experiment_units_by_time"), NeitherScansNorSorts()));
}

TEST_F(ExperimentPlans, DecisionsAreFoundBySequenceAndByArm) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(DecisionStore(db).Find(1, 2));
                EXPECT_OK(DecisionStore(db).List(1, 0, 10));
              }),
              AllOf(UsesIndex("sqlite_autoindex_decisions_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(DecisionStore(db).FindStanding(1, 1)); }),
              AllOf(UsesIndex("decisions_by_arm"), NeitherScansNorSorts()));
}

TEST_F(ExperimentPlans, StepsAndEventsOfARampAreFoundByTheirKeys) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(RampStore(db).List(1, 0, 10));
                EXPECT_OK(RampStore(db).HasRefusal(1, 2, Reason::kGateNotPassed));
              }),
              AllOf(UsesIndex("sqlite_autoindex_ramp_events_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(RampStore(db).ReadSteps(1)); }),
              AllOf(UsesIndex("sqlite_autoindex_ramp_steps_1"), NeitherScansNorSorts()));
}

TEST_F(ExperimentPlans, PromotionsAreFoundByIdAndByAgent) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(PromotionStore(db).Find("p", "id")); }),
              AllOf(UsesIndex("sqlite_autoindex_promotions_1"), NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(PromotionStore(db).FindActive("p", "a")); }),
      AllOf(UsesIndex("sqlite_autoindex_active_versions_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(PromotionStore(db).FindBefore({"p", "", ActiveVersion(), 7}));
              }),
              AllOf(UsesIndex("promotions_by_agent"), NeitherScansNorSorts()));
}

TEST_F(ExperimentPlans, ThePromotionThatIsToldNextIsFoundByProject) {
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(UntoldPromotionStore(db).NextAfter("p")); }),
      AllOf(UsesIndex("sqlite_autoindex_untold_promotions_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(UntoldPromotionStore(db).Remove(StoredPromotion()));
              }),
              NeitherScansNorSorts());
}

}  // namespace
}  // namespace flywheel::experiment
