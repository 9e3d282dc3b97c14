#include "ingest_service/otlp/part_reader.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/json_members.h"
#include "ingest_service/otlp/media_marks.h"
#include "ingest_service/otlp/media_reader.h"
#include "ingest_service/otlp/python_repr.h"
#include "ingest_service/otlp/text_reader.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;

constexpr std::string_view kCallTypes[] = {"tool_call", "tool_use", "function_call",
                                           "tool-call", "toolCall", "server_tool_call"};
constexpr std::string_view kAnswerTypes[] = {"tool_call_response",   "tool_result",
                                             "function_call_output", "tool-result",
                                             "tool_response",        "server_tool_call_response"};
constexpr std::string_view kThoughtTypes[] = {"reasoning", "thinking"};

template <typename Table>
bool Has(const Table& table, std::string_view word) {
  return std::find(std::begin(table), std::end(table), word) != std::end(table);
}

void Append(const std::string& text, std::string& to) {
  if (text.empty()) return;
  if (!to.empty()) to += '\n';
  to += text;
}

// Whether a tool did what it was asked, in the words of who told the model.
std::optional<bool> SuccessOf(const json& part) {
  const json& error = AnyMember(part, {"is_error", "isError", "error"});
  if (error.is_boolean()) return !error.get<bool>();
  const std::string status = ToText(Member(part, "status"));
  if (status == "success" || status == "ok") return true;
  if (status == "error" || status == "failed") return false;
  // The AI SDK's output has a type.
  const std::string type = ToText(Member(AnyMember(part, {"output", "result"}), "type"));
  if (type.rfind("error", 0) == 0) return false;
  return std::nullopt;
}

void ReadAnswer(const json& part, ChatMessage& message) {
  const json& origin = Member(part, "origin");
  ToolAnswer answer;
  answer.id = ToText(
      AnyMember(part, {"id", "tool_use_id", "tool_call_id", "call_id", "toolCallId", "toolUseId"}));
  if (answer.id.empty()) answer.id = ToText(Member(origin, "id"));
  answer.name = ToText(AnyMember(part, {"name", "toolName"}));
  const json& result = AnyMember(part, {"response", "result", "content", "output"});
  answer.result = result.is_string() ? ReadToolText(ToText(result)) : ReadToolText(result);
  answer.success = SuccessOf(part);
  message.answers.push_back(std::move(answer));
}

void ReadThought(const json& part, ChatMessage& message) {
  const json& thought =
      AnyMember(part, {"content", "text", "thinking", "summary", "reasoning_text", "reasoning"});
  if (!thought.is_array()) return Append(ToText(thought), message.thought);
  for (const json& piece : thought) Append(ToText(Member(piece, "text")), message.thought);
}

// Gemini, Bedrock and Haystack name a part by its member.
bool ReadByMember(const json& part, ChatMessage& message) {
  const json& call = AnyMember(
      part, {"functionCall", "function_call", "toolUse", "tool_use", "tool_call", "toolCall"});
  const json& answer =
      AnyMember(part, {"functionResponse", "function_response", "toolResult", "tool_call_result"});
  const json& thought = AnyMember(part, {"reasoning", "reasoningContent"});
  if (call.is_object()) {
    ReadCall(call, message);
  } else if (answer.is_object()) {
    ReadAnswer(answer, message);
  } else if (Member(part, "origin").is_object() && part.contains("result")) {
    // What Haystack's parts have in them, as Python shows them.
    ReadAnswer(part, message);
  } else if (Member(part, "tool_name").is_string() && part.contains("arguments")) {
    ReadCall(part, message);
  } else if (thought.is_object()) {
    ReadThought(
        Member(thought, "reasoningText").is_object() ? Member(thought, "reasoningText") : thought,
        message);
  } else {
    return false;
  }
  return true;
}

bool ReadByType(const json& part, const std::string& type, ChatMessage& message) {
  const json& thought = Member(part, "thought");
  if (Has(kCallTypes, type)) {
    ReadCall(part, message);
  } else if (Has(kAnswerTypes, type)) {
    ReadAnswer(part, message);
  } else if (Has(kThoughtTypes, type) || (thought.is_boolean() && thought.get<bool>())) {
    ReadThought(part, message);
  } else {
    return false;
  }
  return true;
}

// A list of Bedrock's parts that was made one text.
std::optional<json> ReadPartsInText(const std::string& text) {
  if (text.rfind("[{", 0) != 0) return std::nullopt;
  std::optional<json> list = ParseJson(text);
  if (!list || !list->is_array()) return std::nullopt;
  constexpr std::string_view kNames[] = {"text",    "image",      "document",   "video",
                                         "toolUse", "toolResult", "cachePoint", "reasoningContent"};
  const bool parts = std::all_of(list->begin(), list->end(), [&](const json& part) {
    return part.is_object() && part.size() == 1 && Has(kNames, part.begin().key());
  });
  return parts ? list : std::nullopt;
}

// Of a list of words and objects that was made one text, the words; nullopt where it is none.
std::optional<std::string> ReadWordsInText(const std::string& text) {
  if (text.rfind("[\"", 0) != 0 || text.find(" object at 0x") == std::string::npos) {
    return std::nullopt;
  }
  const std::optional<json> list = ParseJson(text);
  if (!list || !list->is_array()) return std::nullopt;
  std::string words;
  for (const json& item : *list) {
    if (item.is_string() && !IsPythonRepr(ToText(item))) Append(ToText(item), words);
  }
  return words;
}

void ReadText(const json& text, ChatMessage& message) {
  if (!text.is_string()) return;
  const auto& said = text.get_ref<const std::string&>();
  if (const std::optional<std::string> words = ReadWordsInText(said)) {
    Append(*words, message.text);
    return;
  }
  if (const std::optional<json> parts = ReadPartsInText(said)) {
    for (const json& part : *parts) ReadPart(part, message);
    return;
  }
  if (std::optional<common::v1::Media> media = ReadMark(said)) {
    message.media.push_back(*std::move(media));
  } else {
    Append(said, message.text);
  }
}

}  // namespace

void ReadCall(const json& wrapped, ChatMessage& message) {
  // OpenInference wraps it in "tool_call", OpenAI's interface in "function".
  const json& inner = Member(wrapped, "tool_call");
  const json& call = inner.is_object() ? inner : wrapped;
  const json& function = Member(call, "function");
  const json& source = function.is_object() ? function : call;
  const auto arguments = {"arguments", "args", "input", "parameters", "tool_kwargs"};
  ToolUse use = {
      ToText(AnyMember(call, {"call_id", "id", "tool_call_id", "toolCallId", "toolUseId"})),
      ToText(AnyMember(source, {"name", "toolName", "tool_name"})),
      ReadArguments(AnyMember(source, arguments))};
  if (!use.name.empty()) message.calls.push_back(std::move(use));
}

void ReadPart(const json& wrapped, ChatMessage& message) {
  // A bare text is a part too.
  if (wrapped.is_string()) return ReadText(wrapped, message);
  const json& inner = Member(wrapped, "message_content");
  const json& part = inner.is_object() ? inner : wrapped;
  if (ReadByMember(part, message)) return;
  const json& type = AnyMember(part, {"type", "block_type"});
  if (type.is_string() && ReadByType(part, ToText(type), message)) return;
  if (!type.is_string() && ReadByType(part, "", message)) return;
  if (std::optional<common::v1::Media> media = ReadMedia(part)) {
    message.media.push_back(*std::move(media));
    return;
  }
  // What is newer than this has a text or none.
  ReadText(AnyMember(part, {"text", "content", "refusal"}), message);
}

void ReadContent(const json& content, ChatMessage& message) {
  const std::vector<const json*> parts = Items(content);
  // An object by itself is one part; one whose keys are no numbers has no items.
  if (parts.empty() && !content.is_array()) {
    if (content.is_string()) return ReadText(content, message);
    return content.is_object() && !content.empty() ? ReadPart(content, message) : void();
  }
  for (const json* part : parts) ReadPart(*part, message);
}

bool IsLonePart(const json& value) {
  const json& type = Member(value, "type");
  if (!type.is_string() || value.contains("role")) return false;
  const auto& word = type.get_ref<const std::string&>();
  return Has(kCallTypes, word) || Has(kAnswerTypes, word) || Has(kThoughtTypes, word);
}

std::string ReadArguments(const json& arguments) {
  if (arguments.is_string()) return ReadArguments(arguments.get_ref<const std::string&>());
  return ToText(arguments);
}

std::string ReadArguments(const std::string& text) {
  if (text.empty() || json::accept(text)) return text;
  // {'city': 'Paris'}, as Python writes it.
  if (text.starts_with("{'")) {
    if (const std::optional<json> parsed = ParsePythonRepr(text)) return ToText(*parsed);
  }
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace flywheel::ingest
