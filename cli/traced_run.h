// Traced runs: entries of LangSmith's and Langfuse's exports as turns of conversations.
#ifndef FLYWHEEL_CLI_TRACED_RUN_H_
#define FLYWHEEL_CLI_TRACED_RUN_H_

#include <vector>

#include "absl/status/statusor.h"
#include "cli/conversation.h"
#include "cli/json_view.h"

namespace flywheel::cli {

// Which entries are parts of another of the same file, by the parent that they name: steps of a
// run, observations of a trace.
std::vector<bool> PartsOfOthers(const std::vector<JsonView>& entries);

// A run or an example of LangSmith: {"id", "inputs", "outputs", "start_time", "error", "extra":
// {"metadata": {}}}. INVALID_ARGUMENT where it has no messages.
absl::StatusOr<Conversation> ReadLangSmithRun(const JsonView& run,
                                              const ConversationLabels& labels);

// A trace or an observation of Langfuse: {"id", "input", "output", "timestamp" or "startTime",
// "sessionId", "userId", "scores", "observations"}. INVALID_ARGUMENT where it has no messages.
absl::StatusOr<Conversation> ReadLangfuseTrace(const JsonView& trace,
                                               const ConversationLabels& labels);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_TRACED_RUN_H_
