// Reason of a baseline approval: what the gate keeps of why a version serves.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_APPROVAL_REASON_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_APPROVAL_REASON_H_

#include <cstddef>
#include <string>

#include "experiment_service/domain/experiment.h"

namespace flywheel::experiment {

// What the gate takes.
inline constexpr size_t kMaxApprovalReasonBytes = 4'096;

// Such as "promoted by experiment 'exp'", "promoted with a waiver of ada: a fix that cannot wait"
// or "promoted by experiment 'exp' under the waiver of ada: ...", at most kMaxApprovalReasonBytes:
// the end of a long waiver is left out. Always the same for the same promotion, which is how the
// gate knows one that it is told of again.
std::string ApprovalReason(const ActiveVersion& promotion);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_APPROVAL_REASON_H_
