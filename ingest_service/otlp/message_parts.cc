#include "ingest_service/otlp/message_parts.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace flywheel::ingest {
namespace {

bool HasWords(const ChatMessage& message) {
  return !message.text.empty() || !message.thought.empty() || !message.calls.empty() ||
         !message.media.empty();
}

bool LacksAllParts(const ChatMessage& message) {
  return !HasWords(message) &&
         std::all_of(message.answers.begin(), message.answers.end(),
                     [](const ToolAnswer& answer) { return answer.result.empty(); });
}

}  // namespace

bool SaysAnything(const std::vector<ChatMessage>& messages) {
  return std::any_of(messages.begin(), messages.end(), [](const ChatMessage& message) {
    return HasWords(message) || !message.answers.empty();
  });
}

bool LacksParts(const std::vector<ChatMessage>& messages) {
  return std::any_of(messages.begin(), messages.end(), LacksAllParts);
}

void FillFromRequest(const std::vector<ChatMessage>& request, std::vector<ChatMessage>& messages) {
  for (size_t i = 0; i < messages.size() && messages.size() == request.size(); ++i) {
    const bool same = messages[i].role == request[i].role;
    if (same && LacksAllParts(messages[i])) messages[i] = request[i];
  }
  absl::flat_hash_map<std::string_view, const ChatMessage*> shown;
  for (const ChatMessage& message : request) {
    if (!message.media.empty()) shown.emplace(message.text, &message);
  }
  for (ChatMessage& message : messages) {
    if (!message.media.empty()) continue;
    const auto found = shown.find(message.text);
    if (found == shown.end() || found->second->role != message.role) continue;
    message.media = found->second->media;
  }
}

std::vector<ChatMessage> JoinPictures(std::vector<ChatMessage> messages) {
  std::vector<ChatMessage> joined;
  for (ChatMessage& message : messages) {
    const bool shows_only =
        message.role == common::v1::ROLE_USER && message.text.empty() && !message.media.empty();
    if (!shows_only || joined.empty() || joined.back().role != message.role ||
        joined.back().text.empty()) {
      joined.push_back(std::move(message));
      continue;
    }
    std::move(message.media.begin(), message.media.end(), std::back_inserter(joined.back().media));
  }
  return joined;
}

}  // namespace flywheel::ingest
