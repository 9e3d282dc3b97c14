// Shared payload: takes the messages out of a payload, and puts them back.
#ifndef FLYWHEEL_INGEST_SERVICE_PAYLOADS_SHARED_PAYLOAD_H_
#define FLYWHEEL_INGEST_SERVICE_PAYLOADS_SHARED_PAYLOAD_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/hashing/shared_message.h"

namespace flywheel::ingest {

// Takes history and messages out of the canonical bytes of an Interaction: `payload` becomes what a
// row of PayloadForm::kShared has.
std::vector<SharedMessage> TakeMessages(std::string_view project, std::string& payload);

// The canonical bytes again, of what the row has and of the bodies of its messages in order.
// STORE_CORRUPT where the two do not belong together.
absl::StatusOr<std::string> PutMessagesBack(std::string_view row,
                                            const std::vector<std::string>& bodies);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PAYLOADS_SHARED_PAYLOAD_H_
