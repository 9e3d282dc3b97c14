#include "ingest_service/otlp/span_reader.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_split.h"
#include "ingest_service/domain/record_limits.h"
#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/attribute_names.h"
#include "ingest_service/otlp/attribute_view.h"
#include "ingest_service/otlp/evaluation_reader.h"
#include "ingest_service/otlp/event_reader.h"
#include "ingest_service/otlp/message_reader.h"
#include "ingest_service/otlp/span_kind_reader.h"
#include "ingest_service/otlp/span_preparer.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;
using opentelemetry::proto::trace::v1::Span;
using opentelemetry::proto::trace::v1::Status;

// A service that was not named is called "unknown_service:python".
constexpr std::string_view kUnknownService = "unknown_service";

void ReadIdentity(const AttributeView& attributes, TraceSpan& span) {
  // The conventions' name first, then those of the older ones, the most common first; so in all of
  // these lists.
  span.agent = attributes.Text({"gen_ai.agent.name", "agent.name"});
  if (span.agent.empty() && attributes.Text({"traceloop.span.kind"}) == "agent") {
    span.agent = attributes.Text({"traceloop.entity.name"});
  }
  span.service = attributes.Text({"service.name"});
  if (span.service.starts_with(kUnknownService)) span.service.clear();
  span.model = attributes.Text({"gen_ai.response.model", "llm.response.model",
                                "gen_ai.request.model", "llm.request.model", "llm.model_name",
                                "llm.model", "ai.response.model", "ai.model.id"});
  span.provider =
      attributes.Text({"gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system"});
  span.model_version = attributes.Text({"flywheel.model_version"});
  span.prompt_version =
      attributes.Text({"flywheel.prompt_version", "gen_ai.prompt.version",
                       "llm.prompt_template.version", "traceloop.prompt.version"});
  span.session_id = ReadSession(attributes);
  std::vector<std::string> users = ReadUsers(attributes);
  span.user_id = std::move(users.front());
  users.erase(users.begin());
  span.earlier_user_ids = std::move(users);
}

void ReadUsage(const AttributeView& attributes, TraceSpan& span) {
  span.prompt_tokens = attributes.Count({"gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens",
                                         "llm.token_count.prompt", "llm.usage.prompt_tokens"});
  span.completion_tokens =
      attributes.Count({"gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens",
                        "llm.token_count.completion", "llm.usage.completion_tokens"});
  span.cost_usd =
      attributes.Number({"gen_ai.usage.cost", "gen_ai.usage.total_cost", "gen_ai.cost.total",
                         "llm.cost.total", "llm.usage.total_cost"});
  // Refunds are no cost of this work, and a record may not have one below zero.
  if (span.cost_usd && *span.cost_usd < 0) span.cost_usd.reset();
}

// Messages under a name of its own, or flattened, or as a JSON text under an older one.
std::vector<ChatMessage> ReadMessageList(const AttributeView& attributes,
                                         std::string_view structured,
                                         std::initializer_list<std::string_view> flattened,
                                         AttributeView::Names texts, common::v1::Role role) {
  std::vector<ChatMessage> messages;
  // 1. One JSON text under the conventions' name.
  if (const std::optional<json> list = attributes.Json({structured})) {
    messages = ReadMessages(*list, role);
  }
  // 2. Flattened: PREFIX.0.role, PREFIX.0.content.
  for (const std::string_view prefix : flattened) {
    if (!messages.empty()) return messages;
    if (const std::optional<json> tree = attributes.Tree(prefix)) {
      messages = ReadMessages(*tree, role);
    }
  }
  if (!messages.empty()) return messages;
  // 3. A JSON text under an older name; 4. a text that is no JSON.
  if (const std::optional<json> list = attributes.Json(texts)) {
    messages = ReadMessages(*list, role);
  }
  if (!messages.empty()) return messages;
  const std::string text = attributes.Text(texts);
  if (text.empty()) return messages;
  messages.emplace_back();
  messages.back().role = role;
  messages.back().text = text;
  return messages;
}

// The AI SDK of Vercel has one answer, in pieces.
void ReadAiSdkAnswer(const AttributeView& attributes, TraceSpan& span) {
  const std::string text = attributes.Text({"ai.response.text"});
  const std::optional<json> calls = attributes.Json({"ai.response.toolCalls"});
  if (text.empty() && !calls) return;
  json message = {{"role", "assistant"}, {"content", text}};
  if (calls) message["tool_calls"] = *calls;
  span.output_messages = ReadMessages(message, common::v1::ROLE_ASSISTANT);
}

void ReadContent(const AttributeView& attributes, TraceSpan& span) {
  span.input_messages = ReadMessageList(
      attributes, "gen_ai.input.messages",
      {"gen_ai.input.messages", "gen_ai.prompt", "llm.input_messages", "llm.prompts"},
      {"gen_ai.prompt", "gen_ai.prompts", "llm.input_messages", "llm.prompts",
       "ai.prompt.messages"},
      common::v1::ROLE_USER);
  span.output_messages = ReadMessageList(
      attributes, "gen_ai.output.messages",
      {"gen_ai.output.messages", "gen_ai.completion", "llm.output_messages", "llm.completions"},
      {"gen_ai.completion", "llm.output_messages", "llm.completions"}, common::v1::ROLE_ASSISTANT);
  span.input =
      attributes.Text({"input.value", "traceloop.entity.input", "gen_ai.retrieval.query.text",
                       "gen_ai.retrieval.query", "reranker.query", "ai.prompt"});
  span.output = attributes.Text(
      {"output.value", "traceloop.entity.output", "ai.response.text", "ai.response.object"});
  if (span.output_messages.empty() && span.kind == SpanKind::kModel) {
    ReadAiSdkAnswer(attributes, span);
  }
  // A text, or a list of parts as JSON.
  const std::string system = attributes.Text({"gen_ai.system_instructions"});
  if (const std::optional<json> parts = ParseJson(system)) {
    const std::vector<ChatMessage> read =
        ReadMessages(json{{"role", "system"}, {"parts", *parts}}, common::v1::ROLE_SYSTEM);
    if (!read.empty()) span.system_instructions = read.front().text;
  }
  if (span.system_instructions.empty()) span.system_instructions = system;
}

// What a decorator put around the arguments: {"inputs": {...}}, {"args": [], "kwargs": {...}}.
std::string UnwrapArguments(const std::string& text) {
  const std::optional<json> value = ParseJson(text);
  if (!value || !value->is_object()) return ReadArguments(text);
  const auto inputs = value->find("inputs");
  if (inputs != value->end() && inputs->is_object()) return ToText(*inputs);
  const auto args = value->find("args");
  const auto kwargs = value->find("kwargs");
  const bool named_alone =
      (args == value->end() || args->empty()) && kwargs != value->end() && kwargs->is_object();
  return named_alone ? ToText(*kwargs) : text;
}

void ReadTool(const AttributeView& attributes, TraceSpan& span) {
  span.tool.id = attributes.Text(
      {"gen_ai.tool.call.id", "tool_call.id", "tool.call.id", "tool.id", "ai.toolCall.id"});
  span.tool.name = attributes.Text(
      {"gen_ai.tool.name", "tool.name", "traceloop.entity.name", "ai.toolCall.name"});
  // Some name the tool in the span's name alone.
  constexpr std::string_view kOperation = "execute_tool ";
  if (span.tool.name.empty()) {
    span.tool.name =
        span.name.starts_with(kOperation) ? span.name.substr(kOperation.size()) : span.name;
  }
  span.tool.arguments_json = UnwrapArguments(
      attributes.Text({"gen_ai.tool.call.arguments", "gen_ai.tool.args", "ai.toolCall.args",
                       "input.value", "tool.parameters", "traceloop.entity.input"}));
  const std::string result =
      attributes.Text({"gen_ai.tool.call.result", "gen_ai.tool.result", "ai.toolCall.result"});
  if (!result.empty()) span.output = result;
}

void AddDocument(const json& item, TraceSpan& span) {
  if (!item.is_object() || span.documents.size() == kMaxDocuments) return;
  // OpenInference wraps each document.
  const auto inner = item.find("document");
  const json& document = inner != item.end() && inner->is_object() ? *inner : item;
  const auto member = [&](std::initializer_list<const char*> names) -> std::string {
    for (const char* name : names) {
      const auto found = document.find(name);
      if (found != document.end() && !found->is_null()) return ToText(*found);
    }
    return "";
  };
  common::v1::RetrievedContext context;
  context.set_document_id(member({"id", "document_id", "source_id"}));
  context.set_text(member({"content", "text", "page_content", "document"}));
  const std::optional<double> score = ToNumber(member({"score", "distance"}));
  if (score) context.set_score(*score);
  if (context.document_id().empty() && context.text().empty()) return;
  span.documents.push_back(std::move(context));
}

void ReadDocuments(const AttributeView& attributes, TraceSpan& span) {
  // As one JSON text, or flattened.
  const std::optional<json> list = attributes.Json(
      {"gen_ai.retrieval.documents", "retrieval.documents", "reranker.output_documents"});
  if (list && list->is_array()) {
    for (const json& item : *list) AddDocument(item, span);
  }
  for (const std::string_view prefix : {"reranker.output_documents", "retrieval.documents"}) {
    const std::optional<json> tree = attributes.Tree(prefix);
    if (!tree) continue;
    for (size_t i = 0; i < kMaxDocuments; ++i) {
      const auto item = tree->find(std::to_string(i));
      if (item == tree->end()) break;
      AddDocument(*item, span);
    }
  }
}

void ReadOwnAttributes(const AttributeView& attributes, TraceSpan& span) {
  for (const auto& [name, value] : attributes.all()) {
    if (span.attributes.size() == kMaxAttributes) return;
    if (IsOwnAttribute(name)) span.attributes.emplace(name, ToText(*value));
  }
}

void ReadOutcome(const Span& source, const AttributeView& attributes, TraceSpan& span) {
  const std::string error = attributes.Text({"error.type"});
  // By status or by attribute; the type of the exception names it where nothing else does.
  span.failed = source.status().code() == Status::STATUS_CODE_ERROR || !error.empty();
  if (!span.failed) return;
  span.error_type = error;
  for (const Span::Event& event : source.events()) {
    if (!span.error_type.empty() || event.name() != "exception") continue;
    AttributeView exception;
    exception.Add(event.attributes());
    span.error_type = exception.Text({"exception.type"});
  }
  if (span.error_type.empty()) span.error_type = "error";
  // What a tool said when it failed.
  if (span.kind == SpanKind::kTool && span.output.empty()) span.output = source.status().message();
}

}  // namespace

std::vector<std::string> ReadUsers(const AttributeView& attributes) {
  return absl::StrSplit(
      attributes.Text({"user.id", "enduser.id", "enduser.pseudo.id", "langfuse.user.id",
                       "gen_ai.user.id", "gen_ai.request.user", "llm.user",
                       "ai.telemetry.metadata.userId", "traceloop.association.properties.user_id",
                       "traceloop.association.properties.userId", "metadata.user_id",
                       "metadata.userId"}),
      ' ');
}

std::string ReadSession(const AttributeView& attributes) {
  // Frameworks put it under whatever their users call it.
  return attributes.Text({"gen_ai.conversation.id", "session.id", "langfuse.session.id",
                          "ai.telemetry.metadata.sessionId",
                          "traceloop.association.properties.session_id",
                          "traceloop.association.properties.sessionId",
                          "traceloop.association.properties.conversation_id",
                          "traceloop.association.properties.thread_id", "metadata.session_id",
                          "metadata.sessionId", "metadata.conversation_id", "metadata.thread_id"});
}

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
  span.kind = ReadSpanKind(attributes);
  ReadOwnAttributes(attributes, span);
  attributes.Add(resource);
  span.span_id = source.span_id();
  span.parent_id = source.parent_span_id();
  span.name = source.name();
  span.start_unix_nano = source.start_time_unix_nano();
  span.end_unix_nano = source.end_time_unix_nano();
  // 2. What every span has.
  ReadIdentity(attributes, span);
  ReadUsage(attributes, span);
  ReadContent(attributes, span);
  // 3. What its kind has; events fill in what the attributes left open.
  if (span.kind == SpanKind::kTool) ReadTool(attributes, span);
  ReadDocuments(attributes, span);
  ReadEvents(events, span);
  ReadEvaluations(attributes, events, span);
  ReadOutcome(source, attributes, span);
  for (const Span::Link& link : source.links()) span.linked_trace_ids.push_back(link.trace_id());
  if (span.kind != SpanKind::kOther && !scope.name().empty()) {
    span.attributes.emplace("otel.scope.name", scope.name());
  }
  return span;
}

}  // namespace flywheel::ingest
