#include "ingest_service/payloads/stored_interaction.h"

#include <google/protobuf/unknown_field_set.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <utility>

#include "flywheel/ingest/stored/earlier_interaction.pb.h"
#include "shared/status/errors.h"

namespace flywheel::ingest {
namespace {

using common::v1::Message;

// The texts of a message, a line break between.
void AddTexts(const Message& message, std::string& texts) {
  for (const common::v1::Part& part : message.parts()) {
    if (part.text().empty()) continue;
    if (!texts.empty()) texts += '\n';
    texts += part.text();
  }
}

// What the agent says in the last message; empty where another speaks last.
std::string FinalText(const google::protobuf::RepeatedPtrField<Message>& messages) {
  std::string text;
  if (messages.empty()) return text;
  const Message& last = *messages.rbegin();
  if (last.role() == common::v1::ROLE_ASSISTANT) AddTexts(last, text);
  return text;
}

void AddText(common::v1::Role role, const std::string& text,
             google::protobuf::RepeatedPtrField<Message>& messages) {
  if (text.empty()) return;
  Message& message = *messages.Add();
  message.set_role(role);
  message.add_parts()->set_text(text);
}

// One message of the agent with its calls, and one with what they gave.
void AddStep(const stored::EarlierStep& step, v1::Interaction& interaction) {
  // Instructions came first.
  const bool told = step.role() == common::v1::ROLE_SYSTEM && interaction.messages().empty();
  AddText(step.role(), step.text(),
          *(told ? interaction.mutable_history() : interaction.mutable_messages()));
  if (step.tool_calls().empty()) return;
  // Any role could have calls, and instructions went to the history.
  const bool speaks = step.role() == common::v1::ROLE_ASSISTANT && !step.text().empty();
  if (!speaks) interaction.add_messages()->set_role(common::v1::ROLE_ASSISTANT);
  Message& calls = *interaction.mutable_messages(interaction.messages_size() - 1);
  Message results;
  results.set_role(common::v1::ROLE_TOOL);
  for (const stored::EarlierToolCall& call : step.tool_calls()) {
    common::v1::ToolCall& added = *calls.add_parts()->mutable_tool_call();
    added.set_tool_call_id(call.tool_call_id());
    added.set_name(call.name());
    added.set_arguments_json(call.arguments_json());
    if (call.result().empty() && !call.has_success()) continue;
    common::v1::ToolResult& result = *results.add_parts()->mutable_tool_result();
    result.set_tool_call_id(call.tool_call_id());
    result.set_content(call.result());
    if (call.has_success()) result.set_success(call.success());
  }
  if (!results.parts().empty()) *interaction.add_messages() = std::move(results);
}

// Steps say what was done between input and output, and may repeat these.
void UpgradeSteps(const stored::EarlierInteraction& earlier, v1::Interaction& interaction) {
  for (const stored::EarlierStep& step : earlier.steps()) AddStep(step, interaction);
  if (InputOf(interaction).empty() && !earlier.input().empty()) {
    AddText(common::v1::ROLE_USER, earlier.input(), *interaction.mutable_messages());
    auto& messages = *interaction.mutable_messages();
    std::rotate(messages.pointer_begin(), messages.pointer_end() - 1, messages.pointer_end());
  }
  if (OutputOf(interaction) != earlier.output()) {
    AddText(common::v1::ROLE_ASSISTANT, earlier.output(), *interaction.mutable_messages());
  }
}

}  // namespace

std::string InputOf(const v1::Interaction& interaction) {
  std::string input;
  for (const Message& message : interaction.messages()) {
    if (message.role() == common::v1::ROLE_ASSISTANT) break;
    if (message.role() == common::v1::ROLE_USER) AddTexts(message, input);
  }
  return input;
}

std::string OutputOf(const v1::Interaction& interaction) {
  return FinalText(interaction.messages());
}

std::string IdealOutputOf(const v1::Correction& correction) {
  return FinalText(correction.ideal_messages());
}

absl::Status ParseInteraction(const std::string& payload, v1::Interaction& interaction) {
  if (!interaction.ParseFromString(payload)) {
    return errors::Internal("a stored payload cannot be parsed");
  }
  if (!interaction.GetReflection()->GetUnknownFields(interaction).empty()) {
    stored::EarlierInteraction earlier;
    if (earlier.ParseFromString(payload) && !earlier.steps().empty()) {
      interaction.DiscardUnknownFields();
      UpgradeSteps(earlier, interaction);
    }
  }
  if (!interaction.messages().empty()) {
    interaction.set_input(InputOf(interaction));
    interaction.set_output(OutputOf(interaction));
  }
  return absl::OkStatus();
}

std::string EarlierStepsOf(std::string_view archive_line) {
  // A quote inside a text of JSON has a backslash before it: this is a key.
  if (archive_line.find(R"("steps":[)") == std::string_view::npos) return {};
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  stored::EarlierFeedEntry entry;
  const google::protobuf::StringPiece text(archive_line.data(), archive_line.size());
  if (!google::protobuf::util::JsonStringToMessage(text, &entry, options).ok()) return {};
  entry.mutable_interaction()->clear_input();
  entry.mutable_interaction()->clear_output();
  return entry.interaction().SerializeAsString();
}

}  // namespace flywheel::ingest
