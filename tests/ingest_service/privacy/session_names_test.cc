// Session ids of the world: taken as they are, or kept by a keyed hash where they may name
// somebody.
#include "ingest_service/privacy/session_names.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "ingest_service/domain/session_id.h"
#include "shared/status/errors.h"
#include "tests/ingest_service/privacy/privacy_fixture.h"

namespace flywheel::ingest {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

constexpr char kHashed[] = "s_[0-9a-f]{32}";

TEST(PlainSessionIds, AreThoseThatNameNobody) {
  for (const char* id :
       {"0198c1d2-7b1c-7000-8000-000000000001", "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66",
        "user:123/abc", "sess|64f0c0ffee", "a/b+c==", "thread 7", "C024BE91L:1700000000.000100",
        "arn:aws:bedrock:eu-west-1:123456789012:session/7", "~%{}[]<>\"'`;&?=#$*,!^\\"}) {
    EXPECT_TRUE(IsPlainSessionId(id)) << id;
  }
  for (const std::string& id :
       {std::string(), std::string("user@example.com"), std::string("19:meeting_x@thread.v2"),
        std::string("chat de M\u00fcller"), std::string("a\tb"), std::string(129, 'x')}) {
    EXPECT_FALSE(IsPlainSessionId(id)) << id;
  }
}

class SessionNamesTest : public PrivacyServiceTest {
 protected:
  v1::Interaction In(const std::string& session, const std::string& id) const {
    return Of("", id, session);
  }
  std::vector<v1::Interaction> List(const std::string& session) {
    v1::ListInteractionsRequest request;
    request.set_session_id(session);
    request.set_order(common::v1::LIST_ORDER_OLDEST_FIRST);
    v1::ListInteractionsResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::ListInteractions, request, &response));
    return {response.interactions().begin(), response.interactions().end()};
  }
  std::vector<v1::Signal> SignalsOf(const std::string& session) {
    v1::ListSessionSignalsRequest request;
    request.set_session_id(session);
    v1::ListSessionSignalsResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::ListSessionSignals, request, &response));
    return {response.signals().begin(), response.signals().end()};
  }
  int64_t CountOf(const std::string& session) {
    v1::GetSessionFeedbackRequest request;
    request.set_session_id(session);
    v1::GetSessionFeedbackResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::GetSessionFeedback, request, &response));
    return response.interactions();
  }
};

TEST_F(SessionNamesTest, PlainOnesAreKeptAsTheyAre) {
  int number = 0;
  for (const char* session : {"user:123/abc", "sess|64f0c0ffee", "a/b+c==", "thread 7"}) {
    const std::string id = std::to_string(++number);
    EXPECT_EQ(Log({In(session, id)}).results(0).status(), common::v1::ITEM_STATUS_STORED);
    Record({AboutSession("s" + id, session)});
    ASSERT_EQ(List(session).size(), 1u) << session;
    EXPECT_EQ(List(session)[0].session_id(), session);
    ASSERT_EQ(SignalsOf(session).size(), 1u) << session;
    EXPECT_EQ(SignalsOf(session)[0].session_id(), session);
    EXPECT_EQ(CountOf(session), 1);
  }
}

TEST_F(SessionNamesTest, OthersAreKeptByAHashAndFoundByBoth) {
  const std::string session = "maria.mueller@example.com";
  Log({In(session, "a1"), In(session, "a2")});
  Record({AboutSession("s1", session)});
  const std::vector<v1::Interaction> found = List(session);
  ASSERT_EQ(found.size(), 2u);
  const std::string name = found[0].session_id();
  EXPECT_THAT(name, MatchesRegex(kHashed));
  EXPECT_EQ(SignalsOf(session)[0].session_id(), name);
  EXPECT_EQ(CountOf(session), 2);
  EXPECT_EQ(List(name).size(), 2u);
  EXPECT_EQ(CountOf(name), 2);
  EXPECT_EQ(Disk().find("mueller"), std::string::npos);
  // What was read can be sent again, and is the same session.
  EXPECT_EQ(Log({In(name, "a3")}).results(0).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(CountOf(session), 3);
  EXPECT_EQ(Log({In(session, "a1")}).results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
}

TEST_F(SessionNamesTest, OneSessionIsOneOverEveryDoor) {
  int64_t sequence = 0;
  uint64_t trace = 0;
  for (const char* session : {"thread 7", "maria@example.com"}) {
    Log({In(session, "a" + std::to_string(++trace))});
    TraceBuilder builder(trace, clock_.Now(), "support");
    builder.Add(1, 0, "chat", 0, 10).Set("gen_ai.operation.name", "chat");
    builder.Set("session.id", session);
    Export(builder.request());
    PassUntil(sequence += 2);
    EXPECT_EQ(CountOf(session), 2) << session;
  }
}

TEST_F(SessionNamesTest, ASessionIsErasedByTheIdThatItWasSentWith) {
  const std::string session = "maria@example.com";
  Log({In(session, "a1"), In("other", "a2")});
  TraceBuilder waiting(1, clock_.Now(), "support");
  waiting.Add(1, 0, "chat", 0, 10).Set("gen_ai.operation.name", "chat");
  waiting.Set("session.id", session);
  Export(waiting.request());
  const v1::Erasure erasure = Erase(EraseSessionRequest("e1", session));
  EXPECT_EQ(erasure.interactions(), 1);
  EXPECT_EQ(erasure.waiting_spans(), 1);
  EXPECT_THAT(Left(), ElementsAre("a2"));
  EXPECT_EQ(Log({In(session, "a3")}).results(0).reason(), common::v1::ERROR_REASON_ERASED);
}

class RotatedSessionNamesTest : public SessionNamesTest {
 protected:
  static constexpr char kOld[] = "old key old key old key old key 1";
  static constexpr char kNew[] = "new key new key new key new key 2";

  void SetUp() override {
    config_.pseudonym_key_file = dir_.path() + "/keys";
    std::ofstream(config_.pseudonym_key_file) << kOld << "\n";
    SessionNamesTest::SetUp();
  }
  void Rotate() {
    std::ofstream(config_.pseudonym_key_file) << kNew << "\n" << kOld << "\n";
    Start();
  }
};

TEST_F(RotatedSessionNamesTest, AResendOfBeforeIsAReplayAndErasuresFindEveryName) {
  const std::string session = "maria@example.com";
  Log({In(session, "a1")});
  Record({AboutSession("s1", session)});
  Rotate();
  EXPECT_EQ(Log({In(session, "a1")}).results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_EQ(Record({AboutSession("s1", session)}).results(0).status(),
            common::v1::ITEM_STATUS_REPLAYED);
  Log({In(session, "a2")});
  const v1::Erasure erasure = Erase(EraseSessionRequest("e1", session));
  EXPECT_EQ(erasure.interactions(), 2);
  EXPECT_EQ(erasure.signals(), 1);
  EXPECT_THAT(Left(), IsEmpty());
}

TEST_F(RotatedSessionNamesTest, AnErasedSessionStaysClosed) {
  const std::string session = "maria@example.com";
  Erase(EraseSessionRequest("e1", session));
  Rotate();
  EXPECT_EQ(Log({In(session, "a1")}).results(0).reason(), common::v1::ERROR_REASON_ERASED);
  EXPECT_EQ(Record({AboutSession("s1", session)}).results(0).reason(),
            common::v1::ERROR_REASON_ERASED);
}

}  // namespace
}  // namespace flywheel::ingest
