// Generates UUIDs of version 7.
#ifndef FLYWHEEL_SHARED_IDS_UUID_H_
#define FLYWHEEL_SHARED_IDS_UUID_H_

#include <string>

#include "absl/time/time.h"

namespace flywheel {

// A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then 74 random bits, so that ids sort by
// time and an index over them grows at its end. Thread-safe.
std::string NewUuidV7(absl::Time now);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_IDS_UUID_H_
