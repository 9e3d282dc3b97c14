#include "ingest_service/otlp/span_reader.h"

#include <string>
#include <string_view>
#include <utility>

#include "ingest_service/domain/record_limits.h"
#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/attribute_names.h"
#include "ingest_service/otlp/attribute_view.h"
#include "ingest_service/otlp/content_reader.h"
#include "ingest_service/otlp/document_reader.h"
#include "ingest_service/otlp/evaluation_reader.h"
#include "ingest_service/otlp/event_reader.h"
#include "ingest_service/otlp/identity_reader.h"
#include "ingest_service/otlp/span_kind_reader.h"
#include "ingest_service/otlp/span_preparer.h"
#include "ingest_service/otlp/tool_definition_reader.h"
#include "ingest_service/otlp/tool_reader.h"
#include "ingest_service/otlp/usage_reader.h"

namespace flywheel::ingest {
namespace {

using opentelemetry::proto::trace::v1::Span;
using opentelemetry::proto::trace::v1::Status;

// What an own attribute may have.
constexpr size_t kMaxOwnBytes = 1'024;

// The first that says something without Python's own account of the error, which is for those who
// wrote the program; else what stands before that.
std::string PickMessage(const std::vector<std::string>& messages) {
  std::string before;
  for (const std::string& message : messages) {
    const size_t trace = message.find("Traceback (most recent call last)");
    if (trace == std::string::npos && !message.empty()) return message;
    if (before.empty()) before = message.substr(0, trace);
  }
  return before;
}

void ReadOwnAttributes(const AttributeView& attributes, TraceSpan& span) {
  for (const auto& [name, value] : attributes.all()) {
    if (span.attributes.size() == kMaxAttributes) return;
    if (!IsOwnAttribute(name)) continue;
    // A state or a request is nothing to tell traffic apart by.
    std::string text = ToText(*value);
    if (const auto quoted = ParseJson(text); quoted && quoted->is_string()) text = ToText(*quoted);
    if (text.size() <= kMaxOwnBytes && !text.starts_with("{")) {
      span.attributes.emplace(name, std::move(text));
    }
  }
}

void ReadOutcome(const Span& source, const AttributeView& attributes, TraceSpan& span) {
  const std::string error = attributes.Text({"error.type"});
  // By status or by attribute; the type of the exception names it where nothing else does.
  span.failed = source.status().code() == Status::STATUS_CODE_ERROR || !error.empty() ||
                attributes.Text({"langfuse.observation.level"}) == "ERROR" ||
                attributes.Text({"haystack.tool.error"}) == "true";
  if (!span.failed) return;
  span.error_type = error;
  std::vector<std::string> messages = {source.status().message()};
  for (const Span::Event& event : source.events()) {
    if (event.name() != "exception") continue;
    AttributeView exception;
    exception.Add(event.attributes());
    if (span.error_type.empty()) span.error_type = exception.Text({"exception.type"});
    messages.push_back(exception.Text({"exception.message"}));
  }
  if (span.error_type.empty()) span.error_type = "error";
  messages.push_back(attributes.Text({"langfuse.observation.status_message"}));
  span.error_message = PickMessage(messages);
  // What a tool said when it failed.
  const bool said_nothing = span.output.empty() || span.output == "{}" || span.output == "null";
  if (span.kind == SpanKind::kTool && said_nothing) span.output = span.error_message;
}

// Logfire tells of a streamed call twice: when it begins, and, in a span that may begin a trace of
// its own, all of it when the stream is over.
bool IsBegunStream(const AttributeView& attributes, const TraceSpan& span) {
  return span.kind == SpanKind::kModel && !span.failed && span.output.empty() &&
         span.output_messages.empty() && !span.prompt_tokens && !span.completion_tokens &&
         span.scope.starts_with("logfire.") && attributes.Text({"logfire.span_type"}) == "span";
}

}  // namespace

TraceSpan ReadSpan(
    const Span& source, const opentelemetry::proto::common::v1::InstrumentationScope& scope,
    const google::protobuf::RepeatedPtrField<opentelemetry::proto::common::v1::KeyValue>& resource,
    const std::vector<const Span::Event*>& log_events) {
  // 1. Attributes: the span's, those that its events hold for it, and, once its own are taken, the
  // resource's.
  std::vector<const Span::Event*> events;
  for (const Span::Event& event : source.events()) events.push_back(&event);
  events.insert(events.end(), log_events.begin(), log_events.end());

  AttributeView attributes;
  attributes.Add(source.attributes());
  for (const Span::Event* event : events) {
    if (HoldsSpanAttributes(event->name())) attributes.Add(event->attributes());
  }
  TraceSpan span;
  span.kind = ReadSpanKind(attributes, source.name());
  ReadOwnAttributes(attributes, span);
  attributes.Add(resource);
  span.span_id = source.span_id();
  span.parent_id = source.parent_span_id();
  span.name = source.name();
  span.scope = scope.name();
  span.start_unix_nano = source.start_time_unix_nano();
  span.end_unix_nano = source.end_time_unix_nano();
  // 2. What every span has.
  ReadIdentity(attributes, span);
  ReadUsage(attributes, span);
  ReadContent(attributes, span);
  // 3. What its kind has; events fill in what the attributes left open.
  if (span.kind == SpanKind::kTool) ReadTool(attributes, span);
  ReadToolDefinitions(attributes, span);
  ReadDocuments(attributes, span);
  // Who names an operation of its own is no model, whatever its events repeat.
  const bool named = !attributes.Text({"gen_ai.operation.name"}).empty();
  ReadEvents(events, named, span);
  ReadEvaluations(attributes, events, span);
  ReadOutcome(source, attributes, span);
  if (IsBegunStream(attributes, span)) span.kind = SpanKind::kOther;
  for (const Span::Link& link : source.links()) span.linked_trace_ids.push_back(link.trace_id());
  if (span.kind != SpanKind::kOther && !scope.name().empty()) {
    span.attributes.emplace("otel.scope.name", scope.name());
  }
  return span;
}

}  // namespace flywheel::ingest
