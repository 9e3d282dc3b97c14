#include "cli/traced_run.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "cli/chat_messages.h"
#include "cli/conversation_entry.h"
#include "cli/traced_messages.h"
#include "shared/status/status_macros.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

// The names by which programs put a conversation and a person into the metadata of a run.
constexpr const char* kSessionKeys[] = {"session_id", "thread_id", "conversation_id",
                                        "langfuse_session_id"};
constexpr const char* kUserKeys[] = {"user_id", "langfuse_user_id"};
constexpr const char* kParentKeys[] = {"parent_run_id", "parentObservationId", "traceId"};

// The text or number of a member as text; empty where there is none.
std::string Named(const JsonView& object, const char* key) {
  const auto field = object.OptionalField(key);
  if (!field) return "";
  const auto text = field->TextOrInteger();
  return text.ok() ? *text : "";
}

template <size_t kCount>
std::string FirstNamed(const std::optional<JsonView>& object, const char* const (&keys)[kCount]) {
  if (!object) return "";
  for (const char* key : keys) {
    std::string text = Named(*object, key);
    if (!text.empty()) return text;
  }
  return "";
}

// LangSmith leaves out the zone, which is UTC.
absl::Status SetTime(const JsonView& run, const char* key, Origin& origin) {
  const auto field = run.OptionalField(key);
  if (!field) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string text, field->Text());
  std::optional<absl::Time> time = ParseTimeText(text);
  if (!time) time = ParseTimeText(text + "Z");
  if (!time) return field->Wrong("a time of RFC 3339");
  origin.start_time = *time;
  return absl::OkStatus();
}

// The members of a run that hold what it was given and what it gave.
struct Sides {
  const char* inputs;
  const char* outputs;
};

// What was said in a run. Graphs answer with all that was said, the input again before it.
nlohmann::json SaidIn(const JsonView& run, const Sides& sides) {
  const auto side = [&](const char* key, common::v1::Role speaker) {
    const auto field = run.OptionalField(key);
    return field ? TracedMessages(field->value(), speaker) : nlohmann::json::array();
  };
  nlohmann::json given = side(sides.inputs, common::v1::ROLE_USER);
  nlohmann::json gave = side(sides.outputs, common::v1::ROLE_ASSISTANT);
  const bool repeats = gave.size() >= given.size() && !given.empty() &&
                       std::equal(given.begin(), given.end(), gave.begin());
  if (repeats) return gave;
  for (nlohmann::json& message : gave) given.push_back(std::move(message));
  return given;
}

absl::StatusOr<Conversation> Made(const JsonView& run, const Sides& sides, Origin origin,
                                  const char* format, const ConversationLabels& labels) {
  const nlohmann::json said = SaidIn(run, sides);
  if (said.empty()) {
    return WrongInFile(
        run.where(), "no messages and no text in it",
        std::string("messages in '") + sides.inputs + "' and '" + sides.outputs + "'");
  }
  ASSIGN_OR_RETURN(const std::vector<common::v1::Message> messages,
                   ReadChatMessages(JsonView(said, run.where() + " (its messages)")));
  origin.common.set_agent(labels.agent.empty() ? format : labels.agent);
  origin.common.set_model_version(labels.model_version);
  return MakeConversation(messages, origin, TurnChoice::kLast, labels);
}

void SetFailure(const std::string& message, Origin& origin) {
  if (message.empty()) return;
  origin.common.mutable_failure()->set_kind("error");
  origin.common.mutable_failure()->set_message(message);
}

absl::Status AddScores(const JsonView& scores, Origin& origin) {
  if (!scores.value().is_array()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<JsonView> items, scores.Items());
  for (const JsonView& item : items) {
    const std::string name = Named(item, "name");
    const auto value = item.OptionalField("value");
    // Categories are no numbers.
    if (name.empty() || !value || !value->value().is_number()) continue;
    const bool known = std::any_of(origin.scores.begin(), origin.scores.end(),
                                   [&](const auto& score) { return score.first == name; });
    if (known) continue;
    origin.scores.emplace_back(name, value->value().get<double>());
  }
  return absl::OkStatus();
}

// The last model call below a trace that does not say itself what was said.
std::optional<JsonView> LastGeneration(const JsonView& trace) {
  const auto observations = trace.OptionalField("observations");
  if (!observations) return std::nullopt;
  const auto items = observations->Items();
  if (!items.ok()) return std::nullopt;
  std::optional<JsonView> last;
  std::string last_start;
  for (const JsonView& item : *items) {
    if (Named(item, "type") != "GENERATION") continue;
    std::string start = Named(item, "startTime");
    if (last && start < last_start) continue;
    last = item;
    last_start = std::move(start);
  }
  return last;
}

}  // namespace

std::vector<bool> PartsOfOthers(const std::vector<JsonView>& entries) {
  std::set<std::string> ids;
  for (const JsonView& entry : entries) ids.insert(Named(entry, "id"));
  ids.erase("");
  std::vector<bool> parts;
  parts.reserve(entries.size());
  for (const JsonView& entry : entries) {
    bool part = false;
    for (const char* key : kParentKeys) part |= ids.contains(Named(entry, key));
    parts.push_back(part);
  }
  return parts;
}

absl::StatusOr<Conversation> ReadLangSmithRun(const JsonView& run,
                                              const ConversationLabels& labels) {
  Origin origin;
  ASSIGN_OR_RETURN(const JsonView id, run.Field("id"));
  ASSIGN_OR_RETURN(origin.id, id.TextOrInteger());
  origin.id = AsId(std::move(origin.id));
  const auto extra = run.OptionalField("extra");
  auto metadata = extra ? extra->OptionalField("metadata") : std::nullopt;
  if (!metadata) metadata = run.OptionalField("metadata");
  // A run's own `session_id` is the project that it was traced into.
  origin.session_id = FirstNamed(metadata, kSessionKeys);
  origin.common.set_user_id(FirstNamed(metadata, kUserKeys));
  RETURN_IF_ERROR(
      SetTime(run, run.OptionalField("start_time") ? "start_time" : "created_at", origin));
  SetFailure(Named(run, "error"), origin);
  return Made(run, {"inputs", "outputs"}, std::move(origin), "langsmith", labels);
}

absl::StatusOr<Conversation> ReadLangfuseTrace(const JsonView& trace,
                                               const ConversationLabels& labels) {
  Origin origin;
  ASSIGN_OR_RETURN(const JsonView id, trace.Field("id"));
  ASSIGN_OR_RETURN(origin.id, id.TextOrInteger());
  origin.id = AsId(std::move(origin.id));
  const auto metadata = trace.OptionalField("metadata");
  origin.session_id = Named(trace, "sessionId");
  if (origin.session_id.empty()) origin.session_id = FirstNamed(metadata, kSessionKeys);
  origin.common.set_user_id(Named(trace, "userId"));
  RETURN_IF_ERROR(
      SetTime(trace, trace.OptionalField("timestamp") ? "timestamp" : "startTime", origin));
  if (Named(trace, "level") == "ERROR") SetFailure(Named(trace, "statusMessage"), origin);
  if (const auto scores = trace.OptionalField("scores")) {
    RETURN_IF_ERROR(AddScores(*scores, origin));
  }
  constexpr Sides kSides = {"input", "output"};
  const std::optional<JsonView> generation = LastGeneration(trace);
  const bool silent = SaidIn(trace, kSides).empty() && generation.has_value();
  return Made(silent ? *generation : trace, kSides, std::move(origin), "langfuse", labels);
}

}  // namespace flywheel::cli
