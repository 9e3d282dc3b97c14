#include "examples/tool_agent/conversation.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace flywheel::example {
namespace {

constexpr char kTask[] =
    "You help the customers of a bank. Call the tool that does what they want, and tell them what "
    "came of it.";
constexpr std::string_view kSeparator = ": ";

}  // namespace

common::v1::Message Says(common::v1::Role role, const std::string& text) {
  common::v1::Message message;
  message.set_role(role);
  message.add_parts()->set_text(text);
  return message;
}

common::v1::Message Calls(const common::v1::ToolCall& call) {
  common::v1::Message message;
  message.set_role(common::v1::ROLE_ASSISTANT);
  *message.add_parts()->mutable_tool_call() = call;
  return message;
}

common::v1::Message Answers(const common::v1::ToolCall& call, const std::string& content,
                            bool success) {
  common::v1::Message message;
  message.set_role(common::v1::ROLE_TOOL);
  common::v1::ToolResult* const result = message.add_parts()->mutable_tool_result();
  result->set_tool_call_id(call.tool_call_id());
  result->set_content(content);
  result->set_success(success);
  return message;
}

Profile ProfileOf(int customer) {
  return {{"customer", fmt::format("customer-{}", customer)},
          {"account", fmt::format("account-{}", customer)},
          {"card", fmt::format("card-{}", customer)}};
}

std::string Instructions(const Profile& profile) {
  std::string text = kTask;
  for (const auto& [key, value] : profile) text += fmt::format("\n{}{}{}", key, kSeparator, value);
  return text;
}

Profile ReadProfile(std::string_view instructions) {
  Profile profile;
  std::istringstream lines{std::string(instructions)};
  for (std::string line; std::getline(lines, line);) {
    const size_t separator = line.find(kSeparator);
    if (separator == std::string::npos) continue;
    profile.emplace(line.substr(0, separator), line.substr(separator + kSeparator.size()));
  }
  return profile;
}

bool SameCall(const common::v1::ToolCall& a, const common::v1::ToolCall& b) {
  return a.name() == b.name() && nlohmann::json::parse(a.arguments_json(), nullptr, false) ==
                                     nlohmann::json::parse(b.arguments_json(), nullptr, false);
}

}  // namespace flywheel::example
