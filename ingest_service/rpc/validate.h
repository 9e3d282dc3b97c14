// Validation of requests of both contracts; record_checks.h validates the records in them.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_VALIDATE_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_VALIDATE_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "flywheel/ingest/v1/ingest_service.pb.h"
#include "flywheel/ingest/v1/privacy_service.pb.h"

namespace flywheel::ingest {

// EMPTY_BATCH below 1 item, TOO_LARGE above 10,000.
absl::Status ValidateBatchSize(const char* field, int items);

// INVALID_ARGUMENT with every violation.
absl::Status Validate(const v1::GetInteractionRequest& request);
absl::Status Validate(const v1::BatchGetInteractionsRequest& request);
absl::Status Validate(const v1::GetSessionFeedbackRequest& request);
absl::Status Validate(const v1::ListSessionSignalsRequest& request);
absl::Status Validate(const v1::ListInteractionsRequest& request);
absl::Status Validate(const v1::GetStatsRequest& request);
absl::Status Validate(const v1::ReadFeedRequest& request);

absl::Status Validate(const v1::EraseRequest& request);
absl::Status Validate(const v1::ExportRecordsRequest& request);
absl::Status Validate(const v1::GetErasureRequest& request);
absl::Status Validate(const v1::ReportErasureRequest& request);
absl::Status Validate(const v1::SetLegalHoldRequest& request);
absl::Status Validate(const v1::SetConsentRequest& request, absl::Time now);
absl::Status Validate(const v1::GetConsentRequest& request);
// TOO_LARGE, too.
absl::Status Validate(const v1::ScanTextRequest& request);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_VALIDATE_H_
