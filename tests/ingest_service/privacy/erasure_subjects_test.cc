// Erasure of a session and of one interaction: what leaves, and what stays out.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "shared/status/errors.h"
#include "shared/testing/feed_sequence.h"
#include "tests/ingest_service/privacy/privacy_fixture.h"

namespace flywheel::ingest {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ErasureSubjectsTest : public PrivacyServiceTest {
 protected:
  // A trace of a root that names the session, where there is one, and a child that says something.
  void ExportTraceIn(const std::string& session, uint64_t trace, const std::string& text) {
    TraceBuilder builder(trace, clock_.Now(), "support");
    builder.Add(1, 0, "agent", 0, 10).Set("gen_ai.operation.name", "invoke_agent");
    if (!session.empty()) builder.Set("session.id", session);
    builder.Add(2, 1, "chat", 1, 9).Set("gen_ai.operation.name", "chat").Set("input.value", text);
    Export(builder.request());
  }
  // A further span of a trace, which names nobody and no session. Returns what was sent.
  OtlpTraces ExportMore(uint64_t trace, uint64_t span, const std::string& text) {
    TraceBuilder builder(trace, clock_.Now(), "support");
    builder.Add(span, 1, "chat", 1, 9).Set("gen_ai.operation.name", "chat");
    builder.Set("input.value", text);
    Export(builder.request());
    return builder.request();
  }

  v1::Interaction In(const std::string& session, const std::string& id) const {
    return Of("", id, session);
  }

  common::v1::ErrorReason ReasonOf(const v1::Interaction& interaction) {
    return Log({interaction}).results(0).reason();
  }
  common::v1::ErrorReason ReasonOf(const v1::Signal& signal) {
    return Record({signal}).results(0).reason();
  }
};

TEST_F(ErasureSubjectsTest, ASessionLeavesWithAllThatWasSaidInItByWhomever) {
  Log({Of("ada", "a1", "s"), Of("bob", "b1", "s"), In("s", "c1"), Of("ada", "a2", "other")});
  Record({By("ada", "about-a1", "a1"), By("staff", "about-b1", "b1"), By("ada", "about-a2", "a2"),
          AboutSession("about-s", "s"), AboutSession("about-other", "other")});
  v1::Signal revised = AboutSession("about-s", "s");
  revised.set_revision(1);
  Record({revised});
  const v1::Erasure erasure = Erase(EraseSessionRequest("e1", "s"));
  EXPECT_EQ(erasure.subject_kind(), v1::SUBJECT_KIND_SESSION);
  EXPECT_EQ(erasure.interactions(), 3);
  EXPECT_EQ(erasure.signals(), 4);
  EXPECT_TRUE(erasure.stores(0).has_clean_time());
  EXPECT_THAT(Left(), ElementsAre("a2", "about-a2", "about-other"));
  EXPECT_EQ(Stats().interactions(), 1);
  EXPECT_EQ(Stats().signals(), 2);
  EXPECT_TRUE(Feed().back().tombstone().last());
}

TEST_F(ErasureSubjectsTest, AnErasedSessionTakesNothingMore) {
  Log({In("s", "a1")});
  Erase(EraseSessionRequest("e1", "s"));
  for (int start = 0; start < 2; ++start) {
    EXPECT_EQ(ReasonOf(In("s", "a1")), common::v1::ERROR_REASON_ERASED);
    EXPECT_EQ(ReasonOf(In("s", "a2")), common::v1::ERROR_REASON_ERASED);
    EXPECT_EQ(ReasonOf(AboutSession("s1", "s")), common::v1::ERROR_REASON_ERASED);
    EXPECT_EQ(ReasonOf(Signal("s2", "a1")), common::v1::ERROR_REASON_ERASED);
    Start();
  }
  const v1::LogInteractionsResponse refused = Log({In("s", "a3"), In("next", "a4")});
  EXPECT_THAT(refused.results(0).message(), HasSubstr("session s was erased"));
  EXPECT_EQ(refused.results(1).status(), common::v1::ITEM_STATUS_STORED);
}

TEST_F(ErasureSubjectsTest, ASessionThatIsErasedBeforeItBeganStaysOut) {
  const v1::Erasure erasure = Erase(EraseSessionRequest("e1", "s"));
  EXPECT_EQ(erasure.interactions(), 0);
  EXPECT_EQ(ReasonOf(In("s", "a1")), common::v1::ERROR_REASON_ERASED);
}

TEST_F(ErasureSubjectsTest, AnInteractionLeavesAndItsSessionStays) {
  Log({Of("ada", "a1", "s"), Of("ada", "a2", "s")});
  Record({By("ada", "about-a1", "a1"), Signal("about-a2", "a2"), AboutSession("about-s", "s")});
  const v1::Erasure erasure = Erase(EraseInteractionRequest("e1", "a1"));
  EXPECT_EQ(erasure.subject_kind(), v1::SUBJECT_KIND_INTERACTION);
  EXPECT_EQ(erasure.interactions(), 1);
  EXPECT_EQ(erasure.signals(), 1);
  EXPECT_THAT(Left(), ElementsAre("a2", "about-a2", "about-s"));
  EXPECT_EQ(ReasonOf(Of("ada", "a1", "s")), common::v1::ERROR_REASON_ERASED);
  EXPECT_EQ(ReasonOf(Signal("late", "a1")), common::v1::ERROR_REASON_ERASED);
  EXPECT_EQ(Log({Of("ada", "a3", "s")}).results(0).status(), common::v1::ITEM_STATUS_STORED);
}

TEST_F(ErasureSubjectsTest, AnInteractionThatNeverCameStaysOutWithWhatWasSaidAboutIt) {
  Record({Signal("early", "late")});
  const v1::Erasure erasure = Erase(EraseInteractionRequest("e1", "late"));
  EXPECT_EQ(erasure.signals(), 1);
  EXPECT_THAT(Left(), IsEmpty());
  EXPECT_EQ(ReasonOf(In("s", "late")), common::v1::ERROR_REASON_ERASED);
  EXPECT_EQ(ReasonOf(Signal("early", "late")), common::v1::ERROR_REASON_ERASED);
}

TEST_F(ErasureSubjectsTest, ALongSessionLeavesInPieces) {
  for (int batch = 0; batch < 3; ++batch) {
    std::vector<v1::Interaction> interactions;
    std::vector<v1::Signal> signals;
    for (int i = 0; i < 700; ++i) {
      const std::string name = std::to_string(batch) + "-" + std::to_string(i);
      interactions.push_back(In("s", name));
      signals.push_back(i % 2 == 0 ? Signal(name, name) : AboutSession(name, "s"));
    }
    Log(interactions);
    Record(signals);
  }
  const v1::Erasure erasure = Erase(EraseSessionRequest("e1", "s"));
  EXPECT_EQ(erasure.interactions(), 2'100);
  EXPECT_EQ(erasure.signals(), 2'100);
  EXPECT_THAT(Left(), IsEmpty());
  EXPECT_EQ(Stats().signals(), 0);
}

TEST_F(ErasureSubjectsTest, AHoldOnWhoeverHasAPartInItForbidsIt) {
  Log({Of("ada", "a1", "hers"), Of("bob", "b1", "his"), Of("eve", "e1", "spoken-of")});
  Record({By("bob", "s1", "e1")});
  v1::Signal of_session = AboutSession("s2", "silent");
  of_session.set_actor_id("ada");
  Record({of_session});
  TraceBuilder waiting(1, clock_.Now(), "support");
  waiting.Add(1, 0, "agent", 0, 10).Set("gen_ai.operation.name", "invoke_agent");
  waiting.Set("session.id", "waiting");
  waiting.Add(2, 1, "chat", 1, 9).Set("gen_ai.operation.name", "chat").Set("user.id", "bob");
  Export(waiting.request());
  SetLegalHold("ada", true);
  SetLegalHold("bob", true);
  int number = 0;
  v1::EraseResponse response;
  for (const char* session : {"hers", "his", "spoken-of", "silent", "waiting"}) {
    EXPECT_THAT(Ask(&v1::PrivacyService::Stub::Erase,
                    EraseSessionRequest("s" + std::to_string(++number), session), &response),
                HasReason(Reason::kLegalHold))
        << session;
  }
  for (const std::string& interaction :
       {std::string("a1"), std::string("e1"), "otel-" + TraceHex(1)}) {
    EXPECT_THAT(
        Ask(&v1::PrivacyService::Stub::Erase,
            EraseInteractionRequest("i" + std::to_string(++number), interaction), &response),
        HasReason(Reason::kLegalHold))
        << interaction;
  }
  EXPECT_EQ(Stats().interactions(), 3);
  SetLegalHold("bob", false);
  EXPECT_EQ(Erase(EraseSessionRequest("e1", "spoken-of")).signals(), 1);
  EXPECT_EQ(Erase(EraseSessionRequest("e2", "waiting")).waiting_spans(), 2);
}

TEST_F(ErasureSubjectsTest, TracesThatWaitForASessionLeaveWithIt) {
  ExportTraceIn("s", 1, "their secret");
  ExportTraceIn("other", 2, "no secret");
  const v1::Erasure erasure = Erase(EraseSessionRequest("e1", "s"));
  EXPECT_EQ(erasure.interactions(), 0);
  EXPECT_EQ(erasure.waiting_spans(), 2);
  EXPECT_EQ(Disk().find("their secret"), std::string::npos);
  // The rest of the trace does not name the session.
  ExportMore(1, 3, "their secret");
  PassUntil(testing::FeedSequence(erasure.commit_token()) + 1);
  EXPECT_THAT(Left(), ElementsAre("otel-" + TraceHex(2)));
}

TEST_F(ErasureSubjectsTest, AScoreOfTheSessionThatWaitsLeavesWithIt) {
  TraceBuilder builder(1, clock_.Now(), "support");
  builder.Add(1, 2, "score", 0, 10)
      .AddEvent("gen_ai.evaluation.result", 5)
      .Set("gen_ai.evaluation.name", "solved")
      .Set("gen_ai.evaluation.explanation", "their secret")
      .Set("flywheel.evaluated.session_id", "s");
  Export(builder.request());
  EXPECT_EQ(Erase(EraseSessionRequest("e1", "s")).waiting_spans(), 1);
  EXPECT_EQ(Disk().find("their secret"), std::string::npos);
}

TEST_F(ErasureSubjectsTest, ATraceThatNamesAnErasedSessionIsRefusedWithAllItsParts) {
  const v1::Erasure erasure = Erase(EraseSessionRequest("e1", "s"));
  const int64_t last = testing::FeedSequence(erasure.commit_token());
  ExportTraceIn("s", 1, "their secret");
  ExportTraceIn("", 2, "");
  PassUntil(last + 1);
  ExportMore(1, 3, "their secret");
  ExportTraceIn("", 3, "");
  PassUntil(last + 2);
  EXPECT_THAT(Left(), ElementsAre("otel-" + TraceHex(2), "otel-" + TraceHex(3)));
}

TEST_F(ErasureSubjectsTest, ATraceWithoutASessionIsOneByItself) {
  ExportTraceIn("", 1, "their secret");
  const v1::Erasure waiting = Erase(EraseSessionRequest("e1", "otel-" + TraceHex(1)));
  EXPECT_EQ(waiting.waiting_spans(), 2);
  ExportTraceIn("", 2, "their secret");
  PassUntil(testing::FeedSequence(waiting.commit_token()) + 1);
  const v1::Erasure stored = Erase(EraseSessionRequest("e2", "otel-" + TraceHex(2)));
  EXPECT_EQ(stored.interactions(), 1);
  ExportMore(1, 3, "their secret");
  ExportMore(2, 3, "their secret");
  ExportTraceIn("", 3, "");
  PassUntil(testing::FeedSequence(stored.commit_token()) + 1);
  EXPECT_THAT(Left(), ElementsAre("otel-" + TraceHex(3)));
}

TEST_F(ErasureSubjectsTest, TheFirstInteractionOfATraceKeepsTheRestOut) {
  ExportTraceIn("s", 1, "their secret");
  const v1::Erasure erasure = Erase(EraseInteractionRequest("e1", "otel-" + TraceHex(1)));
  EXPECT_EQ(erasure.waiting_spans(), 2);
  ExportTraceIn("s", 1, "their secret");
  ExportTraceIn("s", 2, "");
  PassUntil(testing::FeedSequence(erasure.commit_token()) + 1);
  EXPECT_THAT(Left(), ElementsAre("otel-" + TraceHex(2)));
}

TEST_F(ErasureSubjectsTest, AFurtherInteractionOfATraceLeavesAlone) {
  const std::string first = "otel-" + TraceHex(1);
  ExportTraceIn("s", 1, "first");
  PassUntil(1);
  const OtlpTraces second = ExportMore(1, 3, "their secret");
  PassUntil(2);
  const v1::Erasure erasure = Erase(EraseInteractionRequest("e1", first + ".2"));
  EXPECT_EQ(erasure.interactions(), 1);
  // What was its part is known, and no part again; what is new is the next.
  Export(second);
  ExportMore(1, 4, "third");
  PassUntil(testing::FeedSequence(erasure.commit_token()) + 1);
  EXPECT_THAT(Left(), ElementsAre(first, first + ".3"));
  EXPECT_EQ(Disk().find("their secret"), std::string::npos);
}

TEST_F(ErasureSubjectsTest, ATurnOfATraceLeavesAloneAndTheSessionTakesThemAll) {
  const std::string first = "otel-" + TraceHex(1);
  TraceBuilder talk(1, clock_.Now(), "support");
  talk.Add(1, 0, "talk", 0, 50).Set("session.id", "s");
  for (int64_t turn = 0; turn < 3; ++turn) {
    talk.Add(static_cast<uint64_t>(turn) + 2, 1, "invoke_agent support", 10 * turn + 1,
             10 * turn + 9);
    talk.Set("gen_ai.operation.name", "invoke_agent").Set("gen_ai.agent.name", "support");
    talk.Set("input.value", "question " + std::to_string(turn));
    talk.Set("output.value", "answer " + std::to_string(turn));
  }
  Export(talk.request());
  PassUntil(3);
  ASSERT_THAT(Left(), ElementsAre(first, first + "-2", first + "-3"));
  const v1::Erasure turn = Erase(EraseInteractionRequest("e1", first + "-2"));
  EXPECT_EQ(turn.interactions(), 1);
  // Its spans are known, and become nothing again.
  Export(talk.request());
  ExportTraceIn("", 2, "");
  PassUntil(testing::FeedSequence(turn.commit_token()) + 1);
  EXPECT_THAT(Left(), ElementsAre(first, first + "-3", "otel-" + TraceHex(2)));
  EXPECT_EQ(Disk().find("question 1"), std::string::npos);
  EXPECT_EQ(Erase(EraseSessionRequest("e2", "s")).interactions(), 2);
  EXPECT_EQ(Disk().find("question"), std::string::npos);
}

TEST_F(ErasureSubjectsTest, AnErasureIdIsOfOneKindOfSubject) {
  Log({In("x", "x")});
  Erase(EraseInteractionRequest("e1", "x"));
  v1::EraseResponse response;
  EXPECT_THAT(Ask(&v1::PrivacyService::Stub::Erase, EraseSessionRequest("e1", "x"), &response),
              HasReason(Reason::kAlreadyExistsWithOtherContent));
  EXPECT_THAT(Ask(&v1::PrivacyService::Stub::Erase, EraseRequest("e1", "x"), &response),
              HasReason(Reason::kAlreadyExistsWithOtherContent));
  EXPECT_EQ(Erase(EraseInteractionRequest("e1", "x")).interactions(), 1);
}

TEST_F(ErasureSubjectsTest, ARequestNamesOneSubject) {
  v1::EraseRequest request;
  request.set_erasure_id("e1");
  v1::EraseResponse response;
  const grpc::Status nothing = Ask(&v1::PrivacyService::Stub::Erase, request, &response);
  EXPECT_THAT(nothing, HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(nothing.error_message(), HasSubstr("session_id"));
  for (const v1::EraseRequest& empty :
       {EraseSessionRequest("e1", ""), EraseInteractionRequest("e1", ""), EraseRequest("e1", "")}) {
    EXPECT_THAT(Ask(&v1::PrivacyService::Stub::Erase, empty, &response),
                HasReason(Reason::kInvalidArgument));
  }
}

TEST_F(ErasureSubjectsTest, TouchesNoOtherProject) {
  Log({In("s", "a1")});
  v1::EraseResponse response;
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(20), "elsewhere");
  ASSERT_OK(v1::PrivacyService::NewStub(channel_.get())
                ->Erase(&context, EraseSessionRequest("e1", "s"), &response));
  EXPECT_EQ(response.erasure().interactions(), 0);
  EXPECT_EQ(Log({In("s", "a2")}).results(0).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_TRUE(Has("a1"));
}

}  // namespace
}  // namespace flywheel::ingest
