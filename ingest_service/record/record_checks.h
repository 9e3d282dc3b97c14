// Validation of interactions and signals, field by field as the contract says.
#ifndef FLYWHEEL_INGEST_SERVICE_RECORD_RECORD_CHECKS_H_
#define FLYWHEEL_INGEST_SERVICE_RECORD_RECORD_CHECKS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "flywheel/ingest/v1/interaction.pb.h"

namespace flywheel::ingest {

// INVALID_ARGUMENT with every violation. `prefix` is the item's place, such as "interactions[3].";
// `now` bounds the time of an event.
absl::Status CheckRecord(const v1::Interaction& interaction, absl::Time now, std::string prefix);
absl::Status CheckRecord(const v1::Signal& signal, absl::Time now, std::string prefix);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RECORD_RECORD_CHECKS_H_
