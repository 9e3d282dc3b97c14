// What the store's queries cost however much it holds: each goes along an index of its own.
#include <gtest/gtest.h>

#include <vector>

#include "absl/time/clock.h"
#include "ingest_service/store/archive_store.h"
#include "ingest_service/store/consent_store.h"
#include "ingest_service/store/erasure_store.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/interaction_list.h"
#include "ingest_service/store/interaction_store.h"
#include "ingest_service/store/migrations.h"
#include "ingest_service/store/payload_store.h"
#include "ingest_service/store/retention_store.h"
#include "ingest_service/store/rewrite_store.h"
#include "ingest_service/store/signal_store.h"
#include "ingest_service/store/span_store.h"
#include "ingest_service/store/subject_records.h"
#include "ingest_service/store/trace_store.h"
#include "shared/testing/query_plan.h"

namespace flywheel::ingest {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::NeitherScansNorSorts;
using ::testing::Not;
using testing::UsesIndex;

class IngestPlans : public testing::QueryPlans {
 protected:
  IngestPlans() : QueryPlans(Migrations()) {}
};

TEST_F(IngestPlans, AFeedPageMergesItsTablesAndSortsNone) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(FeedStore(db).ReadPage("", 0, 10)); }),
              AllOf(HasSubstr("MERGE (UNION ALL)"),
                    HasSubstr("SEARCH interactions USING INTEGER PRIMARY KEY"),
                    HasSubstr("SEARCH signals USING INTEGER PRIMARY KEY"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(FeedStore(db).ReadPage("p", 0, 10)); }),
              AllOf(HasSubstr("MERGE (UNION ALL)"), UsesIndex("interactions_by_project"),
                    UsesIndex("signals_by_project"), UsesIndex("privacy_records_by_project"),
                    NeitherScansNorSorts()));
}

TEST_F(IngestPlans, AListReadsAProjectOrASessionInCommitOrderOrAgainstIt) {
  for (const bool oldest_first : {true, false}) {
    InteractionFilter filter;
    filter.oldest_first = oldest_first;
    const auto read = [&](sql::Connection& db) {
      EXPECT_OK(InteractionList(db).Read("p", filter, 0, 10));
    };
    EXPECT_THAT(PlanOf(read), AllOf(UsesIndex("interactions_by_project"), NeitherScansNorSorts()));
    filter.session_id = "s";
    EXPECT_THAT(PlanOf(read), AllOf(UsesIndex("interactions_by_session"), NeitherScansNorSorts()));
  }
}

TEST_F(IngestPlans, AScanReadsWhatWasThinnedOutAndWhatItToldAlongTheFeed) {
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(RewriteStore(db).Thinned("p", 1, 9, 10)); }),
      AllOf(UsesIndex("interactions_by_project"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                StoreScan scan;
                scan.project = "p";
                EXPECT_OK(RewriteStore(db).HasTold(scan));
              }),
              AllOf(UsesIndex("privacy_records_by_project"), NeitherScansNorSorts()));
}

TEST_F(IngestPlans, ARecordIsFoundByItsId) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(InteractionStore(db).Has("p", "i")); }),
              AllOf(UsesIndex("interactions_by_id"), NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(SignalStore(db).HasRevision("p", "s", 0)); }),
      AllOf(UsesIndex("signals_by_id"), NeitherScansNorSorts()));
}

TEST_F(IngestPlans, SignalsAreReadByWhatTheyAreAbout) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(SignalStore(db).ReadCurrent("p", "i")); }),
              AllOf(UsesIndex("signals_by_interaction"), UsesIndex("signals_by_id"),
                    NeitherScansNorSorts()));
  // Sorts what one session has.
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(SignalStore(db).ForEachOfSession(
                    "p", "s", [](const StoredSignal&) { return absl::OkStatus(); }));
              }),
              AllOf(UsesIndex("signals_by_session"), UsesIndex("interactions_by_session"),
                    UsesIndex("signals_by_interaction")));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(SignalStore(db).ReadOfSession("p", "s", 7, 10));
              }),
              AllOf(UsesIndex("signals_by_session"), UsesIndex("interactions_by_session"),
                    UsesIndex("signals_by_interaction")));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(SignalStore(db).WithoutKind(10)); }),
              UsesIndex("signals_without_kind"));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(FeedStore(db).ReadStats("p", "market")); }),
      AllOf(UsesIndex("signals_by_evaluation"), Not(HasSubstr("SCAN"))));
}

TEST_F(IngestPlans, AnErasureFindsAPersonsRecords) {
  const auto interactions_of = [&](SubjectKind kind) {
    return PlanOf([kind](sql::Connection& db) {
      EXPECT_OK(SubjectRecords(db).InteractionsOf("p", kind, "u", {10, 100}));
    });
  };
  EXPECT_THAT(interactions_of(SubjectKind::kUser),
              AllOf(UsesIndex("interactions_by_user"), NeitherScansNorSorts()));
  EXPECT_THAT(interactions_of(SubjectKind::kSession),
              AllOf(UsesIndex("interactions_by_session"), NeitherScansNorSorts()));
  EXPECT_THAT(interactions_of(SubjectKind::kInteraction), UsesIndex("interactions_by_id"));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(SpanStore(db).WaitingInteractions("p", SubjectKind::kUser, "u"));
              }),
              AllOf(UsesIndex("otlp_spans_by_user"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(SpanStore(db).WaitingInteractions("p", SubjectKind::kSession, "s"));
              }),
              AllOf(UsesIndex("otlp_spans_by_session"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(SubjectRecords(db).SignalsBy("p", "u", {10, 100}));
              }),
              AllOf(UsesIndex("signals_by_actor"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(ErasureStore(db).NextUnderWay(0)); }),
              UsesIndex("erasures_under_way"));
}

TEST_F(IngestPlans, AHoldOnWhatIsErasedIsLookedForInItAlone) {
  const auto hold_on = [&](SubjectKind kind) {
    return PlanOf([kind](sql::Connection& db) {
      EXPECT_OK(ConsentStore(db).FindLegalHold({"p", kind, {"n"}}));
    });
  };
  EXPECT_THAT(hold_on(SubjectKind::kSession),
              AllOf(UsesIndex("interactions_by_session"), UsesIndex("signals_by_session"),
                    UsesIndex("signals_by_interaction"), UsesIndex("otlp_spans_by_session"),
                    HasSubstr("SEARCH hold")));
  EXPECT_THAT(hold_on(SubjectKind::kInteraction),
              AllOf(UsesIndex("interactions_by_id"), UsesIndex("signals_by_interaction"),
                    HasSubstr("SEARCH otlp_spans"), HasSubstr("SEARCH hold")));
}

TEST_F(IngestPlans, TheRulesOfAgeReadAProjectFromItsOldestRecordOn) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(RetentionStore(db).AgedInteractions("p", 0, absl::Now(), 10, 1000));
              }),
              AllOf(UsesIndex("interactions_by_project"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(RetentionStore(db).AgedSignals("p", 0, absl::Now(), 10));
              }),
              AllOf(UsesIndex("signals_by_project"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(RetentionStore(db).NextProject("")); }),
              AllOf(HasSubstr("SEARCH project_totals"), NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(PayloadStore(db).NewestDictionary("p")); }),
      AllOf(UsesIndex("payload_dictionaries_by_project"), NeitherScansNorSorts()));
}

TEST_F(IngestPlans, TheArchiveFindsItsFilesAndFrames) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                const std::vector<int64_t> sequences = {1, 2};
                EXPECT_OK(ArchiveStore(db).FilesAround("p", sequences));
              }),
              AllOf(UsesIndex("archive_files_by_project"), Not(HasSubstr("SCAN"))));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(ArchiveStore(db).FramesOfFile(1)); }),
              AllOf(UsesIndex("archive_frames_by_file"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(ArchiveStore(db).LeftoverFiles(10)); }),
              UsesIndex("archive_files_left_over"));
}

TEST_F(IngestPlans, TheNextTraceIsTheFirstOfItsIndex) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(TraceStore(db).Due(absl::Now(), 10)); }),
              AllOf(UsesIndex("otlp_traces_by_due_time"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(TraceStore(db).NextDueTime()); }),
              UsesIndex("otlp_traces_by_due_time"));
}

}  // namespace
}  // namespace flywheel::ingest
