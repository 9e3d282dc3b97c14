// What the store's queries cost however much it holds: each goes along an index of its own.
#include <gtest/gtest.h>

#include <optional>

#include "curation_service/store/build_store.h"
#include "curation_service/store/count_store.h"
#include "curation_service/store/dataset_store.h"
#include "curation_service/store/erasure_store.h"
#include "curation_service/store/firewall_store.h"
#include "curation_service/store/lineage_store.h"
#include "curation_service/store/migrations.h"
#include "curation_service/store/model_version_store.h"
#include "curation_service/store/record_store.h"
#include "curation_service/store/row_signals.h"
#include "curation_service/store/score_store.h"
#include "curation_service/store/training_run_store.h"
#include "shared/testing/query_plan.h"

namespace flywheel::curation {
namespace {

using ::testing::AllOf;
using testing::NeitherScansNorSorts;
using testing::UsesIndex;

class CurationPlans : public testing::QueryPlans {
 protected:
  CurationPlans() : QueryPlans(Migrations()) {}
};

TEST_F(CurationPlans, ScoringReadsTheNewestSignalsAlongTheirIndexes) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(RecordStore(db).SignalsOfInteraction("p", "i", 10));
              }),
              AllOf(UsesIndex("signals_by_interaction"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(RecordStore(db).SignalsOfSession("p", "s", 10));
              }),
              AllOf(UsesIndex("signals_by_session"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(RecordStore(db).InteractionsOfSession("p", "s", 10));
              }),
              AllOf(UsesIndex("interactions_by_session"), NeitherScansNorSorts()));
}

TEST_F(CurationPlans, WhatLeavesIsFoundByItsPlaceInTheFeed) {
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(RecordStore(db).EraseInteraction("p", 1)); }),
      AllOf(UsesIndex("interactions_by_sequence"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(RecordStore(db).EraseSignal("p", 1)); }),
              AllOf(UsesIndex("signals_by_sequence"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(DatasetStore(db).EraseRows("p", "i", /*corrections_alone=*/true));
              }),
              AllOf(UsesIndex("dataset_rows_by_interaction"),
                    ::testing::Not(::testing::HasSubstr("SCAN"))));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(ReplaceFailureMode(db, "p", "i", "before", "after"));
                EXPECT_OK(ReplaceFailureMode(db, "p", "i", std::nullopt, "after"));
              }),
              AllOf(UsesIndex("dataset_rows_by_interaction"), NeitherScansNorSorts()));
}

TEST_F(CurationPlans, ASignalThatMovedIsFoundByWhatItWasAbout) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                Interaction interaction;
                interaction.interaction_id = "i";
                EXPECT_OK(RecordStore(db).AddInteraction("p", interaction, 1));
                EXPECT_OK(RecordStore(db).EraseInteraction("p", 1));
              }),
              AllOf(UsesIndex("moved_signals_by_interaction"), NeitherScansNorSorts()));
}

TEST_F(CurationPlans, TheTriggerLooksAtWhatIsNewAlone) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(ScoreStore(db).CountUntrained("p", "a", 1, 0.8));
              }),
              AllOf(UsesIndex("scores_by_evidence"), UsesIndex("dataset_rows_by_interaction"),
                    UsesIndex("training_runs_by_dataset"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(ScoreStore(db).CountReal("p", "a", 1)); }),
              AllOf(UsesIndex("scores_by_agent"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(ScoreStore(db).CountOfAgent("p", "a")); }),
              AllOf(::testing::HasSubstr("COVERING INDEX scores_by_"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(TrainingRunStore(db).FindLastTraining("p", "a"));
              }),
              UsesIndex("training_runs_by_completion"));
}

TEST_F(CurationPlans, ABuildReadsAnAgentsScoresAndTheFirewallInOrderWithoutSorting) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(ScoreStore(db).CandidatesOf("p", "a", Deadline()));
              }),
              AllOf(UsesIndex("scores_by_agent"), UsesIndex("sqlite_autoindex_training_refusals_1"),
                    NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(FirewallStore(db).Keys("p", Deadline())); }),
      AllOf(UsesIndex("sqlite_autoindex_firewall_keys_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(ErasureStore(db).LastTombstone("p")); }),
              AllOf(UsesIndex("erasures_by_sequence"), NeitherScansNorSorts()));
}

TEST_F(CurationPlans, APageOfADatasetCostsWhatItHolds) {
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(DatasetStore(db).Rows("p", "v", {}, 0, 10)); }),
      AllOf(UsesIndex("sqlite_autoindex_dataset_rows_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(DatasetStore(db).List("p", {}, 10)); }),
              AllOf(UsesIndex("dataset_versions_by_ordinal"), NeitherScansNorSorts()));
}

TEST_F(CurationPlans, BuildsAreFoundByIdPlaceAndStateAlone) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(BuildStore(db).Find("p", "v")); }),
              AllOf(UsesIndex("sqlite_autoindex_dataset_builds_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(BuildStore(db).IsUnderWay("p", 1)); }),
              AllOf(UsesIndex("dataset_builds_by_ordinal"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(BuildStore(db).List("p", {}, 10)); }),
              AllOf(UsesIndex("dataset_builds_by_ordinal"), NeitherScansNorSorts()));
  // What failed, of which there may be much, is not looked at.
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(BuildStore(db).CountUnderWay("p")); }),
              UsesIndex("dataset_builds_under_way"));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(BuildStore(db).UnderWay()); }),
              UsesIndex("dataset_builds_under_way"));
}

TEST_F(CurationPlans, WhatIsUnfinishedIsFoundWithoutWhatIsFinished) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(DatasetStore(db).FirstUnfinished("")); }),
              UsesIndex("dataset_versions_unfinished"));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(FirewallStore(db).RemoveSome("p", "v", 10)); }),
      AllOf(UsesIndex("firewall_keys_by_version"), ::testing::Not(::testing::HasSubstr("SCAN"))));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(FirewallStore(db).HashSomeSessions(10)); }),
      UsesIndex("firewall_keys_in_clear"));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(ErasureStore(db).Unreported(10)); }),
              UsesIndex("erasures_to_report"));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(ErasureStore(db).Finished("", 0, 10)); }),
              AllOf(UsesIndex("erasures_finished"), NeitherScansNorSorts()));
}

TEST_F(CurationPlans, RunsAreFoundByAgentAndState) {
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) {
        EXPECT_OK(TrainingRunStore(db).FindForLease("p", {"t", "k"}, {"a"}, absl::UnixEpoch()));
      }),
      AllOf(UsesIndex("training_runs_under_way"), NeitherScansNorSorts(),
            ::testing::Not(::testing::HasSubstr("training_runs_by_agent"))));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(TrainingRunStore(db).FindUnderWay("p", "a")); }),
      AllOf(UsesIndex("training_runs_under_way"), NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(TrainingRunStore(db).List("p", {}, 10)); }),
      AllOf(UsesIndex("training_runs_by_ordinal"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(TrainingRunStore(db).List("p", {.agent = "a"}, 10));
              }),
              AllOf(UsesIndex("training_runs_by_agent"), NeitherScansNorSorts()));
}

TEST_F(CurationPlans, ModelVersionsAreFoundByNameRunAndAgent) {
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(ModelVersionStore(db).Find("p", "a", "m")); }),
      AllOf(UsesIndex("sqlite_autoindex_model_versions_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(ModelVersionStore(db).FindByTrainingRun("p", "r"));
              }),
              AllOf(UsesIndex("model_versions_by_training_run"), NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(ModelVersionStore(db).List("p", {}, 10)); }),
      AllOf(UsesIndex("model_versions_by_ordinal"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(ModelVersionStore(db).List("p", {.agent = "a"}, 10));
              }),
              AllOf(UsesIndex("model_versions_by_agent"), NeitherScansNorSorts()));
}

TEST_F(CurationPlans, LineageIsFollowedAlongIndexes) {
  // What is sorted is what a step leads to.
  const auto results = [](LineageKind kind) {
    return [kind](sql::Connection& db) {
      EXPECT_OK(LineageStore(db).Results("p", {kind, "id", "a"}, 10));
    };
  };
  const auto no_scan = ::testing::Not(::testing::HasSubstr("SCAN"));
  EXPECT_THAT(PlanOf(results(LineageKind::kInteraction)),
              AllOf(UsesIndex("dataset_rows_by_interaction"),
                    UsesIndex("sqlite_autoindex_dataset_versions_1"), no_scan));
  EXPECT_THAT(PlanOf(results(LineageKind::kDatasetVersion)),
              AllOf(UsesIndex("training_runs_by_dataset"), no_scan));
  EXPECT_THAT(PlanOf(results(LineageKind::kModelVersion)),
              AllOf(UsesIndex("model_versions_by_base"), NeitherScansNorSorts()));
}

TEST_F(CurationPlans, ProgressCostsARowATier) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(CountStore(db).Get("p")); }),
              AllOf(UsesIndex("sqlite_autoindex_record_counts_1"), NeitherScansNorSorts()));
}

}  // namespace
}  // namespace flywheel::curation
