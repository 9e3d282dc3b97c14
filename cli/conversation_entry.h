// Entry of a file of conversations: reads what each format calls one, and makes its turns.
#ifndef FLYWHEEL_CLI_CONVERSATION_ENTRY_H_
#define FLYWHEEL_CLI_CONVERSATION_ENTRY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/conversation.h"
#include "cli/json_view.h"

namespace flywheel::cli {

// What all turns of a conversation have in common.
struct Origin {
  std::string id;
  // Empty: the id.
  std::string session_id;
  ingest::v1::Interaction common;
  absl::Time start_time = absl::FromUnixSeconds(946'684'800);  // 2000-01-01: unknown
  // Measurements of the last turn, by name.
  std::vector<std::pair<std::string, double>> scores;
};

// Where the turns of a conversation are taken from.
enum class TurnChoice {
  kAll,
  // The earlier ones are entries of their own.
  kLast,
};

// The turns of these messages, with the signals that come with them.
Conversation MakeConversation(const std::vector<common::v1::Message>& messages,
                              const Origin& origin, TurnChoice choice,
                              const ConversationLabels& labels);

// An id may not hold every character that a name may.
std::string AsId(std::string text);

// The readers of single entries. INVALID_ARGUMENT where one is not of the format.
absl::StatusOr<Conversation> ReadTauBenchRun(const JsonView& run, const ConversationLabels& labels);
absl::StatusOr<Conversation> ReadOpenAiChat(const JsonView& entry,
                                            const ConversationLabels& labels);
absl::StatusOr<Conversation> ReadShareGpt(const JsonView& entry, const ConversationLabels& labels);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_CONVERSATION_ENTRY_H_
