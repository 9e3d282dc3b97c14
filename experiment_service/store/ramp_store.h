// Store of ramps, the tables ramp_steps and ramp_events and the state in experiments.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_RAMP_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_RAMP_STORE_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "experiment_service/domain/ramp.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// Reads and writes the tables `ramp_steps` and `ramp_events`, and a ramp's columns of
// `experiments`. `experiment` is an ordinal. Works in the caller's transaction.
class RampStore {
 public:
  explicit RampStore(sql::Connection& connection) : connection_(connection) {}

  // Of an experiment that was inserted in this transaction.
  absl::Status Insert(int64_t experiment, const Ramp& ramp);
  absl::Status PutState(int64_t experiment, const RampState& state);
  absl::StatusOr<std::vector<RampStep>> ReadSteps(int64_t experiment);

  // Numbers and adds an event.
  absl::Status Append(int64_t experiment, const RampEvent& event);
  // Whether such a refusal of a decision's promotion was added.
  absl::StatusOr<bool> HasRefusal(int64_t experiment, int64_t decision, Reason reason);
  // Up to `limit` of them beyond a sequence, the oldest first.
  absl::StatusOr<std::vector<RampEvent>> List(int64_t experiment, int64_t beyond, int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_RAMP_STORE_H_
