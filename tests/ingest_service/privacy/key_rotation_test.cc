#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "ingest_service/otlp/span_preparer.h"
#include "ingest_service/otlp/trace_records.h"
#include "shared/status/errors.h"
#include "tests/ingest_service/privacy/privacy_fixture.h"

namespace flywheel::ingest {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;

constexpr char kOld[] = "old key old key old key old key 1";
constexpr char kNew[] = "new key new key new key new key 2";
constexpr char kNewest[] = "newest key newest key newest key 3";

class KeyRotationTest : public PrivacyServiceTest {
 protected:
  void SetUp() override {
    config_.pseudonym_key_file = dir_.path() + "/keys";
    UseKeys({kOld});
  }

  void UseKeys(const std::vector<std::string>& keys) {
    std::ofstream file(config_.pseudonym_key_file);
    for (const std::string& key : keys) file << key << "\n";
    file.close();
    if (server_ == nullptr) {
      PrivacyServiceTest::SetUp();
    } else {
      Start();
    }
  }

  std::vector<std::string> ListOf(const std::string& user) {
    v1::ListInteractionsRequest request;
    request.set_user_id(user);
    request.set_order(common::v1::LIST_ORDER_OLDEST_FIRST);
    v1::ListInteractionsResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::ListInteractions, request, &response));
    std::vector<std::string> ids;
    for (const auto& interaction : response.interactions()) {
      ids.push_back(interaction.interaction_id());
    }
    return ids;
  }

  Pseudonymiser Keys() const { return *Pseudonymiser::FromFile(config_.pseudonym_key_file); }

  rpc::Metrics metrics_;
};

TEST_F(KeyRotationTest, AResendOfBeforeIsAReplayAndNewRecordsHaveANewPseudonym) {
  Log({Of("ada", "a1")});
  Record({By("ada", "s1", "a1")});
  UseKeys({kNew, kOld});
  EXPECT_EQ(Log({Of("ada", "a1")}).results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_EQ(Record({By("ada", "s1", "a1")}).results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
  v1::Interaction other = Of("ada", "a1");
  other.set_output("something else");
  EXPECT_EQ(Log({other}).results(0).status(), common::v1::ITEM_STATUS_CONFLICT);
  Log({Of("ada", "a2")});
  const std::vector<v1::FeedEntry> entries = Feed();
  EXPECT_NE(entries.front().interaction().user_id(), entries.back().interaction().user_id());
}

TEST_F(KeyRotationTest, WithoutTheOldKeyAResendOfBeforeIsAConflict) {
  Log({Of("ada", "a1")});
  UseKeys({kNew});
  EXPECT_EQ(Log({Of("ada", "a1")}).results(0).status(), common::v1::ITEM_STATUS_CONFLICT);
}

TEST_F(KeyRotationTest, ListsAPersonsRecordsOfEveryKey) {
  Log({Of("ada", "a1"), Of("bob", "b1")});
  UseKeys({kNew, kOld});
  Log({Of("ada", "a2")});
  EXPECT_THAT(ListOf("ada"), ElementsAre("a1", "a2"));
}

TEST_F(KeyRotationTest, ErasesAPersonsRecordsOfEveryKey) {
  Log({Of("ada", "a1", "hers"), Of("bob", "b1")});
  Record({By("ada", "s1", "b1"), AboutSession("s2", "hers")});
  UseKeys({kNew, kOld});
  Log({Of("ada", "a2", "hers")});
  const v1::Erasure erasure = Erase("e1", "ada");
  EXPECT_EQ(erasure.interactions(), 2);
  EXPECT_EQ(erasure.signals(), 2);
  EXPECT_EQ(Stats().interactions(), 1);
}

TEST_F(KeyRotationTest, WhatWasErasedUnderAnOldKeyStaysErased) {
  Log({Of("ada", "a1")});
  const v1::Erasure erasure = Erase("e1", "ada");
  UseKeys({kNew, kOld});
  EXPECT_EQ(Log({Of("ada", "a1")}).results(0).reason(), common::v1::ERROR_REASON_ERASED);
  EXPECT_EQ(Erase("e1", "ada").SerializeAsString(), erasure.SerializeAsString());
}

TEST_F(KeyRotationTest, ASessionThatWasErasedUnderAnOldKeyStaysClosed) {
  Log({Of("ada", "a1", "hers")});
  const v1::Erasure erasure = Erase(EraseSessionRequest("e1", "hers"));
  UseKeys({kNew, kOld});
  EXPECT_EQ(Log({Of("ada", "a2", "hers")}).results(0).reason(), common::v1::ERROR_REASON_ERASED);
  EXPECT_EQ(Erase(EraseSessionRequest("e1", "hers")).SerializeAsString(),
            erasure.SerializeAsString());
}

TEST_F(KeyRotationTest, RefusalsAndHoldsOfBeforeBindTheNewPseudonym) {
  SetConsent("ada", v1::PURPOSE_RECORD, false);
  SetConsent("eve", v1::PURPOSE_TRAIN, false);
  SetLegalHold("bob", true);
  UseKeys({kNew, kOld});
  EXPECT_EQ(Log({Of("ada", "a1")}).results(0).reason(), common::v1::ERROR_REASON_NO_CONSENT);
  EXPECT_THAT(Refused("eve"), ElementsAre(v1::PURPOSE_TRAIN));
  v1::EraseResponse response;
  EXPECT_THAT(Ask(&v1::PrivacyService::Stub::Erase, EraseRequest("e1", "bob"), &response),
              HasReason(Reason::kLegalHold));
}

TEST_F(KeyRotationTest, TheFeedHearsOfARefusalUnderTheNewPseudonymBeforeItsFirstRecord) {
  Log({Of("ada", "a1")});
  SetConsent("ada", v1::PURPOSE_TRAIN, false);
  UseKeys({kNew, kOld});
  EXPECT_EQ(Log({Of("ada", "a2"), Of("ada", "a3")}).results(1).status(),
            common::v1::ITEM_STATUS_STORED);
  const std::vector<v1::FeedEntry> entries = Feed();
  ASSERT_EQ(entries.size(), 5u) << "once";
  EXPECT_EQ(entries[2].consent().user_id(), entries[3].interaction().user_id());
  EXPECT_FALSE(entries[2].consent().allowed());
  EXPECT_NE(entries[2].consent().user_id(), entries[1].consent().user_id());
  EXPECT_LT(entries[2].sequence(), entries[3].sequence());
}

TEST_F(KeyRotationTest, ARefusalOfBeforeRefusesANewTrace) {
  SetConsent("ada", v1::PURPOSE_RECORD, false);
  UseKeys({kNew, kOld});
  ExportTraceOf("ada", 1);
  ExportTraceOf("bob", 2);
  PassUntil(2);
  EXPECT_THAT(ListOf("ada"), ElementsAre());
  EXPECT_THAT(ListOf("bob"), ElementsAre("otel-" + TraceHex(2)));
}

TEST_F(KeyRotationTest, ATraceThatWaitsWhileTheKeyIsReplacedIsRefusedToo) {
  SetConsent("ada", v1::PURPOSE_RECORD, false);
  ExportTraceOf("ada", 1);
  UseKeys({kNew, kOld});
  ExportTraceOf("bob", 2);
  PassUntil(2);
  EXPECT_THAT(ListOf("ada"), ElementsAre());
}

TEST_F(KeyRotationTest, ATraceCarriesRefusalAndHoldToTheNewPseudonym) {
  SetConsent("ada", v1::PURPOSE_TRAIN, false);
  SetLegalHold("ada", true);
  UseKeys({kNew, kOld});
  ExportTraceOf("ada", 1);
  PassUntil(3);
  const std::vector<v1::FeedEntry> entries = Feed();
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[1].consent().user_id(), entries[2].interaction().user_id());
  EXPECT_FALSE(entries[1].consent().allowed());
  // From here on only the new pseudonym can be known.
  UseKeys({kNew});
  EXPECT_THAT(Refused("ada"), ElementsAre(v1::PURPOSE_TRAIN));
  v1::EraseResponse response;
  EXPECT_THAT(Ask(&v1::PrivacyService::Stub::Erase, EraseRequest("e1", "ada"), &response),
              HasReason(Reason::kLegalHold));
}

TEST_F(KeyRotationTest, EachNameOfATraceThatWaitedGoesWithTheKeyThatMadeIt) {
  const std::string project = "default";
  TraceBuilder builder(1, clock_.Now(), "support");
  builder.Add(1, 0, "chat", 0, 10).Set("gen_ai.operation.name", "chat").Set("user.id", "ada");
  const auto prepare = [&] {
    const Pseudonymiser keys = Keys();
    const InboundFilter filter(&keys, *redaction::PiiDetector::Make({}), &metrics_);
    const auto& resource = builder.request().resource_spans(0);
    SpanPreparer preparer(project, filter);
    EXPECT_OK(preparer.SetOrigin(resource.resource().attributes(), ""));
    WaitingTrace trace;
    const auto span = preparer.Prepare(resource.scope_spans(0).spans(0));
    EXPECT_OK(span);
    trace.key = {project, span->trace_id};
    trace.payloads = {span->payload};
    trace.has_root = true;
    trace.first_arrival = clock_.Now();
    return trace;
  };
  const auto assemble = [&](const WaitingTrace& trace) {
    const Pseudonymiser keys = Keys();
    InboundFilter filter(&keys, *redaction::PiiDetector::Make({}), &metrics_);
    return AssembleTrace(trace, filter, clock_)->interactions.at(0);
  };
  const InteractionRecord oldest = assemble(prepare());
  UseKeys({kNew, kOld});
  const WaitingTrace waited = prepare();
  const InteractionRecord newer = assemble(waited);
  UseKeys({kNewest, kNew, kOld});
  const InteractionRecord record = assemble(waited);
  ASSERT_EQ(newer.earlier.size(), 1u);
  EXPECT_EQ(newer.earlier[0].pseudonym, oldest.user_pseudonym);
  EXPECT_EQ(newer.earlier[0].content_hash, oldest.content_hash);
  ASSERT_EQ(record.earlier.size(), 2u);
  EXPECT_EQ(record.earlier[0].pseudonym, newer.user_pseudonym);
  EXPECT_EQ(record.earlier[0].content_hash, newer.content_hash);
  EXPECT_EQ(record.earlier[1].pseudonym, oldest.user_pseudonym);
  EXPECT_EQ(record.earlier[1].content_hash, oldest.content_hash);
}

TEST_F(KeyRotationTest, AKeyThatIsTooShortIsRefusedWhereverItStands) {
  server_.reset();
  std::ofstream(config_.pseudonym_key_file) << kNew << "\nshort\n";
  EXPECT_THAT(IngestServer::Start(config_, &clock_), HasReason(Reason::kInvalidConfiguration));
}

class LostKeyTest : public KeyRotationTest {
 protected:
  // Starts without the key, and again with it.
  void ExpectRefusedUntilTheKeyIsBack() {
    server_.reset();
    const std::string kept = config_.pseudonym_key_file + ".kept";
    std::filesystem::rename(config_.pseudonym_key_file, kept);
    const auto started = IngestServer::Start(config_, &clock_);
    ASSERT_THAT(started, HasReason(Reason::kInvalidConfiguration));
    EXPECT_THAT(errors::MessageOf(started.status()),
                AllOf(HasSubstr("--pseudonym-key-file"), HasSubstr(config_.pseudonym_key_file),
                      HasSubstr("does not exist"), HasSubstr("backup")));
    EXPECT_FALSE(std::filesystem::exists(config_.pseudonym_key_file)) << "no other key was made";
    std::filesystem::rename(kept, config_.pseudonym_key_file);
    Start();
  }
};

TEST_F(LostKeyTest, AnotherOneIsNeverMadeForAStoreThatNamesPeople) {
  Log({Of("ada", "a1")});
  ExpectRefusedUntilTheKeyIsBack();
  EXPECT_EQ(Erase("e1", "ada").interactions(), 1);
}

TEST_F(LostKeyTest, ASignalAndAReceiptNeedTheKeyToo) {
  Record({By("ada", "s1", "a1")});
  ExpectRefusedUntilTheKeyIsBack();
  EXPECT_EQ(Erase("e1", "ada").signals(), 1);
  ExpectRefusedUntilTheKeyIsBack();
}

TEST_F(LostKeyTest, AWaitingSpanNeedsTheKeyToo) {
  ExportTraceOf("ada", 1);
  ExpectRefusedUntilTheKeyIsBack();
}

TEST_F(LostKeyTest, ARefusalNeedsTheKeyToo) {
  SetConsent("ada", v1::PURPOSE_TRAIN, false);
  ExpectRefusedUntilTheKeyIsBack();
}

TEST_F(LostKeyTest, AHoldNeedsTheKeyToo) {
  SetLegalHold("ada", true);
  ExpectRefusedUntilTheKeyIsBack();
}

TEST_F(LostKeyTest, AStoreThatNamesNobodyGetsANewOne) {
  Log({Of("", "a1")});
  server_.reset();
  std::filesystem::remove(config_.pseudonym_key_file);
  Start();
  EXPECT_TRUE(std::filesystem::exists(config_.pseudonym_key_file));
}

}  // namespace
}  // namespace flywheel::ingest
