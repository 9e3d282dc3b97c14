#include "cli/conversation_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "cli/chat_messages.h"
#include "shared/hashing/sha256.h"
#include "shared/ids/id.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

namespace v1 = ingest::v1;
using common::v1::Message;

// No format must say when a run took place, and an import must give the same time whenever it is
// made. tau-bench's airline lives at 2024-05-15 15:00 EST, as its system prompt says.
constexpr int64_t kTauBenchSeconds = 1'715'803'200;  // 2024-05-15T20:00:00Z
constexpr size_t kHashDigits = 32;
constexpr char kReward[] = "reward";

// Of an entry that names none: equal entries are one.
std::string IdOf(const char* prefix, const nlohmann::json& entry) {
  return fmt::format("{}-{}", prefix, Sha256Hex(entry.dump()).substr(0, kHashDigits));
}

// What the attribute `traffic` says of where a conversation comes from.
const char* TrafficOf(ImportedAs as) {
  switch (as) {
    case ImportedAs::kImported:
      return "imported";
    case ImportedAs::kGolden:
      return "golden";
    case ImportedAs::kSynthetic:
      return "synthetic";
  }
  return "";
}

v1::Signal SignalAbout(const v1::Interaction& turn, const std::string& id, v1::Actor actor) {
  v1::Signal signal;
  signal.set_signal_id(id);
  signal.set_interaction_id(turn.interaction_id());
  *signal.mutable_event_time() = turn.start_time();
  signal.set_actor(actor);
  return signal;
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

absl::StatusOr<Message> ReadShareGptMessage(const JsonView& view) {
  ASSIGN_OR_RETURN(const JsonView from_field, view.Field("from"));
  ASSIGN_OR_RETURN(const std::string from, from_field.Text());
  ASSIGN_OR_RETURN(const JsonView value_field, view.Field("value"));
  ASSIGN_OR_RETURN(const std::string value, value_field.Text());
  Message message;
  if (from == "human" || from == "user") {
    message.set_role(common::v1::ROLE_USER);
  } else if (from == "system") {
    message.set_role(common::v1::ROLE_SYSTEM);
  } else if (from == "gpt" || from == "chatgpt" || from == "assistant" || from == "model") {
    message.set_role(common::v1::ROLE_ASSISTANT);
  } else if (from == "function_call" || from == "tool_call") {
    message.set_role(common::v1::ROLE_ASSISTANT);
    ASSIGN_OR_RETURN(const nlohmann::json parsed, ParseJson(value, value_field.where()));
    const nlohmann::json calls = parsed.is_array() ? parsed : nlohmann::json::array({parsed});
    ASSIGN_OR_RETURN(const std::vector<JsonView> items,
                     JsonView(calls, value_field.where()).Items());
    for (const JsonView& item : items) {
      common::v1::ToolCall& call = *message.add_parts()->mutable_tool_call();
      ASSIGN_OR_RETURN(const JsonView name, item.Field("name"));
      ASSIGN_OR_RETURN(*call.mutable_name(), name.Text());
      const auto arguments = item.OptionalField("arguments");
      if (!arguments) continue;
      const nlohmann::json& given = arguments->value();
      call.set_arguments_json(given.is_string() ? given.get<std::string>() : given.dump());
    }
    return message;
  } else if (from == "observation" || from == "function_response" || from == "tool") {
    message.set_role(common::v1::ROLE_TOOL);
    message.add_parts()->mutable_tool_result()->set_content(value);
    return message;
  } else {
    return from_field.Wrong(
        "human, gpt, system, function_call or observation (or user, assistant, tool_call, tool)");
  }
  if (!value.empty()) message.add_parts()->set_text(value);
  return message;
}

// A list of definitions, bare or as OpenAI's requests have them; some files hold it as a text.
absl::Status ReadShareGptTools(const JsonView& tools, v1::Interaction& interaction) {
  nlohmann::json list = tools.value();
  if (list.is_string()) {
    const std::string text = list.get<std::string>();
    if (text.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(list, ParseJson(text, tools.where()));
  }
  if (!list.is_array()) return tools.Wrong("a list of definitions");
  for (nlohmann::json& tool : list) {
    if (tool.is_object() && !tool.contains("function")) tool = {{"function", std::move(tool)}};
  }
  return ReadTools(JsonView(list, tools.where()), *interaction.mutable_tools());
}

}  // namespace

std::string AsId(std::string text) {
  for (char& c : text) {
    if (!IsValidId(std::string_view(&c, 1))) c = '-';
  }
  return text;
}

Conversation MakeConversation(const std::vector<Message>& messages, const Origin& origin,
                              TurnChoice choice, const ConversationLabels& labels) {
  std::vector<Turn> turns = SplitIntoTurns(messages);
  if (choice == TurnChoice::kLast && turns.size() > 1) turns = {std::move(turns.back())};
  Conversation conversation;
  for (size_t i = 0; i < std::max<size_t>(turns.size(), 1); ++i) {
    v1::Interaction interaction = origin.common;
    interaction.set_interaction_id(turns.size() < 2 ? origin.id
                                                    : fmt::format("{}-turn-{}", origin.id, i + 1));
    interaction.set_session_id(origin.session_id.empty() ? origin.id : origin.session_id);
    if (i > 0) {
      interaction.set_previous_interaction_id(conversation.turns.back().interaction_id());
    }
    *interaction.mutable_start_time() =
        rpc::ToProto(origin.start_time + absl::Milliseconds(static_cast<int64_t>(i)));
    (*interaction.mutable_attributes())["traffic"] = TrafficOf(labels.as);
    // Instructions alone are a conversation too, without a turn.
    const std::vector<Message>& history = turns.empty() ? messages : turns[i].history;
    *interaction.mutable_history() = {history.begin(), history.end()};
    if (!turns.empty()) {
      *interaction.mutable_messages() = {turns[i].messages.begin(), turns[i].messages.end()};
    }
    conversation.turns.push_back(std::move(interaction));
  }
  if (labels.as != ImportedAs::kImported) {
    // Whoever imports examples vouches for them.
    for (const v1::Interaction& turn : conversation.turns) {
      conversation.signals.push_back(
          SignalAbout(turn, turn.interaction_id() + "-accepted", v1::ACTOR_STAFF));
      conversation.signals.back().mutable_accepted();
    }
  }
  for (const auto& [name, score] : origin.scores) {
    conversation.signals.push_back(
        SignalAbout(conversation.turns.back(), AsId(origin.id + "-" + name), v1::ACTOR_SYSTEM));
    conversation.signals.back().mutable_evaluation()->set_name(name);
    conversation.signals.back().mutable_evaluation()->set_score(score);
  }
  return conversation;
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
  ASSIGN_OR_RETURN(const double reward, reward_field.Number());
  origin.scores.emplace_back(kReward, reward);
  return MakeConversation(messages, origin, TurnChoice::kAll, labels);
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
    origin.id = IdOf("chat", entry.value());
  }
  if (const auto user = entry.OptionalField("user")) {
    ASSIGN_OR_RETURN(*origin.common.mutable_user_id(), user->TextOrInteger());
  }
  if (const auto created = entry.OptionalField("created")) {
    ASSIGN_OR_RETURN(const double seconds, created->Number());
    // Beyond these, a time has no wire form; ingest says what it wants within them.
    if (!(std::abs(seconds) <= 1e11)) return created->Wrong("seconds since 1970");
    origin.start_time = absl::FromUnixMicros(static_cast<int64_t>(seconds * 1e6));
  }
  if (const auto field = entry.OptionalField("reward")) {
    ASSIGN_OR_RETURN(const double reward, field->Number());
    origin.scores.emplace_back(kReward, reward);
  }
  return MakeConversation(messages, origin, TurnChoice::kAll, labels);
}

absl::StatusOr<Conversation> ReadShareGpt(const JsonView& entry, const ConversationLabels& labels) {
  Origin origin;
  std::vector<Message> messages;
  if (const auto system = entry.OptionalField("system")) {
    ASSIGN_OR_RETURN(const std::string text, system->Text());
    if (!text.empty()) {
      messages.emplace_back().set_role(common::v1::ROLE_SYSTEM);
      messages.back().add_parts()->set_text(text);
    }
  }
  ASSIGN_OR_RETURN(const JsonView conversations, entry.Field("conversations"));
  ASSIGN_OR_RETURN(const std::vector<JsonView> items, conversations.Items());
  if (items.empty()) return conversations.Wrong("at least one message");
  for (const JsonView& item : items) {
    ASSIGN_OR_RETURN(Message message, ReadShareGptMessage(item));
    if (!message.parts().empty()) messages.push_back(std::move(message));
  }
  if (const auto tools = entry.OptionalField("tools")) {
    RETURN_IF_ERROR(ReadShareGptTools(*tools, origin.common));
  }
  if (const auto id = entry.OptionalField("id")) {
    ASSIGN_OR_RETURN(origin.id, id->TextOrInteger());
    origin.id = AsId(std::move(origin.id));
  } else {
    origin.id = IdOf("sharegpt", entry.value());
  }
  origin.common.set_agent(labels.agent.empty() ? "sharegpt" : labels.agent);
  origin.common.set_model_version(labels.model_version);
  return MakeConversation(messages, origin, TurnChoice::kAll, labels);
}

}  // namespace flywheel::cli
