// Validation and conversion of the privacy contract's messages.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_PRIVACY_CONVERT_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_PRIVACY_CONVERT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "flywheel/ingest/v1/privacy_service.pb.h"
#include "ingest_service/domain/privacy.h"

namespace flywheel::ingest {

// INVALID_ARGUMENT with every violation.
absl::Status Validate(const v1::EraseUserRequest& request);
absl::Status Validate(const v1::GetErasureRequest& request);
absl::Status Validate(const v1::ReportErasureRequest& request);
absl::Status Validate(const v1::SetLegalHoldRequest& request);
absl::Status Validate(const v1::SetConsentRequest& request, absl::Time now);
absl::Status Validate(const v1::GetConsentRequest& request);

// Without the person, whom only the caller's project makes a pseudonym.
ConsentStatement FromProto(const v1::Consent& proto);

void ToProto(const ConsentStatement& consent, v1::Consent* proto);
void ToProto(const Tombstone& tombstone, v1::Tombstone* proto);
// Ingest first, then those of `readers` and whoever else reported. Complete when all of them are
// clean.
void ToProto(const ErasureReceipt& receipt, const std::vector<std::string>& readers,
             v1::Erasure* proto);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_PRIVACY_CONVERT_H_
