#include "cli/conversation.h"

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <cstring>
#include <utility>

#include "cli/chat_messages.h"
#include "cli/json_view.h"
#include "shared/hashing/sha256.h"
#include "shared/ids/id.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

namespace v1 = ingest::v1;

// Neither format must say when a run took place, and an import must give the same time whenever it
// is made. tau-bench's airline lives at 2024-05-15 15:00 EST, as its system prompt says.
constexpr int64_t kTauBenchSeconds = 1'715'803'200;  // 2024-05-15T20:00:00Z
constexpr int64_t kUnknownSeconds = 946'684'800;     // 2000-01-01T00:00:00Z
constexpr size_t kHashDigits = 32;
// What some editors begin a file of UTF-8 with. The JSON parser skips it.
constexpr char kByteOrderMark[] = "\xef\xbb\xbf";

// An id may not hold every character that a name may.
std::string AsId(std::string text) {
  for (char& c : text) {
    if (!IsValidId(std::string_view(&c, 1))) c = '-';
  }
  return text;
}

v1::Signal RewardSignal(const v1::Interaction& interaction, double reward) {
  v1::Signal signal;
  signal.set_signal_id(interaction.interaction_id() + "-reward");
  signal.set_interaction_id(interaction.interaction_id());
  *signal.mutable_event_time() = interaction.start_time();
  signal.set_actor(v1::ACTOR_SYSTEM);
  signal.mutable_evaluation()->set_name("reward");
  signal.mutable_evaluation()->set_score(reward);
  return signal;
}

void Finish(const std::string& id, absl::Time start_time, const ConversationLabels& labels,
            v1::Interaction& interaction) {
  interaction.set_interaction_id(id);
  if (interaction.session_id().empty()) interaction.set_session_id(id);
  interaction.set_model_version(labels.model_version);
  *interaction.mutable_start_time() = rpc::ToProto(start_time);
}

// "tau-bench-airline" where the system prompt begins with "# Airline Agent Policy".
std::string TauBenchAgent(const v1::Interaction& interaction) {
  if (interaction.steps_size() == 0 || interaction.steps(0).role() != v1::ROLE_SYSTEM) {
    return "tau-bench";
  }
  const std::string& prompt = interaction.steps(0).text();
  std::string domain;
  for (size_t i = prompt.rfind("# ", 0) == 0 ? 2 : prompt.size();
       i < prompt.size() && std::isalpha(static_cast<unsigned char>(prompt[i])); ++i) {
    domain += static_cast<char>(std::tolower(static_cast<unsigned char>(prompt[i])));
  }
  return domain.empty() ? "tau-bench" : "tau-bench-" + domain;
}

absl::StatusOr<Conversation> ReadTauBenchRun(const JsonView& run,
                                             const ConversationLabels& labels) {
  Conversation conversation;
  v1::Interaction& interaction = conversation.interaction;
  ASSIGN_OR_RETURN(const JsonView messages, run.Field("traj"));
  RETURN_IF_ERROR(ReadChatMessages(messages, interaction));
  ASSIGN_OR_RETURN(const JsonView task_field, run.Field("task_id"));
  ASSIGN_OR_RETURN(const std::string task_id, task_field.TextOrInteger());
  ASSIGN_OR_RETURN(const JsonView trial_field, run.Field("trial"));
  ASSIGN_OR_RETURN(const std::string trial, trial_field.TextOrInteger());
  if (const auto info = run.OptionalField("info")) {
    const auto task = info->OptionalField("task");
    const auto user = task ? task->OptionalField("user_id") : std::nullopt;
    if (user) {
      ASSIGN_OR_RETURN(*interaction.mutable_user_id(), user->Text());
    }
  }
  interaction.set_agent(labels.agent.empty() ? TauBenchAgent(interaction) : labels.agent);
  (*interaction.mutable_attributes())["task_id"] = task_id;
  (*interaction.mutable_attributes())["trial"] = trial;
  const std::string version = labels.model_version.empty() ? "" : "-" + labels.model_version;
  const std::string id =
      fmt::format("{}{}-task-{}-trial-{}", interaction.agent(), version, task_id, trial);
  Finish(AsId(id), absl::FromUnixSeconds(kTauBenchSeconds), labels, interaction);
  ASSIGN_OR_RETURN(const JsonView reward_field, run.Field("reward"));
  ASSIGN_OR_RETURN(const double reward, reward_field.Number());
  conversation.reward = RewardSignal(interaction, reward);
  return conversation;
}

absl::StatusOr<Conversation> ReadOpenAiChat(const JsonView& entry,
                                            const ConversationLabels& labels) {
  Conversation conversation;
  v1::Interaction& interaction = conversation.interaction;
  ASSIGN_OR_RETURN(const JsonView messages, entry.Field("messages"));
  RETURN_IF_ERROR(ReadChatMessages(messages, interaction));
  interaction.set_agent(labels.agent.empty() ? "openai-chat" : labels.agent);
  std::string id;
  if (const auto field = entry.OptionalField("id")) {
    ASSIGN_OR_RETURN(id, field->TextOrInteger());
  } else {
    id = "chat-" + Sha256Hex(entry.value().dump()).substr(0, kHashDigits);
  }
  if (const auto user = entry.OptionalField("user")) {
    ASSIGN_OR_RETURN(*interaction.mutable_user_id(), user->TextOrInteger());
  }
  absl::Time start_time = absl::FromUnixSeconds(kUnknownSeconds);
  if (const auto created = entry.OptionalField("created")) {
    ASSIGN_OR_RETURN(const double seconds, created->Number());
    // Beyond these, a time has no wire form; ingest says what it wants within them.
    if (!(std::abs(seconds) <= 1e11)) return created->Wrong("seconds since 1970");
    start_time = absl::FromUnixMicros(static_cast<int64_t>(seconds * 1e6));
  }
  Finish(id, start_time, labels, interaction);
  if (const auto field = entry.OptionalField("reward")) {
    ASSIGN_OR_RETURN(const double reward, field->Number());
    conversation.reward = RewardSignal(interaction, reward);
  }
  return conversation;
}

absl::StatusOr<Conversation> ReadEntry(const JsonView& entry, ConversationFormat format,
                                       const ConversationLabels& labels) {
  return format == ConversationFormat::kTauBench ? ReadTauBenchRun(entry, labels)
                                                 : ReadOpenAiChat(entry, labels);
}

absl::StatusOr<std::vector<Conversation>> ReadJsonLines(const std::string& text,
                                                        const std::string& name,
                                                        const ConversationLabels& labels) {
  std::vector<Conversation> conversations;
  int64_t line_number = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    ++line_number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    ASSIGN_OR_RETURN(const nlohmann::json value, ParseJson(line, name, line_number));
    ASSIGN_OR_RETURN(
        Conversation conversation,
        ReadOpenAiChat(JsonView(value, fmt::format("{}, line {}: ", name, line_number)), labels));
    conversations.push_back(std::move(conversation));
  }
  return conversations;
}

}  // namespace

absl::StatusOr<std::vector<Conversation>> ReadConversations(const std::string& text,
                                                            const std::string& name,
                                                            ConversationFormat format,
                                                            const ConversationLabels& labels) {
  const size_t begin = text.rfind(kByteOrderMark, 0) == 0 ? std::strlen(kByteOrderMark) : 0;
  const size_t first = text.find_first_not_of(" \t\r\n", begin);
  if (first == std::string::npos) return WrongInFile(name, "an empty file", "a conversation");
  std::vector<Conversation> conversations;
  if (format == ConversationFormat::kOpenAiChat && text[first] != '[') {
    ASSIGN_OR_RETURN(conversations, ReadJsonLines(text, name, labels));
  } else {
    ASSIGN_OR_RETURN(const nlohmann::json root, ParseJson(text, name));
    ASSIGN_OR_RETURN(const std::vector<JsonView> entries, JsonView(root, name + ": ").Items());
    conversations.reserve(entries.size());
    for (const JsonView& entry : entries) {
      ASSIGN_OR_RETURN(Conversation conversation, ReadEntry(entry, format, labels));
      conversations.push_back(std::move(conversation));
    }
  }
  if (conversations.empty()) return WrongInFile(name, "no conversation", "at least one");
  return conversations;
}

}  // namespace flywheel::cli
