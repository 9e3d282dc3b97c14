#include "ingest_service/rpc/validate.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "ingest_service/domain/evaluation_limits.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/text/shorten.h"

namespace flywheel::ingest {
namespace {

constexpr int kMaxBatchItems = 10'000;
constexpr int kMaxAttributes = 64;
constexpr size_t kMaxNameBytes = 128;
constexpr size_t kMaxUserIdBytes = 256;
constexpr size_t kMaxToolNameBytes = 256;
constexpr size_t kMaxAttributeValueBytes = 16'384;
constexpr double kInfinity = std::numeric_limits<double>::max();
constexpr int64_t kMaxCount = std::numeric_limits<int64_t>::max();

void CheckSteps(const v1::Interaction& interaction, rpc::FieldChecks& checks) {
  for (int i = 0; i < interaction.steps_size(); ++i) {
    // Names of fields are only made for what is wrong: there may be many steps.
    const v1::Step& step = interaction.steps(i);
    if (!v1::Role_IsValid(step.role()) || step.role() == v1::ROLE_UNSPECIFIED) {
      checks.Require(false, fmt::format("steps[{}].role", i), std::to_string(step.role()),
                     "a role of the contract, 1 to 4");
    }
    for (int j = 0; j < step.tool_calls_size(); ++j) {
      const std::string& name = step.tool_calls(j).name();
      if (!name.empty() && name.size() <= kMaxToolNameBytes) continue;
      checks.RequiredText(fmt::format("steps[{}].tool_calls[{}].name", i, j), name,
                          kMaxToolNameBytes);
    }
  }
}

void CheckAttributes(const v1::Interaction& interaction, rpc::FieldChecks& checks) {
  if (interaction.attributes_size() > kMaxAttributes) {
    checks.Require(false, "attributes", fmt::format("{} keys", interaction.attributes_size()),
                   fmt::format("at most {}", kMaxAttributes));
  }
  for (const auto& [name, value] : interaction.attributes()) {
    checks.RequiredText("attributes.key", name, kMaxNameBytes);
    if (value.size() <= kMaxAttributeValueBytes) continue;
    checks.Text(fmt::format("attributes['{}']", Shorten(name, kMaxNameBytes)), value,
                kMaxAttributeValueBytes);
  }
}

void CheckKind(const v1::Signal& signal, rpc::FieldChecks& checks) {
  switch (signal.kind_case()) {
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
      checks.RequiredText("correction.ideal_output", signal.correction().ideal_output(), SIZE_MAX);
      break;
    case v1::Signal::kEdit:
      checks.Range("edit.edit_ratio", signal.edit().edit_ratio(), 0.0, 1.0);
      break;
    case v1::Signal::kEvaluation:
      checks.RequiredText("evaluation.name", signal.evaluation().name(), kMaxEvaluationNameBytes);
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

absl::Status RefuseTrainer(const rpc::Caller& caller) {
  if (caller.role != rpc::Role::kTrainer) return absl::OkStatus();
  return errors::PermissionDenied("trainer",
                                  "reader, writer or service; a trainer reads from curation");
}

absl::Status ValidateBatchSize(const char* field, int items) {
  if (items == 0) return errors::EmptyBatch(field);
  if (items > kMaxBatchItems) return errors::TooLarge(field, items, kMaxBatchItems, "items");
  return absl::OkStatus();
}

absl::Status Validate(const v1::Interaction& interaction, absl::Time now, std::string prefix) {
  rpc::FieldChecks checks(now, std::move(prefix));
  checks.Id("interaction_id", interaction.interaction_id());
  checks.OptionalId("session_id", interaction.session_id());
  checks.Text("user_id", interaction.user_id(), kMaxUserIdBytes);
  checks.RequiredText("agent", interaction.agent(), kMaxNameBytes);
  checks.Text("model_version", interaction.model_version(), kMaxNameBytes);
  checks.Text("prompt_version", interaction.prompt_version(), kMaxNameBytes);
  checks.EventTime("start_time", interaction.has_start_time(), interaction.start_time());
  if (interaction.has_confidence()) checks.Range("confidence", interaction.confidence(), 0.0, 1.0);
  checks.Range("prompt_tokens", interaction.prompt_tokens(), 0, kMaxCount);
  checks.Range("completion_tokens", interaction.completion_tokens(), 0, kMaxCount);
  checks.NotNegative("latency", interaction.latency());
  checks.Range("cost_usd", interaction.cost_usd(), 0.0, kInfinity);
  for (int i = 0; i < interaction.contexts_size(); ++i) {
    if (std::isfinite(interaction.contexts(i).score())) continue;
    checks.Finite(fmt::format("contexts[{}].score", i), interaction.contexts(i).score());
  }
  CheckSteps(interaction, checks);
  CheckAttributes(interaction, checks);
  return checks.status();
}

absl::Status Validate(const v1::Signal& signal, absl::Time now, std::string prefix) {
  rpc::FieldChecks checks(now, std::move(prefix));
  checks.Id("signal_id", signal.signal_id());
  checks.Range("revision", static_cast<int64_t>(signal.revision()), 0, INT32_MAX);
  switch (signal.target_case()) {
    case v1::Signal::kInteractionId:
      checks.Id("interaction_id", signal.interaction_id());
      break;
    case v1::Signal::kSessionId:
      checks.Id("session_id", signal.session_id());
      break;
    case v1::Signal::TARGET_NOT_SET:
      checks.Require(false, "target", "nothing", "interaction_id or session_id");
      break;
  }
  checks.EventTime("event_time", signal.has_event_time(), signal.event_time());
  if (!v1::Actor_IsValid(signal.actor()) || signal.actor() == v1::ACTOR_UNSPECIFIED) {
    checks.Require(false, "actor", std::to_string(signal.actor()),
                   "an actor of the contract, 1 to 3");
  }
  checks.Text("actor_id", signal.actor_id(), kMaxUserIdBytes);
  CheckKind(signal, checks);
  return checks.status();
}

absl::Status Validate(const v1::GetInteractionRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.Id("interaction_id", request.interaction_id());
  checks.AtLeast("min_sequence", request.min_sequence(), 0);
  return checks.status();
}

absl::Status Validate(const v1::GetSessionFeedbackRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.Id("session_id", request.session_id());
  checks.AtLeast("min_sequence", request.min_sequence(), 0);
  return checks.status();
}

absl::Status Validate(const v1::ListInteractionsRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.OptionalId("session_id", request.session_id());
  checks.Text("user_id", request.user_id(), kMaxUserIdBytes);
  checks.Text("agent", request.agent(), kMaxNameBytes);
  checks.Text("model_version", request.model_version(), kMaxNameBytes);
  checks.Text("attribute_name", request.attribute_name(), kMaxNameBytes);
  checks.Text("attribute_value", request.attribute_value(), kMaxAttributeValueBytes);
  checks.Require(request.attribute_value().empty() || !request.attribute_name().empty(),
                 "attribute_name", "nothing", "the name that attribute_value belongs to");
  checks.Enum("signal_kind", v1::SignalKind_IsValid(request.signal_kind()), request.signal_kind());
  checks.AtLeast("min_sequence", request.min_sequence(), 0);
  return checks.status();
}

absl::Status Validate(const v1::GetStatsRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.Text("group_by_attribute", request.group_by_attribute(), kMaxNameBytes);
  checks.AtLeast("min_sequence", request.min_sequence(), 0);
  return checks.status();
}

absl::Status Validate(const v1::ReadFeedRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.Range("cursor", request.cursor(), 0, kMaxCount);
  checks.Range("max_entries", static_cast<int64_t>(request.max_entries()), 0, INT32_MAX);
  return checks.status();
}

}  // namespace flywheel::ingest
