#include "ingest_service/otlp/turn_builder.h"

#include <algorithm>

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

void AddCallPart(const ToolUse& use, Message& message) {
  common::v1::ToolCall& call = *message.add_parts()->mutable_tool_call();
  call.set_tool_call_id(use.id);
  call.set_name(std::string(Shorten(use.name, kMaxToolNameBytes)));
  call.set_arguments_json(use.arguments_json);
}

void AddResultPart(const std::string& id, const std::string& content, Message& message) {
  common::v1::ToolResult& result = *message.add_parts()->mutable_tool_result();
  result.set_tool_call_id(id);
  result.set_content(content);
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
    for (const ToolAnswer& answer : said.answers) AddResultPart(answer.id, answer.result, results);
  }
  Message message;
  message.set_role(said.role);
  const bool speaks = said.role == common::v1::ROLE_ASSISTANT;
  if (speaks && !said.thought.empty()) message.add_parts()->set_reasoning(said.thought);
  if (!said.text.empty()) message.add_parts()->set_text(said.text);
  if (speaks) {
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

}  // namespace

void TurnBuilder::AddHistory(const TraceSpan& span) {
  const std::vector<ChatMessage>& messages = span.input_messages;
  // The turn begins with the person's last words.
  size_t turn = 0;
  for (size_t i = 0; i < messages.size(); ++i) {
    if (messages[i].role == common::v1::ROLE_USER && !messages[i].text.empty()) turn = i + 1;
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

void TurnBuilder::AddUser(const std::string& text) {
  if (steps_.size() < kMaxSteps) steps_.push_back({common::v1::ROLE_USER, "", text, {}});
}

void TurnBuilder::AddAnswers(const std::vector<ChatMessage>& messages) {
  for (const ChatMessage& message : messages) {
    for (const ToolAnswer& answer : message.answers) AddAnswer(answer);
  }
}

void TurnBuilder::AddOutput(const std::vector<ChatMessage>& messages) {
  for (const ChatMessage& message : messages) {
    for (const ToolAnswer& answer : message.answers) AddAnswer(answer);
    if (message.role != common::v1::ROLE_ASSISTANT) continue;
    if (message.thought.empty() && message.text.empty() && message.calls.empty()) continue;
    if (steps_.size() == kMaxSteps) return;
    steps_.push_back({message.role, message.thought, message.text, {}});
    for (const ToolUse& call : message.calls) AddCall(call);
  }
}

void TurnBuilder::AddCall(const ToolUse& use) {
  // Some senders repeat a call in the message and beside it.
  if (!use.id.empty() && by_id_.contains(use.id)) return;
  if (calls_ == kMaxCalls || use.name.empty()) return;
  ++calls_;
  const Place place{steps_.size() - 1, steps_.back().calls.size()};
  steps_.back().calls.push_back({use, "", std::nullopt});
  if (!use.id.empty()) by_id_.emplace(use.id, place);
  open_by_name_[use.name].push_back(place);
}

TurnBuilder::Call* TurnBuilder::Find(const std::string& id, const std::string& name) {
  // By id where senders give one.
  if (const auto known = by_id_.find(id); !id.empty() && known != by_id_.end()) {
    return &At(known->second);
  }
  // Else the first call of this name that has no answer yet.
  const auto open = open_by_name_.find(name);
  if (open == open_by_name_.end()) return nullptr;
  for (const Place& place : open->second) {
    Call& call = At(place);
    const bool other_id = !id.empty() && !call.use.id.empty();
    if (!other_id && !call.success && call.result.empty()) return &call;
  }
  return nullptr;
}

void TurnBuilder::AddAnswer(const ToolAnswer& answer) {
  Call* const call = Find(answer.id, answer.name);
  // Its own span knows better.
  if (call != nullptr && call->result.empty()) call->result = answer.result;
}

void TurnBuilder::AddTool(const TraceSpan& span) {
  Call* call = Find(span.tool.id, span.tool.name);
  // No model asked for it, or it was tried again: a step of its own.
  if (call == nullptr || call->success) {
    if (steps_.size() == kMaxSteps || calls_ == kMaxCalls || span.tool.name.empty()) return;
    // A call is made twice under one id where it is tried again.
    if (call != nullptr) by_id_.erase(span.tool.id);
    steps_.push_back({common::v1::ROLE_ASSISTANT, "", "", {}});
    AddCall(span.tool);
    call = &steps_.back().calls.front();
  }
  // The span adds what the model's message did not say.
  if (call->use.arguments_json.empty()) call->use.arguments_json = span.tool.arguments_json;
  if (!span.output.empty()) call->result = span.output;
  call->success = !span.failed;
}

TurnMessages TurnBuilder::Take() && {
  TurnMessages turn{std::move(history_), {}};
  for (const Step& step : steps_) {
    Message message;
    message.set_role(step.role);
    if (!step.thought.empty()) message.add_parts()->set_reasoning(step.thought);
    if (!step.text.empty()) message.add_parts()->set_text(step.text);
    Message results;
    results.set_role(common::v1::ROLE_TOOL);
    for (const Call& call : step.calls) {
      AddCallPart(call.use, message);
      if (call.result.empty() && !call.success) continue;
      AddResultPart(call.use.id, call.result, results);
      if (call.success)
        results.mutable_parts()->rbegin()->mutable_tool_result()->set_success(*call.success);
    }
    if (!message.parts().empty()) turn.work.push_back(std::move(message));
    if (!results.parts().empty()) turn.work.push_back(std::move(results));
  }
  return turn;
}

}  // namespace flywheel::ingest
