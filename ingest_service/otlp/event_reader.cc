#include "ingest_service/otlp/event_reader.h"

#include <optional>
#include <string>
#include <utility>

#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/attribute_view.h"
#include "ingest_service/otlp/message_reader.h"
#include "ingest_service/otlp/part_reader.h"
#include "ingest_service/otlp/span_preparer.h"
#include "ingest_service/otlp/text_reader.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;
using opentelemetry::proto::trace::v1::Span;

// gen_ai.choice, or gen_ai.ROLE.message; unspecified for any other event.
common::v1::Role RoleOfEvent(const std::string& name) {
  if (name == "gen_ai.choice") return common::v1::ROLE_ASSISTANT;
  if (name == "gen_ai.system.message") return common::v1::ROLE_SYSTEM;
  if (name == "gen_ai.user.message") return common::v1::ROLE_USER;
  if (name == "gen_ai.assistant.message") return common::v1::ROLE_ASSISTANT;
  if (name == "gen_ai.tool.message") return common::v1::ROLE_TOOL;
  return common::v1::ROLE_UNSPECIFIED;
}

// What an event holds as one JSON object: the body of a log record, the content attribute that came
// before bodies did, and single attributes.
json EventObject(const Span::Event& event) {
  AttributeView attributes;
  attributes.Add(event.attributes());
  json object = json::object();
  if (const std::optional<json> body =
          attributes.Json({kBodyAttribute, "gen_ai.event.content", "event_body"})) {
    if (body->is_object()) object = *body;
    if (body->is_array()) object["content"] = *body;
  } else if (const std::string text = attributes.Text({kBodyAttribute, "gen_ai.event.content"});
             !text.empty()) {
    object["content"] = text;
  }
  // What the body says goes before single attributes.
  for (const char* name :
       {"content", "role", "message", "tool_calls", "id", "name", "finish_reason"}) {
    if (object.contains(name)) continue;
    const std::string text = attributes.Text({name});
    if (text.empty()) continue;
    const std::optional<json> parsed = ParseJson(text);
    object[name] = parsed ? *parsed : json(text);
  }
  return object;
}

void AddDocument(const Span::Event& event, TraceSpan& span) {
  if (span.documents.size() == kMaxDocuments) return;
  AttributeView attributes;
  attributes.Add(event.attributes());
  common::v1::RetrievedContext context;
  context.set_document_id(attributes.Text({"db.query.result.id"}));
  context.set_text(attributes.Text({"db.query.result.document"}));
  const std::optional<double> score =
      attributes.Number({"db.query.result.score", "db.query.result.distance"});
  if (score) context.set_score(*score);
  if (context.document_id().empty() && context.text().empty()) return;
  span.documents.push_back(std::move(context));
}

// Strands tells of a tool as if it spoke with it: what it is told are its arguments, and its choice
// is its result.
void ReadToolEvents(const std::vector<const Span::Event*>& events, TraceSpan& span) {
  for (const Span::Event* event : events) {
    AttributeView attributes;
    attributes.Add(event->attributes());
    if (event->name() == "gen_ai.tool.message" && span.tool.arguments_json.empty()) {
      span.tool.arguments_json = ReadArguments(attributes.Text({"content"}));
    }
    if (event->name() == "gen_ai.choice" && span.output.empty()) {
      span.output = ReadToolText(attributes.Text({"message"}));
    }
  }
}

}  // namespace

bool HoldsSpanAttributes(std::string_view name) {
  return name == "gen_ai.client.inference.operation.details" || name == "gen_ai.content.prompt" ||
         name == "gen_ai.content.completion";
}

void ReadEvents(const std::vector<const Span::Event*>& events, bool named, TraceSpan& span) {
  if (span.kind == SpanKind::kTool) return ReadToolEvents(events, span);
  // Attributes of the span say it again, and whole: then the events are passed over.
  const bool has_input = !span.input_messages.empty();
  const bool has_output = !span.output_messages.empty();
  for (const Span::Event* event : events) {
    if (event->name() == "db.query.result") AddDocument(*event, span);
    const common::v1::Role role = RoleOfEvent(event->name());
    if (role == common::v1::ROLE_UNSPECIFIED) continue;
    const bool is_output = event->name() == "gen_ai.choice";
    if (is_output ? has_output : has_input) continue;
    std::vector<ChatMessage>& messages = is_output ? span.output_messages : span.input_messages;
    for (ChatMessage& message : ReadMessages(EventObject(*event), role)) {
      messages.push_back(std::move(message));
    }
    // Whoever speaks with a model in events is one, though no attribute says so.
    if (!named && (span.kind == SpanKind::kOther || span.kind == SpanKind::kChain)) {
      span.kind = SpanKind::kModel;
    }
  }
  span.output_messages = JoinPieces(std::move(span.output_messages));
  if (span.finish_reason.empty() && !span.output_messages.empty()) {
    span.finish_reason = span.output_messages.back().finish_reason;
  }
}

}  // namespace flywheel::ingest
