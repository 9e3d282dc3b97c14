#include "ingest_service/otlp/evaluation_reader.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ingest_service/domain/record_limits.h"
#include "ingest_service/domain/session_id.h"
#include "ingest_service/otlp/any_value.h"
#include "shared/hashing/content_hash.h"
#include "shared/text/shorten.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;
using opentelemetry::proto::trace::v1::Span;

constexpr size_t kMaxEvaluations = 1'000;
constexpr size_t kTraceIdBytes = 16;
// What evaluators say in words where they give no number.
constexpr std::string_view kYes[] = {"pass", "passed",   "yes",     "true",     "correct",
                                     "good", "relevant", "factual", "positive", "safe"};
constexpr std::string_view kNo[] = {"fail",      "failed",     "no",           "false",
                                    "incorrect", "irrelevant", "hallucinated", "negative",
                                    "bad",       "unsafe",     "not_relevant"};

std::optional<double> ScoreOfLabel(const std::string& label) {
  std::string lower = label;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const auto is = [&](std::string_view word) { return word == lower; };
  if (std::any_of(std::begin(kYes), std::end(kYes), is)) return 1.0;
  if (std::any_of(std::begin(kNo), std::end(kNo), is)) return 0.0;
  return std::nullopt;
}

void Add(EvaluationResult result, std::optional<double> score, TraceSpan& span) {
  // Without a score or a name nothing can be averaged, so it is no result.
  if (!score) score = ScoreOfLabel(result.label);
  if (!score || *score > kMaxScore || *score < -kMaxScore || result.name.empty()) return;
  if (span.evaluations.size() == kMaxEvaluations) return;
  result.score = *score;
  result.name = std::string(Shorten(result.name, kMaxEvaluationNameBytes));
  result.label = std::string(Shorten(result.label, kMaxLabelBytes));
  result.explanation = std::string(Shorten(result.explanation, kMaxExplanationBytes));
  span.evaluations.push_back(std::move(result));
}

// The semantic conventions' own form: an event gen_ai.evaluation.result.
void ReadEvent(const Span::Event& event, TraceSpan& span) {
  AttributeView attributes;
  attributes.Add(event.attributes());
  EvaluationResult result;
  result.name = attributes.Text({"gen_ai.evaluation.name"});
  result.label = attributes.Text({"gen_ai.evaluation.score.label"});
  result.explanation = attributes.Text({"gen_ai.evaluation.explanation"});
  result.identifier = attributes.Text({"gen_ai.response.id"});
  // Of scores that came by a call of their own.
  result.by_person = attributes.Text({"flywheel.annotator_kind"}) == "HUMAN";
  result.session_id = attributes.Text({kEvaluatedSession});
  result.about_session = !result.session_id.empty();
  result.time_unix_nano = event.time_unix_nano();
  Add(std::move(result), attributes.Number({"gen_ai.evaluation.score.value"}), span);
}

std::string Member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? "" : ToText(*found);
}

// PREFIX.N.annotation.name and so on; `inner` is "annotation" or "evaluation".
void ReadList(const AttributeView& attributes, const std::string& prefix, const char* inner,
              bool about_session, TraceSpan& span) {
  const std::optional<json> tree = attributes.Tree(prefix);
  if (!tree) return;
  for (const auto& [number, item] : tree->items()) {
    if (!item.is_object() || !item.contains(inner) || !item.at(inner).is_object()) continue;
    const json& source = item.at(inner);
    EvaluationResult result;
    result.name = Member(source, "name");
    result.label = Member(source, "label");
    result.explanation = Member(source, "explanation");
    result.identifier = Member(source, "identifier");
    result.by_person = Member(source, "annotator_kind") == "HUMAN";
    result.about_session = about_session;
    result.time_unix_nano = span.end_unix_nano;
    Add(std::move(result), ToNumber(Member(source, "score")), span);
  }
}

// Several scores of one judge, as phoenix-evals lists them: [{"name": ..., "score": ...}, ...].
void ReadScores(const json& list, const EvaluationResult& judge, TraceSpan& span) {
  for (const json& item : list) {
    if (!item.is_object()) continue;
    EvaluationResult result = judge;
    if (const std::string name = Member(item, "name"); !name.empty()) result.name = name;
    result.label = Member(item, "label");
    result.explanation = Member(item, "explanation");
    Add(std::move(result), ToNumber(Member(item, "score")), span);
  }
}

// The span of a judge: its result is its output, or stands in metadata.
void ReadEvaluator(const AttributeView& attributes, TraceSpan& span) {
  EvaluationResult result;
  result.name = attributes.Text(
      {"gen_ai.evaluation.name", "eval.name", "evaluator.name", "metadata.evaluator_name"});
  if (result.name.empty()) result.name = span.name;
  result.label = attributes.Text(
      {"gen_ai.evaluation.score.label", "eval.label", "evaluator.label", "metadata.label"});
  result.explanation = attributes.Text(
      {"gen_ai.evaluation.explanation", "eval.explanation", "metadata.explanation"});
  result.time_unix_nano = span.end_unix_nano;
  // A number under a name of its own comes first, then one in the output's JSON, then an output
  // that is itself the score or the label.
  std::optional<double> score = attributes.Number(
      {"gen_ai.evaluation.score.value", "eval.score", "evaluator.score", "metadata.score"});
  const std::string output = attributes.Text({"output.value"});
  const std::optional<json> object = ParseJson(output);
  if (object && object->is_array()) return ReadScores(*object, result, span);
  if (object && object->is_object()) {
    if (!score) score = ToNumber(Member(*object, "score"));
    if (result.label.empty()) result.label = Member(*object, "label");
    if (result.explanation.empty()) result.explanation = Member(*object, "explanation");
  } else if (!score) {
    score = ToNumber(output);
    if (result.label.empty()) result.label = output;
  }
  Add(std::move(result), score, span);
}

}  // namespace

std::string TraceOfSessionScore(const std::string& session_id, const std::string& name,
                                const std::string& identifier) {
  if (!IsPlainSessionId(session_id)) return "";
  return ContentHash()
      .Add("score of a session")
      .Add(session_id)
      .Add(name)
      .Add(identifier)
      .Bytes()
      .substr(0, kTraceIdBytes);
}

void ReadEvaluations(const AttributeView& attributes, const std::vector<const Span::Event*>& events,
                     TraceSpan& span) {
  // 1. The conventions' events.
  for (const Span::Event* event : events) {
    if (event->name() == kEvaluationEvent) ReadEvent(*event, span);
  }
  // 2. Lists that annotators and evaluators attach, about the span, its trace or its session.
  for (const char* target : {"", "trace.", "session."}) {
    const bool about_session = std::string_view(target) == "session.";
    const std::string prefix = target;
    ReadList(attributes, prefix + "annotations", "annotation", about_session, span);
    ReadList(attributes, prefix + "evaluations", "evaluation", about_session, span);
  }
  // 3. The judge's own span, where it said nothing in the other ways.
  if (span.kind == SpanKind::kEvaluator && span.evaluations.empty()) {
    ReadEvaluator(attributes, span);
  }
}

}  // namespace flywheel::ingest
