// Tools of a bank: their definitions, what they do, and the help pages that one of them retrieves.
#ifndef FLYWHEEL_EXAMPLES_TOOL_AGENT_BANK_H_
#define FLYWHEEL_EXAMPLES_TOOL_AGENT_BANK_H_

#include <string>
#include <vector>

#include "flywheel/common/v1/message.pb.h"

namespace flywheel::example {

// What came of a call.
struct ToolRun {
  // As the tool answers: a JSON object.
  std::string content;
  bool success = false;
  // What it retrieved; empty for a tool that does something.
  std::vector<common::v1::RetrievedContext> contexts;
  // What the agent tells the customer of it.
  std::string answer;
};

// What the agent is offered in every turn.
const std::vector<common::v1::ToolDefinition>& ToolsOfBank();

// Runs a call. A tool that does not exist, or another argument than its own, is no success; nor is
// a call while the bank is `away`.
ToolRun RunTool(const common::v1::ToolCall& call, bool away);

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_TOOL_AGENT_BANK_H_
