// Between the contract and what ingest keeps.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_CONVERT_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_CONVERT_H_

#include <string>

#include "absl/status/statusor.h"
#include "flywheel/ingest/v1/ingest_service.pb.h"
#include "ingest_service/domain/record.h"
#include "ingest_service/domain/session_feedback.h"
#include "ingest_service/privacy/text_redactor.h"
#include "ingest_service/record/recent_inputs.h"
#include "ingest_service/record/signal_columns.h"
#include "shared/privacy/digest.h"

namespace flywheel::ingest {

// Who is whom, what nobody may read, and what is no real use: everything passes here before it is
// kept.
struct PrivacyFilter {
  const Pseudonymiser& pseudonymiser;
  const TextRedactor& redactor;
  RecentInputs& recent_inputs;
};

// Of a valid message (see validate.h), which is changed on the way: the user becomes a pseudonym,
// texts are cleaned, and personal data in them becomes placeholders. The content hash is of what
// was sent, so that a resend is a replay whatever the redactor finds by then. An error means that
// the message must not be stored.
absl::StatusOr<InteractionRecord> ToRecord(v1::Interaction& interaction, const std::string& project,
                                           const PrivacyFilter& privacy);
absl::StatusOr<SignalRecord> ToRecord(v1::Signal& signal, const std::string& project,
                                      const PrivacyFilter& privacy);

void ToProto(const ItemVerdict& verdict, v1::ItemVerdict* proto);

// What a stored signal says of behaviour; INTERNAL as below.
absl::StatusOr<SessionEvent> ToSessionEvent(const StoredSignal& signal);

// What a stored signal's columns hold; INTERNAL as below.
absl::StatusOr<SignalColumns> ParseSignalColumns(const std::string& payload);

void ToProto(const ImplicitFeedback& feedback, v1::GetSessionFeedbackResponse* proto);

void ToProto(const RecordMarks& marks, v1::Marks* proto);

// INTERNAL where a stored payload is not what was stored.
absl::Status ToProto(const FeedEntry& entry, v1::FeedEntry* proto);
absl::Status ParseInteraction(const std::string& payload, v1::Interaction* interaction);
absl::Status ParseSignal(const std::string& payload, v1::Signal* signal);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_CONVERT_H_
