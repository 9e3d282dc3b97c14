#include "ingest_service/otlp/interaction_composer.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "ingest_service/domain/assignment_token.h"
#include "ingest_service/domain/record_limits.h"
#include "ingest_service/domain/session_id.h"
#include "ingest_service/domain/trace_ids.h"
#include "ingest_service/otlp/interaction_parts.h"
#include "ingest_service/otlp/message_parts.h"
#include "ingest_service/otlp/text_budget.h"
#include "ingest_service/otlp/usage_total.h"
#include "shared/rpc/field_checks.h"
#include "shared/text/printable.h"
#include "shared/text/shorten.h"

namespace flywheel::ingest {
namespace {

using common::v1::Message;
using common::v1::Part;

constexpr size_t kMaxTextBytes = 512 << 10;
// Question and answer are shown twice: as such, and as messages.
constexpr size_t kMaxEndBytes = 384 << 10;
// With its fields around them, texts stay below what a record may have.
constexpr size_t kMaxTextsBytes = 1536 << 10;
static_assert(int64_t{kMaxTextsBytes} < kMaxRecordBytes);
static_assert(int64_t{kMaxTextsBytes + 2 * kMaxEndBytes} < kMaxShownBytes);
constexpr std::string_view kUnknownAgent = "unknown-agent";
// 2000-01-01, UTC.
constexpr int64_t kFirstSecond = 946'684'800;

// The first text that a span in this order has.
std::string FirstOf(const TraceRoles& roles, std::string TraceSpan::*member) {
  for (const SpanNode* node : roles.from_the_top) {
    if (!(node->span->*member).empty()) return node->span->*member;
  }
  return "";
}

// "invoke_agent weather_bot" and "weather_bot.run" are called weather_bot.
std::string NameOfAgentSpan(const TraceRoles& roles) {
  for (const SpanNode* node : roles.heads) {
    const TraceSpan& span = *node->span;
    // Libraries name their own spans after themselves.
    if (span.kind != SpanKind::kAgent || span.name.starts_with("haystack.")) continue;
    std::string_view name = span.name;
    for (const std::string_view before : {"invoke_agent ", "create_agent ", "agent_run "}) {
      if (name.starts_with(before)) name.remove_prefix(before.size());
    }
    for (const std::string_view behind : {".run", ".agent", ".kickoff", ".arun", ".invoke"}) {
      if (name.ends_with(behind)) name.remove_suffix(behind.size());
    }
    if (!name.empty() && name != "invoke_agent") return std::string(name);
  }
  return "";
}

void SetIdentity(const TraceRoles& roles, const TraceFacts& facts, v1::Interaction& interaction) {
  const auto name = [&](std::string TraceSpan::*member) {
    return std::string(Shorten(FirstOf(roles, member), kMaxRecordNameBytes));
  };
  // The id follows from the trace, so that a trace that is sent twice is a replay.
  interaction.set_interaction_id(InteractionIdOf(facts.trace_id, facts.part, facts.turn));
  if (facts.turn > 0) {
    interaction.set_previous_interaction_id(
        InteractionIdOf(facts.trace_id, facts.part, facts.turn - 1));
  }
  // A conversation that a span names, then a session, then of an earlier part of the trace, then
  // the trace by itself.
  std::string session = FirstOf(roles, &TraceSpan::conversation_id);
  if (!IsPlainSessionId(session)) session = FirstOf(roles, &TraceSpan::session_id);
  if (!IsPlainSessionId(session)) session = facts.session_id;
  interaction.set_session_id(IsPlainSessionId(session) ? session
                                                       : InteractionIdOf(facts.trace_id, 0));
  std::string user = FirstOf(roles, &TraceSpan::user_id);
  if (user.empty()) user = facts.user_id;
  interaction.set_user_id(std::string(Shorten(user, kMaxUserIdBytes)));
  // The agent's name, then what an earlier part said, then that of an agent's span, then the
  // service's.
  std::string agent = name(&TraceSpan::agent);
  if (agent.empty()) agent = facts.agent;
  if (agent.empty()) agent = std::string(Shorten(NameOfAgentSpan(roles), kMaxRecordNameBytes));
  if (agent.empty()) agent = name(&TraceSpan::service);
  interaction.set_agent(agent.empty() ? std::string(kUnknownAgent) : agent);
  interaction.set_prompt_version(name(&TraceSpan::prompt_version));
  // One that was cut would open nothing.
  const std::string token = FirstOf(roles, &TraceSpan::assignment_token);
  if (IsAssignmentToken(token)) interaction.set_assignment_token(token);
  // What an operator calls the version, then the model that gave the answer, then any.
  std::string version = name(&TraceSpan::model_version);
  if (version.empty() && roles.answerer != nullptr) {
    version = std::string(Shorten(roles.answerer->span->model, kMaxRecordNameBytes));
  }
  if (version.empty()) version = name(&TraceSpan::model);
  interaction.set_model_version(version);
}

void SetTimes(const TraceRoles& roles, const TraceFacts& facts, v1::Interaction& interaction) {
  // A root tells the whole time; without one it is from the first start to the last end.
  uint64_t start = std::numeric_limits<uint64_t>::max();
  uint64_t end = 0;
  for (const SpanNode* node : roles.from_the_top) {
    const TraceSpan& span = *node->span;
    const bool is_root = span.parent_id.empty() && !span.span_id.empty();
    if (is_root && span.end_unix_nano != 0) {
      start = span.start_unix_nano;
      end = span.end_unix_nano;
      break;
    }
    start = std::min(start, span.start_unix_nano);
    end = std::max(end, span.end_unix_nano);
  }
  *interaction.mutable_start_time() = rpc::ToProto(TimeOf(start, facts.arrival_time));
  constexpr uint64_t kMaxNanos = std::numeric_limits<int64_t>::max();
  const uint64_t took = end > start ? std::min(end - start, kMaxNanos) : 0;
  *interaction.mutable_latency() = rpc::ToProto(absl::Nanoseconds(static_cast<int64_t>(took)));
}

void SetUsage(const TraceRoles& roles, v1::Interaction& interaction) {
  const Usage usage = SumUsage(roles);
  if (usage.prompt_tokens) interaction.set_prompt_tokens(*usage.prompt_tokens);
  if (usage.completion_tokens) interaction.set_completion_tokens(*usage.completion_tokens);
  if (usage.cost_usd) interaction.set_cost_usd(*usage.cost_usd);
}

// The model ended well, and without a word. Where not even the question was recorded, it may have
// said what it did unheard.
bool IsEmptyAnswer(const TraceRoles& roles) {
  if (roles.answerer == nullptr || !SaysAnything(roles.answerer->span->input_messages)) {
    return false;
  }
  const std::vector<ChatMessage>& said = roles.answerer->span->output_messages;
  return !said.empty() && std::all_of(said.begin(), said.end(), [](const ChatMessage& message) {
    return message.text.empty() && message.media.empty() && message.calls.empty();
  });
}

void SetOutcome(const TraceRoles& roles, bool answered, v1::Interaction& interaction) {
  if (roles.answerer != nullptr) {
    interaction.set_finish_reason(
        std::string(Shorten(roles.answerer->span->finish_reason, kMaxRecordNameBytes)));
  }
  const TraceSpan* const failed = FindFailure(roles);
  if (failed == nullptr) {
    if (answered || !IsEmptyAnswer(roles)) return;
    interaction.mutable_failure()->set_kind("empty_answer");
    interaction.mutable_failure()->set_message("the model ended without a word");
    return;
  }
  v1::Failure& failure = *interaction.mutable_failure();
  failure.set_kind(std::string(Shorten(failed->error_type, kMaxRecordNameBytes)));
  failure.set_message(failed->error_message);
}

// What was said and shown.
Message ToMessage(const ChatMessage& said) {
  Message message;
  message.set_role(said.role);
  if (!said.text.empty()) message.add_parts()->set_text(said.text);
  for (const common::v1::Media& media : said.media) *message.add_parts()->mutable_media() = media;
  if (said.incomplete) message.mutable_parts()->rbegin()->set_incomplete(true);
  return message;
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const size_t begin = std::min(text.find_first_not_of(kBlank), text.size());
  return text.substr(begin, text.find_last_not_of(kBlank) + 1 - begin);
}

// Cuts a part to what is left; marks what is.
void Cut(Part& part, TextBudget& budget) {
  const auto cut = [&](std::string* text, bool is_json) {
    std::string kept =
        is_json ? budget.TakeJson(*text, kMaxTextBytes) : budget.Take(*text, kMaxTextBytes);
    if (kept != *text) part.set_incomplete(true);
    *text = std::move(kept);
  };
  if (part.has_text()) cut(part.mutable_text(), false);
  if (part.has_reasoning()) cut(part.mutable_reasoning(), false);
  if (part.has_tool_result()) cut(part.mutable_tool_result()->mutable_content(), false);
  if (part.has_tool_call()) {
    static_cast<void>(budget.TakeBytes(part.tool_call().name().size()));
    cut(part.mutable_tool_call()->mutable_arguments_json(), true);
  }
}

// As many of the messages as the budget has room for.
std::vector<Message> Fit(std::vector<Message> messages, TextBudget& budget) {
  size_t kept = 0;
  for (Message& message : messages) {
    if (!budget.TakeBytes(kPartBytes * static_cast<size_t>(1 + message.parts_size()))) break;
    for (Part& part : *message.mutable_parts()) {
      for (std::string* id :
           {part.has_tool_call() ? part.mutable_tool_call()->mutable_tool_call_id() : nullptr,
            part.has_tool_result() ? part.mutable_tool_result()->mutable_tool_call_id()
                                   : nullptr}) {
        if (id != nullptr) *id = WithoutControls(Shorten(*id, kMaxRecordNameBytes));
      }
      Cut(part, budget);
    }
    ++kept;
  }
  messages.resize(kept);
  return messages;
}

bool Says(const Message& message, const std::string& text) {
  return message.role() == common::v1::ROLE_ASSISTANT &&
         std::any_of(message.parts().begin(), message.parts().end(), [&](const Part& part) {
           return part.has_text() && Trimmed(part.text()) == Trimmed(text);
         });
}

// Whether the last of the work is the answer. Where the model put something around it, such as the
// marks of a form, the answer is what was left of that.
bool Answers(Message& last, const std::string& answer) {
  if (Says(last, answer)) return true;
  const bool words_only = last.role() == common::v1::ROLE_ASSISTANT && last.parts_size() == 1 &&
                          last.parts(0).has_text();
  if (!words_only || answer.empty()) return false;
  std::string& said = *last.mutable_parts(0)->mutable_text();
  if (said.find(Trimmed(answer)) == std::string::npos) return false;
  said = answer;
  return true;
}

// The question, the work, and the answer, unless the work ends with it.
void SetTurn(const ChatMessage& question, const ChatMessage& answer, std::vector<Message> work,
             v1::Interaction& interaction) {
  const auto is_silent = [](const ChatMessage& message) {
    return message.text.empty() && message.media.empty();
  };
  const bool answered = !work.empty() && !is_silent(answer) && Answers(work.back(), answer.text);
  if (!is_silent(question)) *interaction.add_messages() = ToMessage(question);
  for (Message& message : work) *interaction.add_messages() = std::move(message);
  if (answered || is_silent(answer)) return;
  *interaction.add_messages() = ToMessage(answer);
}

// Cuts it to what is left; marks what is.
void Cut(ChatMessage& message, TextBudget& budget) {
  std::string kept = budget.Take(message.text, kMaxEndBytes);
  message.incomplete = message.incomplete || kept.size() < message.text.size();
  message.text = std::move(kept);
  if (message.text.empty() && message.media.empty()) message.incomplete = false;
}

void SetContexts(const TraceRoles& roles, TextBudget& budget, v1::Interaction& interaction) {
  for (common::v1::RetrievedContext& context : CollectContexts(roles)) {
    *context.mutable_document_id() = budget.Take(context.document_id(), kMaxTextBytes);
    *context.mutable_text() = budget.Take(context.text(), kMaxTextBytes);
    if (context.document_id().empty() && context.text().empty()) continue;
    *interaction.add_contexts() = std::move(context);
  }
}

// Whole definitions, as long as there is room: half a schema is none.
void SetTools(const TraceRoles& roles, TextBudget& budget, v1::Interaction& interaction) {
  for (common::v1::ToolDefinition& tool : CollectTools(roles)) {
    if (!budget.TakeBytes(kPartBytes + tool.ByteSizeLong())) return;
    *interaction.add_tools() = std::move(tool);
  }
}

}  // namespace

absl::Time TimeOf(uint64_t unix_nano, absl::Time otherwise) {
  if (unix_nano > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return otherwise;
  const absl::Time time = absl::FromUnixNanos(static_cast<int64_t>(unix_nano));
  // A clock that was never set, or runs ahead, would place the record out of every window.
  const bool makes_sense =
      time >= absl::FromUnixSeconds(kFirstSecond) && time <= otherwise + absl::Minutes(5);
  return makes_sense ? time : otherwise;
}

std::optional<v1::Interaction> ComposeInteraction(const std::vector<SpanNode>& nodes,
                                                  const TraceFacts& facts) {
  // 1. What each span is in the work; a trace without work is no interaction.
  const TraceRoles roles = FindRoles(nodes);
  if (!roles.tells_of_work) return std::nullopt;
  v1::Interaction interaction;
  TextBudget budget(kMaxTextsBytes);
  // 2. Who, when and how much: short fields, outside of the budget.
  SetIdentity(roles, facts, interaction);
  SetTimes(roles, facts, interaction);
  SetUsage(roles, interaction);
  // 3. Texts by their worth: question and answer, attributes, contexts, tools, the
  // work, the history.
  ChatMessage question = FindQuestion(roles);
  question.role = common::v1::ROLE_USER;
  Cut(question, budget);
  ChatMessage answer = FindAnswer(roles);
  answer.role = common::v1::ROLE_ASSISTANT;
  Cut(answer, budget);
  SetOutcome(roles, !answer.text.empty() || !answer.media.empty(), interaction);
  std::map<std::string, std::string> attributes = CollectAttributes(roles);
  attributes["otel.trace_id"] = facts.trace_id;
  if (facts.part > 0) attributes["otel.part"] = std::to_string(facts.part + 1);
  if (facts.has_no_root) attributes["otel.root"] = "missing";
  for (auto& [name, value] : attributes) {
    (*interaction.mutable_attributes())[name] = budget.Take(value, kMaxAttributeValueBytes);
  }
  SetContexts(roles, budget, interaction);
  TurnMessages turn = CollectMessages(roles);
  SetTools(roles, budget, interaction);
  SetTurn(question, answer, Fit(std::move(turn.work), budget), interaction);
  for (Message& message : Fit(std::move(turn.history), budget)) {
    *interaction.add_history() = std::move(message);
  }
  // 4. Readers are told where something is missing.
  if (facts.cut || budget.is_cut()) (*interaction.mutable_attributes())["otel.cut"] = "true";
  return interaction;
}

}  // namespace flywheel::ingest
