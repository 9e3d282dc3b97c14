// Conversion of the privacy contract's messages.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_PRIVACY_CONVERT_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_PRIVACY_CONVERT_H_

#include <string>
#include <vector>

#include "flywheel/ingest/v1/privacy_service.pb.h"
#include "ingest_service/domain/privacy.h"

namespace flywheel::ingest {

// Without the person, whom only the caller's project makes a pseudonym.
ConsentStatement FromProto(const v1::Consent& proto);

void ToProto(const ConsentStatement& consent, v1::Consent* proto);
void ToProto(const Tombstone& tombstone, v1::Tombstone* proto);
// With the stores and the completion of StatusOf.
void ToProto(const ErasureReceipt& receipt, const std::vector<std::string>& readers,
             v1::Erasure* proto);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_PRIVACY_CONVERT_H_
