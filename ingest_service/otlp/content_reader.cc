#include "ingest_service/otlp/content_reader.h"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/json_members.h"
#include "ingest_service/otlp/message_parts.h"
#include "ingest_service/otlp/message_reader.h"
#include "ingest_service/otlp/python_repr.h"
#include "ingest_service/otlp/text_reader.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;
using Names = std::initializer_list<std::string_view>;

// What was handed in and got out as one value, by whoever watched.
const Names kInputs = {"input.value",
                       "traceloop.entity.input",
                       "langfuse.observation.input",
                       "langwatch.input",
                       "lmnr.span.input",
                       "mlflow.spanInputs",
                       "haystack.agent.input",
                       "haystack.agent.step.llm.input",
                       "haystack.component.input",
                       "haystack.pipeline.input_data",
                       "gcp.vertex.agent.llm_request",
                       "gen_ai.retrieval.query.text",
                       "gen_ai.retrieval.query",
                       "reranker.query",
                       "ai.prompt",
                       "gen_ai.prompt"};
const Names kOutputs = {"output.value",
                        "traceloop.entity.output",
                        "langfuse.observation.output",
                        "langwatch.output",
                        "lmnr.span.output",
                        "mlflow.spanOutputs",
                        "haystack.agent.output",
                        "haystack.agent.step.llm.output",
                        "haystack.component.output",
                        "haystack.pipeline.output_data",
                        "gcp.vertex.agent.llm_response",
                        "ai.response.text",
                        "ai.response.object",
                        "final_result",
                        "gen_ai.completion"};

// Messages under names of before there was a convention.
const Names kPrompts = {"gen_ai.prompt", "gen_ai.prompts", "llm.input_messages", "llm.prompts",
                        "ai.prompt.messages"};
const Names kCompletions = {"gen_ai.completion", "llm.output_messages", "llm.completions"};
const Names kNone = {};

// LangWatch says of each value what it is, now and then twice: {"type": "text", "value": "Yes."}.
std::string Unwrapped(std::string text) {
  if (!text.starts_with("{\"type\"")) return text;
  const std::optional<json> wrapped = ParseJson(text);
  const json& value = wrapped && wrapped->size() == 2 ? Member(*wrapped, "value") : Member({}, "");
  return value.is_null() ? text : Unwrapped(ToText(value));
}

std::vector<ChatMessage> ReadJsonMessages(const AttributeView& attributes, Names names,
                                          common::v1::Role role) {
  for (const std::string_view name : names) {
    const std::string text = Unwrapped(attributes.Text({name}));
    bool cut = false;
    std::optional<json> list = ParseJson(text, &cut);
    if (!list) list = ParsePythonRepr(text);
    if (!list) continue;
    std::vector<ChatMessage> messages = ReadMessages(*list, role);
    if (messages.empty()) continue;
    messages.back().incomplete = cut;
    return messages;
  }
  return {};
}

// Messages under a name of its own, or flattened, or as a JSON text under an older one.
std::vector<ChatMessage> ReadMessageList(const AttributeView& attributes,
                                         std::string_view structured, Names flattened, Names texts,
                                         common::v1::Role role) {
  // 1. One JSON text under the conventions' name.
  std::vector<ChatMessage> messages = ReadJsonMessages(attributes, {structured}, role);
  if (SaysAnything(messages)) return messages;
  // 2. Flattened: PREFIX.0.role, PREFIX.0.content.
  for (const std::string_view prefix : flattened) {
    const std::optional<json> tree = attributes.Tree(prefix);
    if (!tree) continue;
    std::vector<ChatMessage> flat = ReadMessages(*tree, role);
    if (SaysAnything(flat)) return flat;
    if (messages.empty()) messages = std::move(flat);
  }
  // 3. A JSON text under an older name.
  std::vector<ChatMessage> older = ReadJsonMessages(attributes, texts, role);
  if (SaysAnything(older)) return older;
  if (!messages.empty() || !older.empty()) return messages.empty() ? older : messages;
  // 4. A text that is no list.
  std::string said = ReadText(attributes.Text({structured}), role);
  if (said.empty()) said = ReadText(attributes.Text(texts), role);
  if (said.empty()) return messages;
  messages.emplace_back();
  messages.back().role = role;
  messages.back().text = said;
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

// A whole conversation in one list: what the model said last, behind everything it was told, is its
// output; of an agent everything behind the person's last words is.
void ReadConversation(std::vector<ChatMessage> messages, TraceSpan& span) {
  const auto is_output = [&](const ChatMessage& message) {
    if (message.role == common::v1::ROLE_ASSISTANT) return true;
    const bool answers = !message.answers.empty() && message.text.empty();
    return span.kind != SpanKind::kModel && answers;
  };
  size_t output = messages.size();
  while (output > 0 && is_output(messages[output - 1])) --output;
  for (size_t i = 0; i < messages.size(); ++i) {
    (i < output ? span.input_messages : span.output_messages).push_back(std::move(messages[i]));
  }
}

// Logfire's and older Pydantic AI's list of events: {"event.name": "gen_ai.user.message", ...}.
json WithRoles(json events) {
  for (json& event : events) {
    if (!event.is_object() || event.contains("role")) continue;
    const std::string name = ToText(Member(event, "event.name"));
    const size_t begin = name.find('.') + 1;
    if (name == "gen_ai.choice") event["role"] = "assistant";
    if (name.ends_with(".message")) event["role"] = name.substr(begin, name.rfind('.') - begin);
  }
  return events;
}

void ReadWholeConversation(const AttributeView& attributes, TraceSpan& span) {
  if (!span.input_messages.empty() || !span.output_messages.empty()) return;
  std::vector<ChatMessage> messages =
      ReadJsonMessages(attributes, {"pydantic_ai.all_messages"}, common::v1::ROLE_USER);
  if (messages.empty()) {
    const std::optional<json> events = attributes.Json({"events", "all_messages_events"});
    if (!events || !events->is_array()) return;
    // Of the parts of a message each is an event.
    messages = JoinPictures(ReadMessages(WithRoles(*events), common::v1::ROLE_USER));
  }
  ReadConversation(std::move(messages), span);
}

// A text, or a list of parts as JSON.
void ReadInstructions(const AttributeView& attributes, TraceSpan& span) {
  const std::string system = attributes.Text({"gen_ai.system_instructions"});
  if (const std::optional<json> parts = ParseJson(system)) {
    const std::vector<ChatMessage> read =
        ReadMessages(json{{"role", "system"}, {"parts", *parts}}, common::v1::ROLE_SYSTEM);
    if (!read.empty()) span.system_instructions = read.front().text;
  }
  if (span.system_instructions.empty()) span.system_instructions = system;
}

// The request may say more than the list of messages that was made of it.
void ReadShownParts(const AttributeView& attributes, TraceSpan& span) {
  const bool pictures = attributes.Text(kInputs).find("image") != std::string::npos;
  if (!pictures && !LacksParts(span.input_messages)) return;
  FillFromRequest(ReadJsonMessages(attributes, kInputs, common::v1::ROLE_USER),
                  span.input_messages);
}

// A model's request and response, where its messages stand under no name of their own.
void ReadRequest(const AttributeView& attributes, TraceSpan& span) {
  if (span.kind != SpanKind::kModel) return;
  if (span.input_messages.empty()) {
    span.input_messages = ReadJsonMessages(attributes, kInputs, common::v1::ROLE_USER);
  } else {
    ReadShownParts(attributes, span);
  }
  if (span.output_messages.empty()) {
    span.output_messages = ReadJsonMessages(attributes, kOutputs, common::v1::ROLE_ASSISTANT);
    // What has the person's words in it was made ready for a model, and said by none.
    const bool request = std::any_of(
        span.output_messages.begin(), span.output_messages.end(),
        [](const ChatMessage& message) { return message.role == common::v1::ROLE_USER; });
    if (request) span.output_messages.clear();
  }
  if (span.output_messages.empty()) ReadAiSdkAnswer(attributes, span);
}

void ReadFinishReason(const AttributeView& attributes, TraceSpan& span) {
  if (!span.output_messages.empty()) {
    span.finish_reason = span.output_messages.back().finish_reason;
  }
  if (!span.finish_reason.empty()) return;
  const std::string text = attributes.Text(
      {"gen_ai.response.finish_reasons", "ai.response.finishReason", "llm.finish_reason"});
  const std::optional<json> list = ParseJson(text);
  span.finish_reason = list && list->is_array() && !list->empty() ? ToText(list->back()) : text;
}

}  // namespace

void ReadContent(const AttributeView& attributes, TraceSpan& span) {
  span.input = Unwrapped(attributes.Text(kInputs));
  span.output = Unwrapped(attributes.Text(kOutputs));
  // The older names are those of a model's messages; elsewhere LangSmith has values under them.
  const bool is_step = span.kind != SpanKind::kModel && span.kind != SpanKind::kAgent;
  span.input_messages = ReadMessageList(
      attributes, "gen_ai.input.messages",
      {"gen_ai.input.messages", "gen_ai.prompt", "llm.input_messages", "llm.prompts"},
      is_step ? kNone : kPrompts, common::v1::ROLE_USER);
  span.output_messages = JoinPieces(ReadMessageList(
      attributes, "gen_ai.output.messages",
      {"gen_ai.output.messages", "gen_ai.completion", "llm.output_messages", "llm.completions"},
      is_step ? kNone : kCompletions, common::v1::ROLE_ASSISTANT));
  ReadWholeConversation(attributes, span);
  ReadRequest(attributes, span);
  ReadInstructions(attributes, span);
  ReadFinishReason(attributes, span);
}

}  // namespace flywheel::ingest
