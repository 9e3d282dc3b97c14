#include "ingest_service/http/score_reader.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/evaluation_reader.h"
#include "ingest_service/otlp/json_members.h"
#include "shared/status/errors.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;
using opentelemetry::proto::logs::v1::LogRecord;

constexpr std::string_view kLangfuseScores = "/api/public/scores";
constexpr std::string_view kLangfuseBatch = "/api/public/ingestion";
constexpr std::string_view kPhoenixTraces = "/v1/trace_annotations";
constexpr std::string_view kPhoenixSessions = "/v1/session_annotations";
constexpr std::string_view kMlflowTraces = "/mlflow/traces/";
constexpr std::string_view kMlflowScores = "/assessments";
constexpr size_t kTraceIdBytes = 16;
constexpr size_t kSpanIdBytes = 8;

// What all of them say in their own words.
struct Score {
  // In hexadecimal; a score without a trace may be one of a session.
  std::string trace_id;
  std::string span_id;
  std::string session_id;
  std::string name;
  // A number, a truth value or a label.
  json value;
  std::string label;
  std::string explanation;
  // Tells scores of one name apart.
  std::string identifier;
  bool by_person = false;
  // As RFC 3339; empty for now.
  std::string time;
};

// The bytes of an id in hexadecimal; empty where it is none.
std::string IdOf(const std::string& hex, size_t bytes) {
  if (hex.size() != 2 * bytes) return "";
  if (hex.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) return "";
  return absl::HexStringToBytes(hex);
}

// Collects scores as log records.
class Events {
 public:
  explicit Events(absl::Time now) : now_(now) {}

  void Add(const Score& score) {
    const bool of_session = score.trace_id.empty();
    const std::string trace_id =
        of_session ? TraceOfSessionScore(score.session_id, score.name, score.identifier)
                   : IdOf(score.trace_id, kTraceIdBytes);
    if (trace_id.empty() || score.name.empty()) return;
    if (scope_ == nullptr) scope_ = request_.add_resource_logs()->add_scope_logs();
    LogRecord& record = *scope_->add_log_records();
    record.set_event_name(std::string(kEvaluationEvent));
    record.set_trace_id(trace_id);
    if (!of_session) record.set_span_id(IdOf(score.span_id, kSpanIdBytes));
    absl::Time time = now_;
    if (!absl::ParseTime(absl::RFC3339_full, score.time, &time, nullptr)) time = now_;
    record.set_time_unix_nano(static_cast<uint64_t>(absl::ToUnixNanos(time)));
    Set("gen_ai.evaluation.name", score.name, record);
    if (score.value.is_boolean()) {
      Set("gen_ai.evaluation.score.value", score.value.get<bool>() ? "1" : "0", record);
    } else if (score.value.is_number()) {
      Set("gen_ai.evaluation.score.value", score.value.dump(), record);
    }
    Set("gen_ai.evaluation.score.label",
        score.value.is_string() ? ToText(score.value) : score.label, record);
    Set("gen_ai.evaluation.explanation", score.explanation, record);
    Set("gen_ai.response.id", score.identifier, record);
    if (of_session) Set(kEvaluatedSession, score.session_id, record);
    if (score.by_person) Set("flywheel.annotator_kind", "HUMAN", record);
  }

  auto Take() { return std::move(request_); }

 private:
  static void Set(std::string_view name, const std::string& value, LogRecord& record) {
    if (value.empty()) return;
    auto* const attribute = record.add_attributes();
    attribute->set_key(std::string(name));
    attribute->mutable_value()->set_string_value(value);
  }

  const absl::Time now_;
  opentelemetry::proto::collector::logs::v1::ExportLogsServiceRequest request_;
  opentelemetry::proto::logs::v1::ScopeLogs* scope_ = nullptr;
};

void AddLangfuse(const json& body, Events& events) {
  const auto text = [&](const char* key) { return ToText(Member(body, key)); };
  events.Add({.trace_id = text("traceId"),
              .span_id = text("observationId"),
              .session_id = text("sessionId"),
              .name = text("name"),
              .value = Member(body, "value"),
              .label = {},
              .explanation = text("comment"),
              .identifier = text("id"),
              .by_person = false,
              .time = text("timestamp")});
}

// One score or a list; the SDK wants to be told an id.
std::string ReadLangfuse(const json& body, Events& events) {
  if (!body.is_array()) {
    AddLangfuse(body, events);
    return json{{"id", ToText(Member(body, "id"))}}.dump();
  }
  for (const json& score : body) AddLangfuse(score, events);
  return json{{"id", body.empty() ? "" : ToText(Member(body.front(), "id"))}}.dump();
}

// Older SDKs send everything as a batch; what is no score is taken and dropped.
std::string ReadLangfuseBatch(const json& body, Events& events) {
  json taken = json::array();
  for (const json* event : Items(Member(body, "batch"))) {
    if (ToText(Member(*event, "type")) == "score-create") {
      AddLangfuse(Member(*event, "body"), events);
    }
    taken.push_back({{"id", ToText(Member(*event, "id"))}, {"status", 201}});
  }
  return json{{"successes", taken}, {"errors", json::array()}}.dump();
}

std::string ReadPhoenix(const json& body, Events& events) {
  json ids = json::array();
  for (const json* item : Items(Member(body, "data"))) {
    const auto text = [&](const char* key) { return ToText(Member(*item, key)); };
    const json& result = Member(*item, "result");
    events.Add({.trace_id = text("trace_id"),
                .span_id = {},
                .session_id = text("session_id"),
                .name = text("name"),
                .value = Member(result, "score"),
                .label = ToText(Member(result, "label")),
                .explanation = ToText(Member(result, "explanation")),
                .identifier = text("identifier"),
                .by_person = text("annotator_kind") == "HUMAN",
                .time = {}});
    ids.push_back({{"id", text("trace_id").empty() ? text("session_id") : text("trace_id")}});
  }
  return json{{"data", ids}}.dump();
}

// What is expected of an answer is no score of it, and has no feedback.
std::string ReadMlflow(const json& body, Events& events) {
  json assessment = Member(body, "assessment");
  std::string trace_id = ToText(Member(assessment, "trace_id"));
  if (trace_id.starts_with("tr-")) trace_id.erase(0, 3);
  const std::string source = ToText(Member(Member(assessment, "source"), "source_type"));
  events.Add({.trace_id = trace_id,
              .span_id = {},
              .session_id = {},
              .name = ToText(Member(assessment, "assessment_name")),
              .value = Member(Member(assessment, "feedback"), "value"),
              .label = {},
              .explanation = ToText(Member(assessment, "rationale")),
              .identifier = source,
              .by_person = source == "HUMAN",
              .time = ToText(Member(assessment, "create_time"))});
  if (assessment.is_object()) {
    assessment["assessment_id"] = "a-" + ToText(Member(assessment, "assessment_name"));
  }
  return json{{"assessment", assessment}}.dump();
}

}  // namespace

bool TakesScores(std::string_view path) {
  return path.ends_with(kLangfuseScores) || path.ends_with(kLangfuseBatch) ||
         path.ends_with(kPhoenixTraces) || path.ends_with(kPhoenixSessions) ||
         (path.ends_with(kMlflowScores) && path.find(kMlflowTraces) != std::string_view::npos);
}

absl::StatusOr<ScoreExport> ReadScores(std::string_view path, std::string_view body,
                                       absl::Time now) {
  const std::optional<json> parsed = ParseJson(body);
  if (!parsed || !parsed->is_structured()) {
    return errors::InvalidArgument("body", "no JSON", "the scores as JSON");
  }
  Events events(now);
  ScoreExport read;
  if (path.ends_with(kLangfuseScores)) {
    read.answer = ReadLangfuse(*parsed, events);
  } else if (path.ends_with(kLangfuseBatch)) {
    read.answer = ReadLangfuseBatch(*parsed, events);
    read.http_status = 207;
  } else if (path.ends_with(kPhoenixTraces) || path.ends_with(kPhoenixSessions)) {
    read.answer = ReadPhoenix(*parsed, events);
  } else {
    read.answer = ReadMlflow(*parsed, events);
  }
  read.events = events.Take();
  return read;
}

}  // namespace flywheel::ingest
