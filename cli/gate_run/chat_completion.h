// Reader of the answers of OpenAI's chat completions.
#ifndef FLYWHEEL_CLI_GATE_RUN_CHAT_COMPLETION_H_
#define FLYWHEEL_CLI_GATE_RUN_CHAT_COMPLETION_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "flywheel/evalgate/v1/run.pb.h"

namespace flywheel::cli {

// The text, the calls and the tokens of the first choice; a refusal is a text. INVALID_ARGUMENT
// where the body is no such answer, such as the page of a proxy.
absl::StatusOr<evalgate::v1::CaseOutput> ReadChatCompletion(std::string_view body);

// What an error says.
struct ChatError {
  // Such as "context_length_exceeded"; empty where it says none.
  std::string code;
  // For people: the message, else the beginning of the body, printable.
  std::string message;
};

ChatError ReadChatError(std::string_view body);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_CHAT_COMPLETION_H_
