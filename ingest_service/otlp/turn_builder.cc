#include "ingest_service/otlp/turn_builder.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "ingest_service/domain/record_limits.h"
#include "shared/text/shorten.h"

namespace flywheel::ingest {
namespace {

using common::v1::Message;

// Each becomes two messages at most; with as many of the history they stay below
// kMaxRecordMessages.
constexpr size_t kMaxSteps = 2'400;
constexpr size_t kMaxHistory = 5'000;
static_assert(2 * kMaxSteps + kMaxHistory + 2 <= kMaxRecordMessages);
constexpr int64_t kMaxCalls = 10'000;
// Calls of one step whose arguments are compared with those of a tool.
constexpr size_t kMaxCompared = 64;

void AddCallPart(const ToolUse& use, Message& message) {
  common::v1::ToolCall& call = *message.add_parts()->mutable_tool_call();
  call.set_tool_call_id(use.id);
  call.set_name(std::string(Shorten(use.name, kMaxToolNameBytes)));
  call.set_arguments_json(use.arguments_json);
}

void AddResultPart(const std::string& id, const std::string& content, std::optional<bool> success,
                   Message& message) {
  common::v1::ToolResult& result = *message.add_parts()->mutable_tool_result();
  result.set_tool_call_id(id);
  result.set_content(content);
  if (success) result.set_success(*success);
}

// Thoughts, text and media, as far as whoever speaks may say them.
void AddWords(const ChatMessage& said, Message& message) {
  if (said.role == common::v1::ROLE_ASSISTANT && !said.thought.empty()) {
    message.add_parts()->set_reasoning(said.thought);
  }
  if (!said.text.empty()) message.add_parts()->set_text(said.text);
  for (const common::v1::Media& media : said.media) *message.add_parts()->mutable_media() = media;
  if (said.incomplete && !message.parts().empty()) {
    message.mutable_parts()->rbegin()->set_incomplete(true);
  }
}

Message TextMessage(common::v1::Role role, const std::string& text) {
  Message message;
  message.set_role(role);
  message.add_parts()->set_text(text);
  return message;
}

// A message of an earlier turn as it was; one that answers tools is of the tools, whoever sent it.
void AddEarlier(const ChatMessage& said, std::vector<Message>& history) {
  if (!said.answers.empty()) {
    Message& results = history.emplace_back();
    results.set_role(common::v1::ROLE_TOOL);
    for (const ToolAnswer& answer : said.answers) {
      AddResultPart(answer.id, answer.result, answer.success, results);
    }
  }
  Message message;
  message.set_role(said.role);
  AddWords(said, message);
  if (said.role == common::v1::ROLE_ASSISTANT) {
    for (const ToolUse& use : said.calls) {
      if (!use.name.empty()) AddCallPart(use, message);
    }
  }
  const bool known = said.role != common::v1::ROLE_UNSPECIFIED;
  if (known && !message.parts().empty()) history.push_back(std::move(message));
}

bool Instructs(const ChatMessage& message) {
  return message.role == common::v1::ROLE_SYSTEM || message.role == common::v1::ROLE_DEVELOPER;
}

// Whether a tool was handed what a call has, as a whole or, where it takes one thing, as that
// thing.
bool IsHanded(const nlohmann::json& handed, const std::string& arguments_json) {
  const auto arguments = nlohmann::json::parse(arguments_json, nullptr, false);
  if (arguments == handed) return true;
  return arguments.is_object() && arguments.size() == 1 && *arguments.begin() == handed;
}

}  // namespace

bool IsPersonsWord(const ChatMessage& message) {
  return message.role == common::v1::ROLE_USER && (!message.text.empty() || !message.media.empty());
}

void TurnBuilder::AddHistory(const TraceSpan& span) {
  const std::vector<ChatMessage>& messages = span.input_messages;
  // The turn begins with the person's last words.
  size_t turn = 0;
  for (size_t i = 0; i < messages.size(); ++i) {
    if (IsPersonsWord(messages[i])) turn = i + 1;
  }
  if (!span.system_instructions.empty()) {
    history_.push_back(TextMessage(common::v1::ROLE_SYSTEM, span.system_instructions));
  }
  for (size_t i = 0; i < messages.size(); ++i) {
    // Instructions count wherever they stand; some senders say them in both places.
    if (Instructs(messages[i]) && messages[i].text == span.system_instructions) continue;
    const bool before = i + 1 < turn || Instructs(messages[i]);
    if (before && history_.size() + 2 <= kMaxHistory) AddEarlier(messages[i], history_);
  }
  if (turn == 0) return;
  AddOutput({messages.begin() + static_cast<std::ptrdiff_t>(turn), messages.end()});
}

void TurnBuilder::AddUser(const ChatMessage& message) {
  if (steps_.size() < kMaxSteps) steps_.push_back({message, {}});
}

void TurnBuilder::AddAnswers(const std::vector<ChatMessage>& messages) {
  for (const ChatMessage& message : messages) {
    for (const ToolUse& call : message.calls) LearnId(call);
    for (const ToolAnswer& answer : message.answers) AddAnswer(answer);
  }
}

void TurnBuilder::LearnId(const ToolUse& told) {
  if (told.id.empty() || by_id_.contains(told.id)) return;
  const auto named = open_by_name_.find(told.name);
  if (named == open_by_name_.end() || named->second.size() > kMaxCompared) return;
  const auto wanted = nlohmann::json::parse(told.arguments_json, nullptr, false);
  for (const Place& place : named->second) {
    ToolUse& use = At(place).use;
    if (!use.id.empty()) continue;
    if (nlohmann::json::parse(use.arguments_json, nullptr, false) != wanted) continue;
    use.id = told.id;
    by_id_.emplace(told.id, place);
    return;
  }
}

void TurnBuilder::AddOutput(const std::vector<ChatMessage>& messages) {
  for (const ChatMessage& message : messages) {
    for (const ToolAnswer& answer : message.answers) AddAnswer(answer);
    if (message.role != common::v1::ROLE_ASSISTANT) continue;
    const bool silent = message.thought.empty() && message.text.empty() && message.media.empty();
    if (silent && message.calls.empty()) continue;
    if (steps_.size() == kMaxSteps) return;
    steps_.push_back({message, {}});
    for (const ToolUse& call : message.calls) AddCall(call);
  }
}

void TurnBuilder::AddCall(const ToolUse& use) {
  // Some senders repeat a call in the message and beside it.
  if (!use.id.empty() && by_id_.contains(use.id)) return;
  if (calls_ == kMaxCalls || use.name.empty()) return;
  ++calls_;
  const Place place{steps_.size() - 1, steps_.back().calls.size()};
  steps_.back().calls.push_back({use, "", std::nullopt, std::nullopt});
  if (!use.id.empty()) by_id_.emplace(use.id, place);
  open_by_name_[use.name].push_back(place);
}

std::optional<TurnBuilder::Place> TurnBuilder::Find(const std::string& id,
                                                    const std::string& name) {
  // By id where senders give one.
  if (const auto known = by_id_.find(id); !id.empty() && known != by_id_.end()) {
    return known->second;
  }
  // Else the first call of this name that has no answer yet.
  const auto open = open_by_name_.find(name);
  if (open == open_by_name_.end()) return std::nullopt;
  for (const Place& place : open->second) {
    const Call& call = At(place);
    const bool other_id = !id.empty() && !call.use.id.empty();
    if (!other_id && !call.success && call.result.empty()) return place;
  }
  return std::nullopt;
}

std::optional<TurnBuilder::Place> TurnBuilder::FindByNameAndArguments(const ToolUse& use) {
  const auto named = open_by_name_.find(use.name);
  if (named == open_by_name_.end() || named->second.size() > kMaxCompared) return std::nullopt;
  const auto wanted = nlohmann::json::parse(use.arguments_json, nullptr, false);
  for (const Place& place : named->second) {
    const Call& call = At(place);
    if (call.success || !call.result.empty()) continue;
    if (IsHanded(wanted, call.use.arguments_json)) return place;
  }
  return std::nullopt;
}

std::optional<TurnBuilder::Place> TurnBuilder::FindByArguments(const std::string& arguments) {
  const auto wanted = nlohmann::json::parse(arguments, nullptr, false);
  if (!wanted.is_object() || wanted.empty() || steps_.empty()) return std::nullopt;
  std::optional<Place> found;
  const size_t last = steps_.size() - 1;
  if (steps_[last].calls.size() > kMaxCompared) return std::nullopt;
  for (size_t i = 0; i < steps_[last].calls.size(); ++i) {
    const Call& call = steps_[last].calls[i];
    if (call.success || nlohmann::json::parse(call.use.arguments_json, nullptr, false) != wanted) {
      continue;
    }
    if (found) return std::nullopt;
    found = Place{last, i};
  }
  return found;
}

void TurnBuilder::AddAnswer(const ToolAnswer& answer) {
  const std::optional<Place> place = Find(answer.id, answer.name);
  // Its own span knows better.
  if (!place || !At(*place).result.empty()) return;
  At(*place).result = answer.result;
  At(*place).told_success = answer.success;
}

void TurnBuilder::AddTool(const TraceSpan& span) {
  std::optional<Place> place;
  if (span.tool.id.empty()) place = FindByNameAndArguments(span.tool);
  if (!place) place = Find(span.tool.id, span.tool.name);
  if (!place && span.tool.id.empty()) place = FindByArguments(span.tool.arguments_json);
  // No model asked for it, or it was tried again: a step of its own.
  if (!place || At(*place).success) {
    if (steps_.size() == kMaxSteps || calls_ == kMaxCalls || span.tool.name.empty()) return;
    // A call is made twice under one id where it is tried again.
    if (place) by_id_.erase(span.tool.id);
    steps_.emplace_back().message.role = common::v1::ROLE_ASSISTANT;
    AddCall(span.tool);
    place = Place{steps_.size() - 1, 0};
  }
  by_span_.emplace(&span, *place);
  // The span adds what the model's message did not say.
  Call& call = At(*place);
  if (call.use.arguments_json.empty()) call.use.arguments_json = span.tool.arguments_json;
  if (!span.output.empty()) call.result = span.output;
  call.success = !span.failed;
}

void TurnBuilder::AddInnerTool(const TraceSpan& span, const TraceSpan& outer) {
  const auto found = by_span_.find(&outer);
  if (found == by_span_.end()) return;
  const Place place = found->second;
  by_span_.emplace(&span, place);
  Call& call = At(place);
  if (call.use.arguments_json.empty()) call.use.arguments_json = span.tool.arguments_json;
  if (call.result.empty()) call.result = span.output;
  // Whoever watched from outside may have seen an answer in the place of the error.
  if (span.failed) call.success = false;
}

TurnMessages TurnBuilder::Take() && {
  TurnMessages turn{std::move(history_), {}};
  for (const Step& step : steps_) {
    Message message;
    message.set_role(step.message.role);
    AddWords(step.message, message);
    Message results;
    results.set_role(common::v1::ROLE_TOOL);
    for (const Call& call : step.calls) {
      AddCallPart(call.use, message);
      const std::optional<bool> success = call.success ? call.success : call.told_success;
      if (!call.result.empty() || success) {
        AddResultPart(call.use.id, call.result, success, results);
      }
    }
    if (!message.parts().empty()) turn.work.push_back(std::move(message));
    if (!results.parts().empty()) turn.work.push_back(std::move(results));
  }
  return turn;
}

}  // namespace flywheel::ingest
