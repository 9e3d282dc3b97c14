#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/ingest_service/otlp/otlp_fixture.h"

namespace flywheel::ingest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class EvaluationsTest : public OtlpTest {
 protected:
  // A log record of one event.
  OtlpLogs Event(uint64_t trace, uint64_t span, const std::string& name, int64_t at_ms = 50) {
    OtlpLogs logs;
    auto* const record = logs.add_resource_logs()->add_scope_logs()->add_log_records();
    if (trace != 0) record->set_trace_id(TraceId(trace));
    record->set_span_id(SpanId(span));
    record->set_event_name(name);
    record->set_time_unix_nano(
        static_cast<uint64_t>(absl::ToUnixNanos(clock_.Now() + absl::Milliseconds(at_ms))));
    return logs;
  }

  OtlpLogs Evaluation(uint64_t trace, uint64_t span, const std::string& name, double score,
                      int64_t at_ms = 50) {
    OtlpLogs logs = Event(trace, span, "gen_ai.evaluation.result", at_ms);
    SetAttribute(Attributes(logs), "gen_ai.evaluation.name", name);
    SetAttribute(Attributes(logs), "gen_ai.evaluation.score.value", score);
    return logs;
  }

  static OtlpAttributes* Attributes(OtlpLogs& logs) {
    return logs.mutable_resource_logs(0)
        ->mutable_scope_logs(0)
        ->mutable_log_records(0)
        ->mutable_attributes();
  }

  double Mean(const std::string& name) {
    const v1::GetStatsResponse stats = Stats();
    for (const v1::EvaluationMean& mean : stats.evaluation_means()) {
      if (mean.name() == name) return mean.mean();
    }
    return -1;
  }
};

TEST_F(EvaluationsTest, EventsOfSpansBecomeSignalsOfTheInteraction) {
  TraceBuilder trace = Chat(1, "hi");
  trace.AddEvent("gen_ai.evaluation.result", 9)
      .Set("gen_ai.evaluation.name", "relevance")
      .Set("gen_ai.evaluation.score.value", 0.75)
      .Set("gen_ai.evaluation.score.label", "relevant")
      .Set("gen_ai.evaluation.explanation", "it is about the question")
      .Set("gen_ai.response.id", "r1");
  trace.AddEvent("gen_ai.evaluation.result", 9)
      .Set("gen_ai.evaluation.name", "toxicity")
      .Set("gen_ai.evaluation.score.label", "pass");
  trace.AddEvent("gen_ai.evaluation.result", 9).Set("gen_ai.evaluation.name", "nothing said");
  Export(trace);
  PassUntil(3);
  const v1::GetInteractionResponse found = Get("otel-" + TraceHex(1));
  ASSERT_EQ(found.signals_size(), 2);
  EXPECT_EQ(found.signals(0).evaluation().name(), "relevance");
  EXPECT_EQ(found.signals(0).evaluation().score(), 0.75);
  EXPECT_EQ(found.signals(0).actor(), v1::ACTOR_SYSTEM);
  EXPECT_EQ(found.signals(0).evaluation().label(), "relevant");
  EXPECT_EQ(found.signals(0).evaluation().explanation(), "it is about the question");
  EXPECT_EQ(found.signals(1).evaluation().score(), 1.0);
  EXPECT_EQ(found.signals(1).evaluation().label(), "pass");
  // Once is enough.
  for (const auto& [name, value] : found.interaction().attributes()) {
    EXPECT_THAT(name, Not(HasSubstr("evaluation"))) << value;
  }
}

TEST_F(EvaluationsTest, WhatAJudgeWritesIsRedactedBeforeItWaitsAndCutToWhatASignalTakes) {
  OtlpLogs logs = Evaluation(1, 1, "tone", 0.5);
  SetAttribute(Attributes(logs), "gen_ai.evaluation.score.label", "like ada@example.com");
  SetAttribute(Attributes(logs), "gen_ai.evaluation.explanation",
               "bob@example.com wrote to ada@example.com " + std::string(20'000, 'x'));
  Export(logs);
  auto connection = sql::Connection::Open(dir_.path() + "/ingest.db", sql::Access::kRead);
  ASSERT_OK(connection);
  sql::Statement select = (*connection)->Prepare("SELECT payload FROM otlp_spans");
  ASSERT_TRUE(select.Next());
  EXPECT_THAT(select.Text(0), Not(HasSubstr("@example")));
  Export(Chat(1, "hi"));
  PassUntil(2);
  const v1::GetInteractionResponse found = Get("otel-" + TraceHex(1));
  ASSERT_EQ(found.signals_size(), 1);
  const v1::Evaluation& evaluation = found.signals(0).evaluation();
  EXPECT_EQ(evaluation.label(), "like [EMAIL_1]");
  EXPECT_THAT(evaluation.explanation(), StartsWith("[EMAIL_2] wrote to [EMAIL_1] xxx"));
  EXPECT_EQ(evaluation.explanation().size(), 16'384u);
}

TEST_F(EvaluationsTest, LogRecordsCountWithTheirTraceAndLongAfterIt) {
  Export(Chat(1, "hi"));
  EXPECT_FALSE(Export(Evaluation(1, 1, "relevance", 0.5)).has_partial_success());
  PassUntil(2);
  const OtlpLogs late = Evaluation(1, 1, "safety", 1);
  Export(late);
  PassUntil(3);
  EXPECT_EQ(Get("otel-" + TraceHex(1)).signals_size(), 2);
  EXPECT_EQ(Stats().interactions(), 1);
  // Again, while nothing waits any more.
  Export(late);
  EXPECT_EQ(CountRows("otlp_spans"), 0);
  EXPECT_EQ(Stats().signals(), 2);
}

TEST_F(EvaluationsTest, AScoreMayBeOfASessionAlone) {
  OtlpLogs score = Evaluation(7, 0, "solved", 1);
  SetAttribute(Attributes(score), "flywheel.evaluated.session_id", "chat-7");
  EXPECT_FALSE(Export(score).has_partial_success());
  PassUntil(1, absl::Minutes(11));
  v1::GetSessionFeedbackRequest request;
  request.set_session_id("chat-7");
  v1::GetSessionFeedbackResponse feedback;
  ASSERT_OK(Call(&v1::IngestService::Stub::GetSessionFeedback, request, &feedback));
  EXPECT_EQ(feedback.signals(), 1);
}

TEST_F(EvaluationsTest, ALaterScoreOfTheSameNameReplacesTheEarlierOne) {
  Export(Chat(1, "hi"));
  Export(Evaluation(1, 1, "relevance", 0.25));
  PassUntil(2);
  Export(Evaluation(1, 1, "relevance", 0.75, 5'000));
  PassUntil(3);
  EXPECT_EQ(Mean("relevance"), 0.75);
  const v1::GetInteractionResponse found = Get("otel-" + TraceHex(1));
  ASSERT_EQ(found.signals_size(), 1);
  EXPECT_EQ(found.signals(0).evaluation().score(), 0.75);
}

TEST_F(EvaluationsTest, OfScoresWithinASecondThatWaitTogetherTheLastGivenCounts) {
  Export(Chat(1, "hi"));
  Export(Evaluation(1, 1, "relevance", 0.25, 100));
  Export(Evaluation(1, 1, "relevance", 0.75, 300));
  Export(Evaluation(1, 1, "relevance", 0.5, 200));
  PassUntil(2);
  EXPECT_EQ(Mean("relevance"), 0.75);
  EXPECT_EQ(Stats().signals(), 1);
}

TEST_F(EvaluationsTest, OnceAScoreIsASignalTheNextOneHasToBeOfALaterSecond) {
  Export(Chat(1, "hi"));
  Export(Evaluation(1, 1, "relevance", 0.25, 100));
  PassUntil(2);
  // PassUntil let 6 seconds go by; the times are those of the judge.
  Export(Evaluation(1, 1, "relevance", 0.5, 200 - 6'000));
  Export(Evaluation(1, 1, "relevance", 0.75, 1'100 - 6'000));
  PassUntil(3);
  EXPECT_EQ(Mean("relevance"), 0.75);
  EXPECT_EQ(Stats().signals(), 2);
}

TEST_F(EvaluationsTest, ScoresOfTheSameNameOnTwoSpansAreTwoSignals) {
  TraceBuilder trace = Chat(1, "hi");
  trace.Add(2, 1, "execute_tool a", 1, 2)
      .Set("gen_ai.operation.name", "execute_tool")
      .Set("gen_ai.tool.name", "a");
  Export(trace);
  Export(Evaluation(1, 1, "relevance", 0.25));
  Export(Evaluation(1, 2, "relevance", 0.75));
  PassUntil(3);
  EXPECT_EQ(Mean("relevance"), 0.5);
}

TEST_F(EvaluationsTest, AnnotationsOfOpenInferenceKnowTheirTarget) {
  TraceBuilder trace = Chat(1, "hi");
  trace.Set("session.id", "conv-7")
      .Set("annotations.0.annotation.name", "correctness")
      .Set("annotations.0.annotation.score", 1)
      .Set("annotations.0.annotation.annotator_kind", "HUMAN")
      .Set("trace.evaluations.0.evaluation.name", "helpfulness")
      .Set("trace.evaluations.0.evaluation.label", "no")
      .Set("session.annotations.0.annotation.name", "goal")
      .Set("session.annotations.0.annotation.score", 0.5);
  Export(trace);
  PassUntil(4);
  const v1::GetInteractionResponse found = Get("otel-" + TraceHex(1));
  ASSERT_EQ(found.signals_size(), 2);
  EXPECT_EQ(found.signals(0).actor(), v1::ACTOR_STAFF);
  EXPECT_EQ(found.signals(1).evaluation().name(), "helpfulness");
  EXPECT_EQ(found.signals(1).evaluation().score(), 0.0);
  v1::GetSessionFeedbackRequest request;
  request.set_session_id("conv-7");
  v1::GetSessionFeedbackResponse feedback;
  ASSERT_OK(Call(&v1::IngestService::Stub::GetSessionFeedback, request, &feedback));
  EXPECT_EQ(feedback.signals(), 3);
}

TEST_F(EvaluationsTest, AJudgeMayListSeveralScores) {
  TraceBuilder trace = Chat(1, "hi");
  trace.Add(2, 1, "brevity.evaluate", 20, 90)
      .Set("openinference.span.kind", "EVALUATOR")
      .Set("output.value", R"([{"name": "brevity", "score": 1.0, "label": "short"},
                               {"name": "tone", "score": 0.5, "explanation": "dry"}])");
  Export(trace);
  PassUntil(3);
  const v1::GetInteractionResponse found = Get("otel-" + TraceHex(1));
  ASSERT_EQ(found.signals_size(), 2);
  EXPECT_EQ(found.signals(0).evaluation().label(), "short");
  EXPECT_EQ(found.signals(1).evaluation().name(), "tone");
  EXPECT_EQ(found.signals(1).evaluation().explanation(), "dry");
}

TEST_F(EvaluationsTest, AJudgesOwnWorkIsNotTheAgents) {
  TraceBuilder trace = Chat(1, "hi");
  trace.Set("gen_ai.usage.input_tokens", 10);
  trace.Add(2, 1, "faithfulness", 20, 90)
      .Set("openinference.span.kind", "EVALUATOR")
      .Set("output.value", R"({"score": 0.9, "label": "faithful"})");
  trace.Add(3, 2, "chat judge", 30, 80)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.response.model", "judge")
      .Set("gen_ai.usage.input_tokens", 1'000)
      .Set("gen_ai.output.messages",
           R"([{"role":"assistant","parts":[{"type":"text","content":"0.9"}]}])");
  Export(trace);
  PassUntil(2);
  const v1::GetInteractionResponse found = Get("otel-" + TraceHex(1));
  EXPECT_EQ(found.interaction().prompt_tokens(), 10);
  EXPECT_EQ(found.interaction().output(), "hello");
  EXPECT_EQ(found.interaction().model_version(), "");
  EXPECT_EQ(found.signals(0).evaluation().name(), "faithfulness");
  EXPECT_EQ(found.signals(0).evaluation().score(), 0.9);
  EXPECT_EQ(found.signals(0).evaluation().label(), "faithful");
}

TEST_F(EvaluationsTest, AJudgeInATraceOfHisOwnSpeaksOfTheTraceThatHeLinksTo) {
  Export(Chat(1, "hi"));
  TraceBuilder judge = Trace(2);
  judge.Add(1, 0, "faithfulness", 20, 90)
      .Set("openinference.span.kind", "EVALUATOR")
      .Set("output.value", "0.5");
  judge.span().add_links()->set_trace_id(TraceId(1));
  Export(judge);
  PassUntil(2);
  EXPECT_EQ(Stats().interactions(), 1);
  EXPECT_EQ(Get("otel-" + TraceHex(1)).signals(0).evaluation().score(), 0.5);
}

TEST_F(EvaluationsTest, AJudgeAloneInATraceSpeaksOfWhatThatTraceBecomes) {
  TraceBuilder judge = Trace(1);
  judge.Add(9, 0, "brevity.evaluate", 20, 90)
      .Set("openinference.span.kind", "EVALUATOR")
      .Set("output.value", R"([{"name": "brevity", "score": 1.0}])");
  Export(judge);
  PassUntil(1);
  EXPECT_EQ(Stats().interactions(), 0);
  EXPECT_EQ(Stats().signals(), 1);
  // The work that was judged may come later.
  Export(Chat(1, "hi"));
  PassUntil(2);
  const v1::GetInteractionResponse found = Get("otel-" + TraceHex(1));
  EXPECT_EQ(found.interaction().input(), "hi");
  ASSERT_EQ(found.signals_size(), 1);
  EXPECT_EQ(found.signals(0).evaluation().name(), "brevity");
}

TEST_F(EvaluationsTest, EventsAloneMakeAnInteraction) {
  OtlpLogs logs = Event(1, 1, "gen_ai.client.inference.operation.details");
  SetAttribute(Attributes(logs), "gen_ai.operation.name", "chat");
  SetAttribute(Attributes(logs), "gen_ai.input.messages",
               R"([{"role":"user","parts":[{"type":"text","content":"hi"}]}])");
  Export(logs);
  // Older events are one log record a message, with a body.
  OtlpLogs question = Event(2, 1, "gen_ai.user.message");
  auto* const record =
      question.mutable_resource_logs(0)->mutable_scope_logs(0)->mutable_log_records(0);
  SetAttribute(record->mutable_body()->mutable_kvlist_value()->mutable_values(), "content", "hey");
  Export(question);
  PassUntil(2, absl::Minutes(11));
  EXPECT_EQ(Get("otel-" + TraceHex(1)).interaction().input(), "hi");
  EXPECT_EQ(Get("otel-" + TraceHex(2)).interaction().input(), "hey");
}

TEST_F(EvaluationsTest, OtherLogRecordsAreTakenAndDropped) {
  OtlpLogs logs = Event(1, 1, "http.request");
  logs.MergeFrom(Event(0, 0, "gen_ai.user.message"));
  logs.MergeFrom(Event(1, 1, ""));
  EXPECT_FALSE(Export(logs).has_partial_success());
  EXPECT_EQ(CountRows("otlp_spans"), 0);
  OtlpLogs odd = Event(1, 1, "gen_ai.user.message");
  odd.mutable_resource_logs(0)->mutable_scope_logs(0)->mutable_log_records(0)->set_trace_id("x");
  const OtlpLogsAnswer answer = Export(odd);
  EXPECT_EQ(answer.partial_success().rejected_log_records(), 1);
  EXPECT_THAT(answer.partial_success().error_message(), HasSubstr("trace_id"));
}

}  // namespace
}  // namespace flywheel::ingest
