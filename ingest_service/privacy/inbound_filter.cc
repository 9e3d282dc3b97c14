#include "ingest_service/privacy/inbound_filter.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "ingest_service/domain/noise.h"
#include "ingest_service/domain/record_limits.h"
#include "ingest_service/payloads/canonical_bytes.h"
#include "ingest_service/payloads/shared_payload.h"
#include "ingest_service/payloads/stored_interaction.h"
#include "ingest_service/privacy/session_names.h"
#include "ingest_service/record/record_checks.h"
#include "redaction/recogniser.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// A message has the names of people and sessions, and of no other record, from here on.
void SetNames(v1::Interaction& interaction, const std::string& pseudonym,
              const std::string& session) {
  interaction.set_user_id(pseudonym);
  interaction.set_session_id(session);
}

void SetNames(v1::Signal& signal, const std::string& pseudonym, const std::string& session) {
  signal.set_actor_id(pseudonym);
  // Of another target it would take the place.
  if (signal.has_session_id()) signal.set_session_id(session);
}

// What follows from the messages is not stored beside them.
void DropDerived(v1::Interaction& interaction) {
  if (interaction.messages().empty()) return;
  interaction.clear_input();
  interaction.clear_output();
}

void DropDerived(v1::Signal& signal) {
  if (signal.correction().ideal_messages().empty()) return;
  signal.mutable_correction()->clear_ideal_output();
}

// To share a message costs a row and an entry of an index. Many tiny ones would take more room than
// they save, and hold up every other write.
constexpr size_t kMinSharedBytes = 256;

bool IsWorthSharing(const v1::Interaction& interaction, size_t payload_bytes) {
  const int messages = interaction.history_size() + interaction.messages_size();
  return !interaction.history().empty() &&
         payload_bytes / static_cast<size_t>(messages) >= kMinSharedBytes;
}

// What texts may call the person by. A plain session id names nobody, and stays.
std::vector<std::string_view> IdsInClear(std::string_view user_id, std::string_view session_id,
                                         std::string_view session_name) {
  std::vector<std::string_view> ids = {user_id};
  if (session_id != session_name) ids.push_back(session_id);
  return ids;
}

FoundTypes FoundIn(const std::array<int64_t, redaction::kDataTypes>& counts) {
  FoundTypes found;
  for (size_t type = 0; type < counts.size(); ++type) {
    if (counts[type] == 0) continue;
    found[std::string(redaction::DataTypeName(static_cast<redaction::DataType>(type)))] =
        counts[type];
  }
  return found;
}

absl::Status CheckShown(size_t bytes) {
  const auto shown = static_cast<int64_t>(bytes);
  if (shown <= kMaxShownBytes) return absl::OkStatus();
  return errors::TooLarge("the record as readers get it (redacted, with input and output)", shown,
                          kMaxShownBytes, "bytes");
}

// What the message is under each older key, of which there are few and mostly none. Leaves the
// names of one of them in the message.
template <typename Message>
std::vector<EarlierIdentity> EarlierIdentities(Message& message, const std::string& user_id,
                                               const std::string& session_id,
                                               const std::string& project,
                                               const Pseudonymiser& pseudonymiser) {
  std::vector<EarlierIdentity> identities;
  for (size_t i = 1; i < pseudonymiser.generations(); ++i) {
    EarlierIdentity& identity = identities.emplace_back();
    identity.pseudonym = pseudonymiser.Pseudonym(project, user_id, i);
    identity.session_id = SessionName(pseudonymiser, project, session_id, i);
    SetNames(message, identity.pseudonym, identity.session_id);
    identity.content_hash = pseudonymiser.ContentMac(CanonicalBytes(message), i);
  }
  return identities;
}

}  // namespace

void InboundFilter::CollectTexts(v1::Interaction& interaction, TextCheck& check) const {
  DropDerived(interaction);
  // Collecting replaces nothing, and cannot fail.
  static_cast<void>(redactor_.Redact(interaction, {}, &check));
}

void InboundFilter::CollectTexts(v1::Signal& signal, TextCheck& check) const {
  DropDerived(signal);
  static_cast<void>(redactor_.Redact(signal, {}, &check));
}

absl::StatusOr<InteractionRecord> InboundFilter::MakeRecord(v1::Interaction& interaction,
                                                            const std::string& project,
                                                            absl::Time now, std::string prefix,
                                                            TextCheck* check) {
  RETURN_IF_ERROR(CheckRecord(interaction, now, std::move(prefix)));
  DropDerived(interaction);
  InteractionRecord record;
  // From here on nothing holds the user's id, nor a session's that may name somebody. Older keys
  // first: each leaves its names behind.
  const std::string user_id = interaction.user_id();
  const std::string session_id = interaction.session_id();
  record.earlier = EarlierIdentities(interaction, user_id, session_id, project, pseudonymiser_);
  record.user_pseudonym = pseudonymiser_.Pseudonym(project, user_id);
  record.session_id = SessionName(pseudonymiser_, project, session_id);
  SetNames(interaction, record.user_pseudonym, record.session_id);
  RETURN_IF_ERROR(HashAndRedact(interaction, IdsInClear(user_id, session_id, record.session_id),
                                check, record));
  RETURN_IF_ERROR(CheckShown(record.payload.size() + InputOf(interaction).size() +
                             OutputOf(interaction).size()));
  // The columns that ingest decides by, of the message as it is stored.
  record.interaction_id = interaction.interaction_id();
  record.agent = interaction.agent();
  record.model_version = interaction.model_version();
  record.start_time = rpc::FromProto(interaction.start_time());
  for (const common::v1::Message& message : interaction.messages()) {
    for (const common::v1::Part& part : message.parts()) record.tool_calls += part.has_tool_call();
  }
  record.attributes.insert(interaction.attributes().begin(), interaction.attributes().end());
  record.noise = NoiseIn(interaction, record, project);
  // Turns of a conversation repeat what was said before them.
  if (IsWorthSharing(interaction, record.payload.size())) {
    record.shared_messages = TakeMessages(project, record.payload);
  }
  return record;
}

absl::StatusOr<SignalRecord> InboundFilter::MakeRecord(v1::Signal& signal,
                                                       const std::string& project, absl::Time now,
                                                       std::string prefix, TextCheck* check) const {
  RETURN_IF_ERROR(CheckRecord(signal, now, std::move(prefix)));
  DropDerived(signal);
  SignalRecord record;
  // As with an interaction's user.
  const std::string actor_id = signal.actor_id();
  const std::string session_id = signal.session_id();
  record.earlier = EarlierIdentities(signal, actor_id, session_id, project, pseudonymiser_);
  record.actor_pseudonym = pseudonymiser_.Pseudonym(project, actor_id);
  record.session_id = SessionName(pseudonymiser_, project, session_id);
  SetNames(signal, record.actor_pseudonym, record.session_id);
  RETURN_IF_ERROR(
      HashAndRedact(signal, IdsInClear(actor_id, session_id, record.session_id), check, record));
  RETURN_IF_ERROR(CheckShown(record.payload.size() + IdealOutputOf(signal.correction()).size()));
  record.signal_id = signal.signal_id();
  record.revision = signal.revision();
  record.interaction_id = signal.interaction_id();
  record.event_time = rpc::FromProto(signal.event_time());
  record.kind = static_cast<SignalKind>(signal.kind_case());
  if (signal.has_evaluation()) {
    record.evaluation = EvaluationScore{signal.evaluation().name(), signal.evaluation().score()};
  }
  return record;
}

absl::StatusOr<InboundFilter::Recheck> InboundFilter::RecheckStored(v1::Interaction& interaction,
                                                                    TextCheck* check) const {
  DropDerived(interaction);
  ASSIGN_OR_RETURN(const TextRedactor::Recheck redacted,
                   redactor_.RecheckStored(interaction, check));
  Recheck recheck{redacted.changed, FoundIn(redacted.counts)};
  if (!recheck.changed) return recheck;
  RewrittenRecord& record = recheck.record;
  record.kind = RecordKind::kInteraction;
  record.payload = CanonicalBytes(interaction);
  record.attributes.insert(interaction.attributes().begin(), interaction.attributes().end());
  recheck.is_worth_sharing = IsWorthSharing(interaction, record.payload.size());
  return recheck;
}

absl::StatusOr<InboundFilter::Recheck> InboundFilter::RecheckStored(v1::Signal& signal,
                                                                    TextCheck* check) const {
  DropDerived(signal);
  ASSIGN_OR_RETURN(const TextRedactor::Recheck redacted, redactor_.RecheckStored(signal, check));
  Recheck recheck{redacted.changed, FoundIn(redacted.counts)};
  if (!recheck.changed) return recheck;
  recheck.record.kind = RecordKind::kSignal;
  recheck.record.payload = CanonicalBytes(signal);
  return recheck;
}

template <typename Message, typename Record>
absl::Status InboundFilter::HashAndRedact(Message& message,
                                          const std::vector<std::string_view>& ids,
                                          TextCheck* check, Record& record) const {
  record.payload = CanonicalBytes(message);
  // Keyed, because it is of the texts before redaction: else whoever reads the store could try out
  // what a placeholder stands for.
  record.content_hash = pseudonymiser_.ContentMac(record.payload);
  ASSIGN_OR_RETURN(const bool changed, redactor_.Redact(message, ids, check));
  if (changed) record.payload = CanonicalBytes(message);
  return absl::OkStatus();
}

int64_t InboundFilter::NoiseIn(const v1::Interaction& interaction, const InteractionRecord& record,
                               const std::string& project) {
  // Repetition is a person's; where nobody is named, a session's.
  const std::string& person =
      record.user_pseudonym.empty() ? record.session_id : record.user_pseudonym;
  const bool short_form = interaction.messages().empty();
  const std::string input = short_form ? interaction.input() : InputOf(interaction);
  const std::string output = short_form ? interaction.output() : OutputOf(interaction);
  const bool burst =
      recent_inputs_.IsBurst({project, person, input, record.interaction_id, record.start_time});
  return NoiseOf({input, output, record.tool_calls, record.attributes, burst});
}

absl::StatusOr<std::vector<redaction::ScannedText>> InboundFilter::Scan(
    const std::vector<redaction::Turn>& turns) const {
  if (recogniser_ == nullptr) return redactor_.Scan(turns);
  TextCheck check;
  // It is asked about what is redacted, which is cleaned before.
  const std::vector<redaction::ScannedText> cleaned = redaction::CleanedOnly(turns);
  for (size_t i = 0; i < turns.size(); ++i) check.Collect(turns[i].speaker, cleaned[i].cleaned);
  RecogniserClient& client = recogniser_->client();
  RETURN_IF_ERROR(check.Ask(client, absl::Now() + client.config().timeout));
  return redactor_.Scan(turns, &check);
}

}  // namespace flywheel::ingest
