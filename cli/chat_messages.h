// Parser of messages in the OpenAI chat format.
#ifndef FLYWHEEL_CLI_CHAT_MESSAGES_H_
#define FLYWHEEL_CLI_CHAT_MESSAGES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "cli/json_view.h"
#include "flywheel/common/v1/message.pb.h"

namespace flywheel::cli {

// The messages of an array, as they are. A tool's result that begins with "Error: " sets success to
// false; otherwise success stays unset, because nobody knows. A picture, a recording or a file
// becomes Media: its address, or the digest of its bytes, which are left out. INVALID_ARGUMENT
// where a message is not of the format.
absl::StatusOr<std::vector<common::v1::Message>> ReadChatMessages(const JsonView& messages);

// The definitions of an array as OpenAI's requests have them: [{"type": "function", "function":
// {"name", "description", "parameters"}}].
absl::Status ReadTools(const JsonView& tools,
                       google::protobuf::RepeatedPtrField<common::v1::ToolDefinition>& definitions);

// One turn: from the user's message to the one before the user's next.
struct Turn {
  std::vector<common::v1::Message> history;
  std::vector<common::v1::Message> messages;
};

// The turns of a conversation, in order, each with all that was said before it. What stands before
// the user's first message is history; where no user speaks, all but the instructions is one turn.
std::vector<Turn> SplitIntoTurns(const std::vector<common::v1::Message>& messages);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_CHAT_MESSAGES_H_
