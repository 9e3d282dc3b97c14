// Makes and reads the messages of interactions.
#ifndef FLYWHEEL_TESTS_INGEST_SERVICE_CONVERSATION_H_
#define FLYWHEEL_TESTS_INGEST_SERVICE_CONVERSATION_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "flywheel/ingest/v1/interaction.pb.h"

namespace flywheel::ingest {

inline common::v1::Message Says(common::v1::Role role, const std::string& text) {
  common::v1::Message message;
  message.set_role(role);
  message.add_parts()->set_text(text);
  return message;
}

// A call of a tool with its result; the result is left out where it has no content and no success.
struct ToolUseOf {
  std::string name;
  std::string arguments_json = {};
  std::string content = {};
  std::optional<bool> success = {};
  std::string id = {};
};

// Makes messages of the short form: the input, the use of the tool, the output.
inline void UseTool(const ToolUseOf& use, v1::Interaction& interaction) {
  if (!interaction.input().empty()) {
    *interaction.add_messages() = Says(common::v1::ROLE_USER, interaction.input());
  }
  common::v1::Message& message = *interaction.add_messages();
  message.set_role(common::v1::ROLE_ASSISTANT);
  common::v1::ToolCall& call = *message.add_parts()->mutable_tool_call();
  call.set_tool_call_id(use.id);
  call.set_name(use.name);
  call.set_arguments_json(use.arguments_json);
  if (!use.content.empty() || use.success) {
    common::v1::Message& answer = *interaction.add_messages();
    answer.set_role(common::v1::ROLE_TOOL);
    common::v1::ToolResult& result = *answer.add_parts()->mutable_tool_result();
    result.set_tool_call_id(use.id);
    result.set_content(use.content);
    if (use.success) result.set_success(*use.success);
  }
  if (!interaction.output().empty()) {
    *interaction.add_messages() = Says(common::v1::ROLE_ASSISTANT, interaction.output());
  }
  interaction.clear_input();
  interaction.clear_output();
}

// The calls of a turn in order, each with the result that names it or stands next after it.
inline std::vector<ToolUseOf> ToolUses(const v1::Interaction& interaction) {
  std::vector<ToolUseOf> uses;
  size_t answered = 0;
  for (const common::v1::Message& message : interaction.messages()) {
    for (const common::v1::Part& part : message.parts()) {
      if (part.has_tool_call()) {
        uses.push_back({part.tool_call().name(), part.tool_call().arguments_json(), "",
                        std::nullopt, part.tool_call().tool_call_id()});
      }
      if (!part.has_tool_result()) continue;
      const common::v1::ToolResult& result = part.tool_result();
      size_t index = answered;
      for (size_t i = 0; i < uses.size() && !result.tool_call_id().empty(); ++i) {
        if (uses[i].id == result.tool_call_id()) index = i;
      }
      if (index >= uses.size()) continue;
      uses[index].content = result.content();
      if (result.has_success()) uses[index].success = result.success();
      ++answered;
    }
  }
  return uses;
}

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_TESTS_INGEST_SERVICE_CONVERSATION_H_
