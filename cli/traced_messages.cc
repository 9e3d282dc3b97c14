#include "cli/traced_messages.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace flywheel::cli {
namespace {

using Json = nlohmann::json;

// How deep a state holds its messages: outputs, generations, a list of lists.
constexpr int kMaxDepth = 6;

// Under which a run keeps its messages, the likeliest first.
constexpr const char* kMessageKeys[] = {"messages", "chat_history", "choices", "generations",
                                        "message",  "input",        "output",  "kwargs",
                                        "inputs",   "outputs"};
// Under which it keeps a text.
constexpr const char* kTextKeys[] = {"question", "query",    "prompt", "text",
                                     "answer",   "response", "result", "content"};

const Json* Member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string TextOf(const Json& object, const char* key) {
  const Json* const member = Member(object, key);
  return member != nullptr && member->is_string() ? member->get<std::string>() : "";
}

// OpenAI's name for a role; empty where it is none.
std::string RoleOf(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, const char*>, 18> kRoles = {
      {{"system", "system"},
       {"developer", "developer"},
       {"user", "user"},
       {"human", "user"},
       {"assistant", "assistant"},
       {"ai", "assistant"},
       {"model", "assistant"},
       {"tool", "tool"},
       {"function", "tool"},
       {"SystemMessage", "system"},
       {"HumanMessage", "user"},
       {"AIMessage", "assistant"},
       {"AIMessageChunk", "assistant"},
       {"HumanMessageChunk", "user"},
       {"ToolMessage", "tool"},
       {"ToolMessageChunk", "tool"},
       {"FunctionMessage", "tool"},
       {"SystemMessageChunk", "system"}}};
  for (const auto& [known, role] : kRoles) {
    if (known == name) return role;
  }
  return "";
}

// A call as LangChain and Anthropic have it, in OpenAI's form, which passes as it is.
Json CallOf(const Json& call) {
  if (Member(call, "function") != nullptr) return call;
  const Json* arguments = Member(call, "args");
  if (arguments == nullptr) arguments = Member(call, "input");
  return {{"id", TextOf(call, "id")},
          {"type", "function"},
          {"function",
           {{"name", TextOf(call, "name")},
            {"arguments", arguments == nullptr ? Json::object() : *arguments}}}};
}

// Anthropic's parts hold calls and results beside texts; thoughts are not said.
void ReadParts(const Json& parts, Json& message, Json& results) {
  Json content = Json::array();
  const bool calls_known = message.contains("tool_calls");
  for (const Json& part : parts) {
    const std::string type = TextOf(part, "type");
    if (type == "tool_use" || type == "tool_call") {
      if (!calls_known) message["tool_calls"].push_back(CallOf(part));
    } else if (type == "tool_result") {
      Json result = {{"role", "tool"}, {"tool_call_id", TextOf(part, "tool_use_id")}};
      const Json* const given = Member(part, "content");
      if (given != nullptr) result["content"] = *given;
      results.push_back(std::move(result));
    } else if (type == "input_text" || type == "output_text") {
      content.push_back({{"type", "text"}, {"text", TextOf(part, "text")}});
    } else if (part.is_string()) {
      content.push_back({{"type", "text"}, {"text", part}});
    } else if (!type.empty() && type != "thinking" && type != "reasoning" &&
               type != "redacted_thinking") {
      content.push_back(part);
    }
  }
  message["content"] = std::move(content);
}

// Adds one message, where `value` is one.
bool AddMessage(const Json& value, Json& messages) {
  if (!value.is_object()) return false;
  std::string role = RoleOf(TextOf(value, "role"));
  const Json* body = &value;
  const Json* const constructor = Member(value, "id");
  if (role.empty() && Member(value, "lc") != nullptr && constructor != nullptr &&
      constructor->is_array() && !constructor->empty() && constructor->back().is_string()) {
    role = RoleOf(constructor->back().get<std::string>());
    body = Member(value, "kwargs");
  } else if (role.empty()) {
    role = RoleOf(TextOf(value, "type"));
    if (const Json* const data = Member(value, "data"); data != nullptr) body = data;
  }
  const bool is_message = body != nullptr && (Member(*body, "content") != nullptr ||
                                              Member(*body, "tool_calls") != nullptr ||
                                              Member(*body, "function_call") != nullptr);
  if (role.empty() || !is_message) return false;

  Json message = {{"role", role}};
  Json results = Json::array();
  const Json* calls = Member(*body, "tool_calls");
  if (const Json* const more = Member(*body, "additional_kwargs");
      more != nullptr && (calls == nullptr || calls->empty())) {
    calls = Member(*more, "tool_calls");
  }
  if (calls != nullptr && calls->is_array() && !calls->empty()) {
    for (const Json& call : *calls) message["tool_calls"].push_back(CallOf(call));
  }
  if (const Json* const call = Member(*body, "function_call"); call != nullptr) {
    message["function_call"] = *call;
  }
  const std::string call_id = TextOf(*body, "tool_call_id");
  if (!call_id.empty()) message["tool_call_id"] = call_id;
  if (const Json* const content = Member(*body, "content"); content != nullptr) {
    if (content->is_array()) {
      ReadParts(*content, message, results);
    } else if (content->is_string()) {
      message["content"] = *content;
    } else if (role == "tool") {
      message["content"] = content->dump();
    }
  }
  // What a user hands back for tools comes before what they say.
  for (Json& result : results) messages.push_back(std::move(result));
  const Json* const said = Member(message, "content");
  const bool silent = said == nullptr || said->empty() ||
                      (said->is_string() && said->get_ref<const std::string&>().empty());
  if (!silent || message.contains("tool_calls") || message.contains("function_call")) {
    messages.push_back(std::move(message));
  }
  return true;
}

void AddText(const std::string& text, common::v1::Role speaker, Json& messages) {
  if (text.empty()) return;
  messages.push_back(
      {{"role", speaker == common::v1::ROLE_USER ? "user" : "assistant"}, {"content", text}});
}

// True where something was found, or where there is surely nothing else.
bool Find(const Json& value, common::v1::Role speaker, int depth, Json& messages) {
  if (depth == 0) return false;
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (!text.empty() && (text[0] == '{' || text[0] == '[')) {
      const Json inner = Json::parse(text, nullptr, /*allow_exceptions=*/false);
      if (!inner.is_discarded() && Find(inner, speaker, depth - 1, messages)) return true;
    }
    AddText(text, speaker, messages);
    return !messages.empty();
  }
  if (value.is_array()) {
    bool any = false;
    for (const Json& item : value) {
      if (AddMessage(item, messages)) {
        any = true;
      } else if (item.is_array() || item.is_object()) {
        // One list of a batch, the first answer of several.
        return any || Find(item, speaker, depth - 1, messages);
      }
    }
    return any;
  }
  if (AddMessage(value, messages)) return true;
  for (const char* key : kMessageKeys) {
    const Json* const member = Member(value, key);
    if (member != nullptr && Find(*member, speaker, depth - 1, messages)) return true;
  }
  for (const char* key : kTextKeys) {
    const std::string text = TextOf(value, key);
    if (text.empty()) continue;
    AddText(text, speaker, messages);
    return true;
  }
  return false;
}

}  // namespace

Json TracedMessages(const Json& value, common::v1::Role speaker) {
  Json messages = Json::array();
  Find(value, speaker, kMaxDepth, messages);
  return messages;
}

}  // namespace flywheel::cli
