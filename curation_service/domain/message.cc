#include "curation_service/domain/message.h"

#include <algorithm>
#include <utility>

#include "curation_service/domain/json_object.h"
#include "shared/hashing/content_hash.h"
#include "shared/text/normalise.h"

namespace flywheel::curation {
namespace {

bool SaysSomething(const Part& part) {
  if (const auto* text = std::get_if<Text>(&part.kind)) return !NormaliseText(text->text).empty();
  return !std::holds_alternative<Reasoning>(part.kind);
}

void AddMeaning(const Part& part, ContentHash& hash) {
  hash.Add(static_cast<int64_t>(part.kind.index()));
  if (const auto* text = std::get_if<Text>(&part.kind)) {
    hash.Add(NormaliseText(text->text));
  } else if (const auto* call = std::get_if<ToolCall>(&part.kind)) {
    hash.Add(call->name).Add(call->arguments_json);
  } else if (const auto* result = std::get_if<ToolResult>(&part.kind)) {
    hash.Add(NormaliseText(result->content));
  } else if (const auto* media = std::get_if<Media>(&part.kind)) {
    hash.Add(media->uri).Add(media->sha256).Add(NormaliseText(media->description));
  }
}

size_t TextBytes(const Part& part) {
  if (const auto* text = std::get_if<Text>(&part.kind)) return text->text.size();
  if (const auto* thought = std::get_if<Reasoning>(&part.kind)) return thought->text.size();
  if (const auto* call = std::get_if<ToolCall>(&part.kind)) return call->arguments_json.size();
  if (const auto* result = std::get_if<ToolResult>(&part.kind)) return result->content.size();
  const auto& media = std::get<Media>(part.kind);
  return media.uri.size() + media.description.size();
}

}  // namespace

Message TextMessage(Role role, std::string text) {
  Message message;
  message.role = role;
  message.parts.push_back({Text{std::move(text)}});
  return message;
}

std::string FinalText(const Messages& messages) {
  std::string texts;
  if (messages.empty() || messages.back().role != Role::kAssistant) return texts;
  for (const Part& part : messages.back().parts) {
    const auto* text = std::get_if<Text>(&part.kind);
    if (text == nullptr || text->text.empty()) continue;
    if (!texts.empty()) texts += '\n';
    texts += text->text;
  }
  return texts;
}

bool SaysSomething(const Messages& messages) {
  return std::any_of(messages.begin(), messages.end(), [](const Message& message) {
    return std::any_of(message.parts.begin(), message.parts.end(),
                       [](const Part& part) { return SaysSomething(part); });
  });
}

bool HasMalformedCall(const Messages& messages) {
  const auto is_malformed = [](const Part& part) {
    const auto* call = std::get_if<ToolCall>(&part.kind);
    return call != nullptr && !call->arguments_json.empty() && !IsJsonObject(call->arguments_json);
  };
  return std::any_of(messages.begin(), messages.end(), [&](const Message& message) {
    return std::any_of(message.parts.begin(), message.parts.end(), is_malformed);
  });
}

std::string MeaningHash(const Messages& messages) {
  ContentHash hash;
  for (const Message& message : messages) {
    bool spoken = false;
    for (const Part& part : message.parts) {
      if (std::holds_alternative<Reasoning>(part.kind)) continue;
      if (!std::exchange(spoken, true)) hash.Add(static_cast<int64_t>(message.role));
      AddMeaning(part, hash);
    }
  }
  return hash.Bytes();
}

size_t TextBytes(const Messages& messages) {
  size_t bytes = 0;
  for (const Message& message : messages) {
    for (const Part& part : message.parts) bytes += TextBytes(part);
  }
  return bytes;
}

size_t TextBytes(const std::vector<ToolDefinition>& tools) {
  size_t bytes = 0;
  for (const ToolDefinition& tool : tools) {
    bytes += tool.description.size() + tool.parameters_json_schema.size();
  }
  return bytes;
}

size_t TextBytes(const std::vector<RetrievedContext>& contexts) {
  size_t bytes = 0;
  for (const RetrievedContext& context : contexts) {
    bytes += context.document_id.size() + context.text.size();
  }
  return bytes;
}

std::vector<std::optional<size_t>> AnsweredCalls(const Messages& messages) {
  std::vector<std::optional<size_t>> answered;
  std::vector<std::pair<size_t, const ToolCall*>> waiting;
  size_t calls = 0;
  for (const Message& message : messages) {
    for (const Part& part : message.parts) {
      if (const auto* call = std::get_if<ToolCall>(&part.kind)) waiting.emplace_back(calls++, call);
      const auto* result = std::get_if<ToolResult>(&part.kind);
      if (result == nullptr) continue;
      const auto of_id = [&](const std::string& id) {
        return std::find_if(waiting.begin(), waiting.end(),
                            [&](const auto& entry) { return entry.second->tool_call_id == id; });
      };
      auto found = result->tool_call_id.empty() ? waiting.begin() : of_id(result->tool_call_id);
      if (found == waiting.end()) found = of_id("");
      answered.push_back(found == waiting.end() ? std::nullopt : std::optional(found->first));
      if (found != waiting.end()) waiting.erase(found);
    }
  }
  return answered;
}

}  // namespace flywheel::curation
