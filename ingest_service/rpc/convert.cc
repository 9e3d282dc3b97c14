#include "ingest_service/rpc/convert.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// Maps are written in the order of their keys, so that equal messages are equal bytes.
std::string SerializeDeterministically(const google::protobuf::MessageLite& message) {
  std::string bytes;
  bytes.reserve(message.ByteSizeLong());
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeWithCachedSizes(&coded);
  }
  return bytes;
}

// Sets payload and content_hash. The hash is keyed, because it is of the texts before redaction:
// else whoever reads the store could try out what a placeholder stands for.
template <typename Message, typename Record>
absl::Status HashRedactSerialise(Message& message, const PrivacyFilter& privacy, Record& record) {
  record.payload = SerializeDeterministically(message);
  record.content_hash = privacy.pseudonymiser.ContentMac(record.payload);
  ASSIGN_OR_RETURN(const bool redacted, privacy.redactor.Redact(message));
  if (redacted) record.payload = SerializeDeterministically(message);
  return absl::OkStatus();
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
  interaction.set_user_id(record.user_pseudonym);
  RETURN_IF_ERROR(HashRedactSerialise(interaction, privacy, record));
  record.interaction_id = interaction.interaction_id();
  record.session_id = interaction.session_id();
  record.agent = interaction.agent();
  record.model_version = interaction.model_version();
  record.start_time = rpc::FromProto(interaction.start_time());
  for (const v1::Step& step : interaction.steps()) record.tool_calls += step.tool_calls_size();
  record.attributes.insert(interaction.attributes().begin(), interaction.attributes().end());
  return record;
}

absl::StatusOr<SignalRecord> ToRecord(v1::Signal& signal, const std::string& project,
                                      const PrivacyFilter& privacy) {
  SignalRecord record;
  record.actor_pseudonym = privacy.pseudonymiser.Pseudonym(project, signal.actor_id());
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

absl::Status ToProto(const FeedEntry& entry, v1::FeedEntry* proto) {
  proto->set_sequence(entry.sequence);
  proto->set_project(entry.project);
  *proto->mutable_commit_time() = rpc::ToProto(entry.commit_time);
  return entry.kind == RecordKind::kInteraction
             ? ParseInteraction(entry.payload, proto->mutable_interaction())
             : ParseSignal(entry.payload, proto->mutable_signal());
}

absl::Status ParseInteraction(const std::string& payload, v1::Interaction* interaction) {
  return Parse(payload, interaction);
}

absl::Status ParseSignal(const std::string& payload, v1::Signal* signal) {
  return Parse(payload, signal);
}

}  // namespace flywheel::ingest
