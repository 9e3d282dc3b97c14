#include "ingest_service/otlp/step_builder.h"

#include <algorithm>

#include "ingest_service/domain/record_limits.h"
#include "shared/text/shorten.h"

namespace flywheel::ingest {
namespace {

// More than any agent's work that somebody would read.
constexpr size_t kMaxSteps = 5'000;
constexpr int64_t kMaxCalls = 10'000;

}  // namespace

void StepBuilder::AddText(v1::Role role, const std::string& text) {
  if (text.empty() || steps_.size() == kMaxSteps) return;
  v1::Step& step = steps_.emplace_back();
  step.set_role(role);
  step.set_text(text);
}

void StepBuilder::AddHistory(const TraceSpan& span) {
  std::string system = span.system_instructions;
  // The turn begins behind the person's last words; what came before is of earlier turns.
  size_t turn = 0;
  for (size_t i = 0; i < span.input_messages.size(); ++i) {
    const ChatMessage& message = span.input_messages[i];
    if (message.role == v1::ROLE_SYSTEM && system.empty()) system = message.text;
    if (message.role == v1::ROLE_USER && !message.text.empty()) turn = i + 1;
  }
  AddText(v1::ROLE_SYSTEM, system);
  if (turn == 0) return;
  const std::vector<ChatMessage> rest(
      span.input_messages.begin() + static_cast<std::ptrdiff_t>(turn), span.input_messages.end());
  AddOutput(rest);
}

void StepBuilder::AddAnswers(const std::vector<ChatMessage>& messages) {
  for (const ChatMessage& message : messages) {
    for (const ToolAnswer& answer : message.answers) AddAnswer(answer);
  }
}

void StepBuilder::AddOutput(const std::vector<ChatMessage>& messages) {
  for (const ChatMessage& message : messages) {
    for (const ToolAnswer& answer : message.answers) AddAnswer(answer);
    if (message.role != v1::ROLE_ASSISTANT) continue;
    // Thoughts are a step of their own, before what was said.
    AddText(v1::ROLE_ASSISTANT, message.thought);
    if ((message.text.empty() && message.calls.empty()) || steps_.size() == kMaxSteps) continue;
    v1::Step& step = steps_.emplace_back();
    step.set_role(v1::ROLE_ASSISTANT);
    step.set_text(message.text);
    for (const ToolUse& call : message.calls) AddCall(call, step);
  }
}

void StepBuilder::AddCall(const ToolUse& call, v1::Step& step) {
  // Some senders repeat a call in the message and beside it.
  if (!call.id.empty() && by_id_.contains(call.id)) return;
  if (calls_ == kMaxCalls) return;
  ++calls_;
  const std::string name(Shorten(call.name, kMaxToolNameBytes));
  const Place place{steps_.size() - 1, step.tool_calls_size()};
  v1::ToolCall& added = *step.add_tool_calls();
  added.set_tool_call_id(call.id);
  added.set_name(name);
  added.set_arguments_json(call.arguments_json);
  if (!call.id.empty()) by_id_.emplace(call.id, place);
  open_by_name_[name].push_back(place);
}

v1::ToolCall* StepBuilder::Find(const std::string& id, const std::string& name) {
  const auto at = [this](const Place& place) {
    return steps_[place.first].mutable_tool_calls(place.second);
  };
  // By id where senders give one.
  if (const auto known = by_id_.find(id); !id.empty() && known != by_id_.end()) {
    return at(known->second);
  }
  // Else the first call of this name that has no answer yet.
  const auto open = open_by_name_.find(std::string(Shorten(name, kMaxToolNameBytes)));
  if (open == open_by_name_.end()) return nullptr;
  for (const Place& place : open->second) {
    v1::ToolCall* const call = at(place);
    const bool other_id = !id.empty() && !call->tool_call_id().empty();
    if (!other_id && !call->has_success() && call->result().empty()) return call;
  }
  return nullptr;
}

void StepBuilder::AddAnswer(const ToolAnswer& answer) {
  v1::ToolCall* const call = Find(answer.id, answer.name);
  // Its own span knows better.
  if (call != nullptr && call->result().empty()) call->set_result(answer.result);
}

void StepBuilder::AddTool(const TraceSpan& span) {
  v1::ToolCall* call = Find(span.tool.id, span.tool.name);
  // No model asked for it, or it was tried again: a step of its own.
  if (call == nullptr || call->has_success()) {
    if (steps_.size() == kMaxSteps || calls_ == kMaxCalls || span.tool.name.empty()) return;
    v1::Step& step = steps_.emplace_back();
    step.set_role(v1::ROLE_ASSISTANT);
    // A call is made twice under one id where it is tried again.
    if (call != nullptr) by_id_.erase(span.tool.id);
    AddCall(span.tool, step);
    call = step.mutable_tool_calls(0);
  }
  // The span adds what the model's message did not say.
  if (call->arguments_json().empty()) call->set_arguments_json(span.tool.arguments_json);
  if (!span.output.empty()) call->set_result(span.output);
  call->set_success(!span.failed);
}

}  // namespace flywheel::ingest
