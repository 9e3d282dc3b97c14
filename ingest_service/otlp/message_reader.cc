#include "ingest_service/otlp/message_reader.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "ingest_service/otlp/any_value.h"

namespace flywheel::ingest {
namespace {

using nlohmann::json;

constexpr size_t kMaxReadMessages = 10'000;

// For members that are not there, so that look-ups can be chained.
const json& Null() {
  static const json& null = *new json();
  return null;
}

// The member of an object; null for none.
const json& Member(const json& object, const char* key) {
  if (!object.is_object()) return Null();
  const auto found = object.find(key);
  return found == object.end() ? Null() : *found;
}

// The first member that is not null.
const json& AnyMember(const json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    const json& member = Member(object, key);
    if (!member.is_null()) return member;
  }
  return Null();
}

// The items of a list, and of an object whose keys are numbers, as flattened names make them, in
// the order of the numbers.
std::vector<const json*> Items(const json& list) {
  std::vector<const json*> items;
  if (list.is_array()) {
    for (const json& item : list) items.push_back(&item);
    return items;
  }
  if (!list.is_object()) return items;
  std::vector<std::pair<int64_t, const json*>> numbered;
  for (const auto& [key, item] : list.items()) {
    const bool is_number =
        !key.empty() && key.size() < 10 && key.find_first_not_of("0123456789") == std::string::npos;
    if (!is_number) return {};
    numbered.emplace_back(std::stoll(key), &item);
  }
  std::sort(numbered.begin(), numbered.end());
  for (const auto& [number, item] : numbered) items.push_back(item);
  return items;
}

// The names of OpenAI, LangChain, Gemini and Anthropic.
common::v1::Role ToRole(std::string_view name) {
  static constexpr std::pair<std::string_view, common::v1::Role> kRoles[] = {
      {"system", common::v1::ROLE_SYSTEM},       {"developer", common::v1::ROLE_DEVELOPER},
      {"user", common::v1::ROLE_USER},           {"human", common::v1::ROLE_USER},
      {"assistant", common::v1::ROLE_ASSISTANT}, {"ai", common::v1::ROLE_ASSISTANT},
      {"model", common::v1::ROLE_ASSISTANT},     {"tool", common::v1::ROLE_TOOL},
      {"function", common::v1::ROLE_TOOL},       {"tool_result", common::v1::ROLE_TOOL},
  };
  for (const auto& [known, role] : kRoles) {
    if (known == name) return role;
  }
  return common::v1::ROLE_UNSPECIFIED;
}

void Append(const std::string& text, std::string& to) {
  if (text.empty()) return;
  if (!to.empty()) to += '\n';
  to += text;
}

// OpenInference wraps it in "tool_call", OpenAI's interface in "function".
ToolUse ReadCall(const json& wrapped) {
  const json& inner = Member(wrapped, "tool_call");
  const json& call = inner.is_object() ? inner : wrapped;
  const json& function = Member(call, "function");
  const json& source = function.is_object() ? function : call;
  return {ToText(AnyMember(call, {"id", "tool_call_id", "call_id", "toolCallId"})),
          ToText(AnyMember(source, {"name", "toolName"})),
          ReadArguments(AnyMember(source, {"arguments", "args", "input", "parameters"}))};
}

void AddCall(const json& wrapped, ChatMessage& message) {
  ToolUse call = ReadCall(wrapped);
  if (!call.name.empty()) message.calls.push_back(std::move(call));
}

// The text of content that may be a list of parts itself.
std::string ContentText(const json& content) {
  if (!content.is_array()) return ToText(content);
  std::string text;
  for (const json& part : content) {
    Append(ToText(part.is_object() ? AnyMember(part, {"text", "content"}) : part), text);
  }
  return text;
}

// One part of a message, by its type.
void ReadPart(const json& wrapped, ChatMessage& message) {
  // A bare text is a part too.
  if (wrapped.is_string()) return Append(ToText(wrapped), message.text);
  const json& inner = Member(wrapped, "message_content");
  const json& part = inner.is_object() ? inner : wrapped;
  const std::string type = ToText(Member(part, "type"));
  // Gemini names a part by its member, all others by a type.
  if (const json& call = AnyMember(part, {"functionCall", "function_call"}); call.is_object()) {
    return AddCall(call, message);
  }
  if (const json& answer = AnyMember(part, {"functionResponse", "function_response"});
      answer.is_object()) {
    message.answers.push_back({ToText(Member(answer, "id")), ToText(Member(answer, "name")),
                               ContentText(Member(answer, "response"))});
    return;
  }
  if (type == "tool_call" || type == "tool_use" || type == "function_call" || type == "tool-call") {
    return AddCall(part, message);
  }
  if (type == "tool_call_response" || type == "tool_result" || type == "function_call_output" ||
      type == "tool-result") {
    message.answers.push_back(
        {ToText(AnyMember(part, {"id", "tool_use_id", "tool_call_id", "call_id", "toolCallId"})),
         ToText(AnyMember(part, {"name", "toolName"})),
         ContentText(AnyMember(part, {"response", "result", "content", "output"}))});
    return;
  }
  if (type == "reasoning" || type == "thinking") {
    return Append(ToText(AnyMember(part, {"content", "text", "thinking", "summary"})),
                  message.thought);
  }
  // Images, files and what is newer than this have no text.
  Append(ToText(AnyMember(part, {"text", "content"})), message.text);
}

void ReadContent(const json& content, ChatMessage& message) {
  // Content is one text, or a list of parts.
  const std::vector<const json*> parts = Items(content);
  if (parts.empty() && !content.is_array()) return Append(ToText(content), message.text);
  for (const json* part : parts) ReadPart(*part, message);
}

common::v1::Role RoleOf(const json& message, common::v1::Role otherwise) {
  const common::v1::Role role = ToRole(ToText(Member(message, "role")));
  if (role != common::v1::ROLE_UNSPECIFIED) return role;
  const common::v1::Role type = ToRole(ToText(Member(message, "type")));
  return type == common::v1::ROLE_UNSPECIFIED ? otherwise : type;
}

bool IsMessage(const json& value) {
  if (!value.is_object()) return false;
  for (const char* key :
       {"role", "content", "contents", "parts", "tool_calls", "message", "kwargs"}) {
    if (value.contains(key)) return true;
  }
  return ToRole(ToText(Member(value, "type"))) != common::v1::ROLE_UNSPECIFIED;
}

// A message's own object, out of what OpenInference, choices of OpenAI's interface and LangChain
// put around it.
const json& Unwrap(const json& value) {
  const json& inner = AnyMember(value, {"message", "kwargs"});
  return inner.is_object() ? inner : value;
}

// Whatever the shape: role, then content, calls and thoughts from wherever they may stand.
ChatMessage ReadMessage(const json& value, common::v1::Role otherwise) {
  const json& source = Unwrap(value);
  ChatMessage message;
  message.role = RoleOf(source, otherwise);
  ReadContent(AnyMember(source, {"parts", "content"}), message);
  ReadContent(Member(source, "contents"), message);
  if (const json& inner = Member(value, "message"); inner.is_string()) {
    Append(ToText(inner), message.text);
  }
  for (const json* call : Items(Member(source, "tool_calls"))) AddCall(*call, message);
  if (const json& call = Member(source, "function_call"); call.is_object()) AddCall(call, message);
  Append(ToText(AnyMember(source, {"reasoning_content", "reasoning"})), message.thought);
  // A message of a tool is its answer as a whole.
  if (message.role == common::v1::ROLE_TOOL && message.answers.empty()) {
    message.answers.push_back({ToText(AnyMember(source, {"tool_call_id", "id", "call_id"})),
                               ToText(Member(source, "name")), std::exchange(message.text, "")});
  }
  return message;
}

// The members that applications hand their question or answer in.
const json& TextMember(const json& object, common::v1::Role role) {
  if (role == common::v1::ROLE_USER) {
    return AnyMember(object, {"input", "question", "query", "prompt", "user_input", "message",
                              "text", "inputs", "args", "kwargs", "input_str", "content"});
  }
  return AnyMember(object, {"output", "answer", "result", "response", "final_output", "text",
                            "content", "outputs", "output_str", "generation"});
}

std::string TextOf(const json& value, common::v1::Role role, int depth) {
  if (value.is_string()) return ToText(value);
  constexpr int kMaxDepth = 4;
  if (depth == kMaxDepth || !value.is_structured()) return "";
  // A conversation: the last word of the wanted role.
  const json& messages = AnyMember(value, {"messages", "choices", "chat_history"});
  const json& list = messages.is_array() ? messages : value;
  if (list.is_array()) {
    const std::vector<ChatMessage> read = ReadMessages(list, role);
    for (auto message = read.rbegin(); message != read.rend(); ++message) {
      if (message->role == role && !message->text.empty()) return message->text;
    }
    return list.size() == 1 ? TextOf(list[0], role, depth + 1) : "";
  }
  // An object: the member that usually holds it, or the only member there is.
  std::string text = TextOf(TextMember(value, role), role, depth + 1);
  if (!text.empty() || value.size() != 1) return text;
  return TextOf(*value.begin(), role, depth + 1);
}

}  // namespace

std::vector<ChatMessage> ReadMessages(const json& value, common::v1::Role role) {
  const json& list = AnyMember(value, {"messages", "choices"});
  std::vector<ChatMessage> messages;
  const json& source = list.is_array() ? list : value;
  std::vector<const json*> items = Items(source);
  if (items.empty() && IsMessage(source)) items.push_back(&source);
  for (const json* item : items) {
    // LangChain has a list of conversations.
    if (item->is_array()) {
      for (const json& inner : *item) {
        if (messages.size() == kMaxReadMessages) return messages;
        if (IsMessage(inner)) messages.push_back(ReadMessage(inner, role));
      }
    } else if (IsMessage(*item)) {
      if (messages.size() == kMaxReadMessages) return messages;
      messages.push_back(ReadMessage(*item, role));
    }
  }
  return messages;
}

std::string ReadText(const std::string& value, common::v1::Role role) {
  const std::optional<json> parsed = ParseJson(value);
  if (!parsed) return value;
  std::string text = TextOf(*parsed, role, 0);
  return text.empty() ? value : text;
}

std::string ReadArguments(const json& arguments) {
  if (arguments.is_string()) return ReadArguments(arguments.get_ref<const std::string&>());
  return ToText(arguments);
}

std::string ReadArguments(const std::string& arguments) {
  if (arguments.empty() || json::accept(arguments)) return arguments;
  return json(arguments).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace flywheel::ingest
