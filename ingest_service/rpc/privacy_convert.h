// Conversion of the privacy contract's messages.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_PRIVACY_CONVERT_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_PRIVACY_CONVERT_H_

#include <string>
#include <vector>

#include "flywheel/ingest/v1/privacy_service.pb.h"
#include "ingest_service/domain/privacy.h"
#include "redaction/scan.h"

namespace flywheel::ingest {

// Without the person, whom only the caller's project makes a pseudonym.
ConsentStatement FromProto(const v1::Consent& proto);

std::vector<redaction::Turn> FromProto(const v1::ScanTextRequest& proto);

void ToProto(const ConsentStatement& consent, v1::Consent* proto);
// `sent` is the text as it came.
void ToProto(const redaction::ScannedText& scanned, const std::string& sent,
             v1::ScannedText* proto);
void ToProto(const Tombstone& tombstone, v1::Tombstone* proto);
// With the stores and the completion of StatusOf.
void ToProto(const ErasureReceipt& receipt, const std::vector<std::string>& readers,
             v1::Erasure* proto);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_PRIVACY_CONVERT_H_
