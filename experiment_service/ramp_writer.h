// Ramp writer: writes what happened to a ramp, within the transaction that makes it happen.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RAMP_WRITER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RAMP_WRITER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "experiment_service/domain/ramp.h"
#include "experiment_service/store/experiment_store.h"
#include "shared/rpc/actor.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// The ramp's state as it is in `stored`, the event, which is `actor`'s, and the row of the audit
// log: one of what was done, or, where the event has a reason, of what was refused.
absl::Status WriteRampChange(sql::Connection& connection, const rpc::Actor& actor,
                             const StoredExperiment& stored, RampEvent event);

// The last event of an experiment that was stopped by `actor`, with the reason of the stop, which
// whoever stops it has in the audit log. Nothing where it has no ramp.
absl::Status WriteRampEnd(sql::Connection& connection, const rpc::Actor& actor,
                          const StoredExperiment& stored, RampEventKind kind, int64_t decision);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RAMP_WRITER_H_
