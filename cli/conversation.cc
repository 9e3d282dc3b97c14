#include "cli/conversation.h"

#include <fmt/format.h>

#include <algorithm>
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
using common::v1::Message;

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

// What all turns of a conversation have in common.
struct Origin {
  std::string id;
  v1::Interaction common;
  absl::Time start_time;
  std::optional<double> reward;
};

Conversation MakeConversation(const std::vector<Message>& messages, const Origin& origin) {
  Conversation conversation;
  const std::vector<Turn> turns = SplitIntoTurns(messages);
  for (size_t i = 0; i < std::max<size_t>(turns.size(), 1); ++i) {
    v1::Interaction interaction = origin.common;
    interaction.set_interaction_id(turns.size() < 2 ? origin.id
                                                    : fmt::format("{}-turn-{}", origin.id, i + 1));
    interaction.set_session_id(origin.id);
    if (i > 0) {
      interaction.set_previous_interaction_id(conversation.turns.back().interaction_id());
    }
    *interaction.mutable_start_time() =
        rpc::ToProto(origin.start_time + absl::Milliseconds(static_cast<int64_t>(i)));
    // Instructions alone are a conversation too, without a turn.
    const std::vector<Message>& history = turns.empty() ? messages : turns[i].history;
    *interaction.mutable_history() = {history.begin(), history.end()};
    if (!turns.empty()) {
      *interaction.mutable_messages() = {turns[i].messages.begin(), turns[i].messages.end()};
    }
    conversation.turns.push_back(std::move(interaction));
  }
  if (origin.reward) {
    v1::Signal& signal = conversation.reward.emplace();
    signal.set_signal_id(origin.id + "-reward");
    signal.set_interaction_id(conversation.turns.back().interaction_id());
    *signal.mutable_event_time() = conversation.turns.back().start_time();
    signal.set_actor(v1::ACTOR_SYSTEM);
    signal.mutable_evaluation()->set_name("reward");
    signal.mutable_evaluation()->set_score(*origin.reward);
  }
  return conversation;
}

// "tau-bench-airline" where the system prompt begins with "# Airline Agent Policy".
std::string TauBenchAgent(const std::vector<Message>& messages) {
  if (messages.empty() || messages[0].role() != common::v1::ROLE_SYSTEM) return "tau-bench";
  const std::string& prompt = messages[0].parts(0).text();
  std::string domain;
  for (size_t i = prompt.rfind("# ", 0) == 0 ? 2 : prompt.size();
       i < prompt.size() && std::isalpha(static_cast<unsigned char>(prompt[i])); ++i) {
    domain += static_cast<char>(std::tolower(static_cast<unsigned char>(prompt[i])));
  }
  return domain.empty() ? "tau-bench" : "tau-bench-" + domain;
}

absl::StatusOr<Conversation> ReadTauBenchRun(const JsonView& run,
                                             const ConversationLabels& labels) {
  Origin origin;
  ASSIGN_OR_RETURN(const JsonView trajectory, run.Field("traj"));
  ASSIGN_OR_RETURN(const std::vector<Message> messages, ReadChatMessages(trajectory));
  ASSIGN_OR_RETURN(const JsonView task_field, run.Field("task_id"));
  ASSIGN_OR_RETURN(const std::string task_id, task_field.TextOrInteger());
  ASSIGN_OR_RETURN(const JsonView trial_field, run.Field("trial"));
  ASSIGN_OR_RETURN(const std::string trial, trial_field.TextOrInteger());
  if (const auto info = run.OptionalField("info")) {
    const auto task = info->OptionalField("task");
    const auto user = task ? task->OptionalField("user_id") : std::nullopt;
    if (user) {
      ASSIGN_OR_RETURN(*origin.common.mutable_user_id(), user->Text());
    }
  }
  origin.common.set_agent(labels.agent.empty() ? TauBenchAgent(messages) : labels.agent);
  origin.common.set_model_version(labels.model_version);
  (*origin.common.mutable_attributes())["task_id"] = task_id;
  (*origin.common.mutable_attributes())["trial"] = trial;
  const std::string version = labels.model_version.empty() ? "" : "-" + labels.model_version;
  origin.id =
      AsId(fmt::format("{}{}-task-{}-trial-{}", origin.common.agent(), version, task_id, trial));
  origin.start_time = absl::FromUnixSeconds(kTauBenchSeconds);
  ASSIGN_OR_RETURN(const JsonView reward_field, run.Field("reward"));
  ASSIGN_OR_RETURN(origin.reward, reward_field.Number());
  return MakeConversation(messages, origin);
}

absl::StatusOr<Conversation> ReadOpenAiChat(const JsonView& entry,
                                            const ConversationLabels& labels) {
  Origin origin;
  ASSIGN_OR_RETURN(const JsonView messages_field, entry.Field("messages"));
  ASSIGN_OR_RETURN(const std::vector<Message> messages, ReadChatMessages(messages_field));
  if (const auto tools = entry.OptionalField("tools")) {
    RETURN_IF_ERROR(ReadTools(*tools, *origin.common.mutable_tools()));
  }
  origin.common.set_agent(labels.agent.empty() ? "openai-chat" : labels.agent);
  origin.common.set_model_version(labels.model_version);
  if (const auto field = entry.OptionalField("id")) {
    ASSIGN_OR_RETURN(origin.id, field->TextOrInteger());
  } else {
    origin.id = "chat-" + Sha256Hex(entry.value().dump()).substr(0, kHashDigits);
  }
  if (const auto user = entry.OptionalField("user")) {
    ASSIGN_OR_RETURN(*origin.common.mutable_user_id(), user->TextOrInteger());
  }
  origin.start_time = absl::FromUnixSeconds(kUnknownSeconds);
  if (const auto created = entry.OptionalField("created")) {
    ASSIGN_OR_RETURN(const double seconds, created->Number());
    // Beyond these, a time has no wire form; ingest says what it wants within them.
    if (!(std::abs(seconds) <= 1e11)) return created->Wrong("seconds since 1970");
    origin.start_time = absl::FromUnixMicros(static_cast<int64_t>(seconds * 1e6));
  }
  if (const auto field = entry.OptionalField("reward")) {
    ASSIGN_OR_RETURN(origin.reward, field->Number());
  }
  return MakeConversation(messages, origin);
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
