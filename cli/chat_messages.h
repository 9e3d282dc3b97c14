// Parser of messages in the OpenAI chat format.
#ifndef FLYWHEEL_CLI_CHAT_MESSAGES_H_
#define FLYWHEEL_CLI_CHAT_MESSAGES_H_

#include "absl/status/status.h"
#include "cli/json_view.h"
#include "flywheel/ingest/v1/interaction.pb.h"

namespace flywheel::cli {

// Fills steps, input (the first user message) and output (the last text of the assistant) from an
// array of messages. A tool's message becomes the result of the call that it answers; one that
// answers no call becomes a step of its own. A result that begins with "Error: " sets success to
// false; otherwise success stays unset, because nobody knows. INVALID_ARGUMENT where a message is
// not of the format.
absl::Status ReadChatMessages(const JsonView& messages, ingest::v1::Interaction& interaction);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_CHAT_MESSAGES_H_
