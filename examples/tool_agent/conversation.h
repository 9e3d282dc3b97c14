// Makes and reads the messages of a conversation with tools.
#ifndef FLYWHEEL_EXAMPLES_TOOL_AGENT_CONVERSATION_H_
#define FLYWHEEL_EXAMPLES_TOOL_AGENT_CONVERSATION_H_

#include <map>
#include <string>
#include <string_view>

#include "flywheel/common/v1/message.pb.h"

namespace flywheel::example {

common::v1::Message Says(common::v1::Role role, const std::string& text);
common::v1::Message Calls(const common::v1::ToolCall& call);
common::v1::Message Answers(const common::v1::ToolCall& call, const std::string& content,
                            bool success);

// What the agent is told of its customer, by key: customer, account, card.
using Profile = std::map<std::string, std::string>;
Profile ProfileOf(int customer);
// Instructions that hold a profile, and the profile that instructions hold.
std::string Instructions(const Profile& profile);
Profile ReadProfile(std::string_view instructions);

// The same tool with equal arguments.
bool SameCall(const common::v1::ToolCall& a, const common::v1::ToolCall& b);

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_TOOL_AGENT_CONVERSATION_H_
