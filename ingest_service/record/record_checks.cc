#include "ingest_service/record/record_checks.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "ingest_service/domain/assignment_token.h"
#include "ingest_service/domain/record_limits.h"
#include "ingest_service/payloads/stored_interaction.h"
#include "ingest_service/record/message_checks.h"
#include "shared/rpc/field_checks.h"
#include "shared/text/shorten.h"

namespace flywheel::ingest {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::max();
constexpr int64_t kMaxCount = std::numeric_limits<int64_t>::max();

void CheckTools(const v1::Interaction& interaction, rpc::FieldChecks& checks) {
  for (int i = 0; i < interaction.tools_size(); ++i) {
    const std::string& name = interaction.tools(i).name();
    if (IsToolName(name)) continue;
    checks.Name(fmt::format("tools[{}].name", i), name, kMaxToolNameBytes);
  }
}

// What is derived from messages may be said too, but not otherwise.
struct DerivedText {
  std::string text;
  // Why it is empty, where it is.
  const char* why_none;
};

void CheckText(const char* field, const std::string& given, const DerivedText& derived,
               rpc::FieldChecks& checks) {
  if (given.empty() || given == derived.text) return;
  checks.Require(false, field, "a text that the messages do not say",
                 derived.text.empty() ? fmt::format("nothing: {}", derived.why_none)
                                      : "nothing, or the texts of the messages");
}

void CheckTexts(const v1::Interaction& interaction, rpc::FieldChecks& checks) {
  if (interaction.messages().empty()) return;
  CheckText("input", interaction.input(),
            {InputOf(interaction), "no text of ROLE_USER stands before the agent's first message"},
            checks);
  CheckText("output", interaction.output(),
            {OutputOf(interaction), "the last message holds no text of ROLE_ASSISTANT"}, checks);
}

void CheckCorrection(const v1::Correction& correction, rpc::FieldChecks& checks) {
  const std::string& text = correction.ideal_output();
  if (correction.ideal_messages().empty()) {
    checks.Require(!text.empty(), "correction.ideal_output", "nothing",
                   "some text, or ideal_messages");
    return;
  }
  CheckMessages(correction, checks);
  CheckText(
      "correction.ideal_output", text,
      {IdealOutputOf(correction), "the last of ideal_messages holds no text, as a call alone"},
      checks);
}

void CheckContexts(const v1::Interaction& interaction, rpc::FieldChecks& checks) {
  for (int i = 0; i < interaction.contexts_size(); ++i) {
    const common::v1::RetrievedContext& context = interaction.contexts(i);
    if (!std::isfinite(context.score())) {
      checks.Finite(fmt::format("contexts[{}].score", i), context.score());
    }
    if (context.has_age()) checks.NotNegative(fmt::format("contexts[{}].age", i), context.age());
  }
}

void CheckAttributes(const google::protobuf::Map<std::string, std::string>& attributes,
                     rpc::FieldChecks& checks) {
  if (attributes.size() > kMaxAttributes) {
    checks.Require(false, "attributes", fmt::format("{} keys", attributes.size()),
                   fmt::format("at most {}", kMaxAttributes));
  }
  for (const auto& [name, value] : attributes) {
    checks.Name("attributes.key", name, kMaxRecordNameBytes);
    if (value.size() <= kMaxAttributeValueBytes) continue;
    checks.Text(fmt::format("attributes['{}']", Shorten(name, kMaxRecordNameBytes)), value,
                kMaxAttributeValueBytes);
  }
}

void CheckPart(const v1::Signal& signal, rpc::FieldChecks& checks) {
  const auto check = [&](const char* field, const std::string& id, size_t max_bytes) {
    checks.Require(signal.has_interaction_id(), field, "a part of a session",
                   "nothing, or the interaction that it is a part of");
    checks.Name(field, id, max_bytes);
  };
  if (signal.has_message_id()) check("message_id", signal.message_id(), kMaxRecordNameBytes);
  if (signal.has_tool_call_id()) check("tool_call_id", signal.tool_call_id(), kMaxRecordNameBytes);
  if (signal.has_document_id()) check("document_id", signal.document_id(), kMaxUriBytes);
}

// What each kind of signal needs besides the fields of all.
void CheckKind(const v1::Signal& signal, rpc::FieldChecks& checks) {
  switch (signal.kind_case()) {
    // Also what a newer client sends and this program does not know.
    case v1::Signal::KIND_NOT_SET:
      checks.Require(false, "kind", "nothing, or a kind of a newer contract", "one kind");
      break;
    case v1::Signal::kStars: {
      const int32_t max_stars = signal.stars().max_stars() == 0 ? 5 : signal.stars().max_stars();
      checks.Range("stars.max_stars", static_cast<int64_t>(max_stars), 2, 10);
      checks.Range("stars.stars", static_cast<int64_t>(signal.stars().stars()), 1, max_stars);
      break;
    }
    case v1::Signal::kCorrection:
      CheckCorrection(signal.correction(), checks);
      break;
    case v1::Signal::kEdit:
      checks.Range("edit.edit_ratio", signal.edit().edit_ratio(), 0.0, 1.0);
      break;
    case v1::Signal::kEvaluation:
      checks.Name("evaluation.name", signal.evaluation().name(), kMaxEvaluationNameBytes);
      checks.Range("evaluation.score", signal.evaluation().score(), -kMaxScore, kMaxScore);
      checks.Text("evaluation.label", signal.evaluation().label(), kMaxLabelBytes);
      checks.Text("evaluation.explanation", signal.evaluation().explanation(),
                  kMaxExplanationBytes);
      break;
    default:
      break;
  }
}

}  // namespace

absl::Status CheckRecord(const v1::Interaction& interaction, absl::Time now, std::string prefix) {
  // Who and when.
  rpc::FieldChecks checks(now, std::move(prefix));
  checks.Id("interaction_id", interaction.interaction_id());
  checks.OptionalName("session_id", interaction.session_id(), kMaxSessionIdBytes);
  checks.OptionalId("previous_interaction_id", interaction.previous_interaction_id());
  checks.Text("user_id", interaction.user_id(), kMaxUserIdBytes);
  checks.Name("agent", interaction.agent(), kMaxRecordNameBytes);
  checks.OptionalName("model_version", interaction.model_version(), kMaxRecordNameBytes);
  checks.OptionalName("prompt_version", interaction.prompt_version(), kMaxRecordNameBytes);
  checks.Require(IsAssignmentToken(interaction.assignment_token()), "assignment_token",
                 fmt::format("'{}'", Shorten(interaction.assignment_token(), kMaxRecordNameBytes)),
                 "what Assign answered: at most 128 of A-Z a-z 0-9 - _, or nothing");
  checks.EventTime("start_time", interaction.has_start_time(), interaction.start_time());
  if (interaction.has_confidence()) checks.Range("confidence", interaction.confidence(), 0.0, 1.0);
  if (interaction.has_failure()) {
    checks.Name("failure.kind", interaction.failure().kind(), kMaxRecordNameBytes);
  }
  checks.OptionalName("finish_reason", interaction.finish_reason(), kMaxRecordNameBytes);
  // Figures.
  checks.Range("prompt_tokens", interaction.prompt_tokens(), 0, kMaxCount);
  checks.Range("completion_tokens", interaction.completion_tokens(), 0, kMaxCount);
  checks.NotNegative("latency", interaction.latency());
  checks.Range("cost_usd", interaction.cost_usd(), 0.0, kInfinity);
  // Lists and maps.
  CheckContexts(interaction, checks);
  CheckMessages(interaction, checks);
  CheckTools(interaction, checks);
  CheckTexts(interaction, checks);
  CheckAttributes(interaction.attributes(), checks);
  return checks.status();
}

absl::Status CheckRecord(const v1::Signal& signal, absl::Time now, std::string prefix) {
  rpc::FieldChecks checks(now, std::move(prefix));
  checks.Id("signal_id", signal.signal_id());
  checks.Range("revision", static_cast<int64_t>(signal.revision()), 0, INT32_MAX);
  // A signal is about one interaction or one session.
  switch (signal.target_case()) {
    case v1::Signal::kInteractionId:
      checks.Id("interaction_id", signal.interaction_id());
      break;
    case v1::Signal::kSessionId:
      checks.Name("session_id", signal.session_id(), kMaxSessionIdBytes);
      break;
    case v1::Signal::TARGET_NOT_SET:
      checks.Require(false, "target", "nothing", "interaction_id or session_id");
      break;
  }
  checks.EventTime("event_time", signal.has_event_time(), signal.event_time());
  if (!v1::Actor_IsValid(signal.actor()) || signal.actor() == v1::ACTOR_UNSPECIFIED) {
    checks.Require(false, "actor",
                   v1::Actor_IsValid(signal.actor()) ? v1::Actor_Name(signal.actor())
                                                     : std::to_string(signal.actor()),
                   "ACTOR_USER, ACTOR_STAFF or ACTOR_SYSTEM");
  }
  checks.Text("actor_id", signal.actor_id(), kMaxUserIdBytes);
  CheckPart(signal, checks);
  checks.Text("comment", signal.comment(), kMaxExplanationBytes);
  CheckAttributes(signal.attributes(), checks);
  CheckKind(signal, checks);
  return checks.status();
}

}  // namespace flywheel::ingest
