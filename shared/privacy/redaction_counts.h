// Redaction counts: how many values were replaced, for /metrics.
#ifndef FLYWHEEL_SHARED_PRIVACY_REDACTION_COUNTS_H_
#define FLYWHEEL_SHARED_PRIVACY_REDACTION_COUNTS_H_

#include <array>
#include <cstdint>

#include "redaction/recogniser.h"
#include "shared/rpc/metrics.h"

namespace flywheel {

// Counts by type, without a word of what was found.
void CountRedactions(const std::array<int64_t, redaction::kDataTypes>& counts,
                     rpc::Metrics& metrics);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_PRIVACY_REDACTION_COUNTS_H_
