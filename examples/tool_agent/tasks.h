// Simulated customers: what they want in each turn of a session, and which call does it.
#ifndef FLYWHEEL_EXAMPLES_TOOL_AGENT_TASKS_H_
#define FLYWHEEL_EXAMPLES_TOOL_AGENT_TASKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "examples/support_agent/queries.h"
#include "flywheel/common/v1/message.pb.h"

namespace flywheel::example {

// One turn. Only the customer knows `right`.
struct Task {
  std::string text;
  common::v1::ToolCall right;
};

// Whose words a session is in: those of the test never occur in the traffic.
enum class Wording { kTraffic, kTest };

// The turns of session `number`, one or two. The second one ("how long does that take?") means
// something only after the first. INVALID_CONFIGURATION for an intent that the bank has no tool
// for.
absl::StatusOr<std::vector<Task>> TasksOf(const Query& query, int64_t number, Wording wording);

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_TOOL_AGENT_TASKS_H_
