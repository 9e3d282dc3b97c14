// Import parser: reads recorded conversations from the files that people have.
#ifndef FLYWHEEL_CLI_CONVERSATION_H_
#define FLYWHEEL_CLI_CONVERSATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "flywheel/ingest/v1/interaction.pb.h"

namespace flywheel::cli {

// One recorded run of an agent: a turn after the other, at least one, and what is known of them:
// scores of the last one, the approval of each where they are examples.
struct Conversation {
  std::vector<ingest::v1::Interaction> turns;
  std::vector<ingest::v1::Signal> signals;
};

// What the formats can read.
enum class ConversationFormat { kTauBench, kOpenAiChat, kShareGpt, kLangSmith, kLangfuse };

// What the conversations are, which becomes their attribute `traffic`. Examples are accepted by
// staff, turn by turn.
enum class ImportedAs { kImported, kGolden, kSynthetic };

// What a file does not say about itself.
struct ConversationLabels {
  // Empty: "tau-bench-" and the domain's name from the system prompt, or the name of the format.
  std::string agent;
  // Empty: unknown.
  std::string model_version;
  ImportedAs as = ImportedAs::kImported;
};

// Entries of a file that could not be read.
struct FileFaults {
  static constexpr size_t kMaxFirst = 10;

  int64_t count = 0;
  // The first of them: each says its place, what stands there and what was wanted.
  std::vector<absl::Status> first;
};

// All conversations of a file's text, in its order; `name` is for errors. Equal text and labels
// give equal conversations, ids and times too, so that importing again replays. The turns of one
// conversation share its id as their session; where there are several, theirs are "ID-turn-1" and
// on, a millisecond apart. Of LangSmith's runs and Langfuse's traces, which repeat what was said
// before, each is one turn: its last; their session is that which they name. Runs below another of
// the file are parts of that. Without `faults`, the first entry that is malformed or not of the
// format is an INVALID_ARGUMENT that names its place; with them it is left out and told there.
// INVALID_ARGUMENT also where nothing can be read.
absl::StatusOr<std::vector<Conversation>> ReadConversations(const std::string& text,
                                                            const std::string& name,
                                                            ConversationFormat format,
                                                            const ConversationLabels& labels,
                                                            FileFaults* faults = nullptr);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_CONVERSATION_H_
