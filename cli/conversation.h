// Import parser: reads recorded agent runs from tau-bench and OpenAI chat files.
#ifndef FLYWHEEL_CLI_CONVERSATION_H_
#define FLYWHEEL_CLI_CONVERSATION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "flywheel/ingest/v1/interaction.pb.h"

namespace flywheel::cli {

// One recorded run of an agent: a turn after the other, at least one, and the score that the run
// got, where it got one, told of its last turn.
struct Conversation {
  std::vector<ingest::v1::Interaction> turns;
  std::optional<ingest::v1::Signal> reward;
};

// What the formats can read.
enum class ConversationFormat { kTauBench, kOpenAiChat };

// What a file does not say about itself.
struct ConversationLabels {
  // Empty: "tau-bench-" and the domain's name from the system prompt, or "openai-chat".
  std::string agent;
  // Empty: unknown.
  std::string model_version;
};

// All conversations of a file's text, in its order; `name` is for errors. Equal text and labels
// give equal conversations, ids and times too, so that importing again replays. The turns of one
// conversation share its id as their session; where there are several, theirs are "ID-turn-1" and
// on, a millisecond apart. INVALID_ARGUMENT
// that names the place where the text is malformed or not of the format.
absl::StatusOr<std::vector<Conversation>> ReadConversations(const std::string& text,
                                                            const std::string& name,
                                                            ConversationFormat format,
                                                            const ConversationLabels& labels);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_CONVERSATION_H_
