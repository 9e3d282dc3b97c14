#include "ingest_service/rpc/convert.h"

#include "ingest_service/domain/noise.h"
#include "ingest_service/payloads/canonical_bytes.h"
#include "ingest_service/rpc/privacy_convert.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// Sets payload and content_hash. The hash is keyed, because it is of the texts before redaction:
// else whoever reads the store could try out what a placeholder stands for.
template <typename Message, typename Record>
absl::Status HashRedactSerialise(Message& message, const PrivacyFilter& privacy, Record& record) {
  record.payload = CanonicalBytes(message);
  record.content_hash = privacy.pseudonymiser.ContentMac(record.payload);
  ASSIGN_OR_RETURN(const bool redacted, privacy.redactor.Redact(message));
  if (redacted) record.payload = CanonicalBytes(message);
  return absl::OkStatus();
}

// What the message is under each older key, of which there are few and mostly none. `set_user` puts
// a pseudonym in the place of `user_id`, which is as it was sent.
template <typename Message>
std::vector<EarlierIdentity> EarlierIdentities(Message& message, const std::string& user_id,
                                               void (*set_user)(Message&, const std::string&),
                                               const std::string& project,
                                               const Pseudonymiser& pseudonymiser) {
  std::vector<EarlierIdentity> identities;
  for (size_t i = 1; i < pseudonymiser.generations(); ++i) {
    EarlierIdentity& identity = identities.emplace_back();
    identity.pseudonym = pseudonymiser.Pseudonym(project, user_id, i);
    set_user(message, identity.pseudonym);
    identity.content_hash = pseudonymiser.ContentMac(CanonicalBytes(message), i);
  }
  return identities;
}

void SetUser(v1::Interaction& interaction, const std::string& pseudonym) {
  interaction.set_user_id(pseudonym);
}

void SetActor(v1::Signal& signal, const std::string& pseudonym) { signal.set_actor_id(pseudonym); }

int64_t NoiseIn(const v1::Interaction& interaction, const InteractionRecord& record,
                const std::string& project, RecentInputs& recent_inputs) {
  const bool burst = recent_inputs.IsBurst(
      {project, record.user_pseudonym.empty() ? record.session_id : record.user_pseudonym,
       interaction.input(), record.interaction_id, record.start_time});
  return NoiseOf(
      {interaction.input(), interaction.output(), record.tool_calls, record.attributes, burst});
}

absl::Status Parse(const std::string& payload, google::protobuf::MessageLite* message) {
  if (message->ParseFromString(payload)) return absl::OkStatus();
  return errors::Internal("a stored payload cannot be parsed");
}

}  // namespace

absl::StatusOr<InteractionRecord> ToRecord(v1::Interaction& interaction, const std::string& project,
                                           const PrivacyFilter& privacy) {
  InteractionRecord record;
  record.user_pseudonym = privacy.pseudonymiser.Pseudonym(project, interaction.user_id());
  if (privacy.pseudonymiser.generations() > 1) {
    record.earlier = EarlierIdentities(interaction, std::string(interaction.user_id()), SetUser,
                                       project, privacy.pseudonymiser);
  }
  interaction.set_user_id(record.user_pseudonym);
  RETURN_IF_ERROR(HashRedactSerialise(interaction, privacy, record));
  record.interaction_id = interaction.interaction_id();
  record.session_id = interaction.session_id();
  record.agent = interaction.agent();
  record.model_version = interaction.model_version();
  record.start_time = rpc::FromProto(interaction.start_time());
  for (const v1::Step& step : interaction.steps()) record.tool_calls += step.tool_calls_size();
  record.attributes.insert(interaction.attributes().begin(), interaction.attributes().end());
  record.noise = NoiseIn(interaction, record, project, privacy.recent_inputs);
  return record;
}

absl::StatusOr<SignalRecord> ToRecord(v1::Signal& signal, const std::string& project,
                                      const PrivacyFilter& privacy) {
  SignalRecord record;
  record.actor_pseudonym = privacy.pseudonymiser.Pseudonym(project, signal.actor_id());
  if (privacy.pseudonymiser.generations() > 1) {
    record.earlier = EarlierIdentities(signal, std::string(signal.actor_id()), SetActor, project,
                                       privacy.pseudonymiser);
  }
  signal.set_actor_id(record.actor_pseudonym);
  RETURN_IF_ERROR(HashRedactSerialise(signal, privacy, record));
  record.signal_id = signal.signal_id();
  record.revision = signal.revision();
  record.interaction_id = signal.interaction_id();
  record.session_id = signal.session_id();
  record.event_time = rpc::FromProto(signal.event_time());
  record.kind = static_cast<SignalKind>(signal.kind_case());
  if (signal.has_evaluation()) {
    record.evaluation = EvaluationScore{signal.evaluation().name(), signal.evaluation().score()};
  }
  return record;
}

void ToProto(const ItemVerdict& verdict, v1::ItemVerdict* proto) {
  proto->set_id(verdict.id);
  switch (verdict.outcome) {
    case ItemOutcome::kStored:
      proto->set_outcome(v1::OUTCOME_STORED);
      break;
    case ItemOutcome::kReplayed:
      proto->set_outcome(v1::OUTCOME_REPLAYED);
      break;
    case ItemOutcome::kConflict:
      proto->set_outcome(v1::OUTCOME_CONFLICT);
      break;
    case ItemOutcome::kRejected:
      proto->set_outcome(v1::OUTCOME_REJECTED);
      break;
  }
  proto->set_sequence(verdict.sequence);
  proto->set_reason(static_cast<common::v1::ErrorReason>(verdict.reason));
  proto->set_message(verdict.message);
}

absl::StatusOr<SessionEvent> ToSessionEvent(const StoredSignal& signal) {
  v1::Signal parsed;
  RETURN_IF_ERROR(ParseSignal(signal.payload, &parsed));
  return SessionEvent{static_cast<SignalKind>(parsed.kind_case()), parsed.edit().edit_ratio(),
                      rpc::FromProto(parsed.event_time()), signal.sequence};
}

absl::StatusOr<SignalColumns> ParseSignalColumns(const std::string& payload) {
  v1::Signal parsed;
  RETURN_IF_ERROR(ParseSignal(payload, &parsed));
  return SignalColumns{static_cast<SignalKind>(parsed.kind_case()), parsed.actor_id()};
}

void ToProto(const ImplicitFeedback& feedback, v1::GetSessionFeedbackResponse* proto) {
  proto->set_accepted(feedback.accepted);
  proto->set_retries(feedback.retries);
  proto->set_edit_ratio(feedback.edit_ratio);
  proto->set_continued(feedback.continued);
  proto->set_error_reported(feedback.error_reported);
  proto->set_quality_score(ImplicitScore(feedback));
}

void ToProto(const RecordMarks& marks, v1::Marks* proto) {
  for (int noise = v1::Noise_MIN + 1; noise <= v1::Noise_MAX; ++noise) {
    if ((marks.noise >> (noise - 1) & 1) != 0) proto->add_noise(static_cast<v1::Noise>(noise));
  }
  proto->set_inclusion_probability(marks.inclusion_probability);
}

absl::Status ToProto(const FeedEntry& entry, v1::FeedEntry* proto) {
  proto->set_sequence(entry.sequence);
  proto->set_project(entry.project);
  *proto->mutable_commit_time() = rpc::ToProto(entry.commit_time);
  if (entry.tombstone) {
    ToProto(*entry.tombstone, proto->mutable_tombstone());
    return absl::OkStatus();
  }
  if (entry.consent) {
    ToProto(*entry.consent, proto->mutable_consent());
    return absl::OkStatus();
  }
  if (entry.kind == RecordKind::kSignal) {
    return ParseSignal(entry.payload, proto->mutable_signal());
  }
  ToProto(entry.marks, proto->mutable_marks());
  return ParseInteraction(entry.payload, proto->mutable_interaction());
}

absl::Status ParseInteraction(const std::string& payload, v1::Interaction* interaction) {
  return Parse(payload, interaction);
}

absl::Status ParseSignal(const std::string& payload, v1::Signal* signal) {
  return Parse(payload, signal);
}

}  // namespace flywheel::ingest
