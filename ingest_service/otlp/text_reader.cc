#include "ingest_service/otlp/text_reader.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/json_members.h"
#include "ingest_service/otlp/message_reader.h"
#include "ingest_service/otlp/part_reader.h"
#include "ingest_service/otlp/python_repr.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 5;

// The members that applications hand their question or answer in, the likeliest first.
constexpr std::initializer_list<const char*> kQuestions = {"input",
                                                           "question",
                                                           "query",
                                                           "prompt",
                                                           "user_input",
                                                           "user_message",
                                                           "user_msg",
                                                           "new_message",
                                                           "task",
                                                           "message",
                                                           "text",
                                                           "user_prompt",
                                                           "inputs",
                                                           "args",
                                                           "kwargs",
                                                           "input_str",
                                                           "content",
                                                           "query_str",
                                                           "str_or_query_bundle"};
constexpr std::initializer_list<const char*> kAnswers = {
    "output",       "answer",     "result",     "response",   "final_output",
    "final_result", "text",       "content",    "raw_output", "raw",
    "outputs",      "output_str", "generation", "reply",      "replies"};

std::string TextOf(const json& value, common::v1::Role role, int depth);

// Of a conversation: the person's last words; the agent's, where they are the last of all.
std::string LastWords(const json& list, common::v1::Role role) {
  const std::vector<ChatMessage> read = ReadMessages(list, role);
  for (auto message = read.rbegin(); message != read.rend(); ++message) {
    if (message->role == role && !message->text.empty()) return message->text;
    const bool passed = role == common::v1::ROLE_ASSISTANT &&
                        (message->role == role || message->role == common::v1::ROLE_USER);
    if (passed) return "";
  }
  return "";
}

std::string TextOfList(const json& list, common::v1::Role role, int depth) {
  std::string text = LastWords(list, role);
  if (!text.empty()) return text;
  if (list.size() == 1) return TextOf(list[0], role, depth + 1);
  // Arguments of a function: the first that is a text.
  for (const json& item : list) {
    if (!item.is_string()) continue;
    text = TextOf(item, role, depth + 1);
    if (!text.empty()) return text;
  }
  return "";
}

std::string TextOf(const json& value, common::v1::Role role, int depth) {
  if (value.is_string()) {
    const std::string text = ToText(value);
    // JSON inside of JSON.
    const std::optional<json> inner = depth < kMaxDepth ? ParseJson(text) : std::nullopt;
    if (inner && inner->is_structured()) return TextOf(*inner, role, depth + 1);
    return IsPythonRepr(text) ? "" : text;
  }
  if (depth == kMaxDepth || !value.is_structured()) return "";
  if (value.is_array()) return TextOfList(value, role, depth);
  // A conversation, or one message by itself.
  if (HoldsMessages(value) || value.contains("role") || value.contains("parts")) {
    return LastWords(value, role);
  }
  // An object: the member that usually holds it, or the only member there is.
  for (const char* key : role == common::v1::ROLE_USER ? kQuestions : kAnswers) {
    std::string text = TextOf(Member(value, key), role, depth + 1);
    if (!text.empty()) return text;
  }
  return value.size() == 1 ? TextOf(*value.begin(), role, depth + 1) : "";
}

// The texts of a list of parts; nullopt where one of them is anything else.
std::optional<std::string> TextOfParts(const json& list) {
  if (!list.is_array() || list.empty()) return std::nullopt;
  std::string text;
  for (const json& part : list) {
    const std::string type = ToText(Member(part, "type"));
    const bool is_part = type == "text" || type == "input_text" || type == "output_text" ||
                         (part.is_object() && part.size() == 1);
    const json& said = AnyMember(part, {"text", "content"});
    if (!is_part || !said.is_string()) return std::nullopt;
    if (!text.empty()) text += '\n';
    text += said.get_ref<const std::string&>();
  }
  return text;
}

bool IsMessageOfTool(const json& value) {
  return value.is_object() &&
         (value.contains("lc") || value.contains("data") || value.contains("tool_call_id")) &&
         (value.contains("kwargs") || value.contains("data") || value.contains("content"));
}

}  // namespace

std::string ReadText(const std::string& value, common::v1::Role role) {
  std::optional<json> parsed = ParseJson(value);
  // A dictionary of Python says by its keys what is what, as JSON does.
  if (!parsed && value.starts_with("{'")) parsed = ParsePythonRepr(value);
  if (parsed && parsed->is_string() && !value.starts_with('"')) parsed.reset();
  if (!parsed) return IsPythonRepr(value) ? "" : value;
  return TextOf(*parsed, role, 0);
}

std::string ReadToolText(const json& value) {
  if (value.is_string()) return ToText(value);
  if (std::optional<std::string> text = TextOfParts(value)) return *text;
  // A message, as LangChain and Command write it.
  if (IsMessageOfTool(value) || Member(value, "messages").is_array()) {
    const std::vector<ChatMessage> messages = ReadMessages(value, common::v1::ROLE_TOOL);
    if (!messages.empty() && !messages.back().answers.empty()) {
      return messages.back().answers.front().result;
    }
  }
  // MCP's result, LlamaIndex's, the AI SDK's, and what OpenLLMetry puts around one.
  if (std::optional<std::string> text = TextOfParts(Member(value, "content"))) return *text;
  if (const json& raw = Member(value, "raw_output"); !raw.is_null()) return ReadToolText(raw);
  const bool typed = Member(value, "type").is_string() && value.size() == 2;
  if (typed && value.contains("value")) return ReadToolText(Member(value, "value"));
  const json& inner = AnyMember(value, {"output", "outputs"});
  const bool wrapped = value.is_object() && value.contains("kwargs");
  if (wrapped && inner.is_null() && value.contains("outputs")) return "";
  if (!inner.is_null() && (wrapped || IsMessageOfTool(inner))) return ReadToolText(inner);
  return ToText(value);
}

std::string ReadToolText(const std::string& value) {
  const std::optional<json> parsed = ParseJson(value);
  if (!parsed) return value;
  std::string text = ReadToolText(*parsed);
  // As it was written, where nothing was taken out of it.
  return text == ToText(*parsed) && !parsed->is_string() ? value : text;
}

}  // namespace flywheel::ingest
