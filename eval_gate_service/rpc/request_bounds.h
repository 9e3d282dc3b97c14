// What the checks of all requests of the gate have in common.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_REQUEST_BOUNDS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_REQUEST_BOUNDS_H_

#include <cstddef>

#include "shared/rpc/field_checks.h"

namespace flywheel::evalgate {

// Agents and model versions are named by others, and recorded by ingest: any text of this size.
inline constexpr size_t kMostNameBytes = 128;
inline constexpr size_t kMostCohortBytes = 256;

// No request of the gate holds a time that is checked here.
inline rpc::FieldChecks NewChecks() { return rpc::FieldChecks(absl::InfiniteFuture()); }

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_REQUEST_BOUNDS_H_
