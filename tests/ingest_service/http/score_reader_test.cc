// Scores as the SDKs of Langfuse, Phoenix and MLflow send them, recorded from these.
#include "ingest_service/http/score_reader.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "shared/testing/status_matchers.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;
using opentelemetry::proto::logs::v1::LogRecord;

constexpr char kTrace[] = "0af7651916cd43dd8448eb211c80319c";

absl::Time Now() { return absl::FromUnixSeconds(1'800'000'000); }

ScoreExport Read(const std::string& path, const std::string& body) {
  auto read = ReadScores(path, body, Now());
  EXPECT_OK(read);
  return read.ok() ? *std::move(read) : ScoreExport();
}

std::vector<LogRecord> Records(const ScoreExport& read) {
  std::vector<LogRecord> records;
  for (const auto& resource : read.events.resource_logs()) {
    for (const auto& scope : resource.scope_logs()) {
      for (const LogRecord& record : scope.log_records()) records.push_back(record);
    }
  }
  return records;
}

std::map<std::string, std::string> Attributes(const LogRecord& record) {
  std::map<std::string, std::string> attributes;
  for (const auto& attribute : record.attributes()) {
    attributes[attribute.key()] = attribute.value().string_value();
  }
  return attributes;
}

TEST(ScoreReader, LangfuseScoresAreEventsOfTheirTraces) {
  const ScoreExport read = Read("/api/public/scores",
                                R"([{"id": "s1", "traceId": "0af7651916cd43dd8448eb211c80319c",
           "observationId": "b7ad6b7169203331", "name": "helpful", "value": 0.75,
           "comment": "good", "dataType": "NUMERIC", "timestamp": "2026-11-29T14:50:30.901443Z"},
          {"id": "s2", "traceId": "0af7651916cd43dd8448eb211c80319c", "name": "tone",
           "value": "positive", "dataType": "CATEGORICAL"},
          {"id": "s3", "name": "of nothing", "value": 1}])");
  const std::vector<LogRecord> records = Records(read);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].event_name(), "gen_ai.evaluation.result");
  EXPECT_EQ(records[0].trace_id().size(), 16u);
  EXPECT_EQ(records[0].span_id().size(), 8u);
  EXPECT_EQ(absl::FromUnixNanos(static_cast<int64_t>(records[0].time_unix_nano())),
            absl::FromUnixMicros(1'795'963'830'901'443));
  EXPECT_EQ(Attributes(records[0]),
            (std::map<std::string, std::string>{{"gen_ai.evaluation.name", "helpful"},
                                                {"gen_ai.evaluation.score.value", "0.75"},
                                                {"gen_ai.evaluation.explanation", "good"},
                                                {"gen_ai.response.id", "s1"}}));
  EXPECT_EQ(Attributes(records[1])["gen_ai.evaluation.score.label"], "positive");
  EXPECT_EQ(absl::FromUnixNanos(static_cast<int64_t>(records[1].time_unix_nano())), Now());
  EXPECT_EQ(json::parse(read.answer), json({{"id", "s1"}}));
  EXPECT_EQ(read.http_status, 200);
}

// Langfuse's and Phoenix's own: they name no trace, and are the same each time that they come.
TEST(ScoreReader, AScoreOfASessionNamesIt) {
  const auto langfuse = [](const std::string& session) {
    return Records(Read("/api/public/scores", R"({"id": "s1", "name": "solved", "value": 1,
        "sessionId": ")" + session + "\"}"));
  };
  const auto phoenix = Records(Read("/v1/session_annotations", R"({"data": [{"name": "solved",
      "annotator_kind": "LLM", "session_id": "chat-7", "result": {"score": 1}}]})"));
  ASSERT_EQ(langfuse("chat-7").size(), 1u);
  ASSERT_EQ(phoenix.size(), 1u);
  const LogRecord score = langfuse("chat-7")[0];
  EXPECT_EQ(score.trace_id().size(), 16u);
  EXPECT_TRUE(score.span_id().empty());
  EXPECT_EQ(Attributes(score)["flywheel.evaluated.session_id"], "chat-7");
  EXPECT_EQ(Attributes(phoenix[0])["flywheel.evaluated.session_id"], "chat-7");
  EXPECT_EQ(score.trace_id(), langfuse("chat-7")[0].trace_id());
  EXPECT_NE(score.trace_id(), langfuse("chat-8")[0].trace_id());
  EXPECT_TRUE(langfuse("ada@example.com").empty()) << "its hash would name them";
}

TEST(ScoreReader, OfABatchOfLangfuseTheScoresCount) {
  const ScoreExport read =
      Read("/api/public/ingestion",
           R"({"batch": [{"id": "e1", "type": "trace-create", "body": {"name": "x"}},
               {"id": "e2", "type": "score-create", "body": {"id": "s1", "name": "ok",
                "traceId": "0af7651916cd43dd8448eb211c80319c", "value": true}}]})");
  ASSERT_EQ(Records(read).size(), 1u);
  EXPECT_EQ(Attributes(Records(read)[0])["gen_ai.evaluation.score.value"], "1");
  EXPECT_EQ(read.http_status, 207);
  const json answer = json::parse(read.answer);
  EXPECT_EQ(answer["successes"].size(), 2u);
  EXPECT_EQ(answer["successes"][1], json({{"id", "e2"}, {"status", 201}}));
}

TEST(ScoreReader, PhoenixSaysWhoAnnotated) {
  const ScoreExport read =
      Read("/v1/trace_annotations",
           R"({"data": [{"name": "helpful", "annotator_kind": "HUMAN", "identifier": "ada",
               "trace_id": "0af7651916cd43dd8448eb211c80319c",
               "result": {"label": "good", "score": 0.5, "explanation": "short"}}]})");
  ASSERT_EQ(Records(read).size(), 1u);
  EXPECT_EQ(Attributes(Records(read)[0]),
            (std::map<std::string, std::string>{{"gen_ai.evaluation.name", "helpful"},
                                                {"gen_ai.evaluation.score.value", "0.5"},
                                                {"gen_ai.evaluation.score.label", "good"},
                                                {"gen_ai.evaluation.explanation", "short"},
                                                {"gen_ai.response.id", "ada"},
                                                {"flywheel.annotator_kind", "HUMAN"}}));
  EXPECT_EQ(json::parse(read.answer)["data"].size(), 1u);
}

TEST(ScoreReader, MlflowGetsItsAssessmentBack) {
  const std::string path = std::string("/api/3.0/mlflow/traces/tr-") + kTrace + "/assessments";
  EXPECT_TRUE(TakesScores(path));
  const ScoreExport read =
      Read(path, R"({"assessment": {"assessment_name": "helpful", "rationale": "good",
          "trace_id": "tr-0af7651916cd43dd8448eb211c80319c", "feedback": {"value": false},
          "source": {"source_type": "HUMAN", "source_id": "ada@example.com"},
          "create_time": "2026-11-29T14:50:39.584Z"}})");
  ASSERT_EQ(Records(read).size(), 1u);
  EXPECT_EQ(Attributes(Records(read)[0]),
            (std::map<std::string, std::string>{{"gen_ai.evaluation.name", "helpful"},
                                                {"gen_ai.evaluation.score.value", "0"},
                                                {"gen_ai.evaluation.explanation", "good"},
                                                {"gen_ai.response.id", "HUMAN"},
                                                {"flywheel.annotator_kind", "HUMAN"}}))
      << "and nobody's address";
  const json answer = json::parse(read.answer);
  EXPECT_EQ(answer["assessment"]["feedback"]["value"], false);
  EXPECT_EQ(answer["assessment"]["assessment_id"], "a-helpful");
}

TEST(ScoreReader, WhatIsNoScoreIsLeftOutAndWhatIsNoJsonRefused) {
  for (const char* body : {"{}", "[]", "[1, null]", R"({"traceId": "x", "name": "n", "value": 1})",
                           R"({"traceId": "0af7651916cd43dd8448eb211c80319c", "value": 1})"}) {
    for (const char* path : {"/api/public/scores", "/api/public/ingestion", "/v1/trace_annotations",
                             "/mlflow/traces/tr-1/assessments"}) {
      EXPECT_TRUE(Records(Read(path, body)).empty()) << path << " " << body;
    }
  }
  EXPECT_FALSE(ReadScores("/api/public/scores", "", Now()).ok());
  EXPECT_FALSE(ReadScores("/api/public/scores", "score=1", Now()).ok());
  EXPECT_FALSE(TakesScores("/api/public/media"));
  EXPECT_FALSE(TakesScores("/assessments"));
}

}  // namespace
}  // namespace flywheel::ingest
