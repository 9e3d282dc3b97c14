#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "shared/sql/connection.h"
#include "shared/status/errors.h"
#include "shared/testing/feed_sequence.h"
#include "shared/time/poll.h"
#include "tests/ingest_service/privacy/privacy_fixture.h"

namespace flywheel::ingest {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ErasureTest : public PrivacyServiceTest {
 protected:
  int Signals(const std::string& id) {
    v1::GetInteractionRequest request;
    request.set_interaction_id(id);
    v1::GetInteractionResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::GetInteraction, request, &response));
    return response.signals_size();
  }

  // What the tombstones of the feed name.
  std::multiset<int64_t> ErasedSequences() {
    std::multiset<int64_t> erased;
    for (const v1::FeedEntry& entry : Feed()) {
      erased.insert(entry.tombstone().sequences().begin(), entry.tombstone().sequences().end());
    }
    return erased;
  }
};

TEST_F(ErasureTest, ErasesEverythingThatAPersonSaidAndThatWasSaidAboutIt) {
  Log({Of("ada", "a1", "hers"), Of("bob", "b1", "theirs"), Of("ada", "a2", "theirs")});
  Record({By("ada", "about-own", "a1"), By("staff", "about-hers", "a1"),
          By("ada", "about-theirs", "b1"), By("bob", "theirs", "b1"),
          AboutSession("of-her-session", "hers"), AboutSession("of-their-session", "theirs")});
  const v1::Erasure erasure = Erase("e1", "ada");
  EXPECT_EQ(erasure.interactions(), 2);
  EXPECT_EQ(erasure.signals(), 4);
  EXPECT_TRUE(erasure.stores(0).has_clean_time());
  EXPECT_FALSE(Has("a1"));
  EXPECT_FALSE(Has("a2"));
  EXPECT_EQ(Signals("b1"), 1);
  EXPECT_EQ(Stats().interactions(), 1);
  EXPECT_EQ(Stats().signals(), 2);
  EXPECT_THAT(Left(), ElementsAre("b1", "theirs", "of-their-session"));
}

TEST_F(ErasureTest, TellsTheFeedWhatLeftAndEndsWithALastTombstone) {
  const v1::LogInteractionsResponse logged = Log({Of("ada", "a1"), Of("bob", "b1")});
  const v1::RecordSignalsResponse recorded = Record({By("ada", "s1", "b1")});
  const v1::Erasure erasure = Erase("e1", "ada");
  EXPECT_EQ(ErasedSequences(),
            (std::multiset<int64_t>{logged.results(0).sequence(), recorded.results(0).sequence()}));
  const std::vector<v1::FeedEntry> entries = Feed();
  ASSERT_TRUE(entries.back().has_tombstone());
  EXPECT_TRUE(entries.back().tombstone().last());
  EXPECT_EQ(entries.back().tombstone().erasure_id(), "e1");
  EXPECT_EQ(entries.back().sequence(), testing::FeedSequence(erasure.commit_token()));
}

TEST_F(ErasureTest, RefusesWhatWasErasedAndWhatIsAboutIt) {
  Log({Of("ada", "a1", "hers"), Of("bob", "b1")});
  Record({By("ada", "s1", "b1"), AboutSession("s2", "hers")});
  Erase("e1", "ada");
  EXPECT_EQ(Log({Of("ada", "a1", "hers")}).results(0).reason(), common::v1::ERROR_REASON_ERASED);
  v1::Signal revised = By("ada", "s1", "b1");
  revised.set_revision(1);
  const v1::RecordSignalsResponse signals =
      Record({By("ada", "s1", "b1"), revised, By("staff", "late", "a1"),
              AboutSession("late-too", "hers"), By("bob", "fine", "b1")});
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(signals.results(i).status(), common::v1::ITEM_STATUS_REJECTED) << i;
    EXPECT_EQ(signals.results(i).reason(), common::v1::ERROR_REASON_ERASED) << i;
  }
  EXPECT_EQ(signals.results(4).status(), common::v1::ITEM_STATUS_STORED);
}

TEST_F(ErasureTest, WhatAJudgeSaidOfATraceLeavesWithIt) {
  ExportTraceOf("ada", 1, "she sounds tired");
  PassUntil(2);
  ExportTraceOf("ada", 2, "she sounds angry");
  const v1::Erasure erasure = Erase("e1", "ada");
  EXPECT_EQ(erasure.interactions(), 1) << "the other trace was none yet";
  EXPECT_EQ(erasure.signals(), 1);
  EXPECT_EQ(erasure.waiting_spans(), 1);
  EXPECT_EQ(erasure.stores(0).rows(), 3);
  // Nothing waits of the other one.
  ExportTraceOf("bob", 3);
  PassUntil(testing::FeedSequence(erasure.commit_token()) + 1);
  EXPECT_EQ(Stats().signals(), 0);
  EXPECT_EQ(Disk().find("she sounds"), std::string::npos);
}

TEST_F(ErasureTest, FindsAWaitingTraceByTheUserThatItsInteractionWouldHave) {
  const std::pair<const char*, const char*> orders[] = {{"langfuse.user.id", "enduser.id"},
                                                        {"metadata.user_id", "llm.user"},
                                                        {"llm.user", "user.id"}};
  uint64_t trace = 0;
  for (const auto& [later, first] : orders) {
    TraceBuilder builder(++trace, clock_.Now(), "support");
    builder.Add(1, 0, "chat", 0, 10).Set("gen_ai.operation.name", "chat");
    builder.Set(later, "bob").Set(first, "ada").Set("input.value", "her secret");
    Export(builder.request());
  }
  // Of one name the first counts.
  TraceBuilder twice(++trace, clock_.Now(), "support");
  twice.Add(1, 0, "chat", 0, 10).Set("gen_ai.operation.name", "chat");
  twice.Set("user.id", "ada").Set("user.id", "bob").Set("input.value", "her secret");
  Export(twice.request());
  const v1::Erasure erasure = Erase("e1", "ada");
  ExportTraceOf("bob", ++trace);
  PassUntil(testing::FeedSequence(erasure.commit_token()) + 1);
  EXPECT_EQ(Stats().interactions(), 1);
  EXPECT_EQ(Disk().find("her secret"), std::string::npos);
}

TEST_F(ErasureTest, RecordsAnewWhatThePersonDoesAfterwards) {
  Log({Of("ada", "a1", "hers")});
  Erase("e1", "ada");
  EXPECT_EQ(Log({Of("ada", "a2", "hers")}).results(0).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Record({AboutSession("s", "hers")}).results(0).status(),
            common::v1::ITEM_STATUS_STORED);
  Erase("e2", "ada");
  EXPECT_FALSE(Has("a2"));
  EXPECT_EQ(Stats().signals(), 0);
}

TEST_F(ErasureTest, AnErasureOfNobodyIsAReceiptToo) {
  const v1::Erasure erasure = Erase("e1", "nobody");
  EXPECT_EQ(erasure.interactions(), 0);
  EXPECT_TRUE(erasure.stores(0).has_clean_time());
  EXPECT_TRUE(Feed().back().tombstone().last());
}

TEST_F(ErasureTest, TheReceiptIsCompleteWhenEveryReaderHasReported) {
  config_.erasure_readers = {"curation", "warehouse"};
  Start();
  Log({Of("ada", "a1")});
  v1::Erasure erasure = Erase("e1", "ada");
  ASSERT_EQ(erasure.stores_size(), 3);
  EXPECT_EQ(erasure.stores(0).store(), "ingest");
  EXPECT_EQ(erasure.stores(0).rows(), 1);
  EXPECT_EQ(erasure.stores(1).store(), "curation");
  EXPECT_FALSE(erasure.stores(1).has_clean_time());
  EXPECT_FALSE(erasure.has_complete_time());
  clock_.Advance(absl::Seconds(5));
  v1::ReportErasureRequest report;
  report.set_erasure_id("e1");
  v1::ReportErasureResponse response;
  for (const char* store : {"curation", "warehouse", "curation"}) {
    report.set_store(store);
    report.set_rows(report.rows() + 1);
    EXPECT_OK(Ask(&v1::PrivacyService::Stub::ReportErasure, report, &response));
    clock_.Advance(absl::Seconds(5));
  }
  erasure = Receipt("e1");
  EXPECT_EQ(erasure.stores(1).rows(), 1) << "the first report counts";
  EXPECT_EQ(erasure.complete_time().seconds() - erasure.request_time().seconds(), 10);
  report.set_erasure_id("unknown");
  EXPECT_THAT(Ask(&v1::PrivacyService::Stub::ReportErasure, report, &response),
              HasReason(Reason::kNotFound));
}

TEST_F(ErasureTest, NoTenantSpeaksForTheReadersThatAReceiptWaitsFor) {
  Log({Of("ada", "a1")});
  Erase("e1", "ada");
  config_.server.api_keys_file = dir_.path() + "/api-keys";
  std::ofstream(config_.server.api_keys_file) << "wheel key-of-all-services-1 * service\n"
                                              << "tenant key-of-one-tenant-11 default service\n";
  config_.erasure_readers = {"curation"};
  Start();
  const auto report = [&](const char* key, const char* store) {
    v1::ReportErasureRequest request;
    request.set_erasure_id("e1");
    request.set_store(store);
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    context.AddMetadata("authorization", std::string("Bearer ") + key);
    v1::ReportErasureResponse response;
    return v1::PrivacyService::NewStub(channel_.get())->ReportErasure(&context, request, &response);
  };
  EXPECT_THAT(report("key-of-one-tenant-11", "curation"), HasReason(Reason::kPermissionDenied));
  EXPECT_OK(report("key-of-one-tenant-11", "warehouse"));
  EXPECT_OK(report("key-of-all-services-1", "curation"));
}

TEST_F(ErasureTest, TakesTheReportsOfAHundredStoresAndTheirRepeats) {
  Log({Of("ada", "a1")});
  Erase("e1", "ada");
  const auto report = [&](const std::string& store) {
    v1::ReportErasureRequest request;
    request.set_erasure_id("e1");
    request.set_store(store);
    v1::ReportErasureResponse response;
    return Ask(&v1::PrivacyService::Stub::ReportErasure, request, &response);
  };
  for (int i = 0; i < 100; ++i) ASSERT_OK(report(fmt::format("run-{}", i)));
  const grpc::Status refused = report("run-100");
  EXPECT_THAT(refused, HasReason(Reason::kLimitExceeded));
  EXPECT_THAT(refused.error_message(), HasSubstr("at most 100 stores"));
  EXPECT_OK(report("run-99"));
  const v1::Erasure erasure = Receipt("e1");
  EXPECT_EQ(std::count_if(erasure.stores().begin(), erasure.stores().end(),
                          [](const auto& store) { return store.store().starts_with("run-"); }),
            100);
}

TEST_F(ErasureTest, IsARepeatOfItselfAndAConflictWithOthers) {
  Log({Of("ada", "a1")});
  const v1::Erasure first = Erase("e1", "ada");
  Log({Of("ada", "a2")});
  const v1::Erasure again = Erase("e1", "ada");
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_TRUE(Has("a2"));
  v1::EraseResponse response;
  EXPECT_THAT(Ask(&v1::PrivacyService::Stub::Erase, EraseRequest("e1", "bob"), &response),
              HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(ErasureTest, ALegalHoldForbidsItUntilItIsLifted) {
  Log({Of("ada", "a1")});
  EXPECT_TRUE(SetLegalHold("ada", true));
  EXPECT_FALSE(SetLegalHold("ada", true));
  Start();
  v1::EraseResponse response;
  EXPECT_THAT(Ask(&v1::PrivacyService::Stub::Erase, EraseRequest("e1", "ada"), &response),
              HasReason(Reason::kLegalHold));
  EXPECT_TRUE(Has("a1"));
  EXPECT_EQ(Log({Of("ada", "a2")}).results(0).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_TRUE(SetLegalHold("ada", false));
  EXPECT_EQ(Erase("e1", "ada").interactions(), 2);
}

TEST_F(ErasureTest, TouchesNoOtherProject) {
  Log({Of("ada", "a1")});
  v1::EraseResponse response;
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(20), "elsewhere");
  ASSERT_OK(v1::PrivacyService::NewStub(channel_.get())
                ->Erase(&context, EraseRequest("e1", "ada"), &response));
  EXPECT_EQ(response.erasure().interactions(), 0);
  EXPECT_TRUE(Has("a1"));
}

TEST_F(ErasureTest, ErasesALongInteractionAndItsManySignalsInPieces) {
  Log({Of("ada", "a1", "hers")});
  for (int batch = 0; batch < 3; ++batch) {
    std::vector<v1::Signal> signals;
    for (int i = 0; i < 1'000; ++i) {
      const std::string name = std::to_string(batch) + "-" + std::to_string(i);
      signals.push_back(i % 2 == 0 ? By("bob", name, "a1") : AboutSession(name, "hers"));
      signals.back().set_revision(i % 3);
    }
    Record(signals);
  }
  const v1::Erasure erasure = Erase("e1", "ada");
  EXPECT_EQ(erasure.interactions(), 1);
  EXPECT_EQ(erasure.signals(), 3'000);
  EXPECT_EQ(Stats().signals(), 0);
  for (const v1::FeedEntry& entry : Feed()) {
    ASSERT_TRUE(entry.has_tombstone());
    EXPECT_LE(entry.tombstone().sequences_size(), 1'000);
  }
  EXPECT_EQ(ErasedSequences().size(), 3'001u);
}

TEST_F(ErasureTest, GoesOnAfterAStopInItsMiddle) {
  std::vector<v1::Interaction> interactions;
  for (int i = 0; i < 9'000; ++i) interactions.push_back(Of("ada", "a" + std::to_string(i)));
  Log(interactions);
  // The call gives up at once; what it began goes on, until the service stops. On a busy machine it
  // may have given up before it began anything.
  const auto begun = [&] {
    v1::EraseResponse response;
    const grpc::Status status = Ask(&v1::PrivacyService::Stub::Erase, EraseRequest("e1", "ada"),
                                    &response, absl::Milliseconds(30));
    EXPECT_FALSE(status.ok());
    return Stats().interactions() < 9'000;
  };
  ASSERT_TRUE(PollUntil(begun, absl::Seconds(60), absl::Milliseconds(1)));
  Start();
  const v1::Erasure erasure = Erase("e1", "ada");
  EXPECT_EQ(erasure.interactions(), 9'000);
  EXPECT_EQ(ErasedSequences().size(), 9'000u);
  EXPECT_EQ(Stats().interactions(), 0);
}

TEST_F(ErasureTest, OthersWriteWhileItRuns) {
  std::vector<v1::Interaction> interactions;
  for (int i = 0; i < 9'000; ++i) interactions.push_back(Of("ada", "a" + std::to_string(i)));
  Log(interactions);
  std::thread eraser([&] { Erase("e1", "ada"); });
  int written_before_the_end = 0;
  while (Stats().interactions() > written_before_the_end && written_before_the_end < 100'000) {
    Log({Of("bob", "b" + std::to_string(written_before_the_end++))});
  }
  eraser.join();
  EXPECT_GT(written_before_the_end, 3);
  EXPECT_EQ(Stats().interactions(), written_before_the_end);
}

TEST_F(ErasureTest, WaitsForAReaderThatStillSeesThePerson) {
  Log({Of("ada", "a1")});
  auto reader = sql::Connection::Open(dir_.path() + "/ingest.db", sql::Access::kRead);
  ASSERT_OK(reader);
  ASSERT_OK((*reader)->Execute("BEGIN; SELECT COUNT(*) FROM interactions"));
  v1::EraseResponse response;
  EXPECT_FALSE(Ask(&v1::PrivacyService::Stub::Erase, EraseRequest("e1", "ada"), &response,
                   absl::Milliseconds(300))
                   .ok());
  EXPECT_FALSE(Receipt("e1").stores(0).has_clean_time());
  ASSERT_OK((*reader)->Execute("ROLLBACK"));
  EXPECT_TRUE(Erase("e1", "ada").stores(0).has_clean_time());
}

}  // namespace
}  // namespace flywheel::ingest
