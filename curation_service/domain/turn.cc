#include "curation_service/domain/turn.h"

#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace flywheel::curation {
namespace {

bool IsWork(const Message& message) {
  return message.role == Role::kAssistant || message.role == Role::kTool;
}

// Which calls, numbered as AnsweredCalls does, failed and were made good.
std::vector<bool> RepairedCalls(const Messages& work,
                                const std::vector<std::optional<size_t>>& answered) {
  std::vector<std::string> tools;
  std::map<size_t, bool> failed;  // Of the calls that have an answer.
  size_t results = 0;
  for (const Message& message : work) {
    for (const Part& part : message.parts) {
      if (const auto* call = std::get_if<ToolCall>(&part.kind)) tools.push_back(call->name);
      const auto* result = std::get_if<ToolResult>(&part.kind);
      if (result == nullptr) continue;
      const std::optional<size_t> call = answered[results++];
      if (call) failed[*call] = !result->success.value_or(true);
    }
  }
  // From the last call to the first: what succeeds later makes good what failed before.
  std::vector<bool> repaired(tools.size(), false);
  std::map<std::string, bool> succeeds_later;
  for (auto one = failed.rbegin(); one != failed.rend(); ++one) {
    bool& succeeds = succeeds_later[tools[one->first]];
    repaired[one->first] = one->second && succeeds;
    succeeds |= !one->second;
  }
  return repaired;
}

}  // namespace

Turn TakeTurn(Interaction& interaction) {
  Messages messages = std::move(interaction.messages);
  if (messages.empty()) {
    messages = {TextMessage(Role::kUser, interaction.input),
                TextMessage(Role::kAssistant, interaction.output)};
  }
  auto begin = messages.end();
  while (begin != messages.begin() && IsWork(*std::prev(begin))) --begin;
  Turn turn;
  turn.work.assign(std::make_move_iterator(begin), std::make_move_iterator(messages.end()));
  messages.erase(begin, messages.end());
  turn.asked = std::move(messages);
  return turn;
}

Messages WithoutRepairedCalls(Messages work) {
  const std::vector<std::optional<size_t>> answered = AnsweredCalls(work);
  const std::vector<bool> repaired = RepairedCalls(work, answered);
  Messages kept;
  size_t calls = 0;
  size_t results = 0;
  for (Message& message : work) {
    std::vector<Part> parts;
    bool has_call = false;
    bool lost_call = false;
    for (Part& part : message.parts) {
      bool out = false;
      if (std::holds_alternative<ToolCall>(part.kind)) {
        out = repaired[calls++];
        (out ? lost_call : has_call) = true;
      } else if (std::holds_alternative<ToolResult>(part.kind)) {
        const std::optional<size_t> call = answered[results++];
        out = call && repaired[*call];
      }
      if (!out) parts.push_back(std::move(part));
    }
    message.parts = std::move(parts);
    // What was said or thought beside a call that went wrong was about that call.
    const bool said_in_vain = lost_call && !has_call;
    if (!message.parts.empty() && !said_in_vain) kept.push_back(std::move(message));
  }
  return kept;
}

Messages UpToLastWord(Messages work) {
  while (!work.empty() && work.back().role != Role::kAssistant) work.pop_back();
  return work;
}

Messages WithoutFinalAnswer(Messages work) {
  while (!work.empty() && work.back().role == Role::kAssistant) work.pop_back();
  return work;
}

}  // namespace flywheel::curation
