// Conversion between the contract's messages and what ingest keeps.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_CONVERT_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_CONVERT_H_

#include <string>

#include "absl/status/statusor.h"
#include "flywheel/ingest/v1/ingest_service.pb.h"
#include "ingest_service/domain/record.h"
#include "ingest_service/domain/session_feedback.h"
#include "ingest_service/record/signal_columns.h"

namespace flywheel::ingest {

void ToProto(const ItemResult& result, common::v1::ItemResult* proto);

// What a stored signal says of behaviour; INTERNAL as below.
absl::StatusOr<SessionEvent> ToSessionEvent(const StoredSignal& signal);

// What a stored signal's columns hold; INTERNAL as below.
absl::StatusOr<SignalColumns> ParseSignalColumns(const std::string& payload);

void ToProto(const ImplicitFeedback& feedback, v1::GetSessionFeedbackResponse* proto);

void ToProto(const RecordMarks& marks, v1::Marks* proto);

// INTERNAL where a stored payload is not what was stored.
absl::Status ToProto(const FeedEntry& entry, v1::FeedEntry* proto);
absl::Status ParseSignal(const std::string& payload, v1::Signal* signal);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_CONVERT_H_
