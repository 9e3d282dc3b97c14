// What the queries of the feed and of erasure cost: each goes along an index of its own.
#include <gtest/gtest.h>

#include "experiment_service/store/feed_signal_store.h"
#include "experiment_service/store/feed_store.h"
#include "experiment_service/store/migrations.h"
#include "experiment_service/store/outcome_store.h"
#include "experiment_service/store/unit_store.h"
#include "shared/sql/erasure_log.h"
#include "shared/testing/query_plan.h"

namespace flywheel::experiment {
namespace {

using ::testing::AllOf;
using testing::NeitherScansNorSorts;
using testing::UsesIndex;

const FedInteraction kInteraction{"i", 7, "s", 1, "u", 0, absl::UnixEpoch(), absl::UnixEpoch(), ""};

class FeedPlansOfQueries : public testing::QueryPlans {
 protected:
  FeedPlansOfQueries() : QueryPlans(Migrations()) {}
};

TEST_F(FeedPlansOfQueries, InteractionsAreFoundByIdPlaceSessionAndUnit) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(FeedStore(db).Find("p", "i")); }),
              AllOf(UsesIndex("sqlite_autoindex_feed_interactions_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(FeedStore(db).FindBySequence("p", 7)); }),
              AllOf(UsesIndex("feed_interactions_by_sequence"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(FeedStore(db).LastOfSession("p", "s", absl::UnixEpoch()));
              }),
              AllOf(UsesIndex("feed_interactions_by_session"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(FeedStore(db).SpanInSession("p", kInteraction));
              }),
              AllOf(UsesIndex("feed_interactions_by_session"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(FeedStore(db).HasUnit(1, "u")); }),
              AllOf(UsesIndex("feed_interactions_by_unit"), NeitherScansNorSorts()));
}

TEST_F(FeedPlansOfQueries, SignalsAreFoundByIdPlaceAndWhatTheyCountFor) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(FeedSignalStore(db).Find("p", "s")); }),
              AllOf(UsesIndex("sqlite_autoindex_feed_signals_1"), NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(FeedSignalStore(db).FindBySequence("p", 7)); }),
      AllOf(UsesIndex("feed_signals_by_sequence"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(FeedSignalStore(db).ForInteraction("p", "i", 10));
              }),
              AllOf(UsesIndex("feed_signals_by_interaction"), NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(FeedSignalStore(db).OfSession("p", "s", 10)); }),
      AllOf(UsesIndex("feed_signals_by_session"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                FedSignal signal;
                signal.signal.interaction_id = "other";
                signal.session_hash = "s";
                EXPECT_OK(FeedSignalStore(db).Put("p", signal));
                EXPECT_OK(FeedSignalStore(db).Redirect("p", kInteraction, absl::InfinitePast(),
                                                       absl::InfiniteFuture(), 10));
              }),
              AllOf(UsesIndex("feed_signals_by_session"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(FeedSignalStore(db).HasAny(1, absl::UnixEpoch()));
                EXPECT_OK(FeedSignalStore(db).RemoveSome(1, absl::UnixEpoch(), 10));
              }),
              AllOf(UsesIndex("feed_signals_by_experiment"), NeitherScansNorSorts()));
}

TEST_F(FeedPlansOfQueries, WhatIsDeletedIsFoundByUnitAndByExperiment) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(OutcomeStore(db).RemoveOfUnit(1, "u"));
                EXPECT_OK(OutcomeStore(db).RemoveSome(1, 10));
              }),
              AllOf(UsesIndex("outcomes_by_unit"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(UnitStore(db).Remove({1, "u", 0}));
                EXPECT_OK(UnitStore(db).RemoveSome(1, 10));
                EXPECT_OK(FeedStore(db).RemoveSome(1, 10));
              }),
              NeitherScansNorSorts());
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(sql::ErasureLog(db).Unreported(10)); }),
              UsesIndex("erasures_to_report"));
}

}  // namespace
}  // namespace flywheel::experiment
