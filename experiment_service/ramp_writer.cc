#include "experiment_service/ramp_writer.h"

#include <fmt/format.h>

#include <utility>

#include "experiment_service/store/ramp_store.h"
#include "shared/audit/audit_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {

absl::Status WriteRampChange(sql::Connection& connection, const rpc::Actor& actor,
                             const StoredExperiment& stored, RampEvent event) {
  RampStore store(connection);
  const Experiment& experiment = stored.experiment;
  RETURN_IF_ERROR(store.PutState(stored.ordinal, experiment.ramp->state));
  event.key_id = actor.key_id;
  RETURN_IF_ERROR(store.Append(stored.ordinal, event));
  const audit::Resource resource{
      "experiment", experiment.experiment_id,
      fmt::format("agent '{}', ramp: {}, step {} of {}", experiment.agent,
                  RampEventName(event.kind), event.to_step + 1, experiment.ramp->steps.size())};
  return audit::AuditStore(connection).Append({event.time, actor, resource, event.reason});
}

absl::Status WriteRampEnd(sql::Connection& connection, const rpc::Actor& actor,
                          const StoredExperiment& stored, RampEventKind kind, int64_t decision) {
  const Experiment& experiment = stored.experiment;
  if (!experiment.ramp) return absl::OkStatus();
  RampEvent event = EventOf(*experiment.ramp, kind, experiment.stop_reason, experiment.stop_time);
  event.decision = decision;
  event.key_id = actor.key_id;
  return RampStore(connection).Append(stored.ordinal, event);
}

}  // namespace flywheel::experiment
