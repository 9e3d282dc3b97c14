#include "ingest_service/otlp/message_reader.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "ingest_service/otlp/any_value.h"
#include "ingest_service/otlp/json_members.h"
#include "ingest_service/otlp/media_reader.h"
#include "ingest_service/otlp/part_reader.h"
#include "ingest_service/otlp/python_repr.h"
#include "ingest_service/otlp/text_reader.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;

constexpr size_t kMaxReadMessages = 10'000;
constexpr int kMaxWrappings = 4;

// The names of OpenAI, LangChain, Gemini, Anthropic and smolagents.
common::v1::Role ToRole(std::string_view name) {
  static constexpr std::pair<std::string_view, common::v1::Role> kRoles[] = {
      {"system", common::v1::ROLE_SYSTEM},
      {"developer", common::v1::ROLE_DEVELOPER},
      {"user", common::v1::ROLE_USER},
      {"human", common::v1::ROLE_USER},
      {"assistant", common::v1::ROLE_ASSISTANT},
      {"ai", common::v1::ROLE_ASSISTANT},
      {"aimessagechunk", common::v1::ROLE_ASSISTANT},
      {"model", common::v1::ROLE_ASSISTANT},
      {"tool", common::v1::ROLE_TOOL},
      {"function", common::v1::ROLE_TOOL},
      {"tool_result", common::v1::ROLE_TOOL},
      {"tool-response", common::v1::ROLE_TOOL},
  };
  for (const auto& [known, role] : kRoles) {
    if (known == name) return role;
  }
  return common::v1::ROLE_UNSPECIFIED;
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// HumanMessage and AIMessage, as the last word of a constructor's id.
common::v1::Role RoleOfClass(const json& value) {
  const json& id = Member(value, "id");
  if (!id.is_array() || id.empty() || !id.back().is_string()) return common::v1::ROLE_UNSPECIFIED;
  const std::string name = Lower(ToText(id.back()));
  return ToRole(name.substr(0, name.find("message")));
}

common::v1::Role RoleOf(const json& message) {
  for (const char* key : {"role", "type", "_role"}) {
    const json& name = Member(message, key);
    if (!name.is_string()) continue;
    const common::v1::Role role = ToRole(Lower(ToText(name)));
    if (role != common::v1::ROLE_UNSPECIFIED) return role;
  }
  return RoleOfClass(message);
}

bool IsMessage(const json& value) {
  if (!value.is_object()) return false;
  for (const char* key : {"role", "_role", "content", "contents", "parts", "tool_calls", "message",
                          "kwargs", "delta", "function_call"}) {
    if (value.contains(key)) return true;
  }
  return IsLonePart(value) || ToRole(ToText(Member(value, "type"))) != common::v1::ROLE_UNSPECIFIED;
}

// A message as Python shows it.
bool IsShownMessage(const json& value) {
  if (!value.is_string()) return false;
  const std::optional<json> shown = ParsePythonRepr(value.get_ref<const std::string&>());
  return shown && IsMessage(*shown);
}

// Content of Gemini's and ADK's responses is a message itself.
const json& Inner(const json& value) {
  const json& inner = AnyMember(value, {"message", "kwargs", "data", "delta"});
  if (inner.is_object()) return inner;
  const json& content = Member(value, "content");
  return content.is_object() && (content.contains("parts") || content.contains("role")) ? content
                                                                                        : value;
}

// A message of a tool is its answer as a whole.
void MakeAnswer(const json& source, ChatMessage& message) {
  ToolAnswer answer;
  answer.id = ToText(AnyMember(source, {"tool_call_id", "id", "call_id"}));
  answer.name = ToText(Member(source, "name"));
  answer.result = ReadToolText(std::exchange(message.text, ""));
  const json& status = Member(source, "status");
  if (status.is_string()) answer.success = status != "error";
  message.answers.push_back(std::move(answer));
}

// Ollama and Agno have them beside the content: their bytes, or objects with more.
void ReadPictures(const json& source, ChatMessage& message) {
  if (!message.media.empty()) return;
  for (const json* image : Items(Member(source, "images"))) {
    json part = image->is_object() ? *image : json{{"data", *image}};
    part["type"] = "image";
    if (std::optional<common::v1::Media> media = ReadMedia(part)) {
      message.media.push_back(*std::move(media));
    }
  }
}

ChatMessage ReadLonePart(const json& value) {
  ChatMessage message;
  ReadPart(value, message);
  message.role = message.answers.empty() ? common::v1::ROLE_ASSISTANT : common::v1::ROLE_TOOL;
  return message;
}

// Whatever the shape: role, then content, calls and thoughts from wherever they may stand.
ChatMessage ReadMessage(const json& value, common::v1::Role otherwise) {
  if (IsLonePart(value)) return ReadLonePart(value);
  ChatMessage message;
  const json* source = &value;
  const json& finish = Member(value, "finish_reason");
  message.finish_reason = ToText(finish);
  message.goes_on =
      (finish.is_string() && message.finish_reason.empty()) || Member(value, "delta").is_object();
  // 1. The message's own object, out of what OpenInference, choices of OpenAI's interface and
  // LangChain put around it; the role may stand at each of them.
  message.role = RoleOf(value);
  for (int i = 0; i < kMaxWrappings; ++i) {
    const json& inner = Inner(*source);
    if (&inner == source) break;
    source = &inner;
    if (const common::v1::Role role = RoleOf(inner); role != common::v1::ROLE_UNSPECIFIED) {
      message.role = role;
    }
  }
  if (message.role == common::v1::ROLE_UNSPECIFIED) message.role = otherwise;
  // 2. Content. OpenInference may say it a second time, as parts.
  ReadContent(AnyMember(*source, {"parts", "content", "_content", "blocks"}), message);
  if (message.text.empty()) ReadContent(Member(*source, "contents"), message);
  if (const json& inner = Member(value, "message"); inner.is_string() || inner.is_array()) {
    ReadContent(inner, message);
  }
  ReadPictures(*source, message);
  // 3. Calls and thoughts.
  for (const json* call : Items(Member(*source, "tool_calls"))) ReadCall(*call, message);
  if (message.calls.empty()) {
    const json& others = Member(*source, "additional_kwargs");
    for (const json* call : Items(Member(others, "tool_calls"))) ReadCall(*call, message);
  }
  if (const json& call = Member(*source, "function_call"); call.is_object()) {
    ReadCall(call, message);
  }
  const json& thought = AnyMember(*source, {"reasoning_content", "reasoning"});
  if (thought.is_string() && message.thought.empty()) message.thought = ToText(thought);
  if (message.role == common::v1::ROLE_TOOL && message.answers.empty()) {
    MakeAnswer(*source, message);
  }
  return message;
}

// Langfuse tells what a model may call as if tools had said it.
bool IsToolDefinition(const json& message) {
  return Member(Member(message, "content"), "function").is_object();
}

// The list of messages of a request, a response or a state; null for none.
const json& ListOf(const json& object) {
  for (const char* key : {"messages", "choices", "replies", "candidates", "generations", "contents",
                          "chat_history", "input", "output"}) {
    const json& list = Member(object, key);
    if (!list.is_array() || list.empty()) continue;
    const json& first = list.front();
    const json& item = first.is_array() && !first.empty() ? first.front() : first;
    if (IsMessage(item) || IsShownMessage(item)) return list;
  }
  return Member(json(), "");
}

// What a request says beside its messages.
void ReadInstructions(const json& request, std::vector<ChatMessage>& messages) {
  const json& config = Member(request, "config");
  const json& own =
      AnyMember(request, {"system", "instructions", "system_instruction", "systemInstruction"});
  const json& instructions =
      own.is_null() ? AnyMember(config, {"system_instruction", "systemInstruction"}) : own;
  if (instructions.is_null()) return;
  ChatMessage message;
  message.role = common::v1::ROLE_SYSTEM;
  const json& parts = Member(instructions, "parts");
  ReadContent(parts.is_null() ? instructions : parts, message);
  if (!message.text.empty()) messages.push_back(std::move(message));
}

void ReadList(const json& list, common::v1::Role role, std::vector<ChatMessage>& messages) {
  for (const json* item : Items(list)) {
    if (messages.size() == kMaxReadMessages) return;
    // LangChain has a list of conversations.
    if (item->is_array()) {
      ReadList(*item, role, messages);
    } else if (item->is_string()) {
      // An object of which nothing but what Python shows of it was recorded.
      const std::optional<json> shown = ParsePythonRepr(item->get_ref<const std::string&>());
      if (shown && IsMessage(*shown)) messages.push_back(ReadMessage(*shown, role));
    } else if (IsMessage(*item) && !IsToolDefinition(*item)) {
      messages.push_back(ReadMessage(*item, role));
    }
  }
}

// Answers that name no call are those of the calls before them, in their order.
void NameAnswers(std::vector<ChatMessage>& messages) {
  std::vector<ToolUse> calls;
  size_t next = 0;
  for (ChatMessage& message : messages) {
    if (!message.calls.empty()) {
      calls = message.calls;
      next = 0;
    }
    for (ToolAnswer& answer : message.answers) {
      if (next < calls.size() && answer.id.empty() && answer.name.empty()) {
        answer.id = calls[next].id;
        answer.name = calls[next].name;
      }
      ++next;
    }
  }
}

}  // namespace

bool HoldsMessages(const json& object) { return !ListOf(object).is_null(); }

std::vector<ChatMessage> ReadMessages(const json& value, common::v1::Role role) {
  std::vector<ChatMessage> messages;
  const json& list = ListOf(value);
  if (!list.is_null()) {
    const bool request = role == common::v1::ROLE_USER;
    if (request) ReadInstructions(value, messages);
    ReadList(list, role, messages);
    NameAnswers(messages);
    return messages;
  }
  ReadList(value, role, messages);
  NameAnswers(messages);
  if (!messages.empty()) return messages;
  if (IsMessage(value)) {
    messages.push_back(ReadMessage(value, role));
  } else if (const json& inner = AnyMember(value, {"output", "response", "update", "outputs"});
             inner.is_object()) {
    return ReadMessages(inner, role);
  }
  return messages;
}

std::vector<ChatMessage> JoinPieces(std::vector<ChatMessage> messages) {
  std::vector<ChatMessage> joined;
  for (ChatMessage& message : messages) {
    if (joined.empty() || !joined.back().goes_on || joined.back().role != message.role) {
      joined.push_back(std::move(message));
      continue;
    }
    ChatMessage& whole = joined.back();
    // The last may be all of them once more.
    const bool repeats = !message.goes_on && message.text == whole.text;
    if (!repeats) whole.text += message.text;
    if (message.goes_on || message.thought != whole.thought) whole.thought += message.thought;
    std::move(message.calls.begin(), message.calls.end(), std::back_inserter(whole.calls));
    std::move(message.media.begin(), message.media.end(), std::back_inserter(whole.media));
    whole.goes_on = message.goes_on;
    whole.finish_reason = std::move(message.finish_reason);
  }
  return joined;
}

}  // namespace flywheel::ingest
